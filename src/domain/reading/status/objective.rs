//! How the objectives stand.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ident::TierId;
use crate::objective::AtRisk;
use crate::time::millis;

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
    pub tier: Option<TierId>,
    #[serde(rename = "rto_ms", with = "millis::option")]
    pub rto: Option<Duration>,
    #[serde(rename = "rpo_ms", with = "millis::option")]
    pub rpo: Option<Duration>,
    pub at_risk: Option<AtRisk>,
    pub rpo_verdict: Verdict,
    pub rto_verdict: Verdict,
}
