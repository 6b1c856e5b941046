//! When actions on command, decisions and tasks can be taken.

use super::Id;
use super::incident::incident;
use crate::model::Model;

type Enabled = Result<(), String>;

/// Offer it; or answer, or write down what was answered.
pub(super) fn hand_over(model: &Model) -> Enabled {
    incident(model)?;
    if model.commands() || model.state.lead.offer.is_some() {
        return Ok(());
    }
    let commander = model.state.open().and_then(|incident| incident.commander.as_ref());
    Err(match commander {
        Some(commander) => {
            format!("{commander} is in command: {} takes it, with a reason", model.key(Id::TakeCommand))
        }
        None => format!("nobody is in command: {} takes it", model.key(Id::TakeCommand)),
    })
}

pub(super) fn solo(model: &Model) -> Enabled {
    incident(model)?;
    if model.commands() || model.state.lead.solo.is_some() {
        Ok(())
    } else {
        Err("who works alone is in command, too: take command first".to_owned())
    }
}

/// There is something to look at, if only what was.
pub(super) fn declared(model: &Model) -> Enabled {
    if model.state.incident.is_some() {
        Ok(())
    } else {
        Err(format!("no incident is open: {} declares one", model.key(Id::Declare)))
    }
}
