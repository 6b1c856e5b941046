//! What somebody may be about to do.

use crate::ident::{InjectId, RunId, StepId};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Intent {
    Acknowledge(InjectId),
    Declare,
    Decide,
    /// The runbook of this position.
    Start(usize),
    /// The runbook that a step opens.
    Open(RunId, StepId),
    Tick(RunId, StepId, usize),
    /// A manual step is done, or a step that cannot be executed.
    ByHand(RunId, StepId),
    Execute(RunId, StepId),
    /// Somebody who was asked answers.
    Approve(RunId, StepId),
    /// What nobody can know is looked at.
    Settle(RunId, StepId),
    /// Out of impatience.
    Skip(RunId, StepId),
    /// The note or the update that an expected action asks for, by its position.
    Write(usize),
    Close,
    /// The facilitator has seen enough.
    Finish,
}

impl Intent {
    /// The step it is about.
    pub(super) const fn step(&self) -> Option<(RunId, &StepId)> {
        match self {
            Self::Open(run, step)
            | Self::Tick(run, step, _)
            | Self::ByHand(run, step)
            | Self::Execute(run, step)
            | Self::Approve(run, step)
            | Self::Settle(run, step)
            | Self::Skip(run, step) => Some((*run, step)),
            _ => None,
        }
    }

    /// For what chance is asked: the same in every exercise of a scenario, whatever ids it has.
    pub(super) fn name(&self, runbook: &str) -> String {
        match self {
            Self::Acknowledge(inject) => format!("acknowledge {inject}"),
            Self::Declare => "declare".to_owned(),
            Self::Decide => "decide".to_owned(),
            Self::Start(at) => format!("start {at}"),
            Self::Open(_, step) => format!("open {runbook} {step}"),
            Self::Tick(_, step, substep) => format!("tick {runbook} {step} {substep}"),
            Self::ByHand(_, step) => format!("by hand {runbook} {step}"),
            Self::Execute(_, step) => format!("confirm {runbook} {step}"),
            Self::Approve(_, step) => format!("approve {runbook} {step}"),
            Self::Settle(_, step) => format!("settle {runbook} {step}"),
            Self::Skip(_, step) => format!("skip {runbook} {step}"),
            Self::Write(at) => format!("write {at}"),
            Self::Close => "close".to_owned(),
            Self::Finish => "finish".to_owned(),
        }
    }
}
