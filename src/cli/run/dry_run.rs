//! `switchback run --dry-run`: what would be done, and what stands in its way. The log, the folder of the incidents and
//! the presence of this console are not touched: there is no session here.

use std::sync::Arc;

use domain::diagnostic::Severity;
use domain::dry_run::{DryRun, Given, as_given, begin, look, unopened};
use domain::engine::{Start, State, replay};
use domain::ident::{IncidentId, RunId};
use domain::log::Kind;
use domain::reading::Board;
use domain::redact::Redactor;
use domain::runbook::{Runbook, parse};
use serde_json::Value;

use super::super::args::Global;
use super::super::incidents::find;
use super::super::setup::Setup;
use super::super::stdout::{print, print_json};
use super::super::{Exit, Failure, acts, diagnostics, status};
use super::given::given;
use super::sides::sides;
use super::{Args, dry_run_text, named, start_at};
use crate::runtime::clock;
use crate::runtime::dry_run::Questioner;
use crate::runtime::journal::{self, ReadLog};
use crate::runtime::sim::SimExec;

/// # Errors
/// The runbook cannot be read, or a real start would be refused.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    let (given, values) = (given(args)?, acts::values(&args.set)?);
    let text = setup.library().read(args.runbook()).map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
    let runbook = parse(Arc::clone(&text), Some(&setup.estate));
    start_at::known(&runbook, "--start-at", given.start_at.as_ref())?;
    named::regions(&setup.estate, args)?;
    named::sides_differ(&runbook, args)?;
    let incident = args.incident.as_ref().map(|name| standing(global, &setup, name)).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let dry = runtime.block_on(async {
        let (board, questioner) = readings(&setup, args.json).await;
        let (from, to) = sides(args, &status_of(&setup, &board));
        let run = RunId(ulid::Ulid::generate());
        let mode = acts::mode(args.mode);
        let start =
            Start { run, runbook: text, runbook_name: args.runbook().to_owned(), mode, from, to, values, parent: None };
        let state = incident.map_or_else(|| nobodys(&setup), Ok)?;
        rehearsed(&setup, state, start, &board, &questioner, &given).await
    });
    runtime.shutdown_background();
    let dry = dry?;
    tell(args, &dry, &runbook, &setup)?;
    Ok(match &dry.in_the_way {
        _ if wrong(&runbook) => Exit::Config,
        none if none.is_empty() => Exit::Yes,
        _ => Exit::No,
    })
}

async fn rehearsed(
    setup: &Setup,
    state: State,
    start: Start,
    board: &Board,
    questioner: &Questioner,
    given: &Given,
) -> Result<DryRun, Failure> {
    let now = clock::now();
    let (state, run) = begin(state, start, board, &setup.actor, now)?;
    let state = as_given(state, run, board, given, &setup.actor, now);
    let run = state.run(run).ok_or_else(|| Failure::new(Exit::No, "the run could not be begun"))?;
    let (mut dry, questions) = look(&state, board, run, given, now);
    questioner.ask(&questions, &mut dry).await;
    dry.conclude(given);
    Ok(dry)
}

/// What is read of the estate now, and what may ask more of it.
async fn readings(setup: &Setup, quiet: bool) -> (Board, Questioner) {
    if setup.kind == Kind::Demo {
        let seed = clock::now().wall.as_millisecond().unsigned_abs();
        let (world, history) = SimExec::new(&setup.estate, seed, None);
        let mut board = Board::new(Arc::clone(&setup.estate));
        history.iter().for_each(|sample| drop(board.observe(sample)));
        let questioner = if setup.read_only { Questioner::none() } else { Questioner::simulated(world) };
        return (board, questioner);
    }
    if !quiet {
        eprintln!("{}", status::looking(&setup.estate));
    }
    let board = status::first_verdict(&setup.estate, setup.kind, &setup.paths, setup.read_only).await;
    let questioner = if setup.read_only { Questioner::none() } else { Questioner::live(setup.surroundings()) };
    (board, questioner)
}

fn status_of(setup: &Setup, board: &Board) -> domain::reading::Status {
    board.status(&domain::reading::Context { kind: setup.kind, incident: None }, clock::now())
}

/// The incident as its log tells, which is only read.
fn standing(global: &Global, setup: &Setup, name: &str) -> Result<State, Failure> {
    let path = find(global, name)?;
    let (log, entries) = ReadLog::open(&path)?;
    let dir = if path.is_file() { path.parent().unwrap_or(&path) } else { &path };
    if log.header().kind != setup.kind || !journal::is_of(dir, &setup.estate.name) {
        let message = format!("{name} is no incident of this estate, {}", setup.estate.name);
        return Err(Failure::new(Exit::Refused, message));
    }
    let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
    Ok(replay(&entries))
}

/// An incident that is opened in memory only.
fn nobodys(setup: &Setup) -> Result<State, Failure> {
    let now = clock::now();
    let label = journal::next_label(&setup.paths, setup.kind, now.wall)?;
    Ok(unopened(IncidentId(ulid::Ulid::generate()), &label, &setup.estate, setup.kind, now))
}

fn wrong(runbook: &Runbook) -> bool {
    !runbook.native || runbook.diagnostics.iter().any(|found| found.severity == Severity::Error)
}

fn tell(args: &Args, dry: &DryRun, runbook: &Runbook, setup: &Setup) -> Result<(), Failure> {
    if !runbook.native {
        eprintln!(
            "switchback: {}: not written as a runbook: nothing of it runs; `switchback import` helps",
            args.runbook()
        );
    } else if wrong(runbook) {
        eprintln!("{}", diagnostics::render(args.runbook(), &runbook.source, &runbook.diagnostics, false));
    }
    let redactor = Redactor::default();
    if args.json {
        let mut document = serde_json::to_value(dry).map_err(std::io::Error::from)?;
        unsecret(&redactor, &mut document);
        print_json(&document)?;
    } else {
        let text = redactor.redact(&domain::untrusted::sanitise(&dry_run_text::text(dry, &setup.actor.host)));
        print(|out| out.write_all(text.as_bytes()))?;
    }
    Ok(())
}

fn unsecret(redactor: &Redactor, value: &mut Value) {
    match value {
        Value::String(text) => *text = redactor.redact(text),
        Value::Array(items) => items.iter_mut().for_each(|item| unsecret(redactor, item)),
        Value::Object(fields) => fields.values_mut().for_each(|field| unsecret(redactor, field)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
