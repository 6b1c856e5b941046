//! Folding what the log says of an exercise.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Ended, EvaluatorNote, Exercise, InjectState, Rated};
use crate::engine::State;
use crate::engine::fold_run::Meta;
use crate::log::{Event, StartEx};
use crate::{estate, scenario};

pub(in crate::engine) fn fold(state: &mut State, event: &Event, meta: Meta<'_>) {
    if let Event::ExerciseStarted { exercise } = event {
        if state.exercise.is_none() {
            state.exercise = Some(Box::new(begin(exercise, meta)));
        }
        return;
    }
    let Some(exercise) = state.exercise.as_deref_mut() else { return };
    match event {
        Event::InjectFired { inject, by, .. } => {
            let fired = InjectState::Fired { at: meta.at, by: *by, acknowledged: None };
            exercise.injects.entry(inject.clone()).or_insert(fired);
        }
        Event::InjectSkipped { inject, reason } => {
            let skipped = InjectState::Skipped { at: meta.at, by: meta.by.clone(), reason: reason.clone() };
            exercise.injects.entry(inject.clone()).or_insert(skipped);
        }
        Event::InjectAcknowledged { inject } => {
            if let Some(InjectState::Fired { acknowledged: acknowledged @ None, .. }) = exercise.injects.get_mut(inject)
            {
                *acknowledged = Some((meta.by.clone(), meta.at));
            }
        }
        Event::ExercisePaused { .. } => exercise.paused = true,
        Event::ExerciseResumed {} => exercise.paused = false,
        Event::SpeedChanged { speed } => {
            exercise.speed = *speed;
            exercise.fastest = exercise.fastest.max(*speed);
        }
        Event::QuestionAnswered { question, holds, .. } => {
            exercise.answers.insert(*question, *holds);
        }
        Event::EvaluatorNoted { text, inject } => exercise.notes.push(EvaluatorNote {
            text: text.clone(),
            inject: inject.clone(),
            by: meta.by.clone(),
            at: meta.at,
        }),
        Event::ActionRated { expected, rating, comment } => {
            let rated = Rated { rating: *rating, comment: comment.clone(), by: meta.by.clone() };
            exercise.ratings.insert(*expected, rated);
        }
        Event::LessonRecorded { lesson } => exercise.lessons.push(lesson.clone()),
        Event::ExerciseEnded { why, text } => {
            exercise.ended.get_or_insert(Ended { at: meta.at, why: *why, text: text.clone() });
        }
        Event::WritesCounted { databases } => exercise.counted.clone_from(databases),
        _ => {}
    }
}

fn begin(start: &StartEx, meta: Meta<'_>) -> Exercise {
    Exercise {
        scenario: Arc::new(scenario::parse(&start.scenario, &start.names).scenario),
        estate: Arc::new(estate::parse(&start.estate).estate),
        started_at: meta.at,
        ended: None,
        injects: BTreeMap::new(),
        paused: false,
        speed: start.speed,
        fastest: start.speed,
        answers: BTreeMap::new(),
        ratings: BTreeMap::new(),
        lessons: Vec::new(),
        notes: Vec::new(),
        counted: BTreeMap::new(),
        start: start.clone(),
    }
}
