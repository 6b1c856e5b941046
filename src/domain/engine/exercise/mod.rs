//! An exercise as the fold of its log: what was fired, read, answered, rated.

mod fold;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub(super) use fold::fold;

use crate::estate::Estate;
use crate::ident::{DatabaseId, Hash, InjectId, PersonId};
use crate::log::{Counted, EndEx, Firing, Kind, Lesson, Rating, StartEx};
use crate::scenario::{Inject, Scenario};
use crate::time::{Timestamp, since};

/// From StartEx on, whether or not an incident was declared.
#[derive(Clone, Debug)]
pub struct Exercise {
    pub start: StartEx,
    pub scenario: Arc<Scenario>,
    pub estate: Arc<Estate>,
    /// On the scenario's clock, as every time of this log.
    pub started_at: Timestamp,
    pub ended: Option<Ended>,
    pub injects: BTreeMap<InjectId, InjectState>,
    pub paused: bool,
    pub speed: u32,
    /// Of all speeds that it went at.
    pub fastest: u32,
    /// What was answered to questions about the simulated world.
    pub answers: BTreeMap<Hash, bool>,
    /// By the position of the expected action in the scenario; the last one counts.
    pub ratings: BTreeMap<usize, Rated>,
    pub lessons: Vec<Lesson>,
    pub notes: Vec<EvaluatorNote>,
    /// What became of writes in truth; empty until it is over.
    pub counted: BTreeMap<DatabaseId, Counted>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub at: Timestamp,
    pub why: EndEx,
    pub text: String,
}

/// An inject that is not here is pending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InjectState {
    Fired { at: Timestamp, by: Firing, acknowledged: Option<(PersonId, Timestamp)> },
    Skipped { at: Timestamp, by: PersonId, reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    pub rating: Rating,
    pub comment: String,
    pub by: PersonId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluatorNote {
    pub text: String,
    pub inject: Option<InjectId>,
    pub by: PersonId,
    pub at: Timestamp,
}

impl Exercise {
    #[must_use]
    pub const fn running(&self) -> bool {
        self.ended.is_none()
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        if self.start.paper { Kind::Paper } else { Kind::Drill }
    }

    /// Since StartEx, on the scenario's clock.
    #[must_use]
    pub fn elapsed(&self, now: Timestamp) -> Duration {
        since(self.ended.as_ref().map_or(now, |ended| ended.at), self.started_at)
    }

    /// Neither fired nor skipped, in the order of the scenario.
    pub fn pending(&self) -> impl Iterator<Item = &Inject> {
        self.scenario.injects.iter().filter(|inject| !self.injects.contains_key(&inject.id))
    }

    /// Delivered, and read by nobody yet, oldest first.
    #[must_use]
    pub fn unread(&self) -> Vec<(&Inject, Timestamp)> {
        let mut unread: Vec<_> = self
            .scenario
            .injects
            .iter()
            .filter(|inject| inject.is_delivered())
            .filter_map(|inject| match self.injects.get(&inject.id)? {
                InjectState::Fired { at, acknowledged: None, .. } => Some((inject, *at)),
                _ => None,
            })
            .collect();
        unread.sort_by_key(|(_, at)| *at);
        unread
    }

    /// When the impact began in truth: the first inject that did something to the world.
    #[must_use]
    pub fn impact_at(&self) -> Option<Timestamp> {
        let fired = self.scenario.injects.iter().filter(|inject| !inject.effect.is_empty());
        fired
            .filter_map(|inject| match self.injects.get(&inject.id)? {
                InjectState::Fired { at, .. } => Some(*at),
                InjectState::Skipped { .. } => None,
            })
            .min()
    }
}
