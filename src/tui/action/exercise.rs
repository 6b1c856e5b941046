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
        return Err("the exercise is paused: P lets it go on".to_owned());
    }
    Ok(())
}

const fn looks_back(id: Id) -> bool {
    matches!(id, Id::Note | Id::Correct)
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
