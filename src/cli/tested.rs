//! `switchback tested`: a test of the schedule that was done where no incident shows it.

use domain::diagnostic::did_you_mean;
use domain::ident::PersonId;
use domain::readiness::{TestRecord, TestResult};
use domain::redact::Redactor;
use domain::time::{at_offset, human, rfc3339};
use domain::untrusted::sanitise_line;

use super::args::{Global, Tested, TestedResult};
use super::setup::Setup;
use super::stdout::say;
use super::{Exit, Failure};
use crate::runtime::{clock, test_records};

/// # Errors
/// When the estate has no such test, it lies in the future, or it cannot be written down.
pub(super) fn run(global: &Global, args: Tested) -> Result<Exit, Failure> {
    if global.read_only {
        return Err(Failure::new(Exit::Refused, "--read-only: nothing is written down"));
    }
    let setup = Setup::of_estate(global)?;
    let tests = &setup.estate.tests;
    let Some(test) = tests.iter().find(|test| test.name.as_str() == args.test) else {
        let known = || tests.iter().map(|test| test.name.as_str());
        let help = did_you_mean(&args.test, known()).unwrap_or_else(|| match tests.as_slice() {
            [] => "it has none: add [tests.NAME] to its file".to_owned(),
            _ => format!("it has {}", known().collect::<Vec<_>>().join(", ")),
        });
        let message = format!("{} has no test `{}`: {help}", setup.estate.name, args.test);
        return Err(Failure::new(Exit::Usage, sanitise_line(&message)));
    };
    let now = clock::now().wall;
    let at = args.at.as_deref().map(|text| super::acts::time(text, now)).transpose()?.unwrap_or(now);
    if at > now {
        return Err(Failure::new(Exit::Usage, format!("{} lies in the future", rfc3339(at))));
    }
    let note = args.note.map(|note| Redactor::default().redact(&sanitise_line(&note)));
    let result = match args.result {
        TestedResult::Pass => TestResult::Pass,
        TestedResult::Fail => TestResult::Fail,
    };
    let by = PersonId::new(setup.actor.name.as_str());
    let record = TestRecord { test: test.name.clone(), at, recorded_at: now, by, result, note };
    test_records::append(&setup.paths.estate(&setup.estate.name), &record)
        .map_err(|error| Failure::new(Exit::Refused, format!("not written down: {error}")))?;
    let (every, due) = (human(test.every), rfc3339(at_offset(at, test.every)));
    say(format_args!("{} {} {}; expected every {every}, due {due}", test.name, result.word(), rfc3339(at)));
    Ok(Exit::Yes)
}
