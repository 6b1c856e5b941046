//! One line of the file.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Event;
use crate::ident::Hash;
use crate::people::Actor;
use crate::time::{Timestamp, millis};

/// What an incident is, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Live,
    Drill,
    Lab,
    Demo,
    Paper,
}

impl Kind {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Drill => "drill",
            Self::Lab => "lab",
            Self::Demo => "demo",
            Self::Paper => "paper",
        }
    }

    /// Commands of runbooks really run.
    #[must_use]
    pub const fn executes(self) -> bool {
        matches!(self, Self::Live | Self::Lab)
    }
}

/// The instant of a machine's clock that goes on in suspend, and which boot it counts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootClock {
    pub id: String,
    #[serde(rename = "ms", with = "millis")]
    pub at: Duration,
}

/// What is to be appended: all but what the journal assigns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// When it happened, which may be long before it is recorded.
    pub occurred_at: Timestamp,
    pub kind: Kind,
    pub actor: Actor,
    pub event: Event,
}

/// An acknowledged entry: it is on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    pub clock: BootClock,
    pub kind: Kind,
    pub actor: Actor,
    pub event: Event,
    /// Hash of the entry before; [`Hash::ZERO`] in the first.
    pub prev: Hash,
    /// Of this line's bytes up to `,"hash":`.
    pub hash: Hash,
}
