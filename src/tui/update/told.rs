//! What the session tells.

use std::sync::Arc;

use domain::console::{Prepared, Told};
use domain::engine::{self, Refusal, Run, State};
use domain::ident::StepId;
use domain::log::{Entry, Event};
use domain::reading::Status;

use super::fill;
use super::start::danger_of;
use super::turn::Turn;
use crate::model::{Exit, LogView, Message, Overlay, Purpose, Scrolled, Subject};

impl Turn<'_> {
    pub(super) fn told(&mut self, told: Told) {
        match told {
            Told::Incident(state) => self.incident(state.map_or_else(State::default, |state| *state)),
            Told::Entry(entry) => self.entry(&entry),
            Told::Status(status) => self.status(status),
            Told::Prepared(prepared) => self.prepared(&prepared),
            Told::Output { of, text } => self.model.ui.outputs.push(of, &text),
            Told::Done { number } => {
                self.model.ui.pending.remove(&number);
            }
            Told::Refused { number, refusal } => self.refused(number, &refusal),
            Told::Runbooks(runbooks) => self.model.scene.runbooks = runbooks,
            Told::Readiness(readiness) => self.model.readiness = Some(readiness),
            Told::Document(document) => self.document(*document),
            Told::Learned(learned) => self.model.learned = learned,
            Told::Pace(pace) => self.model.conduct.pace = Some(pace),
            Told::Questions(questions) => self.model.conduct.questions = questions,
            Told::RealWorld(red) => self.model.conduct.real_world = red,
            Told::Consoles(consoles) => self.model.consoles = consoles,
            Told::Banner(banner) => match banner.text {
                Some(text) => {
                    self.model.banners.insert(banner.about, text);
                }
                None => {
                    self.model.banners.remove(&banner.about);
                }
            },
            // Of displays only.
            Told::Feed(_) => {}
            Told::Bell => self.model.ui.bell = true,
            Told::Desktop { sequence, text } => self.model.ui.desktop.tell(sequence, text),
            Told::Ended { reason } => self.model.ui.exit = Some(Exit::Ended { reason }),
        }
    }

    /// On paper nothing is read: a status that knows nothing would only look as if something were broken.
    fn status(&mut self, status: Arc<Status>) {
        if self.model.on_paper() {
            return;
        }
        let declaring = matches!(self.model.overlay(), Some(Overlay::Form(form)) if form.purpose == Purpose::Declare);
        let before = declaring.then(|| fill::declare(self.model));
        self.model.status = Some(status);
        if let Some(before) = before {
            let now = fill::declare(self.model);
            if let Some(Overlay::Form(form)) = self.model.ui.overlays.last_mut() {
                form.refill(&before, now);
            }
        }
    }

    fn incident(&mut self, state: State) {
        let ui = &mut self.model.ui;
        ui.run = None;
        ui.steps.clear();
        ui.checklist.clear();
        ui.log = LogView::default();
        ui.wanted = None;
        ui.opened.clear();
        ui.score_due = false;
        ui.drafts.clear();
        // What lies over the bridge was about another incident; a note being written is kept.
        ui.overlays.retain(|overlay| overlay.watches().is_none());
        ui.watching = None;
        self.model.prepared = None;
        self.model.state = state;
    }

    /// What stands in a box may demand more since it opened: its step was attempted meanwhile, from here or elsewhere.
    fn demand_again(&mut self) {
        let mut overlays = std::mem::take(&mut self.model.ui.overlays);
        for overlay in &mut overlays {
            let Overlay::Confirm(confirm) = overlay else { continue };
            let Subject::Step { prepared, .. } = &confirm.subject else { continue };
            let prepared = Arc::clone(prepared);
            if let Some(danger) = danger_of(self.model, &prepared) {
                confirm.refresh(&prepared, danger, self.at);
            }
        }
        self.model.ui.overlays = overlays;
    }

    fn entry(&mut self, entry: &Arc<Entry>) {
        let before = self.model.step().map(|(run, step)| (run.id, step.id.clone()));
        let open_before = before.as_ref().is_some_and(|(run, step)| self.step_open(*run, step));
        let runs_before = self.model.state.runs.len();
        let walked_for_a_step = self.walked_for_a_step();

        engine::evolve(&mut self.model.state, entry);
        self.demand_again();
        self.own_capture(entry);
        self.exercise_entry(entry);

        if self.model.state.runs.len() > runs_before {
            self.model.ui.run = None;
        }
        // Done, or given up: what it was opened for goes on.
        if walked_for_a_step && !self.walked_for_a_step() {
            self.back_to_parent();
        }
        if let Some((run, step)) = &before
            && open_before
            && !self.step_open(*run, step)
        {
            self.model.ui.steps.remove(run);
        }
        let after = self.model.step().map(|(run, step)| (run.id, step.id.clone()));
        if before.is_some() && after != before {
            self.model.ui.moved = Some(self.at);
        }
    }

    /// What a one-off command of this console prints is shown, unless something else is open.
    fn own_capture(&mut self, entry: &Entry) {
        let Event::CaptureIntended { capture, .. } = &entry.event else { return };
        let own = self.model.ui.captured.take_if(|own| own == capture).is_some();
        if own && self.model.ui.overlays.is_empty() {
            self.open(Overlay::EntryDetail(Scrolled { of: entry.seq, scroll: 0 }));
        }
    }

    /// The run in front is walked in the place of a step that waits for it.
    fn walked_for_a_step(&self) -> bool {
        let parent = self.model.run().and_then(|run| Some((run.id, self.model.state.parent_of(run)?)));
        parent.is_some_and(|(id, (of, step))| of.in_child(&step.id) && of.record(&step.id).child == Some(id))
    }

    pub(super) fn step_open(&self, run: domain::ident::RunId, step: &StepId) -> bool {
        self.model.state.run(run).is_some_and(|run: &Run| !run.step_state(step).ended())
    }

    fn prepared(&mut self, prepared: &Arc<Prepared>) {
        self.model.prepared = Some(Arc::clone(prepared));
        let danger = danger_of(self.model, prepared);
        for overlay in &mut self.model.ui.overlays {
            if let (Overlay::Confirm(confirm), Some(danger)) = (overlay, &danger) {
                confirm.refresh(prepared, danger.clone(), self.at);
            }
        }
        self.prepared_what_was_wanted(prepared);
    }

    /// The person has gone on to write or to confirm something else.
    fn writing(&self) -> bool {
        matches!(
            self.model.overlay(),
            Some(Overlay::Form(_) | Overlay::Editor(_) | Overlay::Drafting(_) | Overlay::Confirm(_))
        )
    }

    fn refused(&mut self, number: u64, refusal: &Refusal) {
        let Some(pending) = self.model.ui.pending.remove(&number) else { return };
        let message = format!("{}: {}", pending.what, refusal.message);
        // What was typed is not lost, unless the person has gone on to something else.
        match pending.form {
            Some(mut form) if !self.writing() => {
                match &mut form {
                    Overlay::Form(form) => form.problem = Some(refusal.message.clone()),
                    Overlay::Editor(editor) => editor.problem = Some(refusal.message.clone()),
                    Overlay::Drafting(drafting) => drafting.problem = Some(refusal.message.clone()),
                    _ => {}
                }
                self.open(form);
            }
            // What does not fit the foot of the screen is shown whole, unless something else is open.
            _ if self.model.ui.overlays.is_empty()
                && message.chars().count() + 4 > usize::from(self.model.ui.size.0) =>
            {
                let message = Message { title: "Refused".to_owned(), lines: vec![message] };
                self.open(Overlay::Message(Scrolled { of: message, scroll: 0 }));
            }
            _ => self.refuse(message),
        }
    }
}
