//! The age of the newest usable backup against its schedule.

use std::time::Duration;

use super::facts::facts;
use super::{BackupReading, Checksum};
use crate::estate::Backup;
use crate::reading::{BackupHealth, BackupStatus, Payload, Sample, age};
use crate::time::{Now, Timestamp, since};

/// A point later than now by more than this is a clock's error, not a fresh backup.
const CLOCKS_DIFFER: Duration = Duration::from_secs(120);

const NOT_LATELY: &str = "its source was not read for too long";

/// What is known of one backup set.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BackupTrack {
    last: Option<(BackupReading, Now)>,
    /// When anything was last told: by the set's own source, or by destinations only.
    heard: Option<Now>,
    /// Why the newest look told nothing.
    trouble: Option<String>,
}

impl BackupTrack {
    pub(crate) fn observe(&mut self, sample: &Sample) {
        match sample.outcome.payload() {
            Some(Payload::Backup { backup }) => self.take(backup.as_ref().clone(), sample.moment()),
            _ => self.trouble = Some(sample.outcome.why().unwrap_or("its source told nothing").to_owned()),
        }
    }

    /// Where only destinations told something, what the set's own source told last stands, with its age.
    fn take(&mut self, reading: BackupReading, at: Now) {
        self.trouble.clone_from(&reading.unread);
        self.heard = Some(at);
        self.last = match self.last.take() {
            Some((before, measured)) if reading.unread.is_some() => {
                // The ledger of tests was read as well: a test that failed meanwhile is not held back.
                let newer = BackupReading {
                    destinations: reading.destinations,
                    restore_tested: before.restore_tested.max(reading.restore_tested),
                    restore_test: reading.restore_test.or(before.restore_test),
                    checksum: match reading.checksum {
                        Checksum::Failed => Checksum::Failed,
                        Checksum::Unknown | Checksum::Verified => before.checksum,
                    },
                    ..before
                };
                Some((newer, measured))
            }
            _ => Some((reading, at)),
        };
    }

    pub(crate) fn status(&self, backup: &Backup, now: Now) -> BackupStatus {
        let current = self.current(backup, now);
        let reading = current.as_ref();
        let (status, error) = self.judge(backup, now);
        let newest_usable = reading.and_then(|reading| reading.newest_usable);
        BackupStatus {
            name: backup.id.clone(),
            kind: backup.source.name().to_owned(),
            status,
            newest_usable,
            age: newest_usable.filter(|newest| !in_future(*newest, now)).map(|newest| since(now.wall, newest)),
            every: backup.every,
            restore_tested: reading.and_then(|reading| reading.restore_tested),
            detail: reading.and_then(|reading| reading.detail.clone()),
            error,
            facts: facts(backup, reading, now),
        }
    }

    /// What was told last; of what destinations said too long ago nothing is known any more, and a restore test of the
    /// future proves nothing.
    fn current(&self, backup: &Backup, now: Now) -> Option<BackupReading> {
        let mut reading = self.last.as_ref().map(|(reading, _)| reading.clone())?;
        if reading.restore_tested.is_some_and(|at| in_future(at, now)) {
            reading.restore_tested = None;
            reading.warnings.push("a restore test lies in the future: a clock is wrong".to_owned());
        }
        let stale = crate::reading::stale_after(backup.interval, backup.timeout);
        if self.heard.is_none_or(|heard| age(heard, now) > stale) {
            let why = || self.trouble.clone().unwrap_or_else(|| NOT_LATELY.to_owned());
            reading.unread.get_or_insert_with(why);
            for place in &mut reading.destinations {
                place.unread.get_or_insert_with(why);
            }
        }
        Some(reading)
    }

    fn judge(&self, backup: &Backup, now: Now) -> (BackupHealth, Option<String>) {
        let Some((reading, measured)) = &self.last else {
            return (BackupHealth::Unknown, self.trouble.clone());
        };
        if age(*measured, now) > crate::reading::stale_after(backup.interval, backup.timeout) {
            let cause = self.trouble.clone().unwrap_or_else(|| NOT_LATELY.to_owned());
            return (BackupHealth::Unknown, Some(cause));
        }
        if let (Some(why), None) = (&reading.unread, reading.newest_usable) {
            return (BackupHealth::Unknown, Some(why.clone()));
        }
        let (health, error) = judge(reading.newest_usable, reading.newer_failure.as_deref(), backup.every, now);
        (health, error.or_else(|| self.trouble.clone()))
    }
}

/// What the newest usable backup and a failure after it come to, against how often one is expected.
pub(super) fn judge(
    newest: Option<Timestamp>,
    failure: Option<&str>,
    every: Duration,
    now: Now,
) -> (BackupHealth, Option<String>) {
    let told = failure.map(str::to_owned);
    match newest {
        None => (BackupHealth::Failed, told.or_else(|| Some("no usable backup".to_owned()))),
        Some(newest) if in_future(newest, now) => {
            (BackupHealth::Unknown, Some("its time lies in the future: a clock is wrong".to_owned()))
        }
        Some(_) if told.is_some() => (BackupHealth::Failed, told),
        Some(newest) if since(now.wall, newest) > every => (BackupHealth::Late, None),
        Some(_) => (BackupHealth::Ok, None),
    }
}

fn in_future(newest: Timestamp, now: Now) -> bool {
    since(newest, now.wall) > CLOCKS_DIFFER
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::{BackupSource, FilesSource};
    use crate::ident::BackupId;
    use crate::reading::{Outcome, Source};

    fn backup() -> Backup {
        let source = BackupSource::Files(FilesSource { glob: "/backups/*".to_owned(), min_bytes: 1 });
        Backup {
            timeout: Duration::from_secs(5),
            ..Backup::new(BackupId::from("orders"), source, Duration::from_secs(3600))
        }
    }

    fn now(second: i64) -> Now {
        Now { wall: Timestamp::from_second(second).unwrap(), boot: Duration::from_secs(second.unsigned_abs()) }
    }

    fn read(second: i64, reading: BackupReading) -> BackupTrack {
        let mut track = BackupTrack::default();
        track.observe(&Sample {
            source: Source::Backup(BackupId::from("orders")),
            at: now(second).wall,
            boot: now(second).boot,
            latency: None,
            outcome: Outcome::Good { payload: Payload::Backup { backup: Box::new(reading) } },
            clock_skew_ms: None,
        });
        track
    }

    fn of(second: i64) -> BackupReading {
        BackupReading { newest_usable: Timestamp::from_second(second).ok(), ..BackupReading::default() }
    }

    #[test]
    fn age_is_measured_against_the_schedule() {
        assert_eq!(read(10_000, of(9000)).status(&backup(), now(10_000)).status, BackupHealth::Ok);
        assert_eq!(read(10_000, of(6000)).status(&backup(), now(10_000)).status, BackupHealth::Late);
        assert_eq!(read(10_000, BackupReading::default()).status(&backup(), now(10_000)).status, BackupHealth::Failed);
        assert_eq!(BackupTrack::default().status(&backup(), now(10_000)).status, BackupHealth::Unknown);
    }

    #[test]
    fn a_backup_of_the_future_is_a_wrong_clock() {
        let status = read(10_000, of(20_000)).status(&backup(), now(10_000));
        assert_eq!((status.status, status.age), (BackupHealth::Unknown, None));
    }

    #[test]
    fn a_newer_failure_neither_hides_the_good_one_nor_makes_it_fresh() {
        let reading = BackupReading { newer_failure: Some("disk full".to_owned()), ..of(9000) };
        let status = read(10_000, reading).status(&backup(), now(10_000));
        assert_eq!(status.status, BackupHealth::Failed);
        assert_eq!(status.age, Some(Duration::from_secs(1000)));
        assert_eq!(status.error.as_deref(), Some("disk full"));
    }

    #[test]
    fn a_source_that_is_no_longer_read_is_unknown_and_keeps_its_last_figure() {
        let status = read(10_000, of(9900)).status(&backup(), now(10_600));
        assert_eq!(status.status, BackupHealth::Unknown);
        assert_eq!(status.age, Some(Duration::from_secs(700)));
    }

    #[test]
    fn a_destination_that_is_no_longer_read_is_unknown_and_never_well() {
        let place = super::super::DestinationReading::of("repo1", Ok(of(9900)));
        let track = read(10_000, BackupReading { destinations: vec![place], ..of(9900) });
        let status = |at: i64| track.status(&backup(), now(at)).facts.destinations[0].status;
        assert_eq!((status(10_000), status(10_600)), (BackupHealth::Ok, BackupHealth::Unknown));
    }

    #[test]
    fn a_restore_test_that_failed_is_told_while_the_source_is_silent() {
        let mut track = read(10_000, of(9900));
        let test = super::super::RestoreTest { at: now(9990).wall, passed: false, by: None, detail: None };
        let unread = Some("no answer".to_owned());
        track.take(BackupReading { unread, restore_test: Some(test.clone()), ..BackupReading::default() }, now(10_005));
        let status = track.status(&backup(), now(10_005));
        assert_eq!((status.newest_usable, status.facts.restore_test), (now(9900).wall.into(), Some(test)));
    }

    #[test]
    fn a_restore_test_of_the_future_proves_nothing() {
        let tested = Some(now(90_000).wall);
        let status = read(10_000, BackupReading { restore_tested: tested, ..of(9900) }).status(&backup(), now(10_000));
        assert_eq!(status.restore_tested, None);
        assert!(status.facts.concerns.iter().any(|concern| concern.contains("future")), "{:?}", status.facts.concerns);
    }
}
