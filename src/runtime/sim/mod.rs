//! The simulated world on a session's clock: its samples come as a scheduler's would, attempts take their time and print
//! lines. No process and no network is in here.

mod attempt;
mod drive;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::console::OutputOf;
use domain::drill::{World, count_writes};
use domain::engine::ExerciseAct;
use domain::estate::Estate;
use domain::execution::{ResolvedBlock, WriteAnswer};
use domain::ident::{DatabaseId, RegionId};
use domain::reading::{Health, Sample};
use domain::runbook::{WorldLine, world_lines};
use tokio::sync::{Notify, mpsc};

use super::clock::Clock;
use super::exec::BlockAnswer;
use super::questions::Questions;

/// What the world's past holds when it is first looked at: enough for trends and for the lag's history.
const PAST: Duration = Duration::from_secs(15 * 60);

/// The capability to act on a simulated world. Clones act on the same one.
#[derive(Clone, Debug)]
pub struct SimExec {
    shared: Arc<Shared>,
    expected: Option<Duration>,
    output: Option<mpsc::Sender<(OutputOf, String)>>,
}

#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    clock: Clock,
    /// Where a person answers what the world does not know; without one nobody does.
    questions: Option<Questions>,
    /// Something was ordered: the driver looks again.
    changed: Notify,
    /// When the serving region is to fail by itself, time since boot; taken when it did.
    fails_at: Mutex<Option<Duration>>,
}

impl SimExec {
    /// A healthy copy of the estate, and the samples of its last quarter of an hour, oldest first. With `fails_after`,
    /// the region that serves fails so long after now, unless it was failed before.
    #[must_use]
    pub fn new(estate: &Arc<Estate>, seed: u64, fails_after: Option<Duration>) -> (Self, Vec<Sample>) {
        let clock = Clock::machine();
        let fails_at = fails_after.map(|after| clock.boottime() + after);
        Self::of(World::new(estate, seed), clock, None, fails_at)
    }

    /// The world of an exercise, and the samples of its last quarter of an hour, oldest first. Steps take the time that
    /// they take in life.
    #[must_use]
    pub fn exercise(world: World, clock: Clock, questions: Questions) -> (Self, Vec<Sample>) {
        Self::of(world, clock, Some(questions), None)
    }

    fn of(
        mut world: World,
        clock: Clock,
        questions: Option<Questions>,
        fails_at: Option<Duration>,
    ) -> (Self, Vec<Sample>) {
        let history = world.history(clock.now(), PAST);
        let (changed, fails_at) = (Notify::new(), Mutex::new(fails_at));
        let shared = Shared { world: Mutex::new(world), clock, questions, changed, fails_at };
        (Self { shared: Arc::new(shared), expected: None, output: None }, history)
    }

    /// Lines that attempts print go there as well; those it has no room for are left out.
    #[must_use]
    pub fn printing_to(self, output: mpsc::Sender<(OutputOf, String)>) -> Self {
        Self { output: Some(output), ..self }
    }

    /// How long its author expects the next attempt to take. The demonstration takes a tenth of that.
    #[must_use]
    pub const fn expecting(mut self, expected: Option<Duration>) -> Self {
        self.expected = expected;
        self
    }

    /// The region that serves goes dark, now. It fails once: failing it again does nothing.
    pub fn fail_primary(&self) {
        self.strike(|_| true);
    }

    /// Asks a guard or a verify; in an exercise, the facilitator where the world does not know.
    #[must_use]
    pub fn ask(&self, block: &ResolvedBlock) -> BlockAnswer {
        let answer = self.world().answer(block);
        match (&self.shared.questions, answer.passed) {
            (Some(questions), None) => questions.ask(block),
            _ => BlockAnswer { passed: answer.passed, seen: answer.seen },
        }
    }

    #[must_use]
    pub fn questions(&self) -> Option<&Questions> {
        self.shared.questions.as_ref()
    }

    /// Changes the world as the lines of an inject say. What could not be done, and why.
    pub fn affect(&self, lines: &[String]) -> Vec<String> {
        let mut world = self.world();
        let read = world_lines(&lines.join("\n"), &BTreeMap::new());
        let refused = read.into_iter().filter_map(|line| line.and_then(|line| world.apply(&line)).err()).collect();
        drop(world);
        self.shared.changed.notify_one();
        refused
    }

    /// What became of the writes of every database, in truth.
    #[must_use]
    pub fn count_writes(&self) -> ExerciseAct {
        count_writes(&self.world())
    }

    pub fn end_faults(&self, over: impl Iterator<Item = usize>) {
        let mut world = self.world();
        over.for_each(|place| world.end_fault(place));
    }

    /// One write through the application's own path, as the simulated world takes it.
    #[must_use]
    pub fn try_write(&self, database: &DatabaseId, region: &RegionId) -> WriteAnswer {
        self.world().try_write(database, region)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails the region that serves, if it has not failed yet and `due` says so of the moment it was to fail.
    fn strike(&self, due: impl Fn(Duration) -> bool) {
        let mut fails_at = self.shared.fails_at.lock().unwrap_or_else(PoisonError::into_inner);
        if fails_at.take_if(|at| due(*at)).is_none() {
            return;
        }
        let mut world = self.world();
        if let Some(name) = world.serving_region().map(ToString::to_string) {
            let down = WorldLine::Health { name, region: None, health: Health::Down };
            if let Err(why) = world.apply(&down) {
                tracing::warn!(%why, "the simulated failure has no effect");
            }
        }
        drop(world);
        self.shared.changed.notify_one();
    }
}
