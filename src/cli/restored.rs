//! `switchback restored`: a line of the ledger of restore tests, and what the last one says.

use std::path::{Path, PathBuf};

use domain::backup::{Ledger, LedgerLine, RestoreTest, TestOf};
use domain::diagnostic::did_you_mean;
use domain::estate::{Backup, RestoreTests};
use domain::redact::Redactor;
use domain::time::{human, parse_duration, rfc3339, since};
use domain::untrusted::sanitise_line;

use super::args::{Global, Restored, RestoredTest, TestedResult};
use super::setup::Setup;
use super::stdout::say;
use super::{Exit, Failure};
use crate::runtime::paths::private_dir;
use crate::runtime::{clock, test_records};

/// # Errors
/// The estate has no such backup, its ledger is written by others, or it cannot be read or written.
pub(super) fn run(global: &Global, args: Restored) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    let backup = backup(&setup, &args.backup)?;
    let ledger = ledger(&setup, backup)?;
    match args.result {
        None => tell(backup, &ledger, args.within.as_deref()),
        Some(_) if global.read_only => Err(Failure::new(Exit::Refused, "--read-only: nothing is written down")),
        Some(result) => write(&setup, backup, &ledger, result, args),
    }
}

fn backup<'s>(setup: &'s Setup, name: &str) -> Result<&'s Backup, Failure> {
    let backups = &setup.estate.backups;
    backups.iter().find(|backup| backup.id.as_str() == name).ok_or_else(|| {
        let known = || backups.iter().map(|backup| backup.id.as_str());
        let help = did_you_mean(name, known()).unwrap_or_else(|| match backups.as_slice() {
            [] => "it has none: add [backups.NAME] to its file".to_owned(),
            _ => format!("it has {}", known().collect::<Vec<_>>().join(", ")),
        });
        let message = format!("{} has no backup `{name}`: {help}", setup.estate.name);
        Failure::new(Exit::Usage, sanitise_line(&message))
    })
}

fn ledger(setup: &Setup, backup: &Backup) -> Result<PathBuf, Failure> {
    match &backup.restore_tests {
        None => Ok(setup.paths.restore_tests()),
        Some(RestoreTests::Path(path)) => Ok(PathBuf::from(path)),
        Some(RestoreTests::Command(_)) => {
            let message = format!("the restore tests of {} are printed by a command: write them down there", backup.id);
            Err(Failure::new(Exit::Refused, message))
        }
    }
}

fn tell(backup: &Backup, ledger: &Path, within: Option<&str>) -> Result<Exit, Failure> {
    let within = within.map(parse_duration).transpose();
    let within = within.map_err(|why| Failure::new(Exit::Usage, format!("--within: {why}")))?;
    let text = match std::fs::read_to_string(ledger) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text.map_err(|error| unreadable(ledger, &error))?,
    };
    let now = clock::now().wall;
    let read = Ledger::read(&text, backup.id.as_str(), now);
    if read.future() > 0 {
        say(format_args!("{}: a restore test lies in the future: a clock is wrong; {}", backup.id, ledger.display()));
        return Ok(Exit::No);
    }
    let Some(test) = read.newest() else {
        say(format_args!("{}: no restore test is written down", backup.id));
        return Ok(Exit::No);
    };
    let ago = since(now, test.at);
    let detail = test.detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default();
    say(format_args!("{}: restore test {} {} ago{detail}", backup.id, word(test.passed), human(ago)));
    Ok(if test.passed && within.is_none_or(|within| ago <= within) { Exit::Yes } else { Exit::No })
}

fn write(setup: &Setup, backup: &Backup, ledger: &Path, result: TestedResult, args: Restored) -> Result<Exit, Failure> {
    let now = clock::now().wall;
    let at = args.at.as_deref().map(|text| super::acts::time(text, now)).transpose()?.unwrap_or(now);
    if at > now {
        return Err(Failure::new(Exit::Usage, format!("{} lies in the future", rfc3339(at))));
    }
    let passed = match result {
        TestedResult::Pass => true,
        TestedResult::Fail => false,
    };
    let test = match args.test {
        RestoredTest::Restore => TestOf::Restore,
        RestoredTest::Checksum => TestOf::Checksum,
    };
    let detail = args.note.map(|note| Redactor::default().redact(&sanitise_line(&note)));
    let result = RestoreTest { at, passed, by: Some(setup.actor.name.to_string()), detail };
    let line = LedgerLine { backup: backup.id.to_string(), test, result };
    let folder = ledger.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder
        .map_or(Ok(()), private_dir)
        .and_then(|()| test_records::append_line(ledger, &line))
        .map_err(|error| Failure::new(Exit::Refused, format!("not written down: {}: {error}", ledger.display())))?;
    say(format_args!("{} {} {}", backup.id, word(passed), rfc3339(at)));
    Ok(Exit::Yes)
}

const fn word(passed: bool) -> &'static str {
    if passed { "passed" } else { "failed" }
}

fn unreadable(ledger: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Config, format!("the restore tests cannot be read: {}: {error}", ledger.display()))
}
