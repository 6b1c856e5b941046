//! A tool's list of backups, and what it comes to: the same rules for every tool.

use super::BackupReading;
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

/// A backup smaller than this share of the others' median is no whole backup.
const TINY: u64 = 10;
/// So many others are needed before sizes are compared.
const ENOUGH: usize = 3;

/// One backup as a tool lists it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Listed {
    pub label: String,
    /// Its recoverable point; of one that is not usable, when it was tried.
    pub at: Option<Timestamp>,
    pub state: State,
    pub bytes: Option<u64>,
    pub detail: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Usable,
    /// Not finished: no backup, and no failure either.
    Running,
    /// Why it could not be restored.
    Failed(String),
}

/// The newest usable one, the newest failure after it, and how far back the usable ones reach.
pub(super) fn newest_of(mut listed: Vec<Listed>) -> BackupReading {
    listed.sort_by(|one, other| (one.at, &one.label).cmp(&(other.at, &other.label)));
    let usable = |it: &&Listed| it.state == State::Usable && it.at.is_some();
    let newest = listed.iter().rposition(|it| usable(&it));
    let newer_failure = listed[newest.map_or(0, |at| at + 1)..].iter().rev().find_map(|it| match &it.state {
        State::Failed(why) => Some(sanitise_line(&format!("{}: {why}", it.label))),
        State::Usable | State::Running => None,
    });
    let newest = newest.map(|at| &listed[at]);
    BackupReading {
        newest_usable: newest.and_then(|it| it.at),
        newer_failure,
        detail: newest.and_then(|it| it.detail.as_deref()).map(sanitise_line),
        bytes: newest.and_then(|it| it.bytes),
        oldest_kept: listed.iter().find(usable).and_then(|it| it.at),
        kept: Some(listed.iter().filter(usable).count() as u64),
        running: Some(listed.iter().any(|it| it.state == State::Running)),
        ..BackupReading::default()
    }
}

/// Marks what is smaller than `min_bytes`, empty, or tiny beside the others: it is no whole backup.
pub(super) fn mark_small(listed: &mut [Listed], min_bytes: u64) {
    let floor = min_bytes.max(1).max(tiny_below(listed));
    for it in listed.iter_mut().filter(|it| it.state == State::Usable) {
        if let Some(bytes) = it.bytes.filter(|bytes| *bytes < floor) {
            it.state = State::Failed(format!("{bytes} bytes, at least {floor} expected"));
        }
    }
}

fn tiny_below(listed: &[Listed]) -> u64 {
    let mut sizes: Vec<u64> = listed.iter().filter_map(|it| it.bytes).filter(|bytes| *bytes > 0).collect();
    if sizes.len() <= ENOUGH {
        return 0;
    }
    sizes.sort_unstable();
    sizes[sizes.len() / 2] / TINY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(label: &str, second: i64, state: State) -> Listed {
        Listed { label: label.to_owned(), at: Timestamp::from_second(second).ok(), state, ..Listed::default() }
    }

    #[test]
    fn a_running_one_is_neither_a_backup_nor_a_failure() {
        let reading = newest_of(vec![listed("b", 200, State::Running), listed("a", 100, State::Usable)]);
        assert_eq!(reading.newest_usable.map(Timestamp::as_second), Some(100));
        assert_eq!((reading.newer_failure, reading.running, reading.kept), (None, Some(true), Some(1)));
    }

    #[test]
    fn an_old_failure_is_forgotten_once_a_newer_one_is_good() {
        let failed = State::Failed("disk full".to_owned());
        let reading = newest_of(vec![listed("a", 100, failed), listed("b", 200, State::Usable)]);
        assert_eq!(reading.newer_failure, None);
        assert_eq!(reading.oldest_kept.map(Timestamp::as_second), Some(200));
    }
}
