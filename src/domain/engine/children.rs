//! Runs that are a part of a step: its title links to another runbook, and that one is walked in its place. What
//! becomes of the step is decided where the child ends, and recorded with it.

use super::fold_run::Meta;
use super::{Recorded, Run, RunState, State};
use crate::ident::{RunId, StepId};
use crate::runbook::Step;

impl State {
    /// The run whose step `run` was opened for, and that step.
    #[must_use]
    pub fn parent_of(&self, run: &Run) -> Option<(&Run, &Step)> {
        let parent = run.parent.as_ref()?;
        let of = self.run(parent.run)?;
        Some((of, of.step(&parent.step)?))
    }

    /// The run that is walked in the place of this step.
    #[must_use]
    pub fn child_of(&self, run: &Run, step: &StepId) -> Option<&Run> {
        run.record(step).child.and_then(|child| self.run(child))
    }

    /// The run itself, or the one that is walked in the place of one of its steps.
    #[must_use]
    pub fn walked<'a>(&'a self, run: &'a Run) -> &'a Run {
        let opened = run.runbook.steps().find(|step| run.in_child(&step.id));
        opened.and_then(|step| self.child_of(run, &step.id)).unwrap_or(run)
    }
}

impl Run {
    /// Its step is done by walking another runbook, and that goes on.
    #[must_use]
    pub fn in_child(&self, step: &StepId) -> bool {
        self.record(step).recorded == Recorded::Opened
    }

    /// Where it stands, for the step that it was opened for.
    #[must_use]
    pub fn standing(&self) -> String {
        let name = &self.name;
        match &self.state {
            RunState::Running => format!("{name} is being walked"),
            RunState::HeldByFailure { step } => {
                let title = self.step(step).map_or(step.as_str(), |step| step.title.as_str());
                format!("{name} is held by a failure of `{title}`")
            }
            RunState::Paused { by, reason } if reason.is_empty() => format!("{name} was paused by {by}"),
            RunState::Paused { by, reason } => format!("{name} was paused by {by}: {reason}"),
            RunState::WatchingHold => format!("{name} is done, watching whether it holds"),
            RunState::Completed => format!("runbook {name} completed"),
            RunState::CompletedWithExceptions { .. } => format!("runbook {name} completed with exceptions"),
            RunState::Aborted { by, reason } => format!("{name} was aborted by {by}: {reason}"),
        }
    }

    /// A runbook is walked in the place of a step from now on.
    pub(super) fn open_child(&mut self, step: &StepId, child: RunId, meta: Meta<'_>) {
        let record = self.record_mut(step);
        record.recorded = Recorded::Opened;
        record.child = Some(child);
        record.by = Some(meta.by.clone());
        record.remark = None;
        record.started_at.get_or_insert(meta.at);
        record.ended_at = None;
        self.settle_state();
    }

    /// It ended before its time: the step is as open as it was, and says why.
    fn lose_child(&mut self, step: &StepId, why: String) {
        let record = self.record_mut(step);
        record.recorded = Recorded::Nothing;
        record.child = None;
        record.remark = Some(why);
        record.started_at = None;
        self.settle_state();
    }
}

/// A run was aborted: the step that it was opened for is open again. That it was completed is an event of its own.
pub(super) fn aborted(state: &mut State, id: RunId) {
    let Some(child) = state.run(id) else { return };
    let (Some(parent), RunState::Aborted { .. }) = (child.parent.clone(), &child.state) else { return };
    let why = child.standing();
    let of = state.runs.iter_mut().find(|run| run.id == parent.run);
    if let Some(of) = of.filter(|of| of.in_child(&parent.step) && of.record(&parent.step).child == Some(id)) {
        of.lose_child(&parent.step, why);
    }
}
