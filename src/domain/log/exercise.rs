//! What the log says of an exercise.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ident::{IncidentId, PersonId, RegionId};
use crate::time::Timestamp;

/// An exercise begins: everything that its course depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartEx {
    /// Of the log; the incident that players declare has the same.
    pub incident: IncidentId,
    /// For people: `EX-2026-0003`.
    pub label: String,
    /// The file's name without its ending.
    pub scenario_name: String,
    /// The scenario's text, with `$FROM` and so on as it is written.
    pub scenario: String,
    /// What these names stand for here.
    pub names: BTreeMap<String, String>,
    pub seed: u64,
    pub speed: u32,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    /// Nothing is simulated: people tick and talk.
    pub paper: bool,
    /// It plays itself.
    pub automatic: bool,
    /// The estate's text, secret-free.
    pub estate: String,
}

/// What made an inject fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Firing {
    Schedule,
    Facilitator,
}

/// How an action was performed (HSEEP).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rating {
    /// Performed without challenges.
    P,
    /// Performed with some challenges.
    S,
    /// Performed with major challenges.
    M,
    /// Unable to be performed.
    U,
}

impl Rating {
    pub const ALL: [Self; 4] = [Self::P, Self::S, Self::M, Self::U];

    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::P => 'P',
            Self::S => 'S',
            Self::M => 'M',
            Self::U => 'U',
        }
    }

    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::P => "performed without challenges",
            Self::S => "performed with some challenges",
            Self::M => "performed with major challenges",
            Self::U => "unable to be performed",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LessonKind {
    Strength,
    Improvement,
    /// Something to be done, by somebody, until a day.
    Action,
}

/// What people take from an exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    pub kind: LessonKind,
    pub text: String,
    pub owner: Option<PersonId>,
    #[serde(with = "crate::time::rfc3339_ms::option", default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// What became of one database's writes in the simulated world: the truth that an estimate of loss is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Acknowledged, and on no side any more.
    pub lost_writes: u64,
    pub lost_bytes: u64,
    /// From the last write that was kept to the last that was not.
    #[serde(rename = "lost_ms", with = "crate::time::millis")]
    pub lost: Duration,
    /// Taken by one of two primaries alone, and to be merged by hand.
    #[serde(default)]
    pub diverged_writes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndEx {
    /// What was to be done is done, or the facilitator has seen enough.
    Finished,
    /// The scenario's time is over.
    TimeOver,
    /// Something real goes on.
    RealWorld,
    /// Nobody is there any more.
    Abandoned,
}

impl EndEx {
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::TimeOver => "time over",
            Self::RealWorld => "REAL WORLD",
            Self::Abandoned => "abandoned",
        }
    }
}
