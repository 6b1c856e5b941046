//! `switchback export`: an incident as a page for people, or its log for machines.

mod file;

use std::sync::Arc;

use domain::drill::record;
use domain::engine::{State, replay};
use domain::report::{Published, Source};
use domain::time::{TimeZone, zone, zone_like};

use super::args::{Export as Args, Format, Global, Redact};
use super::incidents::{damage, find};
use super::stdout::print;
use super::{Exit, Failure};
use crate::runtime::journal::ReadLog;

/// # Errors
/// When there is no such incident, its log cannot be read, or the file not be written.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    let format = format(args)?;
    let (log, entries) = ReadLog::open(&find(global, &args.incident)?)?;
    let damage = damage(&log);
    let document = match format {
        // With its header, so that a copy verifies as the log does.
        Format::Jsonl => log.lines(0)?,
        format => {
            let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
            written(args, format, &replay(&entries), damage.as_deref())?.into_bytes()
        }
    };
    match &args.output {
        Some(file) => file::write(file, &document, &log)?,
        None => drop(print(|out| out.write_all(&document))?),
    }
    match damage {
        Some(damage) => {
            Err(Failure::new(Exit::No, format!("the log is damaged at {damage}: exported up to the entry before")))
        }
        None => Ok(Exit::Yes),
    }
}

/// As asked for; else by the ending of the file.
fn format(args: &Args) -> Result<Format, Failure> {
    let ending = args.output.as_ref().and_then(|file| file.extension()?.to_str());
    let format = args.format.unwrap_or(match ending {
        Some("html" | "htm") => Format::Html,
        Some("csv") => Format::Csv,
        Some("jsonl" | "ndjson") => Format::Jsonl,
        _ => Format::Md,
    });
    if format == Format::Jsonl && args.redact == Redact::Public {
        let message = "JSON Lines are the log as it stands, with its hashes, and nothing can be left out of it: \
                       use --format csv, html or md with --redact public";
        return Err(Failure::new(Exit::Usage, message));
    }
    Ok(format)
}

fn written(args: &Args, format: Format, state: &State, damage: Option<&str>) -> Result<String, Failure> {
    let zone = local(args, state)?;
    let published = (args.redact == Redact::Public).then(|| Published::of(state));
    let source = published.as_ref().map_or_else(|| Source::new(state), Source::published);
    let source = source.damaged(damage).local(zone);
    Ok(match format {
        Format::Csv => source.csv(),
        Format::Html => record(&source).html(),
        Format::Md | Format::Jsonl => record(&source).markdown(),
    })
}

/// The zone that was asked for, else that of the estate as the incident pinned it; never that of this machine.
fn local(args: &Args, state: &State) -> Result<Option<TimeZone>, Failure> {
    match &args.tz {
        Some(name) => zone(name).map(Some).ok_or_else(|| {
            Failure::new(Exit::Usage, format!("--tz: `{name}` is not a time zone: {}", zone_like(name)))
        }),
        None => Ok(state.estate().and_then(|estate| zone(estate.time_zone.as_deref()?))),
    }
}
