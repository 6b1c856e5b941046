//! What one probe says once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::backup::BackupReading;
use crate::ident::{BackupId, CheckId, RegionId};
use crate::replication::{CopiesReading, ServerReading};
use crate::time::{Now, Timestamp, millis};

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Check(CheckId),
    Backup(BackupId),
    /// Our own network, from `[console] connectivity`.
    Connectivity,
}

/// One result of one probe. `at` is when it was measured (for what carries its own time, such as a metric, that time).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub source: Source,
    pub at: Timestamp,
    /// Time since boot when it was measured: ages are differences of this within one boot.
    #[serde(rename = "boot_ms", with = "millis")]
    pub boot: Duration,
    #[serde(rename = "latency_ms", with = "millis::option", default)]
    pub latency: Option<Duration>,
    pub outcome: Outcome,
    /// How far the other side's clock is ahead of ours, milliseconds, when it told its time.
    #[serde(default)]
    pub clock_skew_ms: Option<i64>,
}

/// A look either tells something or does not: a login that is refused is a fact about the server, a broken
/// configuration of our own is not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// It answered as it should.
    Good { payload: Payload },
    /// It answered, but a soft condition is not met.
    Soft { why: String, payload: Payload },
    /// It did not answer, or wrongly.
    Bad { why: String, payload: Payload },
    /// Nothing was learned about it.
    Unknown { why: String },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Payload {
    #[default]
    Nothing,
    /// A short text for people: `200`, `503 Service Unavailable`.
    Text {
        text: String,
    },
    Server {
        server: Box<ServerReading>,
    },
    /// A leader, a master, its copies, as something other than a server's SQL tells them.
    Copies {
        copies: Box<CopiesReading>,
    },
    Backup {
        backup: Box<BackupReading>,
    },
    /// The region that serves, as the serving path itself says.
    Serving {
        region: RegionId,
    },
}

impl Sample {
    /// When it was measured, on both clocks.
    #[must_use]
    pub const fn moment(&self) -> Now {
        Now { wall: self.at, boot: self.boot }
    }

    /// The same sample, kept from before the machine was last started: its age is told by the wall clock alone.
    #[must_use]
    pub fn of_earlier_boot(self) -> Self {
        Self { boot: Duration::MAX, ..self }
    }
}

/// How old what was measured at `measured` is: by the clock that goes on in suspend, or by the wall clock when the
/// measurement is of an earlier boot.
#[must_use]
pub fn age(measured: Now, now: Now) -> Duration {
    now.boot.checked_sub(measured.boot).unwrap_or_else(|| crate::time::since(now.wall, measured.wall))
}

impl Outcome {
    #[must_use]
    pub const fn payload(&self) -> Option<&Payload> {
        match self {
            Self::Good { payload } | Self::Soft { payload, .. } | Self::Bad { payload, .. } => Some(payload),
            Self::Unknown { .. } => None,
        }
    }
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Good { .. } => None,
            Self::Soft { why, .. } | Self::Bad { why, .. } | Self::Unknown { why } => Some(why),
        }
    }
}
