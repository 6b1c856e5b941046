//! The log as players may read it: what would give the scenario away is left out.

use domain::engine::State;
use domain::log::{Entry, Event};
use domain::report::{Sentence, entry_sentence};

/// What the entry says to players, and to the facilitator who sits beside them.
#[must_use]
pub fn sentence(state: &State, entry: &Entry) -> Sentence {
    let sentence = entry_sentence(state, entry);
    let Some(text) = veiled(state, &entry.event) else { return sentence };
    Sentence { text, detail: None, ..sentence }
}

/// Stands for an entry whose contents are not for players; `None`: they may read all of it. What an evaluator noted
/// stays veiled for ever, everything else until EndEx.
#[must_use]
pub fn veiled(state: &State, event: &Event) -> Option<String> {
    if matches!(event, Event::EvaluatorNoted { .. }) {
        return Some("evaluator's note".to_owned());
    }
    let exercise = state.exercise.as_deref().filter(|exercise| exercise.running())?;
    match event {
        Event::ExerciseStarted { .. } => Some(format!("StartEx: {}", exercise.scenario.title)),
        Event::InjectFired { inject, .. } => Some(match exercise.scenario.inject(inject) {
            Some(inject) if inject.is_delivered() => {
                format!("message from {} to {}: {}", inject.from, inject.to.name(), inject.text)
            }
            _ => "the scenario goes on".to_owned(),
        }),
        Event::InjectSkipped { .. } => Some("the facilitator leaves out a part of the scenario".to_owned()),
        Event::InjectAcknowledged { inject } => {
            let from = exercise.scenario.inject(inject).map_or("the exercise", |inject| inject.from.as_str());
            Some(format!("acknowledges the message from {from}"))
        }
        Event::ActionRated { .. } => Some("an evaluator rates an action".to_owned()),
        _ => None,
    }
}
