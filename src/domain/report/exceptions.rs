//! What did not go by the plan: asked of every entry, so that what was put right later is still told.

use crate::engine::State;
use crate::execution::{End, Part};
use crate::ident::{RunId, StepId};
use crate::log::{Entry, Event};

/// One entry that is an exception, and what kind of one.
#[derive(Clone, Copy, Debug)]
pub struct Exception<'a> {
    pub word: &'static str,
    pub entry: &'a Entry,
}

/// The exceptions, in the order of the log.
#[must_use]
pub fn exceptions(state: &State) -> Vec<Exception<'_>> {
    state.entries.iter().filter_map(|entry| Some(Exception { word: word(state, &entry.event)?, entry })).collect()
}

fn word(state: &State, event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::StepSkipped { .. } => "skipped",
        Event::GuardOverridden { .. } => "guard overridden",
        Event::LossAccepted { .. } => "loss accepted",
        Event::ApprovalDeclined { .. } => "approval declined",
        Event::StepIntended { resolved, .. } if resolved.part == Part::Rollback => "rolled back",
        Event::StepIntended { out_of_order: true, .. } | Event::StepDoneByHand { out_of_order: true, .. } => {
            "out of order"
        }
        Event::StepDoneByHand { run, step, .. } if written_to_run(state, *run, step) => "done by hand",
        Event::StepFinished { outcome, .. } => match outcome.end {
            End::Succeeded { .. } => return None,
            End::Failed { .. } => "failed",
            End::NotStarted { .. } => "not started",
            End::TimedOut => "timed out",
            End::Cancelled => "stopped",
            End::Unknown { .. } => "unknown",
        },
        Event::StepVerified { result, .. } if !result.passed => "not verified",
        Event::StepSettled { .. } => "settled by a person",
        Event::HoldEnded { held: false, .. } => "did not hold",
        Event::ModeChanged { .. } => "mode changed",
        Event::RunAborted { .. } => "aborted",
        Event::TierRelapsed { .. } => "broke again",
        Event::FenceRevoked { .. } => "fence revoked",
        Event::NotWatched { .. } => "not watched",
        Event::LogRepaired { .. } => "log repaired",
        Event::LogAdopted { .. } => "log continued elsewhere",
        Event::Newer(_) => "not understood",
        _ => return None,
    })
}

fn written_to_run(state: &State, run: RunId, step: &StepId) -> bool {
    let Some(run) = state.run(run) else { return false };
    let walked = run.record(step).child.is_some();
    run.step(step).is_some_and(|step| !walked && (!step.manual() || step.manual_because.is_some()))
}

/// What has no end although nobody goes on with it or its outcome was never recorded, one sentence each.
#[must_use]
pub fn left_open(state: &State) -> Vec<String> {
    let over = state.over();
    let mut open = Vec::new();
    for run in &state.runs {
        for step in run.runbook.steps() {
            let unanswered = run.record(&step.id).attempts.iter().filter(|attempt| attempt.outcome.is_none());
            open.extend(unanswered.map(|attempt| {
                format!("{}, attempt {}: intended, and no outcome is recorded", step.title, attempt.number)
            }));
        }
        if over || run.ended_at.is_some() {
            let remaining = run.remaining().map(|step| (&step.title, run.step_state(&step.id).word()));
            open.extend(remaining.map(|(title, state)| format!("{title}: left {state}")));
        }
    }
    open
}
