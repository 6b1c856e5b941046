//! Alerts, as they stand.

use serde::{Deserialize, Serialize};

use crate::ident::{AlertKey, PersonId, RegionId, ServiceId};
use crate::time::{Timestamp, rfc3339_ms};

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
