//! The run against its objectives as data: what was done when, beside the time each tier had. Who draws it decides how.

mod build;
mod svg;
#[cfg(test)]
mod tests;
mod text;
mod told;

use crate::reading::Verdict;
use crate::time::Timestamp;

use super::Point;

/// Steps as bars over time, over the time each tier had.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The first instant: the impact.
    pub from: Timestamp,
    /// The last; never the first.
    pub to: Timestamp,
    pub allowances: Vec<Allowance>,
    pub groups: Vec<Group>,
    pub moments: Vec<Moment>,
    /// Steps with a bar that began later, or for which there is no room.
    pub left_out: usize,
}

/// The time a tier had, and what of it was used.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowance {
    pub tier: String,
    /// Where its clock starts.
    pub from: Timestamp,
    /// When its time was over; may lie after the end of the chart.
    pub limit: Timestamp,
    pub recovered: Option<Timestamp>,
    pub verdict: Verdict,
}

/// The bars of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub title: String,
    pub bars: Vec<Bar>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// As the plan counts.
    pub number: usize,
    pub title: String,
    /// It is the point of no return.
    pub line: bool,
    /// Its attempts, in order; at least one.
    pub stretches: Vec<Stretch>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Timestamp,
    /// The same as `from` for what took no time: a tick, a skip.
    pub to: Timestamp,
    pub outcome: Outcome,
}

/// How a stretch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Succeeded,
    ByHand,
    Failed,
    Unknown,
    Skipped,
    Undone,
    /// Not yet.
    Open,
}

impl Outcome {
    pub const ALL: [Self; 7] =
        [Self::Succeeded, Self::ByHand, Self::Failed, Self::Unknown, Self::Skipped, Self::Undone, Self::Open];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::ByHand => "done by hand",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::Undone => "undone",
            Self::Open => "under way",
        }
    }

    /// Something ran.
    #[must_use]
    pub const fn tried(self) -> bool {
        !matches!(self, Self::ByHand | Self::Skipped)
    }
}

/// An instant that is marked over all bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub at: Timestamp,
    pub point: Point,
}

impl Chart {
    /// How far from the left `at` lies, 0 to 1; what lies outside is at its edge.
    #[must_use]
    pub fn share(&self, at: Timestamp) -> f64 {
        let whole = self.to.duration_since(self.from).as_secs_f64();
        (at.duration_since(self.from).as_secs_f64() / whole).clamp(0.0, 1.0)
    }

    /// All bars, in order.
    pub fn bars(&self) -> impl Iterator<Item = &Bar> {
        self.groups.iter().flat_map(|group| &group.bars)
    }
}
