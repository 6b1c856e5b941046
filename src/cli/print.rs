//! `switchback print`: a runbook as a checklist on paper, because consoles die, too.

use std::sync::Arc;

use domain::dry_run::{begin, unopened};
use domain::engine::{Start, State, replay};
use domain::estate::{Estate, RegionRole};
use domain::ident::{IncidentId, RegionId, RunId};
use domain::log::{Kind, Mode};
use domain::reading::Board;
use domain::report::{Printed, Sheet};

use super::args::{Global, Print as Args};
use super::incidents::find;
use super::setup::Setup;
use super::stdout::print;
use super::{Exit, Failure, acts, diagnostics};
use crate::runtime::clock;
use crate::runtime::journal::ReadLog;
use crate::runtime::replace::{Purpose, replace};

/// # Errors
/// There is no such runbook or incident, it does not take what it is given, or the file cannot be written.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    let (state, run) = match &args.incident {
        Some(name) => walked(global, args, name)?,
        None => unwalked(&setup, args)?,
    };
    let run = state.run(run).ok_or_else(|| Failure::new(Exit::No, "the runbook could not be read"))?;
    let board = Board::new(Arc::clone(&run.estate));
    let sheet = Sheet::of(&Printed {
        state: &state,
        run,
        board: &board,
        mode_known: args.mode.is_some() || args.incident.is_some(),
        incident: args.incident.is_some(),
        at: clock::now().wall,
    });
    let page = if args.html { sheet.html() } else { sheet.markdown() };
    match &args.output {
        Some(file) => replace(file, page.as_bytes(), Purpose::Record)
            .map_err(|error| Failure::new(Exit::No, format!("cannot write {}: {error}", file.display())))?,
        None => drop(print(|out| out.write_all(page.as_bytes()))?),
    }
    Ok(Exit::Yes)
}

/// What is left of it in an incident, by its log.
fn walked(global: &Global, args: &Args, name: &str) -> Result<(State, RunId), Failure> {
    let (_, entries) = ReadLog::open(&find(global, name)?)?;
    let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
    let state = replay(&entries);
    let run = state.runs.iter().rev().find(|run| run.name == args.runbook).map(|run| run.id);
    let run = run.ok_or_else(|| {
        let names: Vec<_> = state.runs.iter().map(|run| run.name.as_str()).collect();
        let known = if names.is_empty() { "none was started".to_owned() } else { names.join(", ") };
        Failure::new(Exit::Usage, format!("{} was not started in {name}: {known}", args.runbook))
    })?;
    Ok((state, run))
}

/// Of a runbook that nobody walks yet, as it would run for real, whatever the estate is.
fn unwalked(setup: &Setup, args: &Args) -> Result<(State, RunId), Failure> {
    let text = setup.library().read(&args.runbook).map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
    let parsed = domain::runbook::parse(Arc::clone(&text), Some(&setup.estate));
    let found = diagnostics::count(&parsed.diagnostics);
    if !found.is_empty() {
        eprintln!("switchback: {}: {found}; `switchback lint` shows where", args.runbook);
    }
    let now = clock::now();
    let state = unopened(IncidentId(ulid::Ulid::generate()), "", &setup.estate, Kind::Live, now);
    let (usual_from, usual_to) = usual_sides(&setup.estate);
    let given = |region: &Option<String>| region.as_deref().map(RegionId::from);
    let start = Start {
        run: RunId(ulid::Ulid::generate()),
        runbook: text,
        runbook_name: args.runbook.clone(),
        mode: args.mode.map_or(Mode::Forced, acts::mode),
        from: given(&args.from).or(usual_from),
        to: given(&args.to).or(usual_to),
        values: acts::values(&args.set)?,
        parent: None,
    };
    let board = Board::new(Arc::clone(&setup.estate));
    begin(state, start, &board, &setup.actor, now).map_err(|refusal| Failure::new(Exit::Usage, refusal.message))
}

/// Nothing is looked at for a page: from the primary, and to the other region where there is only one.
fn usual_sides(estate: &Estate) -> (Option<RegionId>, Option<RegionId>) {
    let from = estate.regions.iter().find(|region| region.role == RegionRole::Primary).map(|region| region.id.clone());
    let mut others = estate.regions.iter().filter(|region| Some(&region.id) != from.as_ref());
    let to = others.next().filter(|_| others.next().is_none() && from.is_some()).map(|region| region.id.clone());
    (from, to)
}
