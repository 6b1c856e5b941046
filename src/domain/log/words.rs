//! Words that entries are made of.

use serde::{Deserialize, Serialize};

use crate::ident::{ChannelId, PersonId, RunId, StepId};
use crate::people::Seat;
use crate::time::{Timestamp, rfc3339_ms};

/// Planned is a switchover with both sides healthy; forced is a failover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Planned,
    #[default]
    Forced,
}

impl Mode {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Forced => "forced",
        }
    }
}

/// The step in whose place a run is walked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    pub run: RunId,
    pub step: StepId,
}

/// `SEV1` (worst) to `SEV5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sev(pub u8);

impl std::fmt::Display for Sev {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SEV{}", self.0)
    }
}

/// What outsiders are told the incident is at, in the words of status pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentStatus {
    #[default]
    Investigating,
    Identified,
    FailingOver,
    Monitoring,
    Resolved,
}

impl IncidentStatus {
    pub const ALL: [Self; 5] =
        [Self::Investigating, Self::Identified, Self::FailingOver, Self::Monitoring, Self::Resolved];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::FailingOver => "failing over",
            Self::Monitoring => "monitoring",
            Self::Resolved => "resolved",
        }
    }
}

/// How an update reaches its audience.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A channel, as the estate names it.
    Channel(ChannelId),
    /// Copied by a person, who sends it.
    Clipboard,
    /// Written to a file of this path.
    File(String),
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Channel(channel) => f.write_str(channel.as_str()),
            Self::Clipboard => f.write_str("the clipboard"),
            Self::File(path) => write!(f, "the file {path}"),
        }
    }
}

/// Who agreed that a step may run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    pub by: PersonId,
    pub seat: Option<Seat>,
    /// "by phone, recorded by": the entry's author wrote it down for `by`.
    pub spoken: bool,
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
}
