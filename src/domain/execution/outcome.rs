//! What came of an attempt, a guard, a verify.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ident::Hash;
use crate::runbook::Else;
use crate::time::{Timestamp, millis, rfc3339_ms};

/// How one attempt ended. Written by the supervisor as `outcome.json`, and then into the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttemptOutcome {
    pub end: End,
    #[serde(with = "rfc3339_ms")]
    pub started_at: Timestamp,
    #[serde(with = "rfc3339_ms")]
    pub ended_at: Timestamp,
    /// Measured on the clock that goes on in suspend.
    #[serde(rename = "duration_ms", with = "millis")]
    pub duration: Duration,
    /// What `out=` and `$SWITCHBACK_OUT` gave.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    pub output: Option<OutputRef>,
    /// Last line of output or the error, sanitised, for people.
    #[serde(default)]
    pub summary: String,
    /// The text of a block that puts back what this one found, where the block itself knows: complete, so that undoing is
    /// one step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}

impl AttemptOutcome {
    /// What there is to say of its end in a line: why it ended so, or the last thing it printed where the reason is
    /// nothing but its exit code.
    #[must_use]
    pub fn said(&self) -> &str {
        match &self.end {
            End::Failed { exit: Some(code), why }
                if *why == format!("exit code {code}") && !self.summary.is_empty() =>
            {
                &self.summary
            }
            End::Failed { why, .. } | End::NotStarted { why } | End::Unknown { why } if !why.is_empty() => why,
            _ => &self.summary,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum End {
    /// It ended by itself, and its exit code is among the accepted ones.
    Succeeded { exit: Option<i32> },
    /// It ended by itself, wrongly.
    Failed { exit: Option<i32>, why: String },
    /// It never started, for certain: nothing happened.
    NotStarted { why: String },
    /// Its time was over and its processes were ended.
    TimedOut,
    /// A person stopped it.
    Cancelled,
    /// Whether it took effect cannot be told: the link was lost, its supervisor is gone.
    Unknown { why: String },
}

/// The whole output, beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputRef {
    /// Relative to the incident's folder.
    pub path: String,
    pub bytes: u64,
    pub sha256: Hash,
    /// The file ends before the output did (256 MiB).
    #[serde(default)]
    pub cut: bool,
}

/// What one line of a guard, or one guard block, said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuardResult {
    /// The line (`lag orders-db@us-west-2 < 5m`) or the block's language; stable within a step, names an override.
    pub name: String,
    pub verdict: GuardVerdict,
    /// The value seen: `1.2s`, `by statement: ana, instances stopped 02:13:50Z`.
    pub seen: String,
    #[serde(with = "rfc3339_ms")]
    pub evaluated_at: Timestamp,
    /// When what it rests on was measured; `None` for a block that was run.
    #[serde(default, with = "rfc3339_ms::option")]
    pub measured_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardVerdict {
    Pass,
    /// It does not hold.
    Fail,
    /// Stale, unknown, timed out: never passes.
    Unknown,
    /// A named person has to accept it (`loss` above its bound, `else=ask`).
    Ask,
    /// It does not hold, and its block says `else=skip`: the step is to be skipped.
    Skip,
    /// Overridden or accepted by a person; marked for ever.
    Overridden,
}

impl GuardVerdict {
    /// What a guard that was run says; `None`: it gave no answer.
    #[must_use]
    pub const fn of_answer(passed: Option<bool>, or_else: Else) -> Self {
        match (passed, or_else) {
            (Some(true), _) => Self::Pass,
            (None | Some(false), Else::Ask) => Self::Ask,
            (None, Else::Stop | Else::Skip) => Self::Unknown,
            (Some(false), Else::Stop) => Self::Fail,
            (Some(false), Else::Skip) => Self::Skip,
        }
    }

    #[must_use]
    pub const fn lets_through(self) -> bool {
        matches!(self, Self::Pass | Self::Overridden)
    }
}

/// What came of the verify blocks of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerifyResult {
    pub passed: bool,
    pub tries: u32,
    pub detail: String,
    #[serde(rename = "took_ms", with = "millis")]
    pub took: Duration,
}
