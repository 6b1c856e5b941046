//! `drill SCENARIO`: an exercise that people play, on the screen.

use std::fmt::Write;

use domain::diagnostic::Severity;
use domain::ident::{IncidentId, RegionId};
use domain::log::{Kind, StartEx};
use domain::scenario::{names, parse};

use crate::cli::args::{Drill as Args, Global};
use crate::cli::console::{self, Evaluates};
use crate::cli::setup::Setup;
use crate::cli::{Exit, Failure, diagnostics};
use crate::runtime::clock;
use crate::runtime::scenarios::{ScenarioError, Scenarios, name_of};
use crate::runtime::session::Incident;

/// # Errors
/// No such scenario, one that has errors or needs what the estate does not have, or no terminal.
pub(super) fn run(global: &Global, args: &Args, given: &str) -> Result<Exit, Failure> {
    if global.read_only {
        let message = "an exercise is recorded from StartEx on: leave out --read-only";
        return Err(Failure::new(Exit::Refused, message));
    }
    let kind = if args.paper { Kind::Paper } else { Kind::Drill };
    let setup = Setup { kind, ..Setup::of_estate(global)? };
    let start = start_ex(&setup, args, given)?;
    // On paper there is nothing to look at.
    let evaluates = if args.paper { Evaluates::No } else { Evaluates::Yes };
    console::open(global, setup, Incident::StartEx(Box::new(start)), evaluates)
}

/// What the log says first; its label comes with the log.
pub(super) fn start_ex(setup: &Setup, args: &Args, given: &str) -> Result<StartEx, Failure> {
    let text = Scenarios::new(&setup.estate, setup.beside.as_deref()).read(given)?;
    let region = args.region.as_deref().map(|name| region(setup, name)).transpose()?;
    let names = names(&setup.estate, region.as_ref(), None);
    let lacking = names.lacking(&text);
    if !lacking.is_empty() {
        let mut message = format!("`{given}` cannot be played on {}:", setup.estate.name);
        for lack in lacking {
            let _ = write!(message, "\n  ${}: {}; {}", lack.name, lack.why, lack.remedy);
        }
        return Err(Failure::new(Exit::Config, message));
    }
    let found = parse(&text, &names.values).diagnostics;
    if found.iter().any(|found| found.severity == Severity::Error) {
        let rendered = diagnostics::render(given, &text, &found, false);
        return Err(Failure::new(Exit::Config, format!("`{given}` has errors\n{rendered}")));
    }
    Ok(StartEx {
        incident: IncidentId(ulid::Ulid::generate()),
        seed: args.seed.unwrap_or_else(|| clock::now().wall.as_millisecond().unsigned_abs()),
        speed: args.speed,
        paper: args.paper,
        ..domain::drill::start_ex(&name_of(given), &text, names, &setup.estate)
    })
}

fn region(setup: &Setup, name: &str) -> Result<RegionId, Failure> {
    let known = setup.estate.region(&name.into()).map(|region| region.id.clone());
    known.ok_or_else(|| {
        let names: Vec<&str> = setup.estate.regions.iter().map(|region| region.id.as_str()).collect();
        Failure::new(Exit::Usage, format!("{} has no region `{name}`: {}", setup.estate.name, names.join(", ")))
    })
}

impl From<ScenarioError> for Failure {
    fn from(error: ScenarioError) -> Self {
        let exit = match error {
            ScenarioError::NoSuchScenario { .. } => Exit::Usage,
            ScenarioError::Read(_) => Exit::Config,
        };
        Self::new(exit, error.to_string())
    }
}
