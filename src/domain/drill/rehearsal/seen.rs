//! What a player sees: the log as it folds, the readings, and the box of a step. Nothing of the world behind them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Chance, Rehearsal};
use crate::console::Prepared;
use crate::drill::reached;
use crate::engine::{Run, State, guard_questions, own_guards, resolve_step, with_override};
use crate::estate::Estate;
use crate::execution::Part;
use crate::ident::{RegionId, RunId, StepId};
use crate::objective::waits_for_tiers;
use crate::runbook::Step;
use crate::scenario::{Milestone, Scenario};
use crate::time::{Now, Timestamp};

/// The view of somebody in front of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'r>(&'r Rehearsal<'r>);

impl<'r> Seen<'r> {
    pub(super) const fn of(rehearsal: &'r Rehearsal<'r>) -> Self {
        Self(rehearsal)
    }

    pub(super) const fn now(&self) -> Now {
        self.0.now
    }

    pub(super) const fn state(&self) -> &'r State {
        &self.0.state
    }

    pub(super) fn estate(&self) -> &'r Estate {
        &self.0.kit.estate
    }

    /// What the team has agreed to do: the script of the one who plays it.
    pub(super) fn scenario(&self) -> &'r Scenario {
        &self.0.kit.scenario
    }

    pub(super) fn sides(&self) -> (Option<RegionId>, Option<RegionId>) {
        (self.0.kit.start.from.clone(), self.0.kit.start.to.clone())
    }

    pub(super) const fn chance(&self) -> Chance {
        self.0.chance
    }

    pub(super) fn reached(&self, milestone: &Milestone) -> Option<Timestamp> {
        reached(&self.0.state, milestone)
    }

    /// When the region was last seen well, while it is down.
    pub(super) fn last_good(&self, region: &RegionId) -> Option<Timestamp> {
        self.0.board.region_is_down(region).then(|| self.0.board.last_good(region)).flatten()
    }

    /// How long the step takes whoever does it by hand.
    pub(super) fn by_hand(&self, run: &Run, step: &Step) -> Duration {
        self.0.drawn(&run.name, Some(step), 0)
    }

    /// A tier is not back, or was not seen well for long enough.
    pub(super) fn tier_open(&self) -> bool {
        let incident = self.0.state.incident.as_ref();
        incident
            .is_some_and(|incident| waits_for_tiers(&self.0.kit.estate, incident, &self.0.board.services(self.0.now)))
    }

    /// The verify blocks of the step would pass now.
    pub(super) fn holds(&self, run: &Run, step: &Step) -> bool {
        self.0.holds_now(run.id, step)
    }

    /// The box of a step, with what its guards say now.
    pub(super) fn prepared(&self, run: &Run, step: &Step) -> Prepared {
        let (board, state, now) = (&self.0.board, &self.0.state, self.0.now);
        let mut guards = own_guards(state, board, run, step, now);
        let asked = guard_questions(board, run, step).into_iter().map(|question| {
            question.ask(now.wall, |block| {
                let (holds, seen) = self.0.foreseen(block);
                (Some(holds), seen)
            })
        });
        guards.extend(asked.map(|result| with_override(result, run.record(&step.id))));
        Prepared {
            run: run.id,
            step: step.id.clone(),
            part: Part::Run,
            resolved: resolve_step(board, run, &step.id, Part::Run).map(Box::new).map_err(|refusal| refusal.message),
            guards,
            asking: false,
            at_risk: BTreeMap::new(),
            records: None,
            at: now,
        }
    }

    pub(super) fn run(&self, id: RunId) -> Option<&'r Run> {
        self.0.state.run(id)
    }

    pub(super) fn step(&self, run: RunId, step: &StepId) -> Option<(&'r Run, &'r Step)> {
        let run = self.run(run)?;
        Some((run, run.step(step)?))
    }
}
