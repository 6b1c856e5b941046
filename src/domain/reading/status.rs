//! The estate as it stands at one instant: what `status --json` prints and every panel draws.
//!
//! Field names and meanings are a public contract. An unknown number is `null`, never 0.

mod advice;
mod alert;
mod automatic;
mod backup;
mod health;
mod objective;
mod replication;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::advice::{Advice, Recommendation};
pub use self::alert::{AlertSeverity, AlertState, AlertStatus};
pub use self::automatic::{AutomaticStatus, HealingStatus};
pub use self::backup::{BackupHealth, BackupStatus};
pub use self::health::Health;
pub use self::objective::{ObjectiveStatus, Verdict};
pub use self::replication::{ReplicationStatus, Stream, TrendUnit};
use super::EvaluationStatus;
use crate::ident::{CheckId, RegionId, ServiceId, TierId};
use crate::objective::Cost;
use crate::readiness::ReadinessStatus;
use crate::time::{Timestamp, human, millis, rfc3339_ms};

/// The whole estate at `at`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    pub estate: String,
    pub kind: String,
    pub regions: Vec<RegionStatus>,
    /// Checks that speak for no region.
    #[serde(default)]
    pub checks: Vec<CheckStatus>,
    pub services: Vec<ServiceStatus>,
    pub replication: Vec<ReplicationStatus>,
    pub backups: Vec<BackupStatus>,
    /// What the readiness comes to; `None` where nobody evaluates it: a single look does not.
    #[serde(default)]
    pub evaluation: Option<EvaluationStatus>,
    /// The schedule of tests: done, due, overdue.
    #[serde(default)]
    pub readiness: Vec<ReadinessStatus>,
    pub objectives: Vec<ObjectiveStatus>,
    pub recommendation: Recommendation,
    pub alerts: Vec<AlertStatus>,
    /// What is to fail over by itself, and did within the last 24 hours.
    #[serde(default)]
    pub automatic: Vec<AutomaticStatus>,
    /// Our own network is gone: nothing here can be believed, and nothing turns red because of it.
    #[serde(default)]
    pub blind: bool,
    /// Largest difference between our clock and one we asked, when above 2 s: theirs less ours, so that one which is
    /// behind ours is negative.
    #[serde(default)]
    pub clock_skew_ms: Option<i64>,
    /// The check that showed it.
    #[serde(default)]
    pub clock_skew_of: Option<CheckId>,
}

impl Status {
    /// `the clock of api@us-east-1 is 3.2s behind ours`, when one differs enough to matter.
    #[must_use]
    pub fn clock_skew(&self) -> Option<String> {
        Some(skew_sentence(self.clock_skew_of.as_ref()?, self.clock_skew_ms?))
    }

    /// Every check: those of the regions, then those that speak for none.
    pub fn every_check(&self) -> impl Iterator<Item = &CheckStatus> {
        self.regions.iter().flat_map(|region| &region.checks).chain(&self.checks)
    }

    /// Alerts that fire, worst first.
    pub fn firing(&self) -> impl Iterator<Item = &AlertStatus> {
        self.alerts.iter().filter(|alert| alert.state == AlertState::Firing)
    }
}

/// `skew` is theirs less ours, milliseconds.
pub(in crate::reading) fn skew_sentence(check: &CheckId, skew: i64) -> String {
    let by = human(Duration::from_millis(skew.unsigned_abs()));
    format!("the clock of {check} is {by} {} ours", if skew < 0 { "behind" } else { "ahead of" })
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionStatus {
    pub name: RegionId,
    /// As the file says: `primary`, `standby`, `active`.
    pub role: String,
    /// As observed: who accepts writes, where names point. `None` while nothing tells.
    pub serving: Option<bool>,
    /// It is the last side that was seen to serve something, whether it still answers or not.
    #[serde(default)]
    pub was_serving: bool,
    pub status: Health,
    #[serde(default, with = "rfc3339_ms::option")]
    pub since: Option<Timestamp>,
    /// While it is down: the last good sample of the check whose failure made it so. An outage is dated from it.
    #[serde(default, with = "rfc3339_ms::option")]
    pub last_good: Option<Timestamp>,
    /// 1 is the best place to fail over to; `None` for one that cannot be chosen.
    pub candidate: Option<u32>,
    /// Why it ranks where it does, or cannot be chosen.
    pub candidate_because: Vec<String>,
    /// How each recovery point objective would stand after a failover to it; `None` for one that cannot be chosen.
    #[serde(default)]
    pub cost: Option<Cost>,
    #[serde(rename = "latency_ms", with = "millis::option")]
    pub latency: Option<Duration>,
    pub checks: Vec<CheckStatus>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckStatus {
    pub name: CheckId,
    #[serde(rename = "type")]
    pub kind: String,
    pub status: Health,
    /// When it took this status.
    #[serde(default, with = "rfc3339_ms::option")]
    pub since: Option<Timestamp>,
    pub value: Option<String>,
    pub error: Option<String>,
    #[serde(default, with = "rfc3339_ms::option")]
    pub measured_at: Option<Timestamp>,
    #[serde(rename = "age_ms", with = "millis::option")]
    pub age: Option<Duration>,
    #[serde(rename = "latency_ms", with = "millis::option")]
    pub latency: Option<Duration>,
    pub flapping: bool,
    /// A failure was seen; the threshold is not reached yet.
    pub suspect: bool,
    pub critical: bool,
    /// Latencies of the last 15 minutes, oldest first, one per minute at most; `None` where it failed.
    pub trend: Vec<Option<u32>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceStatus {
    pub name: ServiceId,
    pub tier: Option<TierId>,
    /// On the side that serves it.
    pub status: Health,
    #[serde(default, with = "rfc3339_ms::option")]
    pub since: Option<Timestamp>,
    /// The region its traffic goes to, as observed.
    pub serving: Option<RegionId>,
}
