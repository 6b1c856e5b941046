//! Whether backups are there, and how old they are.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ident::BackupId;
use crate::reading::BackupFacts;
use crate::time::{Timestamp, millis, rfc3339_ms};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BackupHealth {
    Ok,
    Late,
    Failed,
    #[default]
    Unknown,
}

impl BackupHealth {
    pub const ALL: [Self; 4] = [Self::Ok, Self::Late, Self::Failed, Self::Unknown];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Late => "late",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupStatus {
    pub name: BackupId,
    pub kind: String,
    pub status: BackupHealth,
    #[serde(default, with = "rfc3339_ms::option")]
    pub newest_usable: Option<Timestamp>,
    #[serde(rename = "age_ms", with = "millis::option")]
    pub age: Option<Duration>,
    #[serde(rename = "every_ms", with = "millis")]
    pub every: Duration,
    #[serde(default, with = "rfc3339_ms::option")]
    pub restore_tested: Option<Timestamp>,
    /// `diff`, `wal`, the file's name.
    pub detail: Option<String>,
    pub error: Option<String>,
    #[serde(flatten)]
    pub facts: BackupFacts,
}
