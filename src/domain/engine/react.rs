//! What should be done about an entry, asked only of entries this console just appended.

use super::{Effect, PaceChange, Recorded, Run, State};
use crate::execution::{End, Part, substitute};
use crate::ident::StepId;
use crate::log::{Entry, Event};
use crate::runbook::Lang;
use crate::scenario::Inject;

/// Effects of an entry that [`super::evolve`] has already folded into `state`. Replaying never calls this, so nothing
/// is executed twice.
#[must_use]
pub fn react(state: &State, entry: &Entry) -> Vec<Effect> {
    match &entry.event {
        Event::StepIntended { resolved, .. } => vec![Effect::Execute(resolved.clone())],
        Event::CaptureIntended { capture, resolved } => {
            vec![Effect::ExecuteCapture { capture: *capture, resolved: resolved.clone() }]
        }
        Event::StepFinished { run, step, part, attempt, outcome } => {
            let Some(run) = state.run(*run) else { return Vec::new() };
            after_attempt(run, step, *part, *attempt, &outcome.end)
        }
        Event::StepVerified { run, step, .. } => {
            let Some(run) = state.run(*run) else { return Vec::new() };
            after_end(run, step)
        }
        Event::StepDoneByHand { run, step, .. } => match state.run(*run) {
            Some(run) => {
                let verify = (run.record(step).recorded == Recorded::Verifying).then(|| Effect::Verify {
                    run: run.id,
                    step: step.clone(),
                    attempt: 0,
                });
                let then = verify.map_or_else(|| hold(run, step), |verify| vec![verify]);
                by_hand(state, run, step).into_iter().chain(then).collect()
            }
            None => Vec::new(),
        },
        // Nobody stops an instance in an exercise: who says that it was done has done it.
        Event::FenceStated { database, region, .. } if simulated(state) => {
            vec![Effect::Affect(vec![format!("fence {database}@{region}")])]
        }
        Event::StepSettled { run, step, .. } => state.run(*run).map(|run| hold(run, step)).unwrap_or_default(),
        Event::InjectFired { inject, effect, .. } => {
            let affect = (!effect.is_empty()).then(|| Effect::Affect(effect.clone()));
            // What nobody gets to read is for the players to find.
            let inject = state.exercise.as_deref().and_then(|exercise| exercise.scenario.inject(inject));
            let bell = inject.is_some_and(Inject::is_delivered).then_some(Effect::Bell);
            affect.into_iter().chain(bell).collect()
        }
        Event::UpdateIssued { ways, .. } => {
            ways.iter().map(|way| Effect::SendUpdate { update: entry.seq, way: way.clone() }).collect()
        }
        Event::UpdateRetried { update, way } => vec![Effect::SendUpdate { update: *update, way: way.clone() }],
        Event::ExercisePaused { .. } => vec![Effect::Pace(PaceChange::Pause)],
        // What was is looked back on: after EndEx the scenario stands still.
        Event::ExerciseEnded { .. } => {
            let count = simulated(state).then_some(Effect::CountWrites);
            std::iter::once(Effect::Pace(PaceChange::Pause)).chain(count).collect()
        }
        Event::ExerciseResumed {} => vec![Effect::Pace(PaceChange::Resume)],
        Event::SpeedChanged { speed } => vec![Effect::Pace(PaceChange::Speed(*speed))],
        Event::QuestionAnswered { question, holds, .. } => {
            vec![Effect::Answered { question: *question, holds: *holds }]
        }
        Event::ApprovalRequested { .. }
        | Event::FenceRevoked { .. }
        | Event::HoldEnded { held: false, .. }
        | Event::HandoffOffered { .. }
        | Event::UpdateFailed { .. } => vec![Effect::Bell],
        _ => Vec::new(),
    }
}

/// An exercise with a simulated world: what people do there by hand has to happen in it.
fn simulated(state: &State) -> bool {
    state.exercise.as_deref().is_some_and(|exercise| !exercise.start.paper)
}

/// What a step's `world drill` block says, where the step was done by hand.
fn by_hand(state: &State, run: &Run, step: &StepId) -> Option<Effect> {
    let block = run.step(step)?.drill.as_ref().filter(|block| block.lang == Lang::World && simulated(state))?;
    let values = run.values_for(step);
    let lines = block.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Some(Effect::Affect(lines.map(|line| substitute(line, &values)).collect()))
}

fn after_attempt(run: &Run, step: &StepId, part: Part, attempt: u32, end: &End) -> Vec<Effect> {
    let record = run.record(step);
    let verifiable = part == Part::Run && run.step(step).is_some_and(|step| !step.verifies.is_empty());
    match record.recorded {
        Recorded::Verifying => vec![Effect::Verify { run: run.id, step: step.clone(), attempt }],
        // What a machine cannot know, its verify blocks may settle.
        Recorded::Unknown if verifiable => {
            vec![Effect::Bell, Effect::Verify { run: run.id, step: step.clone(), attempt }]
        }
        Recorded::Failed if retries_left(run, step, part, attempt) && !matches!(end, End::Cancelled) => {
            let delay = block(run, step, part).map(|block| block.delay).unwrap_or_default();
            vec![Effect::Retry { run: run.id, step: step.clone(), part, delay }]
        }
        _ => after_end(run, step),
    }
}

fn after_end(run: &Run, step: &StepId) -> Vec<Effect> {
    match run.record(step).recorded {
        Recorded::Failed | Recorded::Unknown => vec![Effect::Bell],
        _ => hold(run, step),
    }
}

fn hold(run: &Run, step: &StepId) -> Vec<Effect> {
    if matches!(run.record(step).hold, Some(super::HoldState::Watching { .. })) {
        vec![Effect::WatchHold { run: run.id, step: step.clone() }]
    } else {
        Vec::new()
    }
}

fn block<'a>(run: &'a Run, step: &StepId, part: Part) -> Option<&'a crate::runbook::Block> {
    let step = run.step(step)?;
    match part {
        Part::Run => step.run.as_ref(),
        Part::Rollback => step.rollback.as_ref(),
    }
}

/// The author allowed more attempts of a block that may be repeated. Attempts a person asked for count too.
pub(super) fn retries_left(run: &Run, step: &StepId, part: Part, attempt: u32) -> bool {
    block(run, step, part).is_some_and(|block| (block.idempotent || block.readonly) && attempt <= block.retry)
}
