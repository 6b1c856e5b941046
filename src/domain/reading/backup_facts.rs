//! What is known of a backup set beside the age of its newest usable backup.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::BackupHealth;
use crate::backup::{Checksum, RestoreTest};
use crate::time::{Timestamp, millis, rfc3339_ms};

/// How much is known to come back: it exists < the tool says it is whole < it was restored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    #[default]
    Unknown,
    Exists,
    Restorable,
    Tested,
}

impl Proof {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Exists => "exists",
            Self::Restorable => "restorable",
            Self::Tested => "tested",
        }
    }
}

/// How far back the usable backups reach, against what was promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RetentionKept {
    /// Nothing was promised, or the oldest is not told.
    #[default]
    Unknown,
    Kept,
    /// Older ones are missing.
    Short,
    /// Older ones should be gone.
    Long,
}

impl RetentionKept {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Kept => "kept",
            Self::Short => "not kept",
            Self::Long => "kept too long",
        }
    }
}

/// One place where copies lie.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DestinationStatus {
    pub name: String,
    /// `primary`, `secondary`, `tertiary`, `local`.
    pub role: String,
    pub status: BackupHealth,
    #[serde(default, with = "rfc3339_ms::option")]
    pub newest_usable: Option<Timestamp>,
    #[serde(rename = "age_ms", with = "millis::option", default)]
    pub age: Option<Duration>,
    #[serde(rename = "every_ms", with = "millis")]
    pub every: Duration,
    pub encrypted: Option<bool>,
    pub error: Option<String>,
}

/// All of it optional: what nobody tells is unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BackupFacts {
    #[serde(default)]
    pub proof: Proof,
    #[serde(default)]
    pub destinations: Vec<DestinationStatus>,
    #[serde(default, with = "rfc3339_ms::option")]
    pub oldest_kept: Option<Timestamp>,
    #[serde(default)]
    pub kept: Option<u64>,
    #[serde(rename = "retention_ms", with = "millis::option", default)]
    pub retention: Option<Duration>,
    #[serde(default)]
    pub retention_kept: RetentionKept,
    #[serde(default)]
    pub encrypted: Option<bool>,
    /// The estate wants every copy encrypted.
    #[serde(default)]
    pub encryption_expected: bool,
    #[serde(default)]
    pub checksum: Checksum,
    #[serde(default, with = "rfc3339_ms::option")]
    pub checksum_at: Option<Timestamp>,
    /// The newest restore test, passed or failed.
    #[serde(default)]
    pub restore_test: Option<RestoreTest>,
    #[serde(rename = "restore_test_every_ms", with = "millis::option", default)]
    pub restore_test_every: Option<Duration>,
    /// By when the next restore has to be tested; in the past while it is overdue or was never done.
    #[serde(default, with = "rfc3339_ms::option")]
    pub restore_test_due: Option<Timestamp>,
    #[serde(default)]
    pub restore_test_overdue: bool,
    /// One is being made now.
    #[serde(default)]
    pub running: Option<bool>,
    #[serde(default)]
    pub bytes: Option<u64>,
    /// What is not as it should be though the newest backup may be fresh, worst first, for people.
    #[serde(default)]
    pub concerns: Vec<String>,
    /// So many of them, from the first on, are wrong for certain; the others are not known to be right.
    #[serde(skip)]
    pub certain: usize,
    /// Something that should be known is not: nobody can say that all is well.
    #[serde(skip)]
    pub doubtful: bool,
}

impl BackupFacts {
    /// The concerns that are known, and no mere doubts.
    #[must_use]
    pub fn known_concerns(&self) -> &[String] {
        &self.concerns[..self.certain.min(self.concerns.len())]
    }
}
