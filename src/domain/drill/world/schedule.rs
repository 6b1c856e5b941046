//! When each probe looks: at a fixed rate from its own phase, sooner while its results contradict its status, as the
//! real scheduler does.

use std::time::Duration;

use crate::drill::noise::Noise;
use crate::estate::Estate;
use crate::reading::{Sample, Source};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Schedule(Vec<Probe>);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Probe {
    pub(super) source: Source,
    interval: Duration,
    phase: Duration,
    /// Results of one sort in a row that settle its status.
    fail_after: u32,
    recover_after: u32,
    due: Duration,
    /// Asked, not answered yet: what will be known, and when.
    pub(super) waiting: Option<(Duration, Sample)>,
    last_good: bool,
    in_a_row: u32,
}

impl Schedule {
    pub(super) fn new(estate: &Estate, noise: Noise) -> Self {
        let probe = |source: Source, interval: Duration, fail_after: u32, recover_after: u32, name: &str| Probe {
            phase: interval.mul_f64(noise.of(name).share(0)),
            source,
            interval: interval.max(Duration::from_millis(100)),
            fail_after,
            recover_after,
            due: Duration::ZERO,
            waiting: None,
            last_good: true,
            in_a_row: u32::MAX,
        };
        let checks = estate.checks.iter().filter(|check| !check.paused).map(|check| {
            let source = Source::Check(check.id.clone());
            probe(source, check.interval, check.fail_after, check.recover_after, check.id.as_str())
        });
        let backups = estate.backups.iter().map(|backup| {
            probe(Source::Backup(backup.id.clone()), backup.interval, 1, 1, &format!("backup {}", backup.id))
        });
        let own = estate.console.connectivity.iter();
        let own = own.map(|_| probe(Source::Connectivity, Duration::from_secs(10), 1, 1, "connectivity"));
        Self(checks.chain(backups).chain(own).collect())
    }

    pub(super) fn begin(&mut self, at: Duration) {
        for probe in &mut self.0 {
            // The first look of the slow ones comes early: the first frame should know something.
            probe.due = at + probe.phase.min(Duration::from_secs(5));
        }
    }

    /// The next moment at which something is asked or answered.
    pub(super) fn next(&self) -> Option<Duration> {
        self.0.iter().map(|probe| probe.waiting.as_ref().map_or(probe.due, |(until, _)| *until)).min()
    }

    /// Places of the probes that ask at `now`.
    pub(super) fn asking(&self, now: Duration) -> Vec<usize> {
        let due = |(_, probe): &(usize, &Probe)| probe.waiting.is_none() && probe.due <= now;
        self.0.iter().enumerate().filter(due).map(|(place, _)| place).collect()
    }

    pub(super) fn probe(&mut self, place: usize) -> Option<&mut Probe> {
        self.0.get_mut(place)
    }

    /// What is answered by `now`, in order.
    pub(super) fn answered(&mut self, now: Duration) -> Vec<Sample> {
        let mut answered = Vec::new();
        for probe in &mut self.0 {
            if let Some((at, sample)) = probe.waiting.take_if(|(until, _)| *until <= now) {
                probe.settle(at, &sample);
                answered.push((at, sample));
            }
        }
        answered.sort_by_key(|(at, _)| *at);
        answered.into_iter().map(|(_, sample)| sample).collect()
    }
}

impl Probe {
    fn settle(&mut self, at: Duration, sample: &Sample) {
        let good = matches!(sample.outcome, crate::reading::Outcome::Good { .. });
        self.in_a_row = if good == self.last_good { self.in_a_row.saturating_add(1) } else { 1 };
        self.last_good = good;
        let settled = self.in_a_row >= if good { self.recover_after } else { self.fail_after };
        let pause =
            if settled { self.interval } else { (self.interval / 3).max(Duration::from_secs(1)).min(self.interval) };
        self.due = (self.due + pause).max(at);
    }
}
