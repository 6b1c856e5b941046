//! An action with what it was given in the palette: what only looks is done, everything else opens filled in.

use super::choices::run_name;
use crate::action::{Argument, Id, argument};
use crate::model::{Chosen, Editor, EditorFor, Filter, Form, LeadView, Overlay, Panel, Scrolled};
use crate::update::turn::Turn;
use crate::update::{alerts, fill};

impl Turn<'_> {
    pub(super) fn act_given(&mut self, id: Id, given: &str) {
        match argument(id) {
            Some(Argument::Answer(label) | Argument::Line(label)) => self.open_filled(id, label, given),
            Some(Argument::Text) => self.open_written(id, given),
            Some(Argument::Filter) => self.filter_by(given),
            Some(Argument::Theme) => self.keep_theme(given),
            Some(Argument::Run) => self.go_to_run(given),
            Some(Argument::Task) => match given.parse() {
                Ok(seq) => self.show_lead(LeadView::Tasks(Chosen::at(seq))),
                Err(_) => self.refuse(format!("no task has the number {given}")),
            },
            Some(Argument::Alert) => self.about_alert(id, given),
            Some(Argument::Document) => self.read_document(given),
            None => self.act(id),
        }
    }

    /// Its form, with this answer; the focus is on the first that is still wanted.
    fn open_filled(&mut self, id: Id, label: &str, given: &str) {
        let Some(mut form) = fill::form(self.model, id) else {
            self.refuse("there is nothing to do this to any more");
            return;
        };
        if !answer(&mut form, label, given) {
            self.refuse(format!("{given} is not among the answers any more"));
            return;
        }
        self.open(Overlay::Form(form));
    }

    /// Its editor, with this text: it is recorded, or asked about, from there.
    fn open_written(&mut self, id: Id, text: &str) {
        match id {
            Id::Note => self.note_with(text),
            Id::Decide => {
                let failover = matches!(fill::decision(self.model).purpose, EditorFor::Decide { failover: true });
                self.open(Overlay::Editor(Editor::new(EditorFor::Decide { failover }, text)));
            }
            Id::EvaluatorNote => {
                self.open(Overlay::Editor(Editor::new(EditorFor::EvaluatorNote { inject: None }, text)));
            }
            _ => self.open(Overlay::Editor(Editor::new(EditorFor::Capture, text))),
        }
    }

    fn filter_by(&mut self, words: &str) {
        self.begin_filter();
        if let Some(filter) = self.model.ui.typed_filter() {
            *filter = Filter::of(words);
        }
        self.narrowed();
    }

    fn keep_theme(&mut self, name: &str) {
        if let Err(why) = self.model.ui.looks.preview(name) {
            self.refuse(why.to_string());
            return;
        }
        self.model.ui.looks.keep();
        self.say(format!("{name} on this console from now on; theme = \"{name}\" in console.toml keeps it for good"));
    }

    fn go_to_run(&mut self, name: &str) {
        let at = (0..self.model.state.runs.len()).find(|at| run_name(self.model, *at) == name);
        match at.and_then(|at| self.model.state.runs.get(at)).map(|run| run.id) {
            Some(run) => {
                self.model.ui.run = Some(run);
                self.focus(Panel::Checklist);
            }
            None => self.refuse(format!("no run is called {name}")),
        }
    }

    fn about_alert(&mut self, id: Id, key: &str) {
        let Some(key) = self.model.alerts().iter().map(|alert| &alert.key).find(|known| known.as_str() == key).cloned()
        else {
            self.refuse("that alert is over");
            return;
        };
        match (id, alerts::silence(self.model, &key)) {
            (Id::Silence, Some(form)) => self.open(Overlay::Form(form)),
            _ => self.open(Overlay::AlertDetail(Scrolled { of: key, scroll: 0 })),
        }
    }
}

/// Whether it is an answer that its line takes.
fn answer(form: &mut Form, label: &str, given: &str) -> bool {
    let Some(at) = form.fields.iter().position(|field| field.label == label) else { return false };
    let field = &mut form.fields[at];
    if field.closed && !field.choices.iter().any(|choice| choice == given) {
        return false;
    }
    field.value.set(given);
    let wanted = form.fields.iter().position(|field| field.required && field.value.text().trim().is_empty());
    form.focus = wanted.unwrap_or(at);
    true
}
