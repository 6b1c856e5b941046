//! Starting a step: from its key to the box that confirms it, or at once when it only reads.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::console::{Prepared, Request};
use domain::engine::{Confirmation, Run};
use domain::execution::{Danger, End, Part};
use domain::log::Parent;
use domain::runbook::Step;

use super::turn::Turn;
use crate::model::{ConfirmBox, Model, Overlay, Subject, Wanted, Watched};

/// How long a key waits for its step to be resolved.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// What starting this demands. A rollback changes something, whatever its step does; to run again what may have taken
/// effect, the step's own name is typed.
pub(super) fn danger_of(model: &Model, prepared: &Prepared) -> Option<Danger> {
    let run = model.state.run(prepared.run)?;
    let step = run.step(&prepared.step)?;
    let danger = Danger::of(step, &run.values_for(&prepared.step));
    Some(match (prepared.part, danger) {
        (Part::Rollback, Danger::ReadOnly) => Danger::Changes,
        (Part::Run, Danger::ReadOnly | Danger::Changes) if !repeatable(run, step) => Danger::Typed(step.id.to_string()),
        (_, danger) => danger,
    })
}

/// Another attempt does no harm: its author says so, it only reads, or the last one certainly never started.
fn repeatable(run: &Run, step: &Step) -> bool {
    let Some(last) = run.attempts(&step.id, Part::Run).last() else { return true };
    let never_started = last.outcome.as_ref().is_some_and(|outcome| matches!(outcome.end, End::NotStarted { .. }));
    last.resolved.idempotent || last.resolved.readonly || never_started
}

impl Turn<'_> {
    /// The step under the cursor, or the one a menu was opened for.
    pub(super) fn start(&mut self, part: Part) {
        let Some((run, step)) = self.model.step() else { return };
        if let Some(runbook) = step.child.clone().filter(|_| part == Part::Run) {
            let request = Request::StartRun {
                runbook,
                mode: run.mode_of(&step.id),
                from: run.from.clone(),
                to: run.to.clone(),
                values: BTreeMap::new(),
                parent: Some(Parent { run: run.id, step: step.id.clone() }),
            };
            let what = format!("\"{}\" was not opened", step.title);
            return self.ask(request, what, None);
        }
        let what = Watched { run: run.id, step: step.id.clone(), part };
        match self.model.prepared_for(what.run, &what.step, part).cloned() {
            Some(prepared) => self.confirm_or_execute(&prepared),
            None => {
                self.say("being resolved");
                self.model.ui.wanted = Some(Wanted { what, at: self.at });
            }
        }
    }

    pub(super) fn prepared_what_was_wanted(&mut self, prepared: &Arc<Prepared>) {
        let same = |wanted: &Watched| {
            wanted.run == prepared.run && wanted.step == prepared.step && wanted.part == prepared.part
        };
        if self.model.ui.wanted.take_if(|wanted| same(&wanted.what)).is_some() && self.model.ui.overlays.is_empty() {
            self.model.ui.notice = None;
            self.confirm_or_execute(prepared);
        }
    }

    pub(super) fn forget_wanted(&mut self) {
        if self.model.ui.wanted.take_if(|wanted| self.at >= wanted.at + PATIENCE).is_some() {
            self.refuse("it was not resolved in time: press again");
        }
    }

    fn confirm_or_execute(&mut self, prepared: &Arc<Prepared>) {
        if let Err(why) = &prepared.resolved {
            self.refuse(why.clone());
            return;
        }
        let Some(danger) = danger_of(self.model, prepared) else { return };
        let title = self.title_of(prepared);
        if danger == Danger::ReadOnly {
            self.execute(prepared, &title, Confirmation::Key);
        } else {
            let subject = Subject::Step { prepared: Arc::clone(prepared), title };
            self.open(Overlay::Confirm(ConfirmBox::new(subject, danger, self.model.real.boot)));
        }
    }

    fn title_of(&self, prepared: &Prepared) -> String {
        let step = self.model.state.run(prepared.run).and_then(|run| run.step(&prepared.step));
        step.map_or_else(|| prepared.step.to_string(), |step| step.title.clone())
    }

    pub(super) fn execute(&mut self, prepared: &Prepared, title: &str, confirmation: Confirmation) {
        let Ok(resolved) = &prepared.resolved else { return };
        let request = Request::Execute {
            run: prepared.run,
            step: prepared.step.clone(),
            part: prepared.part,
            digest: resolved.digest(),
            confirmation,
        };
        self.ask(request, format!("\"{title}\" was not started"), None);
    }
}
