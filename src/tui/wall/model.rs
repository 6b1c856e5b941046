//! What the wall shows, and which page of it.

use std::sync::Arc;
use std::time::Duration;

use domain::console::{Feed, Scene};
use domain::log::Kind;
use domain::reading::Status;
use domain::time::Now;

use crate::model::{Exit, Model};

/// One screenful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// The clocks, the tiers, the step whose turn it is; without an incident, how the estate is.
    Overview,
    /// Regions, replication, backups.
    Regions,
    Checklist,
    Timeline,
    /// Without an incident: what could be relied on.
    Readiness,
}

impl Page {
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Regions => "regions",
            Self::Checklist => "checklist",
            Self::Timeline => "timeline",
            Self::Readiness => "readiness",
        }
    }
}

/// The whole display.
#[derive(Clone, Debug)]
pub struct Wall {
    /// The console's own model, of which only what is shown is ever filled.
    pub model: Model,
    /// `None` until the first look.
    pub feed: Option<Feed>,
    /// As it was told; `model.status` is this, or, once it is too old to be believed, what is left of it.
    pub told: Option<Arc<Status>>,
    /// What the kernel does not hold back, and why.
    pub unconfined: Option<String>,
    pub page: Page,
    /// When it was turned to, since boot.
    pub turned_at: Duration,
    /// By a person, and not by itself.
    pub by_hand: bool,
    pub exit: Option<Exit>,
}

impl Wall {
    #[must_use]
    pub fn new(scene: Scene, now: Now, unconfined: Option<String>) -> Self {
        Self {
            model: Model::new(scene, now, 0),
            feed: None,
            told: None,
            unconfined,
            page: Page::Overview,
            turned_at: now.boot,
            by_hand: false,
            exit: None,
        }
    }

    /// What it is about: the incident's kind, else that of the readings.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let state = &self.model.state;
        let exercise = state.exercise.as_ref().map(|exercise| exercise.kind());
        let incident = state.incident.as_ref().map(|incident| incident.kind);
        let all = [Kind::Live, Kind::Lab, Kind::Demo, Kind::Drill, Kind::Paper];
        let told = || all.into_iter().find(|kind| self.told.as_ref().is_some_and(|told| told.kind == kind.word()));
        incident.or(exercise).or_else(told).unwrap_or(self.model.scene.kind)
    }

    /// An incident is shown, or an exercise, whether it goes on or is over.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.model.state.incident.is_some() || self.model.state.exercise.is_some()
    }

    /// Those there is something for, in their order.
    #[must_use]
    pub fn pages(&self) -> Vec<Page> {
        if !self.busy() {
            return vec![Page::Overview, Page::Regions, Page::Readiness];
        }
        let has = |page: &Page| match page {
            Page::Regions => self.kind() != Kind::Paper,
            Page::Checklist => self.model.run().is_some(),
            Page::Readiness => false,
            Page::Overview | Page::Timeline => true,
        };
        let all = [Page::Overview, Page::Regions, Page::Checklist, Page::Timeline, Page::Readiness];
        all.into_iter().filter(has).collect()
    }
}
