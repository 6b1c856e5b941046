//! What an exercise measured, beside what it was to reach.

use std::time::Duration;

use serde::Serialize;

use crate::ident::InjectId;
use crate::log::{EndEx, Lesson, Rating};
use crate::objective::AtRisk;
use crate::reading::Verdict;
use crate::time::{Timestamp, rfc3339_ms};

/// The result of one exercise: a function of its log alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    pub label: String,
    /// The scenario's file, without its ending.
    pub scenario: String,
    pub title: String,
    pub seed: u64,
    pub automatic: bool,
    #[serde(with = "rfc3339_ms")]
    pub started_at: Timestamp,
    /// `None` while it goes on.
    #[serde(with = "rfc3339_ms::option")]
    pub ended_at: Option<Timestamp>,
    pub ended: Option<EndEx>,
    pub outcome: Outcome,
    /// From 0 to 100, see [`super::score`].
    pub points: u8,
    /// Of the whole, see [`super::score`].
    pub rating: Rating,
    pub measures: Vec<Measure>,
    pub actions: Vec<ActionResult>,
    pub injects: Vec<InjectResult>,
    /// Wrong actions that were taken.
    pub wrong: Vec<WrongResult>,
    /// Guards overridden, steps skipped and so on, in words.
    pub exceptions: Vec<String>,
    /// Found by the score itself, before those that people added.
    pub strengths: Vec<String>,
    pub improvements: Vec<String>,
    pub lessons: Vec<Lesson>,
}

impl Score {
    /// The measure from the impact to the recovery of everything that was hit.
    pub const RTO: &str = "RTO";
    /// The same from the decision.
    pub const EXECUTION: &str = "RTO execution";
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every target met, every expected action taken in time, nothing wrong done, and something done at all.
    Passed,
    Failed,
    /// It goes on, or it was ended before it could be judged.
    Open,
}

impl Outcome {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Open => "open",
        }
    }
}

/// One measured figure beside its target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// `Detection`, `RTO`, `RTO tier 1`, `RPO orders-db`.
    pub name: String,
    /// As the figure is read by people: `2m15s`, `0 … 1.2s`; `None`: it was not reached, or is not known.
    pub measured: Option<String>,
    #[serde(rename = "measured_ms", with = "crate::time::millis::option")]
    pub span: Option<Duration>,
    /// Of a recovery point: an interval, and never one number.
    pub lost: Option<AtRisk>,
    #[serde(rename = "target_ms", with = "crate::time::millis::option")]
    pub target: Option<Duration>,
    /// *Not applicable* of what has no target, and is shown only.
    pub verdict: Verdict,
    /// Between which two instants it lies.
    pub basis: String,
}

/// An expected action and what was observed of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionResult {
    pub text: String,
    /// The milestone, in its words.
    pub action: String,
    /// From when on it was expected; `None`: that was never reached, and nothing was expected.
    #[serde(with = "rfc3339_ms::option")]
    pub from: Option<Timestamp>,
    #[serde(rename = "within_ms", with = "crate::time::millis::option")]
    pub within: Option<Duration>,
    #[serde(with = "rfc3339_ms::option")]
    pub observed_at: Option<Timestamp>,
    pub observed: Observed,
    /// As an evaluator rated it.
    pub rating: Option<Rating>,
    pub comment: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Observed {
    InTime,
    Late,
    Missed,
    /// What it answers never came.
    NotExpected,
    /// There is time left.
    Open,
}

impl Observed {
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::InTime => "in time",
            Self::Late => "late",
            Self::Missed => "missed",
            Self::NotExpected => "not expected",
            Self::Open => "open",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InjectResult {
    pub inject: InjectId,
    #[serde(with = "rfc3339_ms::option")]
    pub planned_at: Option<Timestamp>,
    #[serde(with = "rfc3339_ms::option")]
    pub fired_at: Option<Timestamp>,
    #[serde(with = "rfc3339_ms::option")]
    pub acknowledged_at: Option<Timestamp>,
    pub skipped: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WrongResult {
    pub text: String,
    pub action: String,
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
}
