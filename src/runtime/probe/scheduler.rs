//! Each probe in a task of its own, at a fixed rate: a slow one delays no other, and none piles up.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::estate::Estate;
use domain::ident::CheckId;
use domain::reading::{Sample, Source};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::{Capability, Probe};

/// Looks that may begin at one host at a time, so that a host of many checks meets no burst.
const PER_HOST: usize = 16;
/// How long a look counts as beginning. One that has not been answered by then only waits, and waiting must not keep
/// others from their turn: of many checks of one host those that hang would make the rest late.
const BEGINNING: Duration = Duration::from_millis(100);
/// The first looks are spread over this, so that a console of many checks does not begin with a burst.
const FIRST_LOOKS: Duration = Duration::from_millis(500);

/// Between looks at our own network while a failure waits for one.
const IN_DOUBT: Duration = Duration::from_secs(1);

/// Running probes. Dropping it ends them all, and every command they started.
#[derive(Debug)]
pub struct Scheduler {
    paces: BTreeMap<Source, watch::Sender<Option<Duration>>>,
    tasks: JoinSet<()>,
}

impl Scheduler {
    /// Starts every probe of `estate`; samples go to `samples`. A probe waits until its sample is taken before it looks
    /// again, so at most one of each is under way. Must be called inside a runtime.
    #[must_use]
    pub fn start(estate: &Estate, samples: &mpsc::Sender<Sample>, capability: Capability) -> Self {
        let mut hosts: BTreeMap<String, Arc<Semaphore>> = BTreeMap::new();
        let mut paces = BTreeMap::new();
        let mut tasks = JoinSet::new();
        let random = RandomState::new();
        for probe in Probe::all(estate, capability) {
            let host = hosts.entry(probe.host().to_owned()).or_insert_with(|| Arc::new(Semaphore::new(PER_HOST)));
            let (pace, changes) = watch::channel(None);
            paces.insert(probe.source.clone(), pace);
            let timetable = Timetable::new(probe.interval, random.hash_one(&probe.source), Instant::now());
            let host = (!probe.host().is_empty()).then(|| Arc::clone(host));
            tasks.spawn(watch_over(probe, timetable, host, changes, samples.clone()));
        }
        Self { paces, tasks }
    }

    /// Looks at `check` this often from now on, measured from its last look; `None` returns to its own interval.
    pub fn hurry(&self, check: &CheckId, every: Option<Duration>) {
        self.set_pace(&Source::Check(check.clone()), every);
    }

    /// Looks at our own network at a pace that lets nobody wait for it, while failures are doubted.
    pub fn hurry_network(&self, doubts: bool) {
        self.set_pace(&Source::Connectivity, doubts.then_some(IN_DOUBT));
    }

    fn set_pace(&self, source: &Source, every: Option<Duration>) {
        if let Some(pace) = self.paces.get(source) {
            pace.send_if_modified(|now| std::mem::replace(now, every) != every);
        }
    }

    /// How many probes run.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }
}

async fn watch_over(
    probe: Probe,
    mut timetable: Timetable,
    host: Option<Arc<Semaphore>>,
    mut pace: watch::Receiver<Option<Duration>>,
    samples: mpsc::Sender<Sample>,
) {
    loop {
        tokio::select! {
            () = sleep_until(timetable.next) => {}
            changed = pace.changed() => {
                if changed.is_err() {
                    return;
                }
                timetable.set_pace(*pace.borrow_and_update(), Instant::now());
                continue;
            }
        }
        let turn = match &host {
            Some(host) => host.acquire().await.ok(),
            None => None,
        };
        timetable.look_begins(Instant::now());
        let sample = look_in_turn(&probe, turn).await;
        if samples.send(sample).await.is_err() {
            return;
        }
        if probe.never_looks() {
            // Nothing about it can change while this estate is loaded.
            return;
        }
        timetable.plan(Instant::now());
    }
}

async fn look_in_turn(probe: &Probe, turn: Option<SemaphorePermit<'_>>) -> Sample {
    let mut look = pin!(probe.look());
    if let Some(turn) = turn {
        tokio::select! {
            sample = &mut look => return sample,
            () = sleep(BEGINNING) => drop(turn),
        }
    }
    look.await
}

/// When a probe looks: on a grid that starts at a phase of its own, however long looks take.
#[derive(Debug)]
struct Timetable {
    interval: Duration,
    /// A point of the grid.
    phase: Instant,
    last: Option<Instant>,
    next: Instant,
    pace: Option<Duration>,
}

impl Timetable {
    fn new(interval: Duration, random: u64, now: Instant) -> Self {
        let interval = interval.max(Duration::from_millis(10));
        #[allow(clippy::cast_precision_loss)]
        let share = (random >> 11) as f64 / (1u64 << 53) as f64;
        let next = now + FIRST_LOOKS.min(interval).mul_f64(share);
        // The second look comes within an interval, anywhere in it: from then on the looks of many are spread evenly.
        let phase = next + interval.mul_f64(1.0 - share);
        Self { interval, phase, last: None, next, pace: None }
    }

    fn look_begins(&mut self, now: Instant) {
        self.last = Some(now);
    }

    fn set_pace(&mut self, pace: Option<Duration>, now: Instant) {
        self.pace = pace.filter(|pace| *pace < self.interval);
        if self.last.is_some() {
            self.plan(now);
        }
    }

    /// The next look: points of the grid that have passed are left out, never made up for.
    fn plan(&mut self, now: Instant) {
        let on_grid = if now < self.phase {
            self.phase
        } else {
            let passed = (now - self.phase).as_nanos() / self.interval.as_nanos() + 1;
            self.phase + self.interval * u32::try_from(passed).unwrap_or(u32::MAX)
        };
        self.next = match (self.pace, self.last) {
            (Some(pace), Some(last)) => (last + pace).max(now).min(on_grid),
            // A hurried look may have hung past a point of the grid: an interval after it is soon enough for the next.
            (None, Some(last)) if last + self.interval > now => (last + self.interval).min(on_grid),
            _ => on_grid,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    #[test]
    fn the_grid_does_not_drift_with_slow_looks() {
        let start = Instant::now();
        let mut timetable = Timetable::new(10 * S, 0, start);
        assert_eq!(timetable.next, start);
        timetable.look_begins(start);
        timetable.plan(start + S);
        assert_eq!(timetable.next, start + 10 * S);
        timetable.plan(start + 14 * S);
        assert_eq!(timetable.next, start + 20 * S);
        timetable.plan(start + 36 * S);
        assert_eq!(timetable.next, start + 40 * S);
    }

    #[test]
    fn a_hurried_check_is_looked_at_sooner_and_returns_to_its_grid() {
        let start = Instant::now();
        let mut timetable = Timetable::new(10 * S, 0, start);
        timetable.look_begins(start);
        timetable.plan(start);
        assert_eq!(timetable.next, start + 10 * S);
        timetable.set_pace(Some(3 * S), start + S);
        assert_eq!(timetable.next, start + 3 * S);
        timetable.look_begins(start + 3 * S);
        timetable.plan(start + 3 * S);
        assert_eq!(timetable.next, start + 6 * S);
        timetable.set_pace(None, start + 4 * S);
        assert_eq!(timetable.next, start + 10 * S);
    }

    #[test]
    fn a_hurried_look_that_hangs_past_the_grid_makes_the_next_no_later() {
        let start = Instant::now();
        let mut timetable = Timetable::new(10 * S, 0, start);
        timetable.look_begins(start + 6 * S);
        timetable.plan(start + 11 * S);
        assert_eq!(timetable.next, start + 16 * S);
        timetable.look_begins(start + 16 * S);
        timetable.plan(start + 16 * S);
        assert_eq!(timetable.next, start + 20 * S);
    }

    #[test]
    fn first_looks_are_spread_and_early() {
        let start = Instant::now();
        for random in [0, u64::MAX / 2, u64::MAX] {
            let timetable = Timetable::new(10 * S, random, start);
            assert!(timetable.next <= start + FIRST_LOOKS);
            assert!(timetable.phase >= timetable.next && timetable.phase <= timetable.next + 10 * S);
        }
    }
}
