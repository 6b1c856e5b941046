//! Evidence that the old side is fenced: a write the way of the application is tried, as a session does it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Rehearsal;
use crate::engine::{Command, fences_named, wants_try};
use crate::ident::{DatabaseId, RegionId, RunId, StepId};
use crate::runbook::CheckLine;

/// When a write was last tried on a side that should be fenced (time since boot).
#[derive(Debug, Default)]
pub(super) struct Fences(BTreeMap<(DatabaseId, RegionId), Duration>);

impl Rehearsal<'_> {
    /// Before a step is executed: of every side that its guards want fenced.
    pub(super) fn try_fences(&mut self, run: RunId, step: &StepId) {
        let named = self.state.run(run).and_then(|run| Some(fences_named(run, step, &run.step(step)?.guards)));
        for (database, region) in named.unwrap_or_default() {
            self.try_fence(&database, &region);
        }
    }

    /// While a verify waits for a fence: until there is evidence.
    pub(super) fn try_verified_fence(&mut self, line: &CheckLine) {
        let CheckLine::Fenced { database, region } = line else { return };
        let side = (database.clone(), region.clone());
        if wants_try(&self.state, &side, self.fences.0.get(&side).copied(), self.now.boot) {
            self.try_fence(database, region);
        }
    }

    fn try_fence(&mut self, database: &DatabaseId, region: &RegionId) {
        self.fences.0.insert((database.clone(), region.clone()), self.now.boot);
        let answer = self.world.try_write(database, region);
        if let Some(command) = Command::of_write(database.clone(), region.clone(), answer) {
            self.note(command);
        }
    }
}
