//! Commands whose work stands in a library function of its own: here they get their streams and their exit code.

use std::io::{ErrorKind, IsTerminal, stderr, stdout};
use std::path::Path;

use domain::estate::{Estate, EstateKind};
use domain::log::Kind;
use domain::readiness::Walk;

use super::args::{Global, Lint, Status};
use super::config::{self, ConfigCommand, Here, Output};
use super::lint;
use super::setup::{Setup, actor};
use super::status::{self, Answer, Form, MetricsPage, StatusOptions};
use super::{Exit, Failure};
use crate::runtime::estate_file;
use crate::runtime::library::Library;
use crate::runtime::past::PastReader;
use crate::runtime::paths::Paths;

pub(super) fn config(global: &Global, command: &ConfigCommand) -> Result<Exit, Failure> {
    let paths = Paths::from_environment(global.state.as_deref());
    let actor = actor(global).name;
    let here = Here { config: global.config.as_deref(), paths: &paths, actor: actor.as_str() };
    with_output(|output| config::run(command, here, output))
}

/// Runbooks are checked against the estate where there is one, and against those that they open.
pub(super) fn lint(global: &Global, args: &Lint) -> Result<Exit, Failure> {
    let paths = Paths::from_environment(global.state.as_deref());
    let path = estate_file::find(global.config.as_deref(), &paths);
    let estate = path.as_ref().and_then(|path| estate_file::load(path, &paths).ok()).map(|loaded| loaded.estate);
    let beside = path.as_deref().and_then(Path::parent);
    let library = estate.as_ref().map_or_else(Library::default, |estate| Library::new(estate, beside));
    let walks = estate.as_ref().map(|estate| walks(estate, &paths)).unwrap_or_default();
    with_output(|output| lint::run(&args.files, args.json, estate.as_ref(), &library, &walks, output))
}

/// What was walked of the estate's runbooks before.
fn walks(estate: &Estate, paths: &Paths) -> Vec<Walk> {
    let kind = match estate.kind {
        EstateKind::Live => Kind::Live,
        EstateKind::Lab => Kind::Lab,
    };
    PastReader::new(paths.clone(), &estate.name, kind).read().walks
}

pub(super) fn status(global: &Global, args: &Status) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    if setup.kind == domain::log::Kind::Demo {
        let message = "there is no estate to look at: `switchback config init` writes one";
        return Err(Failure::new(Exit::Config, message));
    }
    if let Some(banner) = &setup.banner {
        eprintln!("switchback: {}", domain::untrusted::sanitise_line(banner));
    }
    let form = match (args.json, args.metrics) {
        (true, _) => Form::Json,
        (false, false) => Form::Text,
        (false, true) if args.watch && args.output.is_none() => {
            let message = "--watch --metrics renews a file: name it with --output FILE";
            return Err(Failure::new(Exit::Usage, message));
        }
        (false, true) => Form::Metrics(MetricsPage { library: setup.library(), file: args.output.clone() }),
    };
    let options = StatusOptions { form, read_only: setup.read_only, looker: args.watch.then(|| setup.looker()) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (mut out, mut notes) = (stdout().lock(), stderr());
    if args.watch {
        runtime.block_on(status::watch(&setup.estate, setup.kind, &setup.paths, &options, &mut out, &mut notes))?;
        return Ok(Exit::Yes);
    }
    let answer =
        runtime.block_on(status::once(&setup.estate, setup.kind, &setup.paths, &options, &mut out, &mut notes))?;
    runtime.shutdown_background();
    Ok(match answer {
        Answer::Well => Exit::Yes,
        Answer::Down => Exit::No,
        Answer::Unknown => Exit::Unknown,
    })
}

/// Runs a command that reports its public exit code as a number.
fn with_output(command: impl FnOnce(&mut Output<'_>) -> std::io::Result<u8>) -> Result<Exit, Failure> {
    let colour = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut output = Output { out: &mut stdout().lock(), err: &mut stderr(), colour };
    let code = match command(&mut output) {
        // Who reads it has read enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Exit::Yes),
        code => code?,
    };
    Ok(match code {
        0 => Exit::Yes,
        1 => Exit::No,
        2 => Exit::Usage,
        3 => Exit::Config,
        4 => Exit::Refused,
        _ => Exit::Unknown,
    })
}
