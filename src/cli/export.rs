//! `switchback export`: an incident as a page for people, or its log for machines.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::engine::replay;
use domain::report::markdown;

use super::args::{Export as Args, Format, Global};
use super::incidents::{damage, find};
use super::stdout::print;
use super::{Exit, Failure};
use crate::runtime::journal::ReadLog;

/// # Errors
/// When there is no such incident, its log cannot be read, or the file not be written.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    let (log, entries) = ReadLog::open(&find(global, &args.incident)?)?;
    let damage = damage(&log);
    let document = match args.format {
        Format::Md => {
            let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
            markdown(&replay(&entries), damage.as_deref()).into_bytes()
        }
        // With its header, so that a copy verifies as the log does.
        Format::Jsonl => log.lines(0)?,
    };
    match &args.output {
        Some(file) => replace(file, &document)
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

/// Puts the document in the place of `file` as a whole or not at all, for its owner only.
fn replace(file: &Path, document: &[u8]) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = file.file_name().ok_or_else(|| io::Error::other("it is not the name of a file"))?;
    let beside: PathBuf = folder.join(format!(".{}.{}", name.to_string_lossy(), ulid::Ulid::generate()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut new| new.write_all(document).and_then(|()| new.sync_all()))
        .and_then(|()| std::fs::rename(&beside, file))
        .and_then(|()| File::open(folder)?.sync_all());
    if written.is_err() {
        // Nothing is left of it when it was renamed, or never made.
        drop(std::fs::remove_file(&beside));
    }
    written
}
