//! What the session tells of an exercise beyond its log, and the two clocks of the screen.

use std::sync::Arc;

use domain::console::Question;
use domain::engine::{Exercise, InjectState};
use domain::ident::PersonId;
use domain::log::Kind;
use domain::scenario::{Inject, Pace};
use domain::time::{Now, Timestamp};

use super::{Model, Scored};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conduct {
    /// `None`: no exercise, or none that has a clock of its own.
    pub pace: Option<Pace>,
    pub questions: Vec<Question>,
    /// What is red in the live estate.
    pub real_world: Option<String>,
    /// While somebody looks at what it says.
    pub scored: Option<Arc<Scored>>,
}

/// An inject that players got to read.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'a> {
    pub inject: &'a Inject,
    pub at: Timestamp,
    pub acknowledged: Option<(&'a PersonId, Timestamp)>,
}

impl Model {
    #[must_use]
    pub fn exercise(&self) -> Option<&Exercise> {
        self.state.exercise.as_deref()
    }

    /// Between StartEx and EndEx.
    #[must_use]
    pub fn exercising(&self) -> bool {
        self.exercise().is_some_and(Exercise::running)
    }

    /// What this is: the incident's kind, else the exercise's, else that of the estate.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let exercised = || self.exercise().map(|exercise| if exercise.start.paper { Kind::Paper } else { Kind::Drill });
        let incident = self.state.incident.as_ref().map(|incident| incident.kind);
        incident.or_else(exercised).unwrap_or(self.scene.kind)
    }

    /// Nothing is simulated: people talk and tick.
    #[must_use]
    pub fn on_paper(&self) -> bool {
        self.exercise().map_or(self.scene.kind == Kind::Paper, |exercise| exercise.start.paper)
    }

    /// An exercise or an incident goes on: time is counted, to the second.
    #[must_use]
    pub fn counts(&self) -> bool {
        let over = self.exercise().is_some_and(|exercise| !exercise.running());
        self.exercising() || (self.state.open().is_some() && !over)
    }

    /// The instant of a frame when the machine's clock says `real`: the scenario's in an exercise, whose clock stands
    /// still at EndEx.
    #[must_use]
    pub(crate) fn instant(&self, real: Now) -> Now {
        let now = self.conduct.pace.map_or(real, |pace| pace.at(real));
        match self.exercise().and_then(|exercise| exercise.ended.as_ref()) {
            Some(ended) => Now { wall: ended.at, ..now },
            None => now,
        }
    }

    /// Every message of the exercise so far, the oldest first.
    #[must_use]
    pub fn delivered(&self) -> Vec<Delivered<'_>> {
        let Some(exercise) = self.exercise() else { return Vec::new() };
        let texts = exercise.scenario.injects.iter().filter(|inject| inject.is_delivered());
        let mut delivered: Vec<_> = texts
            .filter_map(|inject| match exercise.injects.get(&inject.id)? {
                InjectState::Fired { at, acknowledged, .. } => {
                    Some(Delivered { inject, at: *at, acknowledged: acknowledged.as_ref().map(|(by, at)| (by, *at)) })
                }
                InjectState::Skipped { .. } => None,
            })
            .collect();
        delivered.sort_by_key(|message| message.at);
        delivered
    }

    /// Messages that nobody has acknowledged, while that can still be done.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.exercise().filter(|exercise| exercise.running()).map_or(0, |exercise| exercise.unread().len())
    }
}
