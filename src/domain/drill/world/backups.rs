//! Backups that are made on their schedule while what they copy is up.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::drill::noise::Noise;
use crate::estate::{BackupSource, Estate};
use crate::ident::{BackupId, DatabaseId};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Backups(BTreeMap<BackupId, Set>);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Set {
    /// How old the newest was at the beginning, and how old the last restore test.
    at_start: Duration,
    pub(super) tested: Duration,
    every: Duration,
    database: Option<DatabaseId>,
    /// Since the beginning of the simulation; before it while `None`.
    newest: Option<Duration>,
    begin: Duration,
    pub(super) detail: &'static str,
    pub(super) bytes: u64,
}

const DAY: Duration = Duration::from_secs(86_400);

impl Backups {
    pub(super) fn new(estate: &Estate, noise: Noise) -> Self {
        let set = |backup: &crate::estate::Backup| {
            let noise = noise.of(backup.id.as_str());
            Set {
                at_start: backup.every.mul_f64(0.2 + 0.6 * noise.share(0)),
                tested: DAY.mul_f64(1.0 + 12.0 * noise.share(1)),
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
                    BackupSource::Velero(_) | BackupSource::Command(_) => "snapshot",
                },
                bytes: 200_000_000 + noise.bits(2) % 9_000_000_000,
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
            if set.age(now) >= set.every && possible(set.database.as_ref()) {
                set.newest = Some(now);
            }
        }
    }

    pub(super) fn make(&mut self, backup: &BackupId, now: Duration) {
        if let Some(set) = self.0.get_mut(backup) {
            set.newest = Some(now);
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
}
