//! What keeps the pages from turning: something is broken, and the page that shows it stays.

use std::sync::LazyLock;

use domain::objective::{clocks, rows};
use domain::reading::{Status, Verdict};

use super::Page;
use crate::model::Model;

static NOTHING: LazyLock<Status> = LazyLock::new(Status::default);

/// The worst of what is broken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// Two sides take writes.
    SplitBrain,
    /// An objective of this name was not met, and its service is not back.
    Missed,
    /// Nothing is decided, and no tier can be met any more.
    TooLate,
}

impl Breach {
    /// Where it is seen.
    #[must_use]
    pub const fn page(self) -> Page {
        match self {
            Self::SplitBrain => Page::Regions,
            Self::Missed | Self::TooLate => Page::Overview,
        }
    }
}

/// `None`: nothing is broken, or nothing is counted.
#[must_use]
pub fn breach(model: &Model) -> Option<Breach> {
    let status = model.status.as_deref().unwrap_or(&NOTHING);
    if status.replication.iter().any(|copy| copy.split_brain) {
        return Some(Breach::SplitBrain);
    }
    let incident = model.state.open()?;
    let now = model.now.wall;
    let rows = rows(&incident.estate, Some(&model.state), status, &model.learned, now);
    let mut tiers = rows.iter().filter(|row| row.tier.is_some());
    let running = |row: &domain::objective::Row| row.clock.is_some_and(|clock| clock.stopped_at.is_none());
    if tiers.any(|row| running(row) && row.rto_verdict == Verdict::Missed) {
        return Some(Breach::Missed);
    }
    let clocks = clocks(&incident.estate, &model.state, status, &model.learned, now)?;
    let late = clocks.remaining.is_some() && clocks.deadline.is_none() && clocks.execution.is_none();
    (late && rows.iter().any(running)).then_some(Breach::TooLate)
}
