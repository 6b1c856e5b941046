//! Scoring an exercise from its log alone, so that whoever folds it gets the same.

mod actions;
mod instants;
mod judge;
mod lines;
mod measures;
mod model;
mod remarks;
#[cfg(test)]
mod tests;

pub use model::{ActionResult, InjectResult, Measure, Observed, Outcome, Score, WrongResult};

use crate::engine::{Exercise, State, replay};
use crate::log::Event;
use crate::report::{entry_sentence, exceptions};
use crate::scenario::Choice;
use crate::untrusted::sanitise_line;
use instants::Instants;

/// The score of an exercise; `None` where the log holds none.
///
/// Each expected action and each target is one thing to be judged. An action counts whole in time and half when it is
/// late, a target counts when it is met; the points are their share of 100, and each wrong action that was taken takes
/// 25 away. It is passed when all of them count whole, nothing wrong was done, and something was done at all.
///
/// The rating of the whole is that of HSEEP: P, passed and nothing went past the plan; S, nothing was missed and nothing
/// wrong, though some was late, unknown, skipped or overridden; M, something was missed or wrong, and at least half of
/// the points; U, less than that.
///
/// What is recorded after `EndEx` counts for nothing but ratings and lessons.
#[must_use]
pub fn score(state: &State) -> Option<Score> {
    let exercise = state.exercise.as_deref()?;
    let until_the_end = played(state);
    let state = until_the_end.as_ref().unwrap_or(state);
    let instants = Instants::of(state, exercise);
    let measures = measures::of(state, exercise, &instants);
    let actions = actions::expected(state, exercise, &instants);
    let wrong = actions::wrong(state, exercise);
    let exceptions: Vec<String> = exceptions(state)
        .into_iter()
        .map(|found| sanitise_line(&format!("{}: {}", found.word, entry_sentence(state, found.entry))))
        .collect();
    let judgement = judge::judge(state, exercise, &measures, &actions, wrong.len(), exceptions.len());
    let ended = exercise.ended.as_ref();
    let mut score = Score {
        label: sanitise_line(&exercise.start.label),
        scenario: sanitise_line(&exercise.start.scenario_name),
        title: sanitise_line(&exercise.scenario.title),
        seed: exercise.start.seed,
        automatic: exercise.start.automatic,
        started_at: exercise.started_at,
        ended_at: ended.map(|ended| ended.at),
        ended: ended.map(|ended| ended.why),
        outcome: judgement.outcome,
        points: judgement.points,
        rating: judgement.rating,
        measures,
        actions,
        injects: actions::injects(state, exercise),
        wrong,
        exceptions,
        strengths: Vec::new(),
        improvements: Vec::new(),
        lessons: exercise.lessons.clone(),
    };
    let remarks = remarks::of(&score, state, exercise, &instants);
    (score.strengths, score.improvements) = (remarks.strengths, remarks.improvements);
    Some(score)
}

/// Up to `EndEx`, where more was recorded after it: `None` when this is all there is.
fn played(state: &State) -> Option<State> {
    let end = state.entries.iter().position(|entry| matches!(entry.event, Event::ExerciseEnded { .. }))?;
    let more = state.entries.len() > end + 1;
    more.then(|| replay(&state.entries[..=end]))
}

/// The log shows that a player did anything.
fn anybody_did_anything(state: &State) -> bool {
    let by_players = |event: &Event| {
        matches!(event, Event::InjectAcknowledged { .. } | Event::IncidentOpened { .. } | Event::NoteAdded { .. })
    };
    state.entries.iter().any(|entry| by_players(&entry.event))
}

/// The right answer ends with a recovery.
fn is_to_recover(exercise: &Exercise) -> bool {
    let play = &exercise.scenario.play;
    play.declares.is_some() && play.decides != Some(Choice::Stay)
}
