//! One check over time: results become a status by rise and fall, and age.

use std::time::Duration;

use super::flapping::Flapping;
use super::trend::Trend;
use super::{CheckStatus, Health, Outcome, Payload, Sample, age};
use crate::estate::{Check, FailWhen};
use crate::ident::RegionId;
use crate::time::{Now, human};

/// What one result says, before any threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Good,
    Soft,
    Bad,
}

/// What is known of one check.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Track {
    hard: Health,
    /// The last hard status that was known, and since when: a gap in the readings does not restart it.
    settled: Health,
    since: Option<Now>,
    /// Since when it is so without a gap in the readings.
    steady: Option<Now>,
    runs: Runs,
    flapping: Flapping<Level>,
    last: Option<Last>,
    /// Why the newest look told nothing, when it came after `last`.
    unlearned: Option<String>,
    last_good: Option<Now>,
    failing_since: Option<Now>,
    trend: Trend,
    pub(super) skew_ms: Option<i64>,
    pub(super) serving: Option<(RegionId, Now)>,
}

/// Results in a row, newest last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Runs {
    good: u32,
    not_good: u32,
    bad: u32,
    not_bad: u32,
    /// The last 64 results, the newest in the lowest bit: 1 for one that was bad.
    window: u64,
}

#[derive(Clone, Debug, PartialEq)]
struct Last {
    measured: Now,
    level: Level,
    latency: Option<Duration>,
    value: Option<String>,
    why: Option<String>,
}

/// A reading older than this is *stale*: three intervals, or longer when a probe may itself take that long.
#[must_use]
pub(crate) fn stale_after(interval: Duration, timeout: Duration) -> Duration {
    (interval * 3).max(interval + timeout * 2)
}

impl Track {
    /// A sample measured before the last one says nothing new.
    pub(super) fn newer_than(&self, sample: &Sample) -> bool {
        let measured = sample.moment();
        self.measured().is_some_and(|last| last.wall > measured.wall && age(last, measured).is_zero())
    }

    /// Takes one result in; `soft` is a soft condition that is not met although it answered well. Returns the status
    /// before and after when the hard status changed.
    pub(super) fn observe(&mut self, check: &Check, sample: &Sample, soft: Option<String>) -> Option<(Health, Health)> {
        let measured = sample.moment();
        if sample.clock_skew_ms.is_some() {
            self.skew_ms = sample.clock_skew_ms;
        }
        let Some(payload) = sample.outcome.payload() else {
            self.unlearned = sample.outcome.why().map(str::to_owned);
            return None;
        };
        self.unlearned = None;
        self.forget_after_a_gap(check, measured);
        let (level, why) = match (judge(check, sample), soft) {
            ((Level::Good, _), Some(soft)) => (Level::Soft, Some(soft)),
            (judged, _) => judged,
        };
        self.runs.add(level);
        let why =
            [why, self.runs.often_bad(check)].into_iter().flatten().reduce(|why, often| format!("{why}; {often}"));
        self.flapping.add(level);
        self.trend.add(sample.at, milliseconds(sample.latency).filter(|_| level != Level::Bad));
        if level == Level::Bad {
            self.failing_since.get_or_insert(measured);
        } else {
            self.failing_since = None;
            self.last_good = Some(measured);
        }
        if let Payload::Serving { region } = payload {
            self.serving = Some((region.clone(), measured));
        }
        self.last = Some(Last { measured, level, latency: sample.latency, value: value_of(payload), why });
        self.hard = self.runs.settle(self.hard, check);
        self.settle(measured)
    }

    /// Thresholds that were partly reached by readings without a network of our own start anew.
    pub(super) fn forget_counts(&mut self) {
        self.runs = Runs::default();
    }

    pub(super) fn health(&self, check: &Check, now: Now) -> Health {
        match &self.last {
            Some(last) if age(last.measured, now) > stale_after(check.interval, check.timeout) => Health::Stale,
            Some(_) => self.hard,
            None => Health::Unknown,
        }
    }

    /// Since when its status has been what it is, without a gap in the readings.
    pub(super) const fn steady(&self) -> Option<Now> {
        self.steady
    }

    pub(super) const fn last_good(&self) -> Option<Now> {
        self.last_good
    }

    /// First failure of those that still go on.
    pub(super) const fn failing_since(&self) -> Option<Now> {
        self.failing_since
    }

    pub(super) const fn flapping(&self) -> bool {
        self.flapping.on()
    }

    pub(super) fn measured(&self) -> Option<Now> {
        self.last.as_ref().map(|last| last.measured)
    }

    pub(super) fn latency(&self) -> Option<Duration> {
        self.last.as_ref().filter(|last| last.level != Level::Bad).and_then(|last| last.latency)
    }

    pub(super) fn why(&self) -> Option<&str> {
        self.unlearned.as_deref().or_else(|| self.last.as_ref().and_then(|last| last.why.as_deref()))
    }

    /// A failure was seen and it is not down yet.
    pub(super) fn suspect(&self, check: &Check) -> bool {
        self.hard != Health::Down && self.runs.bad_among(check.fail_when.map_or(1, FailWhen::of)) > 0
    }

    /// The newest result says something else than the status: worth a quick second look.
    pub(super) fn unsettled(&self) -> bool {
        self.last.as_ref().is_some_and(|last| {
            let said = match last.level {
                Level::Good => Health::Ok,
                Level::Soft => Health::Degraded,
                Level::Bad => Health::Down,
            };
            said != self.hard
        })
    }

    pub(super) fn status(&self, check: &Check, now: Now) -> CheckStatus {
        let status = self.health(check, now);
        CheckStatus {
            name: check.id.clone(),
            kind: check.kind.name().to_owned(),
            status,
            since: self.since.filter(|_| status != Health::Stale).map(|since| since.wall),
            value: self.last.as_ref().and_then(|last| last.value.clone()),
            error: self.why().map(str::to_owned),
            measured_at: self.measured().map(|measured| measured.wall),
            age: self.measured().map(|measured| age(measured, now)),
            latency: self.latency(),
            flapping: self.flapping(),
            suspect: self.suspect(check),
            critical: check.critical,
            trend: self.trend.values(now.wall),
        }
    }

    /// What was so before nobody looked for too long says nothing about now.
    fn forget_after_a_gap(&mut self, check: &Check, measured: Now) {
        let gap = self.measured().is_some_and(|last| age(last, measured) > stale_after(check.interval, check.timeout));
        if gap {
            self.hard = Health::Unknown;
            self.steady = None;
            self.runs = Runs::default();
            self.flapping = Flapping::default();
            self.failing_since = None;
        }
    }

    fn settle(&mut self, at: Now) -> Option<(Health, Health)> {
        if self.hard == Health::Unknown {
            return None;
        }
        self.steady.get_or_insert(at);
        if self.hard == self.settled {
            return None;
        }
        let from = std::mem::replace(&mut self.settled, self.hard);
        self.since = Some(at);
        self.steady = Some(at);
        Some((from, self.hard))
    }
}

impl Runs {
    const fn add(&mut self, level: Level) {
        self.window = self.window << 1 | matches!(level, Level::Bad) as u64;
        match level {
            Level::Good => {
                self.good += 1;
                self.not_bad += 1;
                self.bad = 0;
                self.not_good = 0;
            }
            Level::Soft => {
                self.not_bad += 1;
                self.not_good += 1;
                self.good = 0;
                self.bad = 0;
            }
            Level::Bad => {
                self.bad += 1;
                self.not_good += 1;
                self.good = 0;
                self.not_bad = 0;
            }
        }
    }

    /// Enough of the last results are bad, whatever came between them: `5 of the last 10 looks failed`.
    fn often_bad(self, check: &Check) -> Option<String> {
        let when = check.fail_when?;
        let bad = self.bad_among(when.of());
        (bad >= when.failures()).then(|| format!("{bad} of the last {} looks failed", when.of()))
    }

    fn bad_among(self, last: u32) -> u32 {
        self.window.unbounded_shl(u64::BITS - last.min(u64::BITS)).count_ones()
    }

    /// Where nothing is known yet, one answer tells; going down always takes `fail_after`.
    fn settle(self, before: Health, check: &Check) -> Health {
        let (fail_after, recover_after) = (check.fail_after.max(1), check.recover_after.max(1));
        if self.bad >= fail_after || self.often_bad(check).is_some() {
            return Health::Down;
        }
        match before {
            Health::Ok if self.not_good >= fail_after => Health::Degraded,
            Health::Degraded if self.good >= recover_after => Health::Ok,
            Health::Down if self.good >= recover_after => Health::Ok,
            Health::Down if self.not_bad >= recover_after => Health::Degraded,
            Health::Unknown | Health::Stale if self.good > 0 => Health::Ok,
            Health::Unknown | Health::Stale if self.not_bad > 0 => Health::Degraded,
            Health::Ok | Health::Degraded | Health::Down | Health::Stale | Health::Unknown => before,
        }
    }
}

fn judge(check: &Check, sample: &Sample) -> (Level, Option<String>) {
    match &sample.outcome {
        Outcome::Good { .. } => match (sample.latency, check.degraded_over) {
            (Some(took), Some(limit)) if took > limit => {
                (Level::Soft, Some(format!("slow: {} is over {}", human(took), human(limit))))
            }
            _ => (Level::Good, None),
        },
        Outcome::Soft { why, .. } => (Level::Soft, Some(why.clone())),
        Outcome::Bad { why, .. } | Outcome::Unknown { why } => (Level::Bad, Some(why.clone())),
    }
}

fn value_of(payload: &Payload) -> Option<String> {
    match payload {
        Payload::Text { text } => Some(text.clone()),
        Payload::Server { server } if server.in_recovery => Some("standby".to_owned()),
        Payload::Server { .. } => Some("primary".to_owned()),
        Payload::Serving { region } => Some(region.to_string()),
        Payload::Copies { copies } => Some(copies.text.clone()),
        Payload::Backup { .. } | Payload::Nothing => None,
    }
}

fn milliseconds(span: Option<Duration>) -> Option<u32> {
    span.map(|span| u32::try_from(span.as_millis()).unwrap_or(u32::MAX))
}
