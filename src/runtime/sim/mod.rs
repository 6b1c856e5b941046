//! The simulated world on real time: its samples come as a scheduler's would, attempts take a moment and print lines.
//! No process and no network is in here.

mod attempt;
mod drive;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::console::OutputOf;
use domain::drill::{World, Write};
use domain::estate::Estate;
use domain::execution::ResolvedBlock;
use domain::ident::{DatabaseId, RegionId};
use domain::reading::{Health, Sample};
use domain::runbook::WorldLine;
use tokio::sync::{Notify, mpsc};

use super::clock;
use super::exec::BlockAnswer;
use super::postgres::WriteAnswer;

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
        let now = clock::now();
        let mut world = World::new(estate, seed);
        let history = world.history(now, PAST);
        let shared = Shared {
            world: Mutex::new(world),
            changed: Notify::new(),
            fails_at: Mutex::new(fails_after.map(|after| now.boot + after)),
        };
        (Self { shared: Arc::new(shared), expected: None, output: None }, history)
    }

    /// Lines that attempts print go there as well; those it has no room for are left out.
    #[must_use]
    pub fn printing_to(self, output: mpsc::Sender<(OutputOf, String)>) -> Self {
        Self { output: Some(output), ..self }
    }

    /// How long its author expects the next attempt to take: it is simulated at a tenth of that.
    #[must_use]
    pub const fn expecting(mut self, expected: Option<Duration>) -> Self {
        self.expected = expected;
        self
    }

    /// The region that serves goes dark, now. It fails once: failing it again does nothing.
    pub fn fail_primary(&self) {
        self.strike(|_| true);
    }

    /// Asks a guard or a verify.
    #[must_use]
    pub fn ask(&self, block: &ResolvedBlock) -> BlockAnswer {
        let answer = self.world().answer(block);
        BlockAnswer { passed: answer.passed, seen: answer.seen }
    }

    /// One write through the application's own path, as the simulated world takes it.
    #[must_use]
    pub fn try_write(&self, database: &DatabaseId, region: &RegionId) -> WriteAnswer {
        match self.world().try_write(database, region) {
            Write::Accepted => WriteAnswer::Accepted,
            Write::Refused(error) => WriteAnswer::Refused { error: error.to_owned() },
            Write::NoAnswer => WriteAnswer::NoAnswer { why: "no answer".to_owned() },
        }
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
