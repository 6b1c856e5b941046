//! What fails over by itself.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::{Timestamp, millis, rfc3339_ms};

/// Something that looks after itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutomaticStatus {
    pub name: String,
    #[serde(rename = "promise_ms", with = "millis")]
    pub promise: Duration,
    /// The member or region that serves; `None` while nobody does, or it is not known.
    pub serving: Option<String>,
    /// The last time it was seen to serve, while nobody does.
    #[serde(default, with = "rfc3339_ms::option")]
    pub failing_since: Option<Timestamp>,
    /// Nobody serves, for longer than promised.
    pub overdue: bool,
    /// Oldest first.
    pub recent: Vec<HealingStatus>,
}

/// It failed, and serves again, without a run of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealingStatus {
    pub from: Option<String>,
    pub to: String,
    /// The last good look before.
    #[serde(default, with = "rfc3339_ms::option")]
    pub failed_at: Option<Timestamp>,
    /// As the source itself remembers it, else when it was first seen.
    #[serde(with = "rfc3339_ms")]
    pub served_at: Timestamp,
    #[serde(rename = "took_ms", with = "millis::option")]
    pub took: Option<Duration>,
    /// Inside its promise; `None` where it is not known how long it took.
    pub kept: Option<bool>,
    pub because: Option<String>,
    /// Its times are final.
    pub settled: bool,
}
