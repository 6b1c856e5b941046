//! What something other than a server's own SQL says of copies: a cluster's agent, a cache, a metric.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ident::RegionId;
use crate::reading::Stream;
use crate::time::{Timestamp, millis, rfc3339_ms};

/// Who tells of a copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CopySource {
    /// The server itself, asked in SQL.
    #[default]
    Sql,
    Patroni,
    Redis,
    Cloudwatch,
}

impl CopySource {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Patroni => "patroni",
            Self::Redis => "redis",
            Self::Cloudwatch => "cloudwatch",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CopyRole {
    /// It takes writes.
    Primary,
    Standby,
    #[default]
    Unknown,
}

impl CopyRole {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Standby => "standby",
            Self::Unknown => "unknown",
        }
    }
}

/// Where a copy's log ends. Two of them compare only within one history: after a promotion offsets go on under
/// another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyPosition {
    pub history: String,
    pub end: u64,
}

/// One member: the one that takes writes, or a copy of it. What is not known is `None`, never zero: a metric without a
/// datapoint, a lag of −1, an offset that stands still since the link broke.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CopyReading {
    /// As its source calls it.
    pub member: String,
    /// Where it is, when the source tells; else the check's region holds.
    #[serde(default)]
    pub region: Option<RegionId>,
    pub role: CopyRole,
    pub state: Stream,
    /// How far behind it is, as the source itself says.
    #[serde(rename = "lag_ms", with = "millis::option", default)]
    pub lag: Option<Duration>,
    /// Bytes that it has not received.
    #[serde(default)]
    pub lag_bytes: Option<u64>,
    /// Compared with that of the primary, when another check reads that one.
    #[serde(default)]
    pub position: Option<CopyPosition>,
    #[serde(default)]
    pub timeline: Option<u32>,
    /// For figures with a time of their own, such as a metric's datapoint; else that of the look holds.
    #[serde(default, with = "rfc3339_ms::option")]
    pub measured_at: Option<Timestamp>,
    /// What is out of the ordinary, for people.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Told by another member: what it says of itself, where it is asked too, counts more.
    #[serde(default)]
    pub second_hand: bool,
}

/// A change of the member that takes writes, as the source itself remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// By the source's clock.
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    pub to: Option<String>,
    /// The timeline that ended.
    pub timeline: Option<u32>,
    pub because: Option<String>,
}

/// One look at everything a source tells of copies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CopiesReading {
    pub source: CopySource,
    /// In a few words: `leader pg1`, `replica`.
    pub text: String,
    /// The member that takes writes; `None` when there is none, or it cannot be told.
    #[serde(default)]
    pub leader: Option<String>,
    pub copies: Vec<CopyReading>,
    /// Oldest first; empty where the source keeps none.
    #[serde(default)]
    pub handovers: Vec<Handover>,
}

impl CopiesReading {
    #[must_use]
    pub fn primary(&self) -> Option<&CopyReading> {
        self.copies.iter().find(|copy| copy.role == CopyRole::Primary)
    }
}
