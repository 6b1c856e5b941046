//! Tests that people say were done, one line of JSON each, beside the estate's readings. Lines are only ever added.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::readiness::TestRecord;
use serde::Serialize;

use super::journal::disk::no_follow;
use super::paths::private_dir;

fn place(folder: &Path) -> PathBuf {
    folder.join("tests.jsonl")
}

/// Adds one, and syncs.
///
/// # Errors
/// What the system said.
pub fn append(folder: &Path, record: &TestRecord) -> io::Result<()> {
    private_dir(folder)?;
    append_line(&place(folder), record)
}

/// Adds a line to a file that only grows, and syncs. What was written half before does not take it along.
///
/// # Errors
/// What the system said.
pub fn append_line(path: &Path, record: &impl Serialize) -> io::Result<()> {
    let mut file = no_follow().read(true).append(true).create(true).mode(0o600).open(path)?;
    file.lock()?;
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    if !ends_whole(&mut file)? {
        line.insert(0, b'\n');
    }
    file.write_all(&line)?;
    file.sync_all()
}

/// A line that was never finished does not take the next one along.
fn ends_whole(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Every record, and what could not be read.
#[must_use]
pub fn load(folder: &Path) -> (Vec<TestRecord>, Option<String>) {
    let path = place(folder);
    let mut text = Vec::new();
    let read = no_follow().read(true).open(&path).and_then(|mut file| file.read_to_end(&mut text));
    match read {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return (Vec::new(), None),
        Err(error) => return (Vec::new(), Some(format!("cannot read {}: {error}", path.display()))),
    }
    let mut trouble = None;
    let lines = text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    let records = lines.filter_map(|(at, line)| {
        let record = serde_json::from_slice(line).ok();
        if record.is_none() {
            trouble = Some(format!("line {} of {} is no record of a test", at + 1, path.display()));
        }
        record
    });
    let records = records.collect();
    (records, trouble)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use domain::readiness::TestResult;

    use super::*;

    fn record(note: &str) -> TestRecord {
        let at = "2026-11-20T02:14:37Z".parse().unwrap();
        let (test, by) = ("monthly".into(), "mara".into());
        TestRecord { test, at, recorded_at: at, by, result: TestResult::Pass, note: Some(note.to_owned()) }
    }

    #[test]
    fn records_are_added_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()), (Vec::new(), None));
        append(folder.path(), &record("one")).unwrap();
        append(folder.path(), &record("two\nlines")).unwrap();
        assert_eq!(load(folder.path()), (vec![record("one"), record("two\nlines")], None));
        assert_eq!(std::fs::metadata(place(folder.path())).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_line_that_was_cut_off_is_told_and_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        append(folder.path(), &record("one")).unwrap();
        let whole = std::fs::read(place(folder.path())).unwrap();
        std::fs::write(place(folder.path()), [&whole[..], &whole[..20]].concat()).unwrap();
        append(folder.path(), &record("two")).unwrap();
        let (records, trouble) = load(folder.path());
        assert_eq!(records, [record("one"), record("two")]);
        assert!(trouble.is_some_and(|trouble| trouble.starts_with("line 2 of ")));
    }
}
