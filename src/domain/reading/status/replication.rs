//! How far the copies of databases are behind.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ident::{DatabaseId, RegionId};
use crate::objective::AtRisk;
use crate::replication::CopySource;
use crate::time::{Timestamp, millis, rfc3339_ms};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Received from a live sender.
    Streaming,
    /// The sender is gone; the last known figures stand, with their age.
    Frozen,
    /// The standby answers, and nothing feeds it.
    Absent,
    #[default]
    Unknown,
}

impl Stream {
    pub const ALL: [Self; 4] = [Self::Streaming, Self::Frozen, Self::Absent, Self::Unknown];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Streaming => "streaming",
            Self::Frozen => "frozen",
            Self::Absent => "absent",
            Self::Unknown => "unknown",
        }
    }
}

/// What the values of a trend are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TrendUnit {
    #[default]
    Ms,
    /// Where no time is known.
    Bytes,
}

/// One database in one region; or one copy that a check tells of: `database` is then what the check's name says before
/// the `@`, and `region` is empty where nothing places the copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplicationStatus {
    pub database: DatabaseId,
    pub region: RegionId,
    pub state: Stream,
    pub not_received_bytes: Option<u64>,
    pub not_replayed_bytes: Option<u64>,
    #[serde(rename = "lag_ms", with = "millis::option")]
    pub lag: Option<Duration>,
    #[serde(default, with = "rfc3339_ms::option")]
    pub measured_at: Option<Timestamp>,
    /// `primary`, `standby`, or `unknown`.
    pub role: String,
    pub timeline: Option<u32>,
    pub system_id: Option<String>,
    /// What is out of the ordinary, for people: `sender gone`, `replay paused`, `SPLIT BRAIN: …`.
    pub notes: Vec<String>,
    pub split_brain: bool,
    /// What would be lost if this standby were promoted now.
    pub at_risk: Option<AtRisk>,
    /// Lag of the last 15 minutes, oldest first.
    pub trend: Vec<Option<u32>>,
    #[serde(default)]
    pub trend_unit: TrendUnit,
    /// Who tells it.
    #[serde(default)]
    pub source: CopySource,
    /// What that source calls it; `None` of a server that tells of itself.
    #[serde(default)]
    pub member: Option<String>,
}
