//! Where the primary's log was, and when: the honest base of lag and loss.
//!
//! A standby's position looked up here says when the primary passed it. That needs no writes and no common clock, and
//! it outlives the primary.

use std::time::Duration;

use super::Lsn;
use crate::time::{Now, Timestamp, since};

/// Pairs kept; beyond it the older half is thinned, which widens intervals and never falsifies them.
const KEPT: usize = 720;

/// The primary's end of log at one poll, known to be so at some moment from `began` to `ended`, by our clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Position {
    pub(crate) began: Timestamp,
    pub(crate) ended: Timestamp,
    pub(crate) end: Lsn,
}

impl Position {
    /// `at` may be the start or the end of the poll: the window covers both.
    pub(crate) fn of(measured: Now, took: Option<Duration>, end: Lsn) -> Self {
        let took = took.unwrap_or_default();
        Self {
            began: measured.wall.checked_sub(took).unwrap_or(measured.wall),
            ended: crate::time::at_offset(measured.wall, took),
            end,
        }
    }
}

/// Positions of one primary, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Positions(Vec<Position>);

/// When the primary passed a position: after `after` (everything until then is held), at the latest at `before`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Passed {
    pub(crate) after: Option<Timestamp>,
    pub(crate) before: Option<Timestamp>,
    /// Between the two, by the bytes: an estimate.
    pub(crate) about: Option<Timestamp>,
}

impl Positions {
    /// A log that goes backwards was lost in a crash, a clock that does was set: what was known before is void.
    pub(crate) fn add(&mut self, position: Position) {
        if self.0.last().is_some_and(|last| position.end < last.end || position.ended < last.ended) {
            self.0.clear();
        }
        if let [.., before, last] = self.0.as_mut_slice()
            && before.end == last.end
            && last.end == position.end
        {
            *last = position;
            return;
        }
        self.0.push(position);
        if self.0.len() > KEPT {
            let half = self.0.len() / 2;
            let mut at = 0;
            self.0.retain(|_| {
                at += 1;
                at > half || at % 2 == 1
            });
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What was known by `moment`: polls that were over then.
    pub(crate) fn by(&self, moment: Timestamp) -> View<'_> {
        View(&self.0[..self.0.partition_point(|position| position.ended <= moment)])
    }

    pub(crate) fn all(&self) -> View<'_> {
        View(&self.0)
    }
}

/// Positions up to some moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a>(&'a [Position]);

impl View<'_> {
    pub(crate) fn last(self) -> Option<Position> {
        self.0.last().copied()
    }

    pub(crate) fn passed(self, held: Lsn) -> Passed {
        let beyond = self.0.partition_point(|position| position.end <= held);
        let inside = beyond.checked_sub(1).and_then(|at| self.0.get(at));
        let outside = self.0.get(beyond);
        let about = match (inside, outside) {
            (Some(inside), Some(outside)) => Some(between(inside, outside, held)),
            (Some(inside), None) => Some(inside.ended),
            (None, _) => None,
        };
        Passed { after: inside.map(|inside| inside.began), before: outside.map(|outside| outside.ended), about }
    }

    /// The log is known to have grown after this.
    pub(crate) fn grew_after(self) -> Option<Timestamp> {
        let last = self.0.last()?;
        self.0.iter().rev().find(|position| position.end < last.end).map(|position| position.began)
    }
}

#[allow(clippy::cast_precision_loss)]
fn between(inside: &Position, outside: &Position, held: Lsn) -> Timestamp {
    let span = since(outside.ended, inside.began);
    let share = held.bytes_after(inside.end) as f64 / outside.end.bytes_after(inside.end).max(1) as f64;
    crate::time::at_offset(inside.began, span.mul_f64(share.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn add(positions: &mut Positions, second: i64, end: u64) {
        positions.add(Position { began: at(second), ended: at(second), end: Lsn(end) });
    }

    #[test]
    fn a_position_is_found_between_two_polls() {
        let mut positions = Positions::default();
        for (second, end) in [(0, 100), (10, 200), (20, 300)] {
            add(&mut positions, second, end);
        }
        let passed = positions.all().passed(Lsn(250));
        assert_eq!((passed.after, passed.before, passed.about), (Some(at(10)), Some(at(20)), Some(at(15))));
        assert_eq!(positions.all().passed(Lsn(50)).after, None, "before anything we know");
        assert_eq!(positions.all().passed(Lsn(300)).before, None, "not passed yet");
    }

    #[test]
    fn an_idle_primary_needs_two_pairs_only() {
        let mut positions = Positions::default();
        for second in 0..5000 {
            add(&mut positions, second, 100);
        }
        assert_eq!(positions.0.len(), 2);
        assert_eq!(positions.all().passed(Lsn(100)).after, Some(at(4999)));
    }

    #[test]
    fn memory_is_bounded_and_old_times_stay_findable() {
        let mut positions = Positions::default();
        for second in 0..100_000 {
            add(&mut positions, second, second.unsigned_abs() * 10);
        }
        assert!(positions.0.len() <= KEPT);
        let passed = positions.all().passed(Lsn(500_005));
        assert!(passed.after <= Some(at(50_000)) && passed.before >= Some(at(50_001)));
    }

    #[test]
    fn a_log_that_goes_back_starts_anew() {
        let mut positions = Positions::default();
        add(&mut positions, 0, 100);
        add(&mut positions, 10, 90);
        assert_eq!(positions.all().last().map(|last| last.end), Some(Lsn(90)));
        assert_eq!(positions.all().passed(Lsn(100)).before, None);
    }
}
