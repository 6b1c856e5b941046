//! When each probe looks: at a fixed rate from its own phase, sooner while its results contradict its status, as the
//! real scheduler does.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::drill::noise::Noise;
use crate::estate::Estate;
use crate::reading::{Outcome, Sample};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Schedule {
    probes: Vec<Probe>,
    /// When each of them asks, or is answered, next.
    queue: BTreeSet<(Duration, usize)>,
}

/// What a probe looks at: places in the estate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Check(usize),
    Backup(usize),
    Connectivity,
}

#[derive(Clone, Debug, PartialEq)]
struct Probe {
    subject: Subject,
    noise: Noise,
    interval: Duration,
    phase: Duration,
    /// Results of one sort in a row that settle its status.
    fail_after: u32,
    recover_after: u32,
    due: Duration,
    /// Asked, not answered yet: what will be known.
    waiting: Option<Sample>,
    last_good: bool,
    in_a_row: u32,
}

/// What happens to a probe.
#[derive(Debug)]
pub(super) enum Happening {
    /// It asks: [`Schedule::wait`] says when it is answered, and what.
    Asks(usize, Subject, Noise),
    Answered(Sample),
}

impl Schedule {
    pub(super) fn new(estate: &Estate, noise: Noise) -> Self {
        let probe = |subject: Subject, interval: Duration, fail_after: u32, recover_after: u32, name: &str| Probe {
            subject,
            noise: noise.of(name),
            phase: interval.mul_f64(noise.of(name).share(0)),
            interval: interval.max(Duration::from_millis(100)),
            fail_after,
            recover_after,
            due: Duration::ZERO,
            waiting: None,
            last_good: true,
            in_a_row: u32::MAX,
        };
        // What is calculated is so by who reads the others.
        let looks = |check: &crate::estate::Check| !check.paused && check.kind.made_of().is_empty();
        let checks = estate.checks.iter().enumerate().filter(|(_, check)| looks(check)).map(|(place, check)| {
            probe(Subject::Check(place), check.interval, check.fail_after, check.recover_after, check.id.as_str())
        });
        let backups = estate.backups.iter().enumerate().map(|(place, backup)| {
            probe(Subject::Backup(place), backup.interval, 1, 1, &format!("backup {}", backup.id))
        });
        let own = estate.console.connectivity.iter();
        let own = own.map(|_| probe(Subject::Connectivity, Duration::from_secs(10), 1, 1, "connectivity"));
        Self { probes: checks.chain(backups).chain(own).collect(), queue: BTreeSet::new() }
    }

    pub(super) fn begin(&mut self, at: Duration) {
        for (place, probe) in self.probes.iter_mut().enumerate() {
            // The first look of the slow ones comes early: the first frame should know something.
            probe.due = at + probe.phase.min(Duration::from_secs(5));
            self.queue.insert((probe.due, place));
        }
    }

    /// The next moment at which something is asked or answered.
    pub(super) fn next(&self) -> Option<Duration> {
        self.queue.first().map(|(at, _)| *at)
    }

    /// The first of what happens by `now`.
    pub(super) fn take(&mut self, now: Duration) -> Option<Happening> {
        let (at, place) = self.queue.first().copied().filter(|(at, _)| *at <= now)?;
        self.queue.pop_first();
        let probe = self.probes.get_mut(place)?;
        let Some(sample) = probe.waiting.take() else {
            return Some(Happening::Asks(place, probe.subject, probe.noise));
        };
        probe.settle(at, &sample);
        self.queue.insert((probe.due, place));
        Some(Happening::Answered(sample))
    }

    pub(super) fn wait(&mut self, place: usize, until: Duration, sample: Sample) {
        if let Some(probe) = self.probes.get_mut(place) {
            probe.waiting = Some(sample);
            self.queue.insert((until, place));
        }
    }
}

impl Probe {
    fn settle(&mut self, at: Duration, sample: &Sample) {
        let good = matches!(sample.outcome, Outcome::Good { .. });
        self.in_a_row = if good == self.last_good { self.in_a_row.saturating_add(1) } else { 1 };
        self.last_good = good;
        let settled = self.in_a_row >= if good { self.recover_after } else { self.fail_after };
        let pause =
            if settled { self.interval } else { (self.interval / 3).max(Duration::from_secs(1)).min(self.interval) };
        self.due = (self.due + pause).max(at);
    }
}
