//! `switchback log`: one plain sentence for each entry, or the entries as they stand.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use domain::engine::{State, evolve};
use domain::identity::{Keyring, standing};
use domain::log::{Entry, Event};
use domain::redact::Redactor;
use domain::report::{entry_sentence, marks, signed_sentence};
use domain::time::rfc3339;
use domain::untrusted::{sanitise, sanitise_line};
use tui::model::veiled;

use super::args::{Global, Log as Args};
use super::incidents::{damage, find};
use super::stdout::{Reader, print};
use super::{Exit, Failure};
use crate::runtime::journal::{FollowError, ReadLog};

/// # Errors
/// When there is no such incident, or its log cannot be read.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    let (log, entries) = ReadLog::open(&find(global, &args.incident)?)?;
    let mut printer = if args.json { Printer::as_it_stands(&log)? } else { Printer::sentences() };
    if printer.print(&log, entries)? == Reader::Gone {
        return Ok(Exit::Yes);
    }
    if let Some(problem) = log.problem() {
        return Err(Failure::new(Exit::No, format!("the log is damaged at {problem}; what follows is not shown")));
    }
    if args.follow {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        return runtime.block_on(follow(log, printer));
    }
    if let Some(unfinished) = damage(&log) {
        eprintln!("switchback: the last entry is not finished: {unfinished}");
    }
    Ok(Exit::Yes)
}

/// Until it is interrupted, or nobody reads any more.
async fn follow(mut log: ReadLog, mut printer: Printer) -> Result<Exit, Failure> {
    loop {
        let entries = log.next().await?;
        if printer.print(&log, entries)? == Reader::Gone {
            return Ok(Exit::Yes);
        }
    }
}

impl From<FollowError> for Failure {
    fn from(error: FollowError) -> Self {
        Self::new(Exit::No, error.to_string())
    }
}

enum Printer {
    /// Sentences need what came before them: the titles of steps, the commands that ended.
    Sentences { state: Box<State>, redactor: Redactor },
    /// Up to which byte of the log its lines were printed.
    AsTheyStand { end: u64 },
}

impl Printer {
    fn sentences() -> Self {
        Self::Sentences { state: Box::default(), redactor: Redactor::default() }
    }

    /// The header is no entry.
    fn as_it_stands(log: &ReadLog) -> io::Result<Self> {
        let lines = log.lines(0)?;
        let header = lines.iter().position(|&byte| byte == b'\n').map_or(lines.len(), |at| at + 1);
        Ok(Self::AsTheyStand { end: header as u64 })
    }

    fn print(&mut self, log: &ReadLog, entries: Vec<Entry>) -> io::Result<Reader> {
        match self {
            Self::AsTheyStand { end } => {
                let lines = log.lines(*end)?;
                *end = log.end();
                // JSON leaves some control characters as they are; only a terminal minds.
                let lines = if io::stdout().is_terminal() { sanitise(&lines).into_bytes() } else { lines };
                print(|out| out.write_all(&lines))
            }
            Self::Sentences { state, redactor } => print(|out| {
                // Of an exercise that has ended already, everything may be read from its beginning on.
                let over = entries.iter().any(|entry| matches!(entry.event, Event::ExerciseEnded { .. }));
                for entry in entries {
                    let entry = Arc::new(entry);
                    evolve(state, &entry);
                    say(state, redactor, &entry, over, out)?;
                }
                Ok(())
            }),
        }
    }
}

fn say(state: &State, redactor: &Redactor, entry: &Entry, over: bool, out: &mut dyn Write) -> io::Result<()> {
    let clean = |text: &str| sanitise_line(&redactor.redact(&sanitise(text)));
    let (at, seq) = (rfc3339(entry.occurred_at), entry.seq);
    let who = clean(entry.actor.name.as_str());
    // Players may read along: what the console veils is veiled here.
    let veils = !over || matches!(entry.event, Event::EvaluatorNoted { .. });
    let veiled = veiled(state, &entry.event).filter(|_| veils);
    let sign = entry_sentence(state, entry).mark.sign();
    let what = clean(&veiled.map_or_else(|| signed_sentence(state, entry), |text| format!("{sign} {text}")));
    let standing = standing(state, &Keyring::pinned(state), entry);
    let bad = standing.is_bad().then(|| standing.words());
    let marks: Vec<_> = bad.into_iter().chain(marks(state, entry)).collect();
    let marks = if marks.is_empty() { String::new() } else { format!("  [{}]", clean(&marks.join("; "))) };
    writeln!(out, "{at} {seq:>5}  {who:<10}  {what}{marks}")
}
