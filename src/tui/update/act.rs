//! What each action does first: most open something to be filled in or confirmed.

use domain::alert::Which;
use domain::console::Request;
use domain::engine::{Command, RunState, StepState};
use domain::execution::{Danger, Part};
use domain::log::EndEx;

use super::turn::Turn;
use crate::action::{Id, enabled, open_substep, ticked_substep};
use crate::model::{
    AlertList, Chosen, CommsView, ConfirmBox, Editor, EditorFor, LeadView, Menu, MenuItem, MessageList, Overlay, Panel,
    Purpose, ReadinessList, RunbookList, ScoreView, Scrolled, Subject,
};

impl Turn<'_> {
    pub(super) fn act(&mut self, id: Id) {
        match id {
            Id::Open => self.open_what_is_here(),
            Id::Execute | Id::Retry | Id::OpenChild => self.start(Part::Run),
            Id::Rollback => self.start(Part::Rollback),
            Id::Tick => self.tick_step(),
            Id::Untick => self.untick(),
            Id::Skip
            | Id::DoneByHand
            | Id::SettleSucceeded
            | Id::SettleFailed
            | Id::Override
            | Id::AcceptLoss
            | Id::Decline
            | Id::StateFence
            | Id::Mode
            | Id::SetValue
            | Id::Abort
            | Id::Declare
            | Id::StartRun
            | Id::Severity
            | Id::Propose
            | Id::AddTask
            | Id::Role
            | Id::Status
            | Id::LateNote
            | Id::Impact
            | Id::Correct
            | Id::Close
            | Id::FireInject
            | Id::SkipInject
            | Id::Rate
            | Id::AddStrength
            | Id::AddImprovement
            | Id::AddAction
            | Id::ContinueLog => self.open_form(id),
            Id::Approve => self.approve(),
            Id::CancelStep => self.cancel(),
            Id::Pause => self.pause(),
            Id::Decide => self.decide(),
            Id::Note => self.note(),
            Id::Capture => self.open(Overlay::Editor(Editor::new(EditorFor::Capture, ""))),
            Id::HandOver => self.hand_over(),
            Id::TakeCommand => self.take_command(),
            Id::Brief => self.show_lead(LeadView::Brief { scroll: 0 }),
            Id::Waiting => self.show_lead(LeadView::Waiting(Chosen::default())),
            Id::Proposals => self.show_lead(LeadView::Proposals(Chosen::default())),
            Id::Tasks => self.show_lead(LeadView::Tasks(Chosen::default())),
            Id::Solo => self.solo(),
            Id::FailPrimary => self.ask(Request::FailPrimary, "the primary was not failed", None),
            Id::Palette => self.open_palette(),
            // They need to be told which.
            Id::Theme | Id::GoToRun | Id::Silence => self.ask_which(id),
            Id::Alerts => self.open(Overlay::Alerts(AlertList::default())),
            Id::Comms => self.open(Overlay::Comms(CommsView::default())),
            Id::Update => self.update_all(),
            Id::Runbooks => self.open(Overlay::Runbooks(RunbookList::default())),
            Id::Readiness => self.open(Overlay::Readiness(ReadinessList::default())),
            Id::AcknowledgeAll => {
                self.ask(Request::Acknowledge(Which::All), "nothing was acknowledged", None);
            }
            Id::Help => self.open(Overlay::Help(Scrolled::default())),
            Id::Messages => self.open(Overlay::Messages(MessageList::default())),
            Id::AcknowledgeMessage => self.read_message(),
            Id::Facilitator | Id::AnswerQuestion => self.open_facilitator(),
            Id::Score => self.open(Overlay::Score(ScoreView::default())),
            Id::Faster => self.change_speed(true),
            Id::Slower => self.change_speed(false),
            Id::EvaluatorNote => self.evaluate(None),
            Id::PauseExercise => self.pause_exercise(),
            Id::EndExercise => self.confirm_end(EndEx::Finished),
            Id::RealWorld => self.confirm_end(EndEx::RealWorld),
            Id::Quit => self.quit(),
            Id::Filter
            | Id::FocusRegions
            | Id::FocusReplication
            | Id::FocusObjectives
            | Id::FocusBackups
            | Id::FocusChecklist
            | Id::FocusLog
            | Id::NextPanel
            | Id::PreviousPanel
            | Id::Zoom
            | Id::Unzoom
            | Id::Down
            | Id::Up
            | Id::PageDown
            | Id::PageUp
            | Id::Top
            | Id::Bottom
            | Id::PreviousRun
            | Id::NextRun
            | Id::ToParent => self.look(id),
        }
    }

    fn open_form(&mut self, id: Id) {
        match super::fill::form(self.model, id) {
            Some(form) => self.open(Overlay::Form(form)),
            None => self.refuse("there is nothing to do this to any more"),
        }
    }

    /// The next open sub-step; when none is left, the step itself.
    fn tick_step(&mut self) {
        match self.model.step().map(|(run, step)| open_substep(run, step)) {
            Some(Some(substep)) => self.tick_substep(substep, true),
            Some(None) => self.open_form(Id::Tick),
            None => {}
        }
    }

    fn untick(&mut self) {
        if let Some(substep) = self.model.step().and_then(|(run, step)| ticked_substep(run, step)) {
            self.tick_substep(substep, false);
        }
    }

    fn tick_substep(&mut self, substep: usize, done: bool) {
        let Some((run, step)) = self.model.step() else { return };
        let command = Command::TickSubstep { run: run.id, step: step.id.clone(), substep, done };
        self.command(command, "the sub-step was not ticked");
    }

    fn open_what_is_here(&mut self) {
        match self.model.ui.focus {
            Panel::Checklist => self.open_step(),
            Panel::Log => {
                let rows = self.model.ui.log.rows(&self.model.state);
                if let Some(entry) = rows.get(self.model.ui.log.position(&rows)) {
                    let seq = entry.seq;
                    self.open(Overlay::EntryDetail(Scrolled { of: seq, scroll: 0 }));
                }
            }
            Panel::Regions | Panel::Replication | Panel::Objectives | Panel::Backups => self.model.ui.zoomed = true,
        }
    }

    /// The step whole; what can be done about it when it needs a person.
    fn open_step(&mut self) {
        let Some((run, step)) = self.model.step() else {
            if self.model.state.open().is_some() {
                self.refuse(format!("no runbook has been started: {} starts one", self.model.key(Id::StartRun)));
            } else {
                // The readiness stands where the checklist will be.
                self.open(Overlay::Readiness(ReadinessList::default()));
            }
            return;
        };
        let (run_id, id, title) = (run.id, step.id.clone(), step.title.clone());
        let (state, manual) = (run.step_state(&id), step.manual());
        let child = self.model.state.child_of(run, &id).filter(|_| run.in_child(&id)).map(|child| child.id);
        if let Some(child) = child {
            self.model.ui.run = Some(child);
            return;
        }
        // The cursor stays on the step that what is opened is about.
        self.model.ui.steps.insert(run_id, id.clone());
        if !matches!(state, StepState::Failed | StepState::Unknown | StepState::Cancelled) {
            self.open(Overlay::StepDetail(Scrolled { of: (run_id, id), scroll: 0 }));
            return;
        }
        let items: &[Id] = match (state, manual) {
            (StepState::Unknown, _) => &[Id::SettleSucceeded, Id::SettleFailed, Id::Rollback, Id::Mode, Id::Abort],
            (_, true) => &[Id::Tick, Id::Skip, Id::Mode, Id::Abort],
            (_, false) => &[Id::Retry, Id::DoneByHand, Id::Skip, Id::Mode, Id::Rollback, Id::Abort],
        };
        let item = |action: &Id| MenuItem { action: *action, why_not: enabled(self.model, *action).err() };
        let items: Vec<MenuItem> = items.iter().map(item).collect();
        let cursor = items.iter().position(|item| item.why_not.is_none()).unwrap_or(0);
        self.open(Overlay::StepMenu(Menu { run: run_id, step: id, title, items, cursor }));
    }

    /// Asks for an approval; answers the one that is asked for, when it is for the text that would run now.
    fn approve(&mut self) {
        let Some((run, step)) = self.model.step() else { return };
        let (run_id, id, title) = (run.id, step.id.clone(), step.title.clone());
        let resolved =
            self.model.prepared_for(run_id, &id, Part::Run).and_then(|prepared| prepared.resolved.as_ref().ok());
        let now = resolved.map(|resolved| resolved.digest());
        let asked = run.record(&id).approval.as_ref();
        let stands = asked.filter(|asked| asked.given.is_none() && asked.declined.is_none());
        match stands.filter(|asked| now.is_none_or(|now| now == asked.digest)) {
            Some(asked) => {
                let purpose = Purpose::Approve { run: run_id, step: id, digest: asked.digest };
                let about = vec![title, asked.text.clone(), format!("asked by {} of {}", asked.asked_by, asked.seat)];
                let form = super::fill::approval(self.model, purpose, about, asked);
                self.open(Overlay::Form(form));
            }
            None => {
                let what = format!("no approval was asked for \"{title}\"");
                self.ask(Request::AskApproval { run: run_id, step: id }, what, None);
            }
        }
    }

    fn cancel(&mut self) {
        let running = self.model.step().filter(|(run, step)| run.step_state(&step.id) == StepState::Running);
        let subject = match running {
            Some((run, step)) => Subject::Cancel { run: run.id, step: step.id.clone(), title: step.title.clone() },
            None => {
                let captures = self.model.state.captures.iter().rev();
                let Some(capture) = captures.into_iter().find(|capture| capture.outcome.is_none()) else { return };
                Subject::CancelCapture { capture: capture.id, text: capture.resolved.text.clone() }
            }
        };
        self.open_confirm(subject);
    }

    pub(super) fn open_confirm(&mut self, subject: Subject) {
        self.open(Overlay::Confirm(ConfirmBox::new(subject, Danger::Changes, self.model.real.boot)));
    }

    fn pause(&mut self) {
        let Some(run) = self.model.run() else { return };
        let id = run.id;
        if matches!(run.state, RunState::Paused { .. }) {
            self.command(Command::Resume { run: id }, "the run was not resumed");
        } else {
            let reason = "from the console".to_owned();
            self.command(Command::Pause { run: id, reason }, "the run was not paused");
        }
    }

    fn decide(&mut self) {
        let editor = super::fill::decision(self.model);
        self.open(Overlay::Editor(editor));
    }

    /// About the step under the cursor when the checklist has the focus, else about the incident.
    fn note(&mut self) {
        self.note_with("");
    }

    pub(super) fn note_with(&mut self, text: &str) {
        let step = self.model.step().filter(|_| self.model.ui.focus == Panel::Checklist);
        let about = step.map(|(run, step)| (run.id, step.id.clone(), step.title.clone()));
        self.open(Overlay::Editor(Editor::new(EditorFor::Note { about }, text)));
    }

    /// An exercise that is over, or only looked at, is left without a question.
    fn quit(&mut self) {
        if self.model.exercising() && !self.model.scene.read_only {
            self.open_form(Id::Quit);
        } else if self.model.exercise().is_none() && self.model.state.open().is_some() {
            self.open_confirm(Subject::Quit);
        } else {
            self.leave();
        }
    }
}
