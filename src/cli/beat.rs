//! `switchback beat`: a job on this machine says that it ran.

use domain::diagnostic::did_you_mean;
use domain::estate::{CheckKind, Estate};
use domain::ident::CheckId;

use super::args::{Beat as Args, Global};
use super::setup::Setup;
use super::{Exit, Failure};
use crate::runtime::beats;

/// # Errors
/// There is no such heartbeat, or its file cannot be written.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    if setup.beside.is_none() {
        return Err(Failure::new(Exit::Config, "there is no estate here: name its file with --config".to_owned()));
    }
    if setup.read_only {
        return Err(Failure::new(Exit::Refused, "nothing is written with --read-only".to_owned()));
    }
    let check = heartbeat(&setup.estate, &args.name)?;
    beats::beat(&setup.paths, &setup.estate.name, &check)
        .map_err(|error| Failure::new(Exit::No, format!("the beat cannot be written: {error}")))?;
    Ok(Exit::Yes)
}

fn heartbeat(estate: &Estate, name: &str) -> Result<CheckId, Failure> {
    let heartbeats = || estate.checks.iter().filter(|check| matches!(check.kind, CheckKind::Heartbeat(_)));
    if let Some(check) = heartbeats().find(|check| check.id.as_str() == name) {
        return Ok(check.id.clone());
    }
    let name = domain::untrusted::sanitise_line(name);
    let help = did_you_mean(&name, heartbeats().map(|check| check.id.as_str()))
        .unwrap_or_else(|| "add one to [[checks]] with type = \"heartbeat\"".to_owned());
    Err(Failure::new(Exit::Usage, format!("there is no heartbeat `{name}` in this estate: {help}")))
}
