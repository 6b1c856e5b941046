//! Files that match a pattern: the newest that can be a backup.

use super::BackupReading;
use super::listed::{Listed, mark_small, newest_of};
use crate::time::Timestamp;

/// A file as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    pub name: String,
    pub modified: Timestamp,
    pub bytes: u64,
}

/// The newest file of at least `min_bytes` (and never an empty one) that is not tiny beside the others. A newer one
/// that is too small is a failed attempt: it neither counts nor hides the good one.
#[must_use]
pub fn files(found: Vec<FoundFile>, min_bytes: u64) -> BackupReading {
    let mut listed: Vec<Listed> = found
        .into_iter()
        .map(|file| Listed {
            detail: Some(file.name.clone()),
            label: file.name,
            at: Some(file.modified),
            bytes: Some(file.bytes),
            ..Listed::default()
        })
        .collect();
    mark_small(&mut listed, min_bytes);
    BackupReading { running: None, ..newest_of(listed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, second: i64, bytes: u64) -> FoundFile {
        FoundFile { name: name.to_owned(), modified: Timestamp::from_second(second).unwrap(), bytes }
    }

    fn newest(reading: &BackupReading) -> Option<&str> {
        reading.detail.as_deref()
    }

    #[test]
    fn the_newest_that_is_large_enough_counts() {
        let reading = files(vec![file("b", 200, 500), file("a", 100, 500)], 100);
        assert_eq!((newest(&reading), reading.newer_failure.as_deref()), (Some("b"), None));
        assert_eq!((reading.oldest_kept.map(Timestamp::as_second), reading.kept), (Some(100), Some(2)));
        let none = files(Vec::new(), 0);
        assert_eq!((none.newest_usable, none.newer_failure, none.kept), (None, None, Some(0)));
    }

    #[test]
    fn an_empty_or_small_newer_file_is_a_failure_and_hides_nothing() {
        let reading = files(vec![file("a", 100, 500), file("b", 200, 0)], 0);
        assert_eq!(newest(&reading), Some("a"));
        assert_eq!(reading.newer_failure.as_deref(), Some("b: 0 bytes, at least 1 expected"));
        let only_small = files(vec![file("a", 100, 5)], 100);
        assert_eq!(only_small.newest_usable, None);
        assert!(only_small.newer_failure.is_some());
    }

    #[test]
    fn a_file_tiny_beside_the_others_is_not_a_backup() {
        let mut found: Vec<_> = (1..=5).map(|at| file("full", at * 100, 1_000_000)).collect();
        found.push(file("backup.log", 900, 2_000));
        let reading = files(found, 1);
        assert_eq!(newest(&reading), Some("full"));
        assert!(reading.newer_failure.unwrap().starts_with("backup.log: 2000 bytes"));
    }
}
