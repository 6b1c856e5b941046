//! What keeps an update from being sent, whatever it says.

use domain::comms::Audience;
use domain::log::Event;
use domain::untrusted::sanitise_line;

use crate::cli::acts::Incident;
use crate::cli::setup::Setup;
use crate::cli::{Exit, Failure};
use crate::runtime::journal::ReadLog;

/// What leaves this machine goes through the channels of the incident's own estate: those of another may have the same
/// names.
pub(super) fn of_this_estate(incident: &Incident, setup: &Setup) -> Result<(), Failure> {
    let Some(known) = incident.state.incident.as_ref() else { return Ok(()) };
    if !known.kind.executes() || known.estate.name == setup.estate.name {
        return Ok(());
    }
    let (label, name) = (sanitise_line(&known.label), sanitise_line(&known.estate.name));
    let message =
        format!("{label} is of the estate {name}, and this is {}: name its file by --config", setup.estate.name);
    Err(Failure::new(Exit::Refused, message))
}

/// While this text was made and looked at, nobody else has told them: they would be told twice.
pub(super) fn not_told_meanwhile(incident: &Incident, audience: &Audience) -> Result<(), Failure> {
    let (_, entries) = ReadLog::glance(incident.dir())?;
    let told = |event: &Event| matches!(event, Event::UpdateIssued { audience: told, .. } if *told == audience.id);
    let newest = entries.iter().rev().find(|entry| told(&entry.event));
    let known = incident.state.updates.last(&audience.id).map(|(seq, _)| seq);
    match newest.filter(|newest| Some(newest.seq) > known) {
        Some(newest) => {
            let (by, seq) = (sanitise_line(newest.actor.name.as_str()), newest.seq);
            let message = format!("{by} has told {} meanwhile, in entry {seq}: look, then start again", audience.id);
            Err(Failure::new(Exit::Refused, message))
        }
        None => Ok(()),
    }
}
