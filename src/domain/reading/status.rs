//! The estate as it stands at one instant: what `status --json` prints and every panel draws.
//!
//! Field names and meanings are a public contract. An unknown number is `null`, never 0.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{BackupFacts, EvaluationStatus};
use crate::ident::{AlertKey, BackupId, CheckId, DatabaseId, PersonId, RegionId, ServiceId};
use crate::objective::{AtRisk, Cost};
use crate::readiness::ReadinessStatus;
use crate::replication::CopySource;
use crate::time::{Timestamp, human, millis, rfc3339_ms};

/// Unknown and stale never pass a guard and are never green.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Ok,
    Degraded,
    Down,
    /// There was a reading; it is too old to be believed (3 intervals).
    Stale,
    #[default]
    Unknown,
}

impl Status {
    /// `the clock of api@us-east-1 is 3.2s behind ours`, when one differs enough to matter.
    #[must_use]
    pub fn clock_skew(&self) -> Option<String> {
        Some(skew_sentence(self.clock_skew_of.as_ref()?, self.clock_skew_ms?))
    }
}

/// `skew` is theirs less ours, milliseconds.
pub(in crate::reading) fn skew_sentence(check: &CheckId, skew: i64) -> String {
    let by = human(Duration::from_millis(skew.unsigned_abs()));
    format!("the clock of {check} is {by} {} ours", if skew < 0 { "behind" } else { "ahead of" })
}

impl Health {
    pub const ALL: [Self; 5] = [Self::Ok, Self::Degraded, Self::Down, Self::Stale, Self::Unknown];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Down => "down",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
        }
    }
}

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
    /// Every check: those of the regions, then those that speak for none.
    pub fn every_check(&self) -> impl Iterator<Item = &CheckStatus> {
        self.regions.iter().flat_map(|region| &region.checks).chain(&self.checks)
    }

    /// Alerts that fire, worst first.
    pub fn firing(&self) -> impl Iterator<Item = &AlertStatus> {
        self.alerts.iter().filter(|alert| alert.state == AlertState::Firing)
    }
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
    pub tier: Option<crate::ident::TierId>,
    /// On the side that serves it.
    pub status: Health,
    #[serde(default, with = "rfc3339_ms::option")]
    pub since: Option<Timestamp>,
    /// The region its traffic goes to, as observed.
    pub serving: Option<RegionId>,
}

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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Ok,
    AtRisk,
    Missed,
    #[default]
    Unknown,
    /// The objective is *not applicable*.
    NotApplicable,
}

impl Verdict {
    pub const ALL: [Self; 5] = [Self::Ok, Self::AtRisk, Self::Missed, Self::Unknown, Self::NotApplicable];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::AtRisk => "at-risk",
            Self::Missed => "missed",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// A row of the objectives panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveStatus {
    /// `Tier 1`, `Database`, `Regional outage`.
    pub name: String,
    pub tier: Option<crate::ident::TierId>,
    #[serde(rename = "rto_ms", with = "millis::option")]
    pub rto: Option<Duration>,
    #[serde(rename = "rpo_ms", with = "millis::option")]
    pub rpo: Option<Duration>,
    pub at_risk: Option<AtRisk>,
    pub rpo_verdict: Verdict,
    pub rto_verdict: Verdict,
}

/// What the readings speak for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    #[default]
    None,
    Failover,
    /// Several regions serve, and one of them is down: no database has to be promoted.
    MoveTraffic,
}

impl Advice {
    pub const ALL: [Self; 3] = [Self::None, Self::Failover, Self::MoveTraffic];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Failover => "failover",
            Self::MoveTraffic => "move-traffic",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// `advice` is a failover.
    pub failover: bool,
    #[serde(default)]
    pub advice: Advice,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub because: Vec<String>,
    /// Why nothing is advised although `from` is down and `to` could take over.
    #[serde(default)]
    pub withheld: Option<String>,
    /// When that ends, if nothing else changes.
    #[serde(default, with = "rfc3339_ms::option")]
    pub withheld_until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertSeverity {
    Info,
    Warning,
    Critical,
}

impl AlertSeverity {
    pub const ALL: [Self; 3] = [Self::Critical, Self::Warning, Self::Info];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Where an alert stands in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    #[default]
    Firing,
    /// Seen, and not yet for as long as its rule wants: nobody was told.
    Pending,
}

impl AlertState {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Pending => "pending",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertStatus {
    pub severity: AlertSeverity,
    pub rule: String,
    pub text: String,
    #[serde(with = "rfc3339_ms")]
    pub since: Timestamp,
    /// The same through its whole life: what `ack` and `silence` take.
    #[serde(default)]
    pub key: AlertKey,
    #[serde(default)]
    pub state: AlertState,
    /// What it is about: `us-east-1`, `orders-db@us-west-2`; empty where the rule says it.
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub region: Option<RegionId>,
    #[serde(default)]
    pub service: Option<ServiceId>,
    /// When it fired, or last became more severe; `None` while it is pending.
    #[serde(default, with = "rfc3339_ms::option")]
    pub fired_at: Option<Timestamp>,
    /// When people were last told of it, or would have been in a drill or a demonstration.
    #[serde(default, with = "rfc3339_ms::option")]
    pub told_at: Option<Timestamp>,
    #[serde(default)]
    pub acknowledged_by: Option<PersonId>,
    #[serde(default, with = "rfc3339_ms::option")]
    pub acknowledged_at: Option<Timestamp>,
    #[serde(default, with = "rfc3339_ms::option")]
    pub silenced_until: Option<Timestamp>,
    #[serde(default)]
    pub silenced_by: Option<PersonId>,
    #[serde(default)]
    pub silenced_because: Option<String>,
}
