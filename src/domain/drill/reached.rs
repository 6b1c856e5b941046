//! When a log first shows a milestone.

use std::sync::Arc;

use crate::comms::WayState;
use crate::engine::{InjectState, RunState, State, StepState};
use crate::execution::End;
use crate::ident::{AudienceId, StepId};
use crate::log::{Entry, Event, Mode};
use crate::report::{Point, metrics};
use crate::scenario::{Choice, Milestone};
use crate::time::Timestamp;

/// The first instant, on the scenario's clock, at which this was so.
#[must_use]
pub fn reached(state: &State, milestone: &Milestone) -> Option<Timestamp> {
    let first = |shows: &dyn Fn(&Event) -> bool| {
        state.entries.iter().find(|entry| shows(&entry.event)).map(|entry| entry.occurred_at)
    };
    let exercise = state.exercise.as_deref();
    let incident = state.incident.as_ref();
    match milestone {
        Milestone::StartEx => exercise.map(|exercise| exercise.started_at),
        Milestone::Fired(inject) => match exercise?.injects.get(inject)? {
            InjectState::Fired { at, .. } => Some(*at),
            InjectState::Skipped { .. } => None,
        },
        Milestone::Acknowledged(inject) => match exercise?.injects.get(inject)? {
            InjectState::Fired { acknowledged, .. } => acknowledged.as_ref().map(|(_, at)| *at),
            InjectState::Skipped { .. } => None,
        },
        Milestone::Declared => incident.map(|incident| incident.opened_at),
        Milestone::Decided(Choice::FailOver) => decided_to_fail_over(state),
        Milestone::Decided(Choice::Stay) => {
            first(&|event| matches!(event, Event::DecisionRecorded { failover: false, .. }))
        }
        Milestone::Started(name) => state.runs.iter().find(|run| run.name == *name).map(|run| run.started_at),
        Milestone::Completed(name) => {
            let finished = state
                .runs
                .iter()
                .filter(|run| {
                    run.name == *name
                        && matches!(run.state, RunState::Completed | RunState::CompletedWithExceptions { .. })
                })
                .filter_map(|run| run.ended_at);
            finished.min()
        }
        Milestone::StepDone(step) => step_ended(state, step, StepState::done),
        Milestone::StepFailed(step) => step_failed(state, step),
        Milestone::StepSkipped(step) => {
            first(&|event| matches!(event, Event::StepSkipped { step: skipped, .. } if skipped == step))
        }
        Milestone::Fenced(database, region) => first(&|event| match event {
            Event::FenceStated { database: of, region: at, .. }
            | Event::FenceObserved { database: of, region: at, .. } => of == database && at == region,
            _ => false,
        }),
        Milestone::Promoted(None) => incident?.no_return_at,
        Milestone::Promoted(Some((database, region))) => serves_from(state, database.as_str(), region.as_str()),
        Milestone::Serving(name, region) => serves_from(state, name, region.as_str()),
        Milestone::Recovered(None) => metrics(state)?.point(Point::Recovered).map(|endpoint| endpoint.at),
        Milestone::Recovered(Some(tier)) => incident?.recovered.get(tier).copied(),
        Milestone::Overridden => first(&|event| matches!(event, Event::GuardOverridden { .. })),
        Milestone::LossAccepted => first(&|event| matches!(event, Event::LossAccepted { .. })),
        Milestone::Noted(words) => noted(state, words, None),
        Milestone::Told(audience) => told(state, audience, None),
        Milestone::Closed => incident?.closed_at,
    }
}

/// The same where something is to be done anew: words of before `from` are not about what came after them.
#[must_use]
pub fn reached_since(state: &State, milestone: &Milestone, from: Timestamp) -> Option<Timestamp> {
    match milestone {
        Milestone::Noted(words) => noted(state, words, Some(from)),
        Milestone::Told(audience) => told(state, audience, Some(from)),
        _ => reached(state, milestone),
    }
}

/// When an update was issued that came through, or would have, on some way.
fn told(state: &State, audience: &AudienceId, from: Option<Timestamp>) -> Option<Timestamp> {
    let updates = state.updates.issued.values().filter(|update| update.audience == *audience);
    let reached = updates.filter(|update| update.ways.values().any(WayState::reached));
    reached.map(|update| update.at).find(|at| from.is_none_or(|from| *at >= from))
}

/// Said so; or a runbook that forces it was begun, or the line crossed, without a word.
fn decided_to_fail_over(state: &State) -> Option<Timestamp> {
    let said = |entry: &&Arc<Entry>| match &entry.event {
        Event::DecisionRecorded { failover, .. } => *failover,
        Event::StepIntended { resolved, .. } => {
            let run = state.runs.iter().find(|run| run.id == resolved.run);
            !resolved.readonly
                && run.is_some_and(|run| {
                    let mut steps = run.runbook.steps().filter(|step| step.point_of_no_return);
                    steps.any(|step| run.mode == Mode::Forced || step.id == resolved.step)
                })
        }
        Event::StepDoneByHand { run, step, .. } => {
            let run = state.runs.iter().find(|known| known.id == *run);
            run.and_then(|run| run.step(step)).is_some_and(|step| step.point_of_no_return)
        }
        _ => false,
    };
    state.entries.iter().find(said).map(|entry| entry.occurred_at)
}

fn step_ended(state: &State, step: &StepId, wanted: impl Fn(StepState) -> bool) -> Option<Timestamp> {
    let of = state.runs.iter().filter(|run| run.step(step).is_some());
    of.filter(|run| wanted(run.step_state(step))).filter_map(|run| run.record(step).ended_at).min()
}

fn step_failed(state: &State, step: &StepId) -> Option<Timestamp> {
    let failed = |entry: &&Arc<Entry>| match &entry.event {
        Event::StepFinished { step: of, outcome, .. } => of == step && !matches!(outcome.end, End::Succeeded { .. }),
        Event::StepVerified { step: of, result, .. } => of == step && !result.passed,
        _ => false,
    };
    state.entries.iter().find(failed).map(|entry| entry.occurred_at)
}

fn serves_from(state: &State, name: &str, region: &str) -> Option<Timestamp> {
    let serves = |entry: &&Arc<Entry>| match &entry.event {
        Event::ServingChanged { subject, to: Some(to), .. } => subject == name && to.as_str() == region,
        _ => false,
    };
    state.entries.iter().find(serves).map(|entry| entry.occurred_at)
}

fn noted(state: &State, words: &str, from: Option<Timestamp>) -> Option<Timestamp> {
    let words = words.to_lowercase();
    let since = |entry: &&Arc<Entry>| from.is_none_or(|from| entry.occurred_at >= from);
    let said = |entry: &&Arc<Entry>| stands(state, entry, &words);
    state.entries.iter().filter(since).find(said).map(|entry| entry.occurred_at)
}

/// It has these words in it, and so has what corrected it, if something did.
fn stands(state: &State, entry: &Entry, words: &str) -> bool {
    let said = says(&entry.event).is_some_and(|text| text.to_lowercase().contains(words));
    let correction = state.superseded.get(&entry.seq).filter(|by| **by > entry.seq);
    let correction = correction.and_then(|by| state.entries.iter().find(|entry| entry.seq == *by));
    said && correction.is_none_or(|correction| stands(state, correction, words))
}

fn says(event: &Event) -> Option<&str> {
    match event {
        Event::NoteAdded { text, .. }
        | Event::MessageSent { text, .. }
        | Event::MessageShown { text, .. }
        | Event::UpdateIssued { text, .. }
        | Event::DecisionRecorded { text, .. }
        | Event::Correction { text, .. } => Some(text),
        Event::StepDoneByHand { evidence, .. } => Some(evidence),
        _ => None,
    }
}
