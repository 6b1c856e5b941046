//! When actions on an exercise can be taken, and what an exercise does not allow.

use domain::engine::Exercise;

use super::{Action, Acts, Id};
use crate::model::Model;

type Enabled = Result<(), String>;

/// After EndEx people only look back; while it is paused nothing is executed.
pub(super) fn allows(model: &Model, action: &Action) -> Enabled {
    let Some(exercise) = model.exercise() else { return Ok(()) };
    if !exercise.running() && !looks_back(action.id) {
        return Err("the exercise is over: only looking back is left".to_owned());
    }
    if exercise.paused && action.acts == Acts::Executes {
        return Err(format!("the exercise is paused: {} lets it go on", model.key(Id::PauseExercise)));
    }
    Ok(())
}

const fn looks_back(id: Id) -> bool {
    matches!(
        id,
        Id::Note | Id::Correct | Id::EvaluatorNote | Id::Rate | Id::AddStrength | Id::AddImprovement | Id::AddAction
    )
}

pub(super) fn some(model: &Model) -> Result<(), String> {
    exercise(model).map(|_| ())
}

fn exercise(model: &Model) -> Result<&Exercise, String> {
    model.exercise().ok_or_else(|| "no exercise goes on: `switchback drill` begins one".to_owned())
}

pub(super) fn running(model: &Model) -> Enabled {
    if exercise(model)?.running() { Ok(()) } else { Err("the exercise is over".to_owned()) }
}

pub(super) fn unread(model: &Model) -> Enabled {
    running(model)?;
    if model.unread() > 0 { Ok(()) } else { Err("every message was acknowledged".to_owned()) }
}

pub(super) fn pending(model: &Model) -> Enabled {
    running(model)?;
    if model.pending_injects().is_empty() { Err("every inject was fired or skipped".to_owned()) } else { Ok(()) }
}

pub(super) fn question(model: &Model) -> Enabled {
    running(model)?;
    match model.questions().next() {
        Some(_) => Ok(()),
        None => Err("the simulated world asks nothing".to_owned()),
    }
}

pub(super) fn faster(model: &Model) -> Enabled {
    running(model)?;
    model.other_speed(true).map(|_| ()).ok_or_else(|| "it does not go faster".to_owned())
}

pub(super) fn slower(model: &Model) -> Enabled {
    running(model)?;
    model.other_speed(false).map(|_| ()).ok_or_else(|| "it does not go slower than the clock on the wall".to_owned())
}

/// Before EndEx it would tell players what is expected of them.
pub(super) fn over(model: &Model) -> Enabled {
    if exercise(model)?.running() {
        return Err(format!(
            "at EndEx; until then the facilitator looks at it in the panel ({})",
            model.key(Id::Facilitator)
        ));
    }
    Ok(())
}

pub(super) fn rate(model: &Model) -> Enabled {
    match exercise(model)?.scenario.expected.is_empty() {
        true => Err("nothing was expected of the players".to_owned()),
        false => Ok(()),
    }
}
