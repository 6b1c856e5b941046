//! From an act to acknowledged entries: decide, append, fold, carry out.

use std::sync::Arc;

use domain::console::{BannerAbout, Told};
use domain::engine::{Act, Command, Effect, Reason, Refusal, StepState, decide, evolve, react};
use domain::ident::IncidentId;
use domain::log::{Draft, Entry, Event};
use domain::people::Actor;

use super::Session;
use crate::runtime::journal::AppendError;

impl Session {
    /// Carries out a command of this console's own person.
    pub(super) async fn act(&mut self, command: Command) -> Result<(), Refusal> {
        let actor = self.scene.actor.clone();
        self.act_as(actor, command).await
    }

    /// Decides, appends and folds; on a conflict (another console was first) reads on and decides again.
    pub(super) async fn act_as(&mut self, actor: Actor, command: Command) -> Result<(), Refusal> {
        let act = Act { actor, command };
        let effects = loop {
            if self.scene.read_only {
                return Err(Refusal::new(Reason::ReadOnly, "this console is read-only"));
            }
            let now = self.clock.now();
            let decision = decide(&self.state, &self.board, &act, now)?;
            if decision.events.is_empty() {
                return Ok(());
            }
            let occurred_at = decision.occurred_at.unwrap_or(now.wall);
            let drafts = decision
                .events
                .into_iter()
                .map(|event| Draft { occurred_at, kind: self.scene.kind, actor: act.actor.clone(), event })
                .collect();
            let Some(journal) = &self.journal else {
                return Err(Refusal::new(Reason::NoIncident, "no incident is open: declare one first"));
            };
            match journal.append(self.state.head, drafts).await {
                Ok(entries) => {
                    self.log_written();
                    let effects = self.fold_own(entries);
                    self.prove();
                    break effects;
                }
                Err(AppendError::Conflict { newer }) => self.fold_others(newer),
                Err(error) => return Err(self.log_failed(&error)),
            }
        };
        for effect in effects {
            self.carry_out(effect).await;
        }
        Ok(())
    }

    /// Entries this console appended: folded, shown, and reacted to.
    fn fold_own(&mut self, entries: Vec<Entry>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for entry in entries.into_iter().map(Arc::new) {
            evolve(&mut self.state, &entry);
            effects.extend(react(&self.state, &entry));
            self.tell(Told::Entry(entry));
        }
        self.refresh_prepared();
        effects
    }

    /// Entries of another console: folded and shown, never reacted to. But a step that was ticked without a screen has
    /// nobody who polls its verify blocks: the recorder does.
    pub(super) fn fold_others(&mut self, entries: Vec<Entry>) {
        let known = self.state.entries.last().map_or(0, |entry| entry.seq);
        let mut ticked = Vec::new();
        for entry in entries.into_iter().filter(|entry| entry.seq > known).map(Arc::new) {
            evolve(&mut self.state, &entry);
            if let Event::StepDoneByHand { run, step, .. } = &entry.event {
                ticked.push((*run, step.clone()));
            }
            self.simulate(&entry);
            self.tell(Told::Entry(entry));
        }
        self.refresh_prepared();
        if self.recorder.is_none() {
            return;
        }
        for (run, step) in ticked {
            let verifying = self.state.run(run).is_some_and(|run| run.step_state(&step) == StepState::Verifying);
            if verifying {
                self.verify(run, step, 0);
            }
        }
    }

    /// The simulated world is this console's alone: what was done in it by hand, from another login, happens here.
    fn simulate(&mut self, entry: &Entry) {
        if self.clock.pace().is_none() {
            return;
        }
        for effect in react(&self.state, entry) {
            if let Effect::Affect(lines) = effect {
                self.affect(&lines);
            }
        }
    }

    /// What the follower saw; of a log that was left meanwhile it is no longer of interest.
    pub(super) fn followed(&mut self, incident: IncidentId, entries: Vec<Entry>) {
        let here = self.journal.as_ref().map(|journal| journal.header().incident);
        let here = here.or_else(|| self.state.incident.as_ref().map(|incident| incident.id));
        if here.is_none_or(|here| here == incident) {
            self.fold_others(entries);
        }
    }

    /// Nothing executes without its record: the refusal says why, and the banner stays until the log can say so too,
    /// which is tried again with every tick.
    fn log_failed(&mut self, error: &AppendError) -> Refusal {
        let text =
            format!("THE LOG CANNOT BE WRITTEN: {error}. Nothing executes. Continue it elsewhere: `:` continue log");
        if !std::mem::replace(&mut self.log_broken, true) {
            let at = domain::time::clock(self.clock.now().wall);
            let text = format!("the log could not be written at {at}: {error}; nothing was executed meanwhile");
            self.unrecorded.push(Command::Observe { text, subject: None });
        }
        self.banner(BannerAbout::Log, Some(text));
        Refusal::new(Reason::ReadOnly, format!("not recorded, so not done: {error}"))
    }

    fn log_written(&mut self) {
        if std::mem::take(&mut self.log_broken) {
            self.banner(BannerAbout::Log, None);
        }
    }
}
