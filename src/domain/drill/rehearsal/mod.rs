//! An exercise that plays itself: the world, the readings and the engine of the screen, a scripted commander in front of
//! them, and simulated time that jumps from event to event. No thread, no clock, no file.

mod asks;
mod attempts;
mod chance;
mod commander;
mod conduct;
mod facilitator;
mod fences;
mod kit;
mod queue;
mod record;
mod seen;
mod spread;
#[cfg(test)]
mod tests;
mod verify;
mod watch;

use std::collections::BTreeMap;
use std::time::Duration;

pub use commander::{Commander, Manner};
pub use kit::{Kit, start_of};
pub use record::Ink;
pub use seen::Seen;
pub use spread::{Bin, Cost, CostOf, MeetsTarget, Quantiles, Sampled, Spread};

use self::attempts::Running;
use self::chance::Chance;
use self::conduct::Conduct;
use self::fences::Fences;
use self::queue::{Job, Queue};
use self::record::Record;
use self::verify::{Hold, Poll};
use self::watch::Watch;
use super::{World, exercise_world};
use crate::engine::{Exercise, State};
use crate::ident::{RunId, StepId};
use crate::log::Header;
use crate::objective::TierWatch;
use crate::reading::Board;
use crate::time::Now;

/// So long before StartEx the world is looked at, so that the readings are settled by then.
const PAST: Duration = Duration::from_secs(120);

/// Nothing is left unlooked at for longer than that.
const TICK: Duration = Duration::from_secs(1);

/// One exercise that is being played.
#[derive(Debug)]
pub struct Rehearsal<'k> {
    kit: &'k Kit,
    world: World,
    board: Board,
    state: State,
    now: Now,
    record: Record,
    chance: Chance,
    queue: Queue,
    conduct: Conduct,
    watch: Watch,
    tiers: TierWatch,
    fences: Fences,
    running: BTreeMap<(RunId, StepId), Running>,
    polls: BTreeMap<u64, Poll>,
    holds: BTreeMap<(RunId, StepId), Hold>,
}

/// What was played.
#[derive(Clone, Debug)]
pub struct Played {
    pub header: Header,
    pub state: State,
    /// The log, line by line; empty where it was not written.
    pub log: Vec<u8>,
}

/// How long it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// To EndEx.
    EndEx,
    /// Until everything that was hit is back: what comes after that changes no recovery time.
    Recovered,
}

impl<'k> Rehearsal<'k> {
    /// Everything is well, the exercise begins.
    #[must_use]
    pub fn new(kit: &'k Kit, seed: u64, ink: Ink) -> Self {
        let now = kit::begin(seed);
        let mut world = exercise_world(&kit.estate, seed, &kit.scenario);
        let mut board = Board::new(std::sync::Arc::clone(&kit.estate));
        for sample in world.history(now, PAST) {
            board.observe(&sample);
        }
        let chance = Chance::new(seed);
        let mut rehearsal = Self {
            record: Record::new(kit, (seed, now), chance, ink),
            world,
            board,
            state: State::default(),
            now,
            chance,
            queue: Queue::default(),
            conduct: Conduct::default(),
            watch: Watch::default(),
            tiers: TierWatch::default(),
            fences: Fences::default(),
            running: BTreeMap::new(),
            polls: BTreeMap::new(),
            holds: BTreeMap::new(),
            kit,
        };
        rehearsal.start_ex(seed);
        rehearsal.fire_due();
        rehearsal
    }

    /// Plays it to its end.
    #[must_use]
    pub fn play(mut self, mut commander: Commander, until: Until) -> Played {
        while self.goes_on(until) {
            self.pass(commander.next());
            for (actor, request) in commander.look(&Seen::of(&self)) {
                // What is refused changes nothing: whoever asked looks again, and tries something else.
                let _ = self.ask(&actor, request);
            }
        }
        let (header, log) = self.record.close();
        Played { header, state: self.state, log }
    }

    fn goes_on(&self, until: Until) -> bool {
        let running = self.state.exercise.as_deref().is_some_and(Exercise::running);
        running && !(until == Until::Recovered && self.watch.recovered)
    }

    /// Lets time pass until something happens, or the commander is to act; and does what is due by then.
    fn pass(&mut self, wanted: Option<Duration>) {
        let tick = self.now.boot + TICK;
        let to = [wanted, self.queue.next()].into_iter().flatten().fold(tick, Duration::min).max(self.now.boot);
        self.let_pass(self.now.after(to - self.now.boot));
        while let Some(job) = self.queue.take(self.now.boot) {
            self.take(job);
        }
        self.fire_due();
        self.watch_tiers();
    }

    fn take(&mut self, job: Job) {
        match job {
            Job::AttemptEnds { run, step, attempt } => self.attempt_ends(run, &step, attempt),
            Job::Retry { run, step, part } => self.retry(run, &step, part),
            Job::Look { poll, block } => self.look(poll, block),
            Job::LookAtHold { run, step } => self.look_at_hold(run, &step),
        }
    }
}
