//! What is looked at before a session is started: nothing is opened for a run that could not go to its end.

use std::sync::Arc;

use domain::dry_run::{begin, unopened};
use domain::engine::{Run, Start, State, replay};
use domain::ident::{IncidentId, RunId, StepId};
use domain::log::Event;
use domain::reading::Board;
use domain::runbook::{Runbook, parse};
use domain::untrusted::sanitise_line;

use super::super::args::Global;
use super::super::setup::Setup;
use super::super::{Exit, Failure, acts, diagnostics};
use super::Args;
use super::given::given;
use super::named;
use super::start_at::{known, main_line};
use crate::runtime::clock;
use crate::runtime::journal::{self, ReadLog};
use crate::runtime::library::Library;
use crate::runtime::session::Incident;

/// # Errors
/// Nobody is there to confirm, or to say why.
pub(super) fn allowed(global: &Global, args: &Args) -> Result<(), Failure> {
    let refused = |message: &str| Err(Failure::new(Exit::Refused, message));
    if global.read_only {
        return refused("--read-only: nothing executes; --dry-run shows what would");
    }
    if !args.yes {
        return refused(
            "nobody is there to confirm: --yes answers ordinary confirmations, --dry-run shows them (or use the console)",
        );
    }
    if args.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        for (given, flag) in [(args.accept_loss, "--accept-loss"), (args.start_at.is_some(), "--start-at")] {
            if given {
                return refused(&format!("{flag} goes into the log with a reason: --reason TEXT says it"));
            }
        }
    }
    Ok(())
}

/// Incidents of this estate that are open while another one is about to be opened: said, as the run may belong there.
pub(super) fn others_open(setup: &Setup) -> Option<String> {
    let listed = journal::incidents(&setup.paths).unwrap_or_default().into_iter();
    let open = listed.filter(|listed| !listed.closed && listed.kind == setup.kind);
    let of_it = open.filter(|listed| journal::is_of(listed.place.dir(), &setup.estate.name));
    let named: Vec<String> = of_it.map(|listed| format!("{} ({})", listed.label, listed.title)).collect();
    (!named.is_empty()).then(|| {
        let named = sanitise_line(&named.join(", "));
        format!("open on {} already: {named}; this run opens one more: --incident ID walks it there", setup.estate.name)
    })
}

/// The incident has a run of this runbook: what it walks is in its log.
///
/// # Errors
/// The log cannot be read, that text has no such step, or its steps were inferred: who walks those does them by hand.
pub(super) fn goes_on(setup: &Setup, incident: &Incident, args: &Args) -> Result<bool, Failure> {
    let Incident::In(dir) = incident else { return Ok(false) };
    let (_, entries) = ReadLog::open(dir)?;
    let walked = entries.iter().rev().find_map(|entry| match &entry.event {
        Event::RunStarted { runbook, runbook_name, .. } if runbook_name == args.runbook() => Some(runbook),
        _ => None,
    });
    let Some(walked) = walked else { return Ok(false) };
    // One that is gone meanwhile is walked as its log has it.
    if let Ok(text) = setup.library().read(args.runbook()) {
        native(&parse(text, None), args.runbook())?;
    }
    let runbook = parse(Arc::from(walked.as_str()), None);
    steps_are_known(&runbook, args)?;
    let opened = entries.iter().filter_map(|entry| match &entry.event {
        Event::RunStarted { runbook, parent: Some(_), .. } => Some(parse(Arc::from(runbook.as_str()), None)),
        _ => None,
    });
    let opened: Vec<_> = opened.collect();
    let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
    named_is_there(setup, &runbook, opened, &replay(&entries), args)?;
    Ok(true)
}

/// Regions, steps and people that the command line names.
fn named_is_there(
    setup: &Setup,
    runbook: &Runbook,
    opened: Vec<Runbook>,
    state: &State,
    args: &Args,
) -> Result<(), Failure> {
    let incident = state.incident.as_ref();
    let estate = incident.map_or(&setup.estate, |incident| &incident.estate);
    named::regions(estate, args)?;
    named::sides_differ(runbook, args)?;
    let mut given = given(args)?;
    let mut all = opened;
    all.extend(children(setup, runbook, args.runbook()));
    all.push(runbook.clone());
    named::approved_steps(&all, &given)?;
    // Who approved what has its end already is in the log.
    given.approvals.retain(|(step, _)| !state.runs.iter().any(|run| run.step_state(step).ended()));
    let commander = incident.and_then(|incident| incident.commander.as_ref());
    named::approvers(&all, &given, estate, &setup.actor.name, commander)
}

/// What its steps open, as far as that can be read.
fn children(setup: &Setup, runbook: &Runbook, name: &str) -> Vec<Runbook> {
    let opened = runbook.steps().filter_map(|step| step.child.as_deref());
    let read = opened.filter_map(|child| setup.library().read(&Library::beside(name, child)).ok());
    read.map(|text| parse(text, Some(&setup.estate))).collect()
}

fn native(runbook: &Runbook, name: &str) -> Result<(), Failure> {
    if runbook.native {
        return Ok(());
    }
    let message = format!("{name} is not written as a runbook: nothing of it runs; `switchback import` helps");
    Err(Failure::new(Exit::Config, message))
}

/// What its steps open can be read and walked: half-way is no place to find out.
fn opened_are_there(setup: &Setup, run: &Run) -> Result<(), Failure> {
    let steps = main_line(&run.runbook).filter(|step| run.applicable(step));
    for (step, opened) in steps.filter_map(|step| Some((step, step.child.as_deref()?))) {
        let wrong = |why: String| Failure::new(Exit::Config, format!("`{}` opens {opened}: {why}", step.title));
        let name = Library::beside(&run.name, opened);
        let text = setup.library().read(&name).map_err(|error| wrong(error.to_string()))?;
        native(&parse(text, Some(&run.estate)), &name).map_err(|failure| wrong(failure.message))?;
    }
    Ok(())
}

/// # Errors
/// `--start-at` or `--again` names no step of the main line.
fn steps_are_known(runbook: &Runbook, args: &Args) -> Result<(), Failure> {
    for (flag, named) in [("--start-at", &args.start_at), ("--again", &args.again)] {
        known(runbook, flag, named.as_deref().map(StepId::from).as_ref())?;
    }
    Ok(())
}

/// The runbook can be read, its steps can run here, and it takes what it is given. Whether it leaves one region for
/// another.
///
/// # Errors
/// What is wrong with it (3), or with the command line (2, 4).
pub(super) fn can_start(setup: &Setup, args: &Args) -> Result<bool, Failure> {
    let text = setup.library().read(args.runbook()).map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
    let runbook = parse(Arc::clone(&text), Some(&setup.estate));
    native(&runbook, args.runbook())?;
    steps_are_known(&runbook, args)?;
    named_is_there(setup, &runbook, Vec::new(), &State::default(), args)?;
    let now = clock::now();
    let (from, to) = (args.from.as_deref().map(Into::into), args.to.as_deref().map(Into::into));
    let (run, mode) = (RunId(ulid::Ulid::generate()), acts::mode(args.mode));
    let start = Start {
        run,
        runbook: text,
        runbook_name: args.runbook().to_owned(),
        mode,
        from,
        to,
        values: acts::values(&args.set)?,
        parent: None,
    };
    let state = unopened(IncidentId(ulid::Ulid::generate()), "", &setup.estate, setup.kind, now);
    let board = Board::new(Arc::clone(&setup.estate));
    let begun = begin(state, start, &board, &setup.actor, now);
    let (state, run) = begun.map_err(|refusal| Failure::new(Exit::Usage, refusal.message))?;
    let leaves = named::leaves(&runbook);
    let Some(run) = state.run(run) else { return Ok(leaves) };
    opened_are_there(setup, run)?;
    let broken = main_line(&run.runbook).find(|step| step.manual_because.is_some() && run.applicable(step));
    broken.map_or(Ok(leaves), |step| {
        let found = diagnostics::render(args.runbook(), &runbook.source, &runbook.diagnostics, false);
        let why = step.manual_because.as_deref().unwrap_or_default();
        Err(Failure::new(Exit::Config, format!("{found}\n`{}` cannot run here: {why}", step.title)))
    })
}
