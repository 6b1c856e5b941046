//! Who leads: the keys of the brief, of what waits, of proposals and tasks, and of command that is offered.

mod forms;
mod submit;

use domain::engine::{Command, LeadAct};
use domain::forgotten::About;

pub(super) use forms::form;
pub(super) use submit::request;

use super::list::closes;
use super::turn::Turn;
use crate::action::Id;
use crate::keys::{Code, Key};
use crate::model::{Chosen, LeadForm, LeadView, OfferView, Overlay, Panel, Scrolled};

impl Turn<'_> {
    pub(super) fn show_lead(&mut self, view: LeadView) {
        self.open(Overlay::Lead(view));
    }

    pub(super) fn lead_form(&mut self, form: LeadForm) {
        match forms::of(self.model, form) {
            Some(form) => self.open(Overlay::Form(form)),
            None => self.refuse("there is nothing to do this to any more"),
        }
    }

    pub(super) fn lead_act(&mut self, act: LeadAct, what: &str) {
        self.command(Command::Lead(Box::new(act)), what);
    }

    /// `h`: offers command; with an offer open, answers it, or writes down what was said.
    pub(super) fn hand_over(&mut self) {
        match (self.model.offered(), &self.model.state.lead.offer) {
            (Some(offer), _) => self.open_offer(offer),
            (None, Some(offer)) => self.lead_form(LeadForm::Answer(offer.seq)),
            (None, None) => self.lead_form(LeadForm::HandOver),
        }
    }

    pub(super) fn take_command(&mut self) {
        let held = self.model.state.open().and_then(|incident| incident.commander.as_ref());
        if held.is_some() {
            self.lead_form(LeadForm::TakeCommand);
        } else {
            self.command(Command::take_command(&self.model.scene.actor.name), "command was not taken");
        }
    }

    pub(super) fn solo(&mut self) {
        if self.model.state.lead.solo.is_some() {
            self.lead_act(LeadAct::EndSolo, "it was not recorded");
        } else {
            self.lead_form(LeadForm::Solo);
        }
    }

    /// Command that is offered to the person here opens above the bridge, once, where nothing else is open and no key is
    /// waited for; until then the header says it.
    pub(super) fn offer_command(&mut self) {
        let ui = &self.model.ui;
        let busy = !ui.overlays.is_empty() || ui.waits();
        let new = self.model.offered().filter(|offer| ui.offered != Some(*offer));
        if let Some(offer) = new.filter(|_| !busy && !self.model.scene.read_only) {
            self.open_offer(offer);
            self.model.ui.bell = true;
        }
    }

    fn open_offer(&mut self, offer: u64) {
        self.model.ui.offered = Some(offer);
        self.show_lead(LeadView::Offered(OfferView::new(offer, self.at)));
    }

    pub(super) fn lead_key(&mut self, view: LeadView, key: Key) {
        if closes(key) || (key.code == Code::Enter && matches!(view, LeadView::Brief { .. })) {
            return;
        }
        if key == Key::char('?') {
            self.show_lead(view);
            self.open(Overlay::Help(Scrolled::default()));
            return;
        }
        match view {
            LeadView::Brief { scroll } => self.brief_key(scroll, key),
            LeadView::Waiting(list) => self.waiting_key(list, key),
            LeadView::Proposals(list) => self.proposals_key(list, key),
            LeadView::Tasks(list) => self.tasks_key(list, key),
            LeadView::Offered(offer) => self.offered_key(offer, key),
        }
    }

    fn brief_key(&mut self, scroll: usize, key: Key) {
        self.show_lead(LeadView::Brief { scroll: scrolled(scroll, key) });
        match key.code {
            Code::Char('y') if !key.ctrl => self.copy_brief(),
            Code::Char('h') if !key.ctrl => self.take(Id::HandOver, key),
            Code::Char('r') if !key.ctrl => self.take(Id::Role, key),
            _ => {}
        }
    }

    /// Through the terminal, which may sit far from this machine.
    fn copy_brief(&mut self) {
        let Some(brief) = self.model.brief() else { return };
        self.say("the brief was given to the terminal's clipboard (OSC 52), if it takes that");
        self.model.ui.copy = Some(brief.text());
    }

    fn waiting_key(&mut self, mut list: Chosen<About>, key: Key) {
        let rows: Vec<About> = list.narrowed(self.model.waiting()).rows.into_iter().map(|one| one.about).collect();
        if key == Key::char('w') {
            return;
        }
        let here = moved(&mut list, &rows, key);
        self.show_lead(LeadView::Waiting(list));
        if let Some(about) = here.filter(|_| key.code == Code::Enter) {
            self.answer_waiting(about, key);
        }
    }

    /// What answers it opens in the place of the list.
    fn answer_waiting(&mut self, about: About, key: Key) {
        let id = match about {
            About::Unknown { run, step }
            | About::Failed { run, step }
            | About::Approval { run, step }
            | About::Slow { run, step } => {
                self.model.ui.run = Some(run);
                self.model.ui.steps.insert(run, step);
                self.model.ui.focus = Panel::Checklist;
                Id::Open
            }
            About::OldSide { .. } => Id::StateFence,
            About::DecideBy => Id::Decide,
            About::NoCommander => Id::TakeCommand,
            About::Offer => Id::HandOver,
            About::Alerts => Id::Alerts,
            About::Quiet => Id::Note,
            About::Update { .. } => Id::Update,
            About::Untold(_) => Id::Comms,
            About::Proposal(seq) => return self.instead(LeadView::Proposals(Chosen::at(seq))),
            About::Task(seq) => return self.instead(LeadView::Tasks(Chosen::at(seq))),
            About::Alone => Id::Solo,
            About::NoDeputy => Id::Role,
        };
        if self.may_take(id, key) {
            self.model.ui.overlays.pop();
            self.act(id);
        }
    }

    fn instead(&mut self, view: LeadView) {
        self.model.ui.overlays.pop();
        self.show_lead(view);
    }

    fn proposals_key(&mut self, mut list: Chosen<u64>, key: Key) {
        let rows: Vec<u64> = list.proposals(self.model.open_proposals()).rows.into_iter().map(|(seq, _)| seq).collect();
        let here = moved(&mut list, &rows, key);
        self.show_lead(LeadView::Proposals(list));
        match (key.code, here) {
            _ if key.ctrl => {}
            (Code::Char('n'), _) => self.asked_form(LeadForm::Propose, key),
            (Code::Char('o'), Some(seq)) => self.asked_form(LeadForm::Object(seq), key),
            (Code::Enter, Some(seq)) => self.asked_form(LeadForm::Settle(seq), key),
            (Code::Char('x'), Some(seq)) => self.asked_form(LeadForm::DropProposal(seq), key),
            _ => {}
        }
    }

    fn tasks_key(&mut self, mut list: Chosen<u64>, key: Key) {
        // In other lists the space bar turns the page; here it ends the task under the cursor, as Enter does.
        let key = if key == Key::char(' ') { Key::of(Code::Enter) } else { key };
        let rows: Vec<u64> =
            list.tasks(self.model.open_tasks(), self.model.now.wall).rows.into_iter().map(|(seq, _)| seq).collect();
        let here = moved(&mut list, &rows, key);
        self.show_lead(LeadView::Tasks(list));
        match (key.code, here) {
            _ if key.ctrl => {}
            (Code::Char('n'), _) => self.asked_form(LeadForm::AddTask, key),
            (Code::Char('a'), Some(seq)) => self.asked_form(LeadForm::AssignTask(seq), key),
            (Code::Enter, Some(task)) => {
                self.asked_form(LeadForm::EndTask { task, done: true }, key);
            }
            (Code::Char('x'), Some(task)) => self.asked_form(LeadForm::EndTask { task, done: false }, key),
            _ => {}
        }
    }

    /// A form of a list, where anything may be recorded.
    fn asked_form(&mut self, form: LeadForm, key: Key) {
        if self.may_take(Id::Tasks, key) {
            self.lead_form(form);
        }
    }

    fn offered_key(&mut self, mut view: OfferView, key: Key) {
        let offer = view.offer;
        if self.model.offered() != Some(offer) {
            self.refuse("command is not offered to you any more");
            return;
        }
        view.scroll = scrolled(view.scroll, key);
        let seen = view.seen(self.at);
        self.show_lead(LeadView::Offered(view));
        let answers = matches!(key.code, Code::Char('y' | 'n')) && !key.ctrl;
        if answers && !seen {
            self.refuse("read first: it has just opened");
        } else if answers && self.may_take(Id::HandOver, key) {
            self.model.ui.overlays.pop();
            match key.code {
                Code::Char('y') => {
                    let by = self.model.scene.actor.name.clone();
                    self.lead_act(LeadAct::Accept { by, spoken: false }, "command was not accepted");
                }
                _ => self.lead_form(LeadForm::Decline),
            }
        }
    }
}

fn scrolled(scroll: usize, key: Key) -> usize {
    // Only the view knows how long it is: it shows the last page when fewer lines remain.
    scroll.saturating_add_signed(key.moves().unwrap_or(0)).min(10_000)
}

/// Moves the cursor as the key says; what is under it then.
fn moved<T: Clone + PartialEq>(list: &mut Chosen<T>, rows: &[T], key: Key) -> Option<T> {
    let at = list.position(rows);
    let to = at.saturating_add_signed(key.moves().unwrap_or(0)).min(rows.len().saturating_sub(1));
    list.cursor = rows.get(to).cloned();
    list.cursor.clone()
}
