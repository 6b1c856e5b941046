//! `switchback check`: could the estate and its runbooks be relied on now?

use std::fmt::Write;

use domain::log::Kind;
use domain::readiness::{Readiness, Row, Verdict};
use domain::time::{human, rfc3339, since};
use domain::untrusted::sanitise_line;
use serde::Serialize;
use serde_json::{Map, Value};

use super::args::{Check, Global};
use super::setup::Setup;
use super::stdout::{print, print_json};
use super::{Exit, Failure, status};
use crate::runtime::clock;
use crate::runtime::past::PastReader;

/// `--json`: the report, and what it comes to.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    /// Nothing is failing or overdue.
    ready: bool,
    /// How many rows there are of each verdict.
    counts: Map<String, Value>,
    #[serde(flatten)]
    report: &'a Readiness,
}

/// # Errors
/// There is no estate, its file is wrong, or output could not be written.
pub(super) fn run(global: &Global, asked: &Check) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    if setup.kind == Kind::Demo {
        let message = "there is no estate to check: `switchback config init` writes one";
        return Err(Failure::new(Exit::Config, message));
    }
    // Strict: what last loaded is not what the file says.
    if let Some(banner) = &setup.banner {
        let message = format!("{}; `switchback config check` says more", sanitise_line(banner));
        return Err(Failure::new(Exit::Config, message));
    }
    if !asked.json {
        eprintln!("Looking: every check, tools, credentials, names.");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(report(&setup));
    runtime.shutdown_background();
    if asked.json {
        let counts = Verdict::ALL.into_iter().map(|verdict| {
            let word = serde_json::to_value(verdict).ok().and_then(|word| Some(word.as_str()?.to_owned()));
            (word.unwrap_or_default(), report.count(verdict).into())
        });
        print_json(&Answer { ready: report.ready(), counts: counts.collect(), report: &report })?;
    } else {
        print(|out| write!(out, "{}", text(&report, asked.only_not_ready)))?;
    }
    Ok(if report.ready() { Exit::Yes } else { Exit::No })
}

async fn report(setup: &Setup) -> Readiness {
    let past = PastReader::new(setup.paths.clone(), &setup.estate.name, setup.kind).read();
    let read = status::read(&setup.estate, setup.kind, &setup.paths, setup.read_only);
    let looker = setup.looker();
    let (status, looked) = tokio::join!(read, looker.look());
    looked.evaluate(Some(&past), Some(&status), clock::now().wall)
}

/// Sections from the worst to the best, a line a row.
fn text(report: &Readiness, only_not_ready: bool) -> String {
    let mut text = format!("{}, {}: {}\n", sanitise_line(&report.estate), rfc3339(report.at), report.summary());
    for verdict in Verdict::ALL {
        let rows: Vec<&Row> = report.rows.iter().filter(|row| row.verdict == verdict).collect();
        if rows.is_empty() || verdict == Verdict::Ready && only_not_ready {
            continue;
        }
        let word = verdict.word();
        let _ = writeln!(text, "\n{}{}", word[..1].to_uppercase(), &word[1..]);
        for row in rows {
            let _ = writeln!(text, "  {}", line(row, report));
        }
    }
    text
}

fn line(row: &Row, report: &Readiness) -> String {
    let mut line = format!("{} {}", row.area.word(), row.name);
    if !row.reasons.is_empty() {
        let _ = write!(line, ": {}", row.reasons.join("; "));
    }
    if let Some(last) = &row.last {
        let _ = write!(line, "; last {} ago, {}", human(since(report.at, last.at)), last.by);
        if let Some(rto) = last.rto {
            let _ = write!(line, ", RTO {}", human(rto));
        }
        if let Some(lost) = &last.lost {
            let _ = write!(line, ", lost {lost}");
        }
    }
    if let Some(remedy) = &row.remedy {
        let _ = write!(line, " -> {remedy}");
    }
    sanitise_line(&line)
}
