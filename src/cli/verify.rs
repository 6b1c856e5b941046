//! `switchback verify`: is a log whole and unaltered, are the outputs it names, and are its authors who they say?

mod authors;

use domain::ident::Hash;
use domain::log::Kind;
use domain::time::{Timestamp, rfc3339};
use domain::untrusted::sanitise_line;
use serde::Serialize;

use self::authors::Authors;
use super::args::{Global, Verify as Args};
use super::incidents::find;
use super::stdout::{print, print_json};
use super::{Exit, Failure};
use crate::runtime::journal::{OutputVerdict, Report, verify_entries};

/// # Errors
/// When there is no such incident, or its log cannot be read. Damage is no error: the answer is no.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    let (report, entries) = verify_entries(&find(global, &args.incident)?)?;
    let authors = Authors::of(global, args.allowed_signers.as_deref(), entries)?;
    if args.json {
        print_json(&Answer { authors: authors.answer(), ..Answer::from(&report) })?;
    } else {
        let text = text(&report) + &authors.text();
        print(|out| out.write_all(text.as_bytes()))?;
    }
    Ok(if report.whole() && authors.believable() { Exit::Yes } else { Exit::No })
}

#[derive(Serialize)]
struct Answer<'a> {
    whole: bool,
    incident: Option<String>,
    label: Option<&'a str>,
    kind: Option<Kind>,
    entries: u64,
    head: Option<Hash>,
    first: Option<String>,
    last: Option<String>,
    problem: Option<Problem>,
    newer: Option<&'a str>,
    outputs: Vec<Output<'a>>,
    authors: authors::Answer,
}

#[derive(Serialize)]
struct Problem {
    /// `None`: the log's first line, which is no entry.
    entry: Option<u64>,
    line: u64,
    offset: u64,
    damage: String,
}

#[derive(Serialize)]
struct Output<'a> {
    seq: u64,
    path: &'a str,
    verdict: &'static str,
}

impl<'a> From<&'a Report> for Answer<'a> {
    fn from(report: &'a Report) -> Self {
        let header = report.header.as_ref();
        let time = |at: Option<Timestamp>| at.map(rfc3339);
        let outputs = report.outputs.iter();
        Self {
            whole: report.whole(),
            incident: header.map(|header| header.incident.to_string()),
            label: header.map(|header| header.label.as_str()),
            kind: header.map(|header| header.kind),
            entries: report.entries,
            head: report.head,
            first: time(report.first),
            last: time(report.last),
            problem: report.problem.as_ref().map(|problem| Problem {
                entry: problem.entry(),
                line: problem.line,
                offset: problem.offset,
                damage: problem.damage.to_string(),
            }),
            newer: report.newer.as_deref(),
            outputs: outputs
                .map(|output| Output { seq: output.seq, path: &output.path, verdict: word(output.verdict) })
                .collect(),
            authors: authors::Answer::default(),
        }
    }
}

const fn word(verdict: OutputVerdict) -> &'static str {
    match verdict {
        OutputVerdict::Whole => "whole",
        OutputVerdict::Altered => "altered",
        OutputVerdict::Missing => "missing",
    }
}

fn text(report: &Report) -> String {
    let name = report.header.as_ref().map_or_else(
        || "the log".to_owned(),
        |header| format!("{} ({})", sanitise_line(&header.label), header.kind.word()),
    );
    let mut lines = vec![match &report.problem {
        None if report.whole() => format!("{name} is whole: {}", entries(report.entries)),
        None => format!("{name}: the log is whole, an output is not: {}", entries(report.entries)),
        Some(problem) => {
            let first = problem.entry().map_or_else(|| "its first line".to_owned(), |entry| format!("entry {entry}"));
            format!("{name} is NOT whole: {first}, at {problem}; {} before it verify", entries(report.entries))
        }
    }];
    if let (Some(first), Some(last)) = (report.first, report.last) {
        lines.push(format!("  recorded {} to {}", rfc3339(first), rfc3339(last)));
    }
    if let Some(head) = report.head {
        lines.push(format!("  last hash {head}"));
    }
    if let Some(newer) = &report.newer {
        lines.push(format!("  {}", sanitise_line(newer)));
    }
    let count = |verdict| report.outputs.iter().filter(|output| output.verdict == verdict).count();
    if !report.outputs.is_empty() {
        let (whole, missing) = (count(OutputVerdict::Whole), count(OutputVerdict::Missing));
        lines.push(format!("  outputs: {whole} whole, {missing} not beside the log"));
    }
    for output in report.outputs.iter().filter(|output| output.verdict == OutputVerdict::Altered) {
        lines.push(format!("  ALTERED: {}, named by entry {}", sanitise_line(&output.path), output.seq));
    }
    lines.join("\n") + "\n"
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}
