//! `pg_stat_archiver`: the end of the archived log.

use super::BackupReading;
use crate::replication::Archiver;
use crate::time::clock;

/// The last archived segment. It fails now when the last failure is later than the last success; nothing was ever
/// archived when that is missing.
#[must_use]
pub fn archiver(archiver: &Archiver) -> BackupReading {
    let failing =
        archiver.last_failed_at.filter(|failed| archiver.last_archived_at.is_none_or(|archived| *failed > archived));
    BackupReading {
        newest_usable: archiver.last_archived_at,
        newer_failure: failing.map(|failed| format!("archiving failed {}", clock(failed))),
        detail: Some("wal".to_owned()),
        ..BackupReading::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    #[test]
    fn it_fails_only_while_the_failure_is_newer_than_the_success() {
        let look = |archived, failed| {
            let reading =
                archiver(&Archiver { last_archived_at: archived, last_failed_at: failed, ..Archiver::default() });
            (reading.newest_usable, reading.newer_failure.is_some())
        };
        assert_eq!(look(at(100), None), (at(100), false));
        assert_eq!(look(at(100), at(50)), (at(100), false));
        assert_eq!(look(at(100), at(150)), (at(100), true));
        assert_eq!(look(None, at(150)), (None, true));
        assert_eq!(look(None, None), (None, false));
    }
}
