//! A test that a person says was done: one line of JSON in the estate's list of tests.

use serde::{Deserialize, Serialize};

use crate::ident::{PersonId, TestId};
use crate::time::{Timestamp, rfc3339_ms};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TestResult {
    Pass,
    Fail,
}

impl TestResult {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "passed",
            Self::Fail => "failed",
        }
    }
}

/// What is written down. Lines are only ever added; the newest of a test counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRecord {
    pub test: TestId,
    /// When it was done.
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    #[serde(with = "rfc3339_ms")]
    pub recorded_at: Timestamp,
    pub by: PersonId,
    pub result: TestResult,
    #[serde(default)]
    pub note: Option<String>,
}
