//! The runbooks and documents there are: looking at one, copying from it, adopting what is foreign.

use std::sync::Arc;

use domain::console::Request;
use domain::document::{Document, Standing};

use super::list::closes;
use super::turn::Turn;
use crate::action::{Id, enabled};
use crate::keys::{Code, Key};
use crate::model::{
    DocumentView, Form, FormField, Message, Overlay, Page, Pending, Purpose, RunbookList, Scrolled, needs_a_look,
};

impl Turn<'_> {
    pub(super) fn runbooks_key(&mut self, mut list: RunbookList, key: Key) {
        if closes(key) {
            return;
        }
        let runbooks = list.narrowed(&self.model.scene.runbooks).rows;
        let at = list.position(&runbooks);
        let to = at.saturating_add_signed(key.moves().unwrap_or(0)).min(runbooks.len().saturating_sub(1));
        let here = runbooks.get(to).map(|runbook| runbook.name.clone());
        list.cursor.clone_from(&here);
        self.open(Overlay::Runbooks(list));
        match (key.code, here) {
            (Code::Enter, Some(name)) => self.read_document(&name),
            (Code::Char('S'), Some(name)) => self.start_from(&name, false),
            (Code::Char('?'), _) => self.open(Overlay::Help(Scrolled::default())),
            _ => {}
        }
    }

    pub(super) fn document_key(&mut self, mut view: DocumentView, key: Key) {
        if closes(key) {
            return;
        }
        let document = Arc::clone(&view.document);
        match key.code {
            Code::Enter if view.page != Page::Proposal && self.over_a_form() => {
                self.start_what_was_looked_at(view, key);
                return;
            }
            Code::Tab | Code::Right => view.turn(true),
            Code::BackTab | Code::Left => view.turn(false),
            Code::Char('a') if document.proposal.is_some() => view.show(Page::Proposal),
            _ => view.move_by(key.moves().unwrap_or(0)),
        }
        let (page, step) = (view.page, view.step);
        self.open(Overlay::Document(view));
        match key.code {
            Code::Enter if page == Page::Proposal => self.adopt_form(&document),
            Code::Char('y') if page == Page::Steps => self.copy(&document, step),
            Code::Char('S') if !self.over_a_form() => self.start_from(&document.name, true),
            Code::Char('?') => self.open(Overlay::Help(Scrolled::default())),
            _ => {}
        }
    }

    /// A form that starts a runbook lies below what is on top.
    fn over_a_form(&self) -> bool {
        let below = self.model.ui.overlays.iter().rev().find(|overlay| !matches!(overlay, Overlay::Document(_)));
        matches!(below, Some(Overlay::Form(form)) if form.purpose == Purpose::StartRun)
    }

    /// The form below is taken as it stands.
    fn start_what_was_looked_at(&mut self, view: DocumentView, key: Key) {
        if !self.may_take(Id::StartRun, key) {
            self.open(Overlay::Document(view));
            return;
        }
        if let Some(Overlay::Form(mut form)) = self.model.ui.overlays.pop() {
            form.seen = Some(view.document.name.clone());
            self.submit(form);
        }
    }

    /// Whether the runbook of this form has to be looked at before it is started; then it is being fetched.
    pub(super) fn look_first(&mut self, form: &Form) -> bool {
        let name = form.answer("runbook").to_owned();
        let seen = form.seen.as_ref() == Some(&name);
        let looks = form.purpose == Purpose::StartRun && !seen && self.model.runbook(&name).is_some_and(needs_a_look);
        if looks {
            self.read_document(&name);
        }
        looks
    }

    /// Asks for it; it opens when it comes. What cannot be read says why at once.
    pub(super) fn read_document(&mut self, name: &str) {
        if let Some(Standing::Unreadable { why }) = self.model.runbook(name).map(|runbook| &runbook.standing) {
            let message = Message { title: name.to_owned(), lines: vec![why.clone()] };
            self.open(Overlay::Message(Scrolled { of: message, scroll: 0 }));
            return;
        }
        let number = self.request(Request::ReadDocument { name: name.to_owned() });
        let what = format!("{name} is not shown");
        self.model.ui.pending.insert(number, Pending { what, form: None });
        self.model.ui.reading = Some(name.to_owned());
    }

    /// It opens if it is still waited for, in the place of the one that was looked at.
    pub(super) fn document(&mut self, document: Document) {
        if self.model.ui.reading.take_if(|name| *name == document.name).is_none() {
            return;
        }
        self.model.ui.overlays.pop_if(|overlay| matches!(overlay, Overlay::Document(_)));
        self.open(Overlay::Document(DocumentView::new(Arc::new(document))));
    }

    fn start_from(&mut self, name: &str, seen: bool) {
        let id = if self.model.state.open().is_some() { Id::StartRun } else { Id::Declare };
        if let Err(why) = enabled(self.model, id) {
            self.refuse(why);
            return;
        }
        let Some(mut form) = super::fill::form(self.model, id) else { return };
        if let Some(field) = form.fields.iter_mut().find(|field| field.label == "runbook") {
            field.value.set(name);
        }
        form.seen = seen.then(|| name.to_owned());
        self.open(Overlay::Form(form));
    }

    /// Nothing is written before this form is accepted.
    fn adopt_form(&mut self, document: &Document) {
        let Some(proposal) = &document.proposal else { return };
        let about = vec![
            format!("{} becomes a runbook in a new file beside it; it stays as it is itself.", document.title),
            "Nothing in it is marked to run: that is yours to write.".to_owned(),
        ];
        let purpose = Purpose::Adopt { name: document.name.clone(), source: document.hash };
        let file = FormField::text("file", proposal.file.as_str(), true);
        self.open(Overlay::Form(Form::new(purpose, about, vec![file])));
    }

    /// Through the terminal, which may sit far from this machine.
    fn copy(&mut self, document: &Document, step: usize) {
        let commands = document.steps.get(step).map(|step| step.commands.join("\n")).unwrap_or_default();
        if commands.trim().is_empty() {
            self.refuse("this step has no command that could be copied");
            return;
        }
        let first = commands.lines().next().unwrap_or_default();
        let more = match commands.lines().count() {
            1 => String::new(),
            lines => format!(" and {} more lines", lines - 1),
        };
        self.say(format!("given to the terminal's clipboard (OSC 52), if it takes that: {first}{more}"));
        self.model.ui.copy = Some(commands);
    }
}
