//! What a backup source said. A failed or running backup never counts and never hides a good one.

use serde::{Deserialize, Serialize};

use super::RestoreTest;
use crate::time::Timestamp;

/// What a backup source said, whatever the tool. What it does not tell is `None`: not known, never "no".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BackupReading {
    /// The recoverable point of the newest usable backup, as each tool defines it; `None` when there is none.
    pub newest_usable: Option<Timestamp>,
    /// A newer attempt that failed, with its cause.
    pub newer_failure: Option<String>,
    /// When a restore test last passed.
    pub restore_tested: Option<Timestamp>,
    /// `full`, `diff`, `incr`, `wal`, or a file's name.
    pub detail: Option<String>,
    pub bytes: Option<u64>,
    /// The point of the oldest usable backup: how far back a restore can go.
    #[serde(default)]
    pub oldest_kept: Option<Timestamp>,
    /// How many usable backups there are.
    #[serde(default)]
    pub kept: Option<u64>,
    /// The tool itself says that the newest one is whole. `false` for what merely lies there: a file, an object.
    #[serde(default)]
    pub vouched: bool,
    /// All of it: one plain copy makes this `false`.
    #[serde(default)]
    pub encrypted: Option<bool>,
    #[serde(default)]
    pub checksum: Checksum,
    /// When the checksums were last compared.
    #[serde(default)]
    pub checksum_at: Option<Timestamp>,
    /// The newest restore test, passed or failed.
    #[serde(default)]
    pub restore_test: Option<RestoreTest>,
    /// One is being made now.
    #[serde(default)]
    pub running: Option<bool>,
    /// What else is not as it should be, for people: a paused schedule, a location that does not answer.
    #[serde(default)]
    pub warnings: Vec<String>,
    #[serde(default)]
    pub destinations: Vec<DestinationReading>,
    /// The set's own source told nothing, for this reason; its destinations did.
    #[serde(default)]
    pub unread: Option<String>,
}

/// Whether what is stored is what was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Checksum {
    #[default]
    Unknown,
    Verified,
    Failed,
}

/// One place where copies lie.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DestinationReading {
    /// As the tool or the estate's file calls it: `repo1`, `nas`.
    pub name: String,
    pub newest_usable: Option<Timestamp>,
    pub newer_failure: Option<String>,
    pub oldest_kept: Option<Timestamp>,
    pub kept: Option<u64>,
    pub encrypted: Option<bool>,
    /// Why nothing was learned about it.
    pub unread: Option<String>,
}

impl DestinationReading {
    /// What `read` says of one place.
    #[must_use]
    pub fn of(name: impl Into<String>, read: Result<BackupReading, String>) -> Self {
        let name = name.into();
        match read {
            Ok(reading) => Self {
                name,
                newest_usable: reading.newest_usable,
                newer_failure: reading.newer_failure,
                oldest_kept: reading.oldest_kept,
                kept: reading.kept,
                encrypted: reading.encrypted,
                unread: reading.unread,
            },
            Err(why) => Self { name, unread: Some(why), ..Self::default() },
        }
    }
}
