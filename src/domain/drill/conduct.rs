//! What the exercise's own clock does: injects that are due, and its end at the latest.

use std::time::Duration;

use super::reached;
use crate::engine::{Exercise, ExerciseAct, State};
use crate::log::{EndEx, Event, Firing};
use crate::scenario::{Inject, Trigger};
use crate::time::{Timestamp, at_offset, human, since};

/// What is due now, in the order of the scenario. Nothing while it is paused or over.
#[must_use]
pub fn due(state: &State, now: Timestamp) -> Vec<ExerciseAct> {
    let Some(exercise) = state.exercise.as_deref().filter(|exercise| exercise.running() && !exercise.paused) else {
        return Vec::new();
    };
    let is_due = |inject: &&Inject| fires_at(state, inject).is_some_and(|at| at <= now);
    let mut acts: Vec<ExerciseAct> = exercise
        .pending()
        .filter(is_due)
        .map(|inject| ExerciseAct::Fire { inject: inject.id.clone(), by: Firing::Schedule })
        .collect();
    if now >= ends_at(exercise) {
        let text = format!("{} are over", human(exercise.scenario.lasts));
        acts.push(ExerciseAct::End { why: EndEx::TimeOver, text });
    }
    acts
}

/// What the scenario's clock says when the wall's says `wall`, as the log tells it to a console that does not conduct the
/// exercise. `None` where there is none.
#[must_use]
pub fn scenario_at(state: &State, wall: Timestamp) -> Option<Timestamp> {
    let exercise = state.exercise.as_deref()?;
    let sets_pace = |event: &Event| {
        matches!(
            event,
            Event::ExerciseStarted { .. }
                | Event::ExercisePaused { .. }
                | Event::ExerciseResumed {}
                | Event::SpeedChanged { .. }
                | Event::ExerciseEnded { .. }
        )
    };
    let set = state.entries.iter().rev().find(|entry| sets_pace(&entry.event))?;
    let stands = exercise.paused || !exercise.running();
    let passed = if stands { Duration::ZERO } else { since(wall, set.recorded_at).saturating_mul(exercise.speed) };
    Some(at_offset(set.occurred_at, passed))
}

/// When an inject fires by itself, as far as that is known by now.
#[must_use]
pub fn fires_at(state: &State, inject: &Inject) -> Option<Timestamp> {
    let Trigger { after, plus, unless } = inject.when.as_ref()?;
    let at = at_offset(reached(state, after)?, *plus);
    let forestalled = unless.as_ref().and_then(|unless| reached(state, unless));
    (forestalled.is_none_or(|forestalled| forestalled > at)).then_some(at)
}

/// EndEx at the latest.
#[must_use]
pub fn ends_at(exercise: &Exercise) -> Timestamp {
    at_offset(exercise.started_at, exercise.scenario.lasts)
}
