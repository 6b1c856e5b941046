//! What the facilitator, the players and the clock may do with an exercise.

use super::{Context, Decision, no_such, not_now, reason_given, unsecret};
use crate::engine::{Command, Exercise, ExerciseAct, InjectState, Reason, Refusal, State, TellAct};
use crate::ident::InjectId;
use crate::log::{Event, Firing, Lesson};

/// The fastest an exercise goes.
const FASTEST: u32 = 3600;

/// After EndEx nothing is done any more but looking back; while the exercise is paused nothing is executed, and nothing
/// decided or ticked: its clock stands, and it would have taken no time.
pub(super) fn allows(state: &State, command: &Command) -> Result<(), Refusal> {
    let Some(exercise) = state.exercise.as_deref() else { return Ok(()) };
    let over = !exercise.running();
    match command {
        Command::Execute(_) | Command::Capture { .. } if exercise.start.paper => {
            Err(not_now("on paper nothing is executed: say what you would do, and tick the step"))
        }
        command if over && plays(command) => Err(not_now("the exercise is over")),
        command if exercise.paused && plays(command) => Err(not_now("the exercise is paused: it has to go on first")),
        _ => Ok(()),
    }
}

/// What players are measured by.
fn plays(command: &Command) -> bool {
    // What came of an update is told whenever it is known.
    if let Command::Tell(act) = command {
        return !matches!(**act, TellAct::Record { .. });
    }
    matches!(
        command,
        Command::Execute(_)
            | Command::Capture { .. }
            | Command::StartRun(_)
            | Command::Open(_)
            | Command::Decide { .. }
            | Command::TickSubstep { .. }
            | Command::DoneByHand { .. }
            | Command::Skip { .. }
            | Command::StateFence { .. }
            | Command::OverrideGuard { .. }
            | Command::AcceptLoss { .. }
            | Command::RequestApproval { .. }
            | Command::Approve { .. }
    )
}

pub(super) fn decide(context: &Context<'_>, act: &ExerciseAct) -> Result<Decision, Refusal> {
    if let ExerciseAct::Start(start) = act {
        if !context.state.entries.is_empty() {
            return Err(not_now("an exercise begins with a log of its own"));
        }
        return Ok(Event::ExerciseStarted { exercise: start.clone() }.into());
    }
    let exercise = context.state.exercise.as_deref();
    let exercise = exercise.ok_or_else(|| not_now("no exercise is going on"))?;
    match act {
        ExerciseAct::Note { text, inject } => {
            let inject = inject.as_ref().map(|inject| known(exercise, inject)).transpose()?;
            Ok(Event::EvaluatorNoted { text: reason_given(text)?, inject }.into())
        }
        ExerciseAct::Rate { expected, rating, comment } => {
            if *expected >= exercise.scenario.expected.len() {
                return Err(no_such("expected action", &(expected + 1).to_string()));
            }
            let comment = unsecret(comment.trim());
            Ok(Event::ActionRated { expected: *expected, rating: *rating, comment }.into())
        }
        ExerciseAct::Learn(lesson) => {
            let lesson = Lesson { text: reason_given(&lesson.text)?, ..lesson.clone() };
            Ok(Event::LessonRecorded { lesson }.into())
        }
        ExerciseAct::Count(databases) => Ok(match exercise.counted.is_empty() && !databases.is_empty() {
            true => Event::WritesCounted { databases: databases.clone() }.into(),
            false => Decision::default(),
        }),
        _ if !exercise.running() => Err(not_now("the exercise is over")),
        act => conduct(exercise, act),
    }
}

fn conduct(exercise: &Exercise, act: &ExerciseAct) -> Result<Decision, Refusal> {
    Ok(match act {
        ExerciseAct::Fire { inject, by } => fire(exercise, inject, *by)?,
        ExerciseAct::SkipInject { inject, reason } => {
            let inject = pending(exercise, inject)?;
            Event::InjectSkipped { inject, reason: reason_given(reason)? }.into()
        }
        ExerciseAct::Acknowledge { inject } => {
            let inject = known(exercise, inject)?;
            match exercise.injects.get(&inject) {
                Some(InjectState::Fired { acknowledged: None, .. }) => Event::InjectAcknowledged { inject }.into(),
                Some(InjectState::Fired { .. }) => Decision::default(),
                _ => return Err(not_now(format!("inject `{inject}` was not delivered"))),
            }
        }
        ExerciseAct::Pause { .. } if exercise.paused => Decision::default(),
        // Anybody may stop an exercise, for any reason or none.
        ExerciseAct::Pause { reason } => Event::ExercisePaused { reason: unsecret(reason.trim()) }.into(),
        ExerciseAct::Resume if !exercise.paused => Decision::default(),
        ExerciseAct::Resume => Event::ExerciseResumed {}.into(),
        ExerciseAct::SetSpeed { speed } if *speed == exercise.speed => Decision::default(),
        ExerciseAct::SetSpeed { speed } if (1..=FASTEST).contains(speed) => {
            Event::SpeedChanged { speed: *speed }.into()
        }
        ExerciseAct::SetSpeed { .. } => return Err(not_now(format!("a speed is from 1 to {FASTEST}"))),
        ExerciseAct::Answer { question, text, holds } => {
            Event::QuestionAnswered { question: *question, text: text.clone(), holds: *holds }.into()
        }
        ExerciseAct::End { why, text } => Event::ExerciseEnded { why: *why, text: unsecret(text.trim()) }.into(),
        ExerciseAct::Start(_)
        | ExerciseAct::Note { .. }
        | ExerciseAct::Rate { .. }
        | ExerciseAct::Learn(_)
        | ExerciseAct::Count(_) => Decision::default(),
    })
}

fn fire(exercise: &Exercise, inject: &InjectId, by: Firing) -> Result<Decision, Refusal> {
    let inject = pending(exercise, inject)?;
    let effect = exercise.scenario.inject(&inject).map(|inject| inject.effect.clone()).unwrap_or_default();
    Ok(Event::InjectFired { inject, by, effect }.into())
}

fn known(exercise: &Exercise, inject: &InjectId) -> Result<InjectId, Refusal> {
    let known = exercise.scenario.inject(inject).map(|inject| inject.id.clone());
    known.ok_or_else(|| no_such("inject", inject.as_str()))
}

fn pending(exercise: &Exercise, inject: &InjectId) -> Result<InjectId, Refusal> {
    let inject = known(exercise, inject)?;
    match exercise.injects.get(&inject) {
        None => Ok(inject),
        Some(InjectState::Fired { .. }) => {
            Err(Refusal::new(Reason::Duplicate, format!("inject `{inject}` was fired already")))
        }
        Some(InjectState::Skipped { .. }) => Err(not_now(format!("inject `{inject}` was skipped"))),
    }
}
