//! Exercises, as the log tells them.

use super::{Mark, Sentence};
use crate::engine::State;
use crate::ident::{DatabaseId, InjectId};
use crate::log::{Counted, Event, Firing, LessonKind};
use crate::time::human;

pub(super) fn sentence(state: &State, event: &Event) -> Option<Sentence> {
    let exercise = state.exercise.as_deref();
    let inject = |id: &InjectId| exercise.and_then(|exercise| exercise.scenario.inject(id));
    Some(match event {
        Event::ExerciseStarted { exercise } => {
            let title =
                state.exercise.as_deref().map_or(exercise.scenario_name.as_str(), |known| &known.scenario.title);
            Sentence::new(Mark::Started, format!("StartEx: {title}"))
                .because(format!("{}, seed {}", exercise.label, exercise.seed))
        }
        Event::InjectFired { inject: id, by, effect } => {
            let by = match by {
                Firing::Schedule => String::new(),
                Firing::Facilitator => "fired by the facilitator".to_owned(),
            };
            let said = inject(id).filter(|inject| inject.is_delivered());
            let text = said.map_or_else(
                || format!("inject {id}"),
                |inject| format!("inject {id}, {} to {}: {}", inject.from, inject.to.name(), inject.text),
            );
            Sentence::new(Mark::Warning, text).because(super::joined(&[by, effect.join("; ")]))
        }
        Event::InjectSkipped { inject, reason } => {
            Sentence::new(Mark::Plain, format!("skips inject {inject}")).because(reason.clone())
        }
        Event::InjectAcknowledged { inject } => Sentence::new(Mark::Good, format!("acknowledges inject {inject}")),
        Event::ExercisePaused { reason } => Sentence::new(Mark::Waiting, "pauses the exercise").because(reason.clone()),
        Event::ExerciseResumed {} => Sentence::new(Mark::Started, "resumes the exercise"),
        Event::SpeedChanged { speed } => Sentence::new(Mark::Plain, format!("the scenario goes at {speed}×")),
        Event::QuestionAnswered { text, holds, .. } => {
            let answer = if *holds { "it holds" } else { "it does not hold" };
            Sentence::new(Mark::Plain, format!("answers for the simulated world: {answer}")).because(text.clone())
        }
        Event::EvaluatorNoted { text, inject } => {
            let about = inject.as_ref().map(|inject| format!(" of inject {inject}")).unwrap_or_default();
            Sentence::new(Mark::Plain, format!("evaluator's note{about}: {text}"))
        }
        Event::ActionRated { expected, rating, comment } => {
            let action = exercise.and_then(|exercise| exercise.scenario.expected.get(*expected));
            let action = action.map_or_else(|| format!("action {}", expected + 1), |action| action.text.clone());
            Sentence::new(Mark::Plain, format!("rates {} ({}): {action}", rating.letter(), rating.words()))
                .because(comment.clone())
        }
        Event::LessonRecorded { lesson } => {
            let kind = match lesson.kind {
                LessonKind::Strength => "strength",
                LessonKind::Improvement => "to be improved",
                LessonKind::Action => "action",
            };
            let owner = lesson.owner.as_ref().map(|owner| format!("by {owner}")).unwrap_or_default();
            let due = lesson.due.map(|due| format!("due {}", due.strftime("%Y-%m-%d"))).unwrap_or_default();
            Sentence::new(Mark::Plain, format!("{kind}: {}", lesson.text)).because(super::joined(&[owner, due]))
        }
        Event::ExerciseEnded { why, text } => {
            Sentence::new(Mark::Started, format!("EndEx: {}", why.words())).because(text.clone())
        }
        Event::WritesCounted { databases } => {
            let gone =
                |(database, counted): (&DatabaseId, &Counted)| match (counted.lost_writes, counted.diverged_writes) {
                    (0, 0) => format!("of {database} nothing is lost"),
                    (lost, 0) => format!("of {database} {lost} writes of {} are lost", human(counted.lost)),
                    (lost, apart) => format!(
                        "of {database} {lost} writes of {} are lost, {apart} are on one side only",
                        human(counted.lost)
                    ),
                };
            let told: Vec<String> = databases.iter().map(gone).collect();
            Sentence::new(Mark::Plain, format!("counted in the simulated world: {}", told.join("; ")))
        }
        _ => return None,
    })
}
