//! `switchback export`: an incident as a page for people, or its log for machines.

use std::sync::Arc;

use domain::engine::replay;
use domain::report::{Page, Source};

use super::args::{Export as Args, Format, Global};
use super::incidents::{damage, find};
use super::stdout::print;
use super::{Exit, Failure};
use crate::runtime::journal::ReadLog;
use crate::runtime::replace::{Purpose, replace};

/// # Errors
/// When there is no such incident, its log cannot be read, or the file not be written.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    let (log, entries) = ReadLog::open(&find(global, &args.incident)?)?;
    let damage = damage(&log);
    let document = match args.format {
        Format::Md => {
            let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
            Page::of(&Source::new(&replay(&entries)).damaged(damage.as_deref())).markdown().into_bytes()
        }
        // With its header, so that a copy verifies as the log does.
        Format::Jsonl => log.lines(0)?,
    };
    match &args.output {
        Some(file) => replace(file, &document, Purpose::Record)
            .map_err(|error| Failure::new(Exit::No, format!("cannot write {}: {error}", file.display())))?,
        None => drop(print(|out| out.write_all(&document))?),
    }
    match damage {
        Some(damage) => {
            Err(Failure::new(Exit::No, format!("the log is damaged at {damage}: exported up to the entry before")))
        }
        None => Ok(Exit::Yes),
    }
}
