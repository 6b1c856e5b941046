//! Backups that are made on their schedule while what they copy is up.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::backup::{BackupReading, DestinationReading, RestoreTest};
use crate::drill::noise::Noise;
use crate::estate::{BackupSource, Estate};
use crate::ident::{BackupId, DatabaseId};
use crate::time::Timestamp;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Backups(BTreeMap<BackupId, Set>);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Set {
    /// How old the newest was at the beginning, and how long before it the last restore test.
    at_start: Duration,
    tested: Duration,
    /// Since the beginning of the simulation: it was restored in it.
    restored: Option<Duration>,
    every: Duration,
    database: Option<DatabaseId>,
    /// Since the beginning of the simulation; before it while `None`.
    newest: Option<Duration>,
    begin: Duration,
    detail: &'static str,
    bytes: u64,
    retention: Duration,
    destinations: Vec<String>,
    /// The tool vouches for what it lists.
    vouched: bool,
    /// The newest run stored a part only.
    partial: bool,
    /// Runs fail: none is usable since.
    fails: bool,
}

const DAY: Duration = Duration::from_secs(86_400);

impl Backups {
    /// With `story`, something went wrong before.
    pub(super) fn new(estate: &Estate, noise: Noise, story: bool) -> Self {
        let set = |backup: &crate::estate::Backup| {
            let noise = noise.of(backup.id.as_str());
            let partial = story && matches!(backup.source, BackupSource::Velero(_));
            let script = matches!(backup.source, BackupSource::Command(_));
            Set {
                at_start: backup.every.mul_f64(if partial { 1.2 } else { 0.2 + 0.6 * noise.share(0) }),
                // What a script of our own makes is what nobody restores.
                tested: if script { DAY * 41 } else { DAY.mul_f64(1.0 + 12.0 * noise.share(1)) },
                restored: None,
                every: backup.every,
                database: backup.database.clone(),
                newest: None,
                begin: Duration::ZERO,
                detail: match backup.source {
                    BackupSource::Files(_) | BackupSource::S3(_) => "archive.tar.zst",
                    BackupSource::Archiver { .. } => "wal",
                    BackupSource::PgBackRest(_) => "diff",
                    BackupSource::WalG(_) => "delta",
                    BackupSource::Barman(_) => "full",
                    BackupSource::Rds(_) => "point in time",
                    BackupSource::Redis(_) => "rdb",
                    BackupSource::Velero(_) | BackupSource::Command(_) => "snapshot",
                },
                bytes: 200_000_000 + noise.bits(2) % 9_000_000_000,
                retention: backup.retention.unwrap_or(backup.every * 7),
                destinations: backup.destinations.iter().map(|place| place.name.clone()).collect(),
                vouched: !matches!(
                    backup.source,
                    BackupSource::Files(_) | BackupSource::S3(_) | BackupSource::Command(_)
                ),
                partial,
                fails: false,
            }
        };
        Self(estate.backups.iter().map(|backup| (backup.id.clone(), set(backup))).collect())
    }

    pub(super) fn begin(&mut self, at: Duration) {
        for set in self.0.values_mut() {
            set.begin = at;
        }
    }

    /// Makes those that are due, where `possible` says that what they copy is up.
    pub(super) fn pass(&mut self, now: Duration, possible: impl Fn(Option<&DatabaseId>) -> bool) {
        for set in self.0.values_mut() {
            if set.age(now) >= set.every && !set.partial && !set.fails && possible(set.database.as_ref()) {
                set.newest = Some(now);
            }
        }
    }

    pub(super) fn make(&mut self, backup: &BackupId, now: Duration) {
        if let Some(set) = self.0.get_mut(backup) {
            set.partial = false;
            set.fails = false;
            set.newest = Some(now);
        }
    }

    pub(super) fn fail(&mut self, backup: &BackupId) {
        if let Some(set) = self.0.get_mut(backup) {
            set.fails = true;
        }
    }

    /// Runs do not fail any more; the next one is due when it always was.
    pub(super) fn heal(&mut self, backup: &BackupId) {
        if let Some(set) = self.0.get_mut(backup) {
            set.fails = false;
        }
    }

    /// How old the newest is from which the database can be brought back.
    pub(super) fn newest(&self, database: &DatabaseId, now: Duration) -> Duration {
        let own = self.0.values().filter(|set| set.database.as_ref() == Some(database));
        own.map(|set| set.age(now)).min().unwrap_or(DAY)
    }

    pub(super) fn restore(&mut self, backup: &BackupId, now: Duration) {
        if let Some(set) = self.0.get_mut(backup) {
            set.restored = Some(now);
        }
    }

    pub(super) fn get(&self, backup: &BackupId) -> Option<&Set> {
        self.0.get(backup)
    }
}

impl Set {
    pub(super) fn age(&self, now: Duration) -> Duration {
        match self.newest {
            Some(newest) => now.saturating_sub(newest),
            None => self.at_start + now.saturating_sub(self.begin),
        }
    }

    /// Whether it was restored in the simulation, so long ago at most.
    pub(super) fn restored_within(&self, span: Duration, now: Duration) -> bool {
        self.restored.is_some_and(|restored| now.saturating_sub(restored) <= span)
    }

    /// What its source says at `now`, which is `wall` on the clock of the simulation.
    pub(super) fn reading(&self, now: Duration, wall: Timestamp) -> BackupReading {
        let ago = |span: Duration| wall.checked_sub(span).ok();
        let age = self.age(now);
        let tested = ago(self.restored.map_or(self.tested, |restored| now.saturating_sub(restored)));
        let places = self.destinations.iter().zip(0_u32..).map(|(name, place)| DestinationReading {
            name: name.clone(),
            // Each copy follows the one before, and none is late for it.
            newest_usable: ago(age + self.every.saturating_sub(age) / 4 * place),
            encrypted: Some(true),
            ..DestinationReading::default()
        });
        let kept = (self.retention.as_secs() / self.every.as_secs().max(1)).max(1);
        BackupReading {
            newest_usable: ago(age),
            newer_failure: match (self.partial, self.fails) {
                (true, _) => Some("the newest run: PartiallyFailed, 2 errors".to_owned()),
                (_, true) => Some("the newest run failed: no space left on device".to_owned()),
                _ => None,
            },
            restore_tested: tested,
            detail: Some(self.detail.to_owned()),
            bytes: Some(self.bytes),
            oldest_kept: ago(age + self.retention),
            kept: Some(kept),
            vouched: self.vouched,
            encrypted: Some(true),
            restore_test: tested.map(|at| RestoreTest {
                at,
                passed: true,
                by: Some("runbook backup-verification".to_owned()),
                detail: None,
            }),
            running: Some(false),
            destinations: places.collect(),
            ..BackupReading::default()
        }
    }
}
