//! What the readiness comes to, as the status tells it.

use serde::{Deserialize, Serialize};

use crate::readiness::{Area, Readiness, Verdict, summary};
use crate::time::{Timestamp, rfc3339_ms};

/// How many rows there are of each verdict, and which are failing or overdue; `switchback check` has all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationStatus {
    #[serde(with = "rfc3339_ms")]
    pub evaluated_at: Timestamp,
    /// When tools, credentials and names were looked at.
    #[serde(with = "rfc3339_ms")]
    pub looked_at: Timestamp,
    pub failing: usize,
    pub overdue: usize,
    pub needs_verification: usize,
    pub due: usize,
    pub unknown: usize,
    pub ready: usize,
    /// Those that are failing or overdue.
    pub bad: Vec<EvaluatedRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluatedRow {
    pub area: Area,
    pub name: String,
    pub verdict: Verdict,
    /// The first of its reasons.
    pub because: Option<String>,
}

impl EvaluationStatus {
    #[must_use]
    pub fn of(report: &Readiness) -> Self {
        let bad = report.rows.iter().filter(|row| row.verdict.bad()).map(|row| EvaluatedRow {
            area: row.area,
            name: row.name.clone(),
            verdict: row.verdict,
            because: row.reasons.first().cloned(),
        });
        Self {
            evaluated_at: report.at,
            looked_at: report.looked_at,
            failing: report.count(Verdict::Failing),
            overdue: report.count(Verdict::Overdue),
            needs_verification: report.count(Verdict::NeedsVerification),
            due: report.count(Verdict::Due),
            unknown: report.count(Verdict::Unknown),
            ready: report.count(Verdict::Ready),
            bad: bad.collect(),
        }
    }

    /// `2 failing, 1 overdue, 14 ready`.
    #[must_use]
    pub fn summary(&self) -> String {
        summary(|verdict| self.count(verdict))
    }

    /// How many rows have this verdict.
    #[must_use]
    pub const fn count(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Failing => self.failing,
            Verdict::Overdue => self.overdue,
            Verdict::NeedsVerification => self.needs_verification,
            Verdict::Due => self.due,
            Verdict::Unknown => self.unknown,
            Verdict::Ready => self.ready,
        }
    }
}
