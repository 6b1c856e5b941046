//! Where a primary's log ended, and when.

use std::collections::VecDeque;
use std::time::Duration;

/// How far back positions are kept: what is further behind is told as if it were this far.
const MEMORY: Duration = Duration::from_secs(1200);

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Log {
    /// Between two of them it grew evenly.
    noted: VecDeque<(Duration, u64)>,
    /// The newest, noted or not.
    tip: (Duration, u64),
}

impl Log {
    /// Begins anew.
    pub(super) fn begin(&mut self, at: Duration, end: u64) {
        self.noted.clear();
        self.note(at, end);
    }

    /// It ended there, and how fast it grows may change now.
    pub(super) fn note(&mut self, at: Duration, end: u64) {
        self.tip = (at, end);
        if self.noted.back() != Some(&self.tip) {
            self.noted.push_back(self.tip);
        }
        while self.noted.front().is_some_and(|(first, _)| *first + MEMORY < at) {
            self.noted.pop_front();
        }
    }

    /// It grows at the same rate as since it was noted last.
    pub(super) fn reach(&mut self, at: Duration, end: u64) {
        self.tip = (at, end);
    }

    pub(super) fn noted(&self) -> (Duration, u64) {
        self.noted.back().copied().unwrap_or(self.tip)
    }

    /// When it was last written to.
    pub(super) fn tip(&self) -> Duration {
        self.tip.0
    }

    /// When the last of it was written: what was noted since then says only that nothing was.
    pub(super) fn written(&self) -> Duration {
        let reached = self.noted.partition_point(|(_, known)| *known < self.tip.1);
        self.noted.get(reached).map_or(self.tip.0, |(at, _)| *at)
    }

    /// Where it ended at `moment`.
    pub(super) fn end_at(&self, moment: Duration) -> u64 {
        let after = self.noted.partition_point(|(at, _)| *at <= moment);
        let Some((from, start)) = after.checked_sub(1).and_then(|at| self.noted.get(at)) else {
            return self.noted.front().unwrap_or(&self.tip).1;
        };
        let (to, end) = self.noted.get(after).unwrap_or(&self.tip);
        if moment >= *to {
            return *end;
        }
        let share = (moment - *from).as_secs_f64() / (*to - *from).as_secs_f64().max(f64::EPSILON);
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let moved = (end.saturating_sub(*start) as f64 * share) as u64;
        start + moved
    }

    /// When `end` was written.
    pub(super) fn time_of(&self, end: u64) -> Duration {
        let after = self.noted.partition_point(|(_, known)| *known <= end);
        let Some((from, start)) = after.checked_sub(1).and_then(|at| self.noted.get(at)) else {
            return self.noted.front().unwrap_or(&self.tip).0;
        };
        let (to, last) = self.noted.get(after).unwrap_or(&self.tip);
        if end >= *last {
            return (*to).max(*from);
        }
        #[allow(clippy::cast_precision_loss)]
        let share = (end - start) as f64 / (last - start).max(1) as f64;
        *from + to.saturating_sub(*from).mul_f64(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_moments_are_found_between_what_was_noted() {
        let second = Duration::from_secs;
        let mut log = Log::default();
        log.begin(second(10), 100);
        log.note(second(20), 200);
        log.reach(second(30), 400);
        assert_eq!([5, 10, 15, 20, 25, 30, 99].map(|at| log.end_at(second(at))), [100, 100, 150, 200, 300, 400, 400]);
        assert_eq!(log.written(), second(30));
        assert_eq!([0, 100, 150, 300, 400, 999].map(|end| log.time_of(end)), [10, 10, 15, 25, 30, 30].map(second));
        log.note(second(30), 400);
        log.note(second(900), 400);
        assert_eq!(log.written(), second(30), "nothing was written since then");
    }

    #[test]
    fn what_is_long_ago_is_forgotten() {
        let mut log = Log::default();
        for at in 0..5000 {
            log.note(Duration::from_secs(at), at);
        }
        assert!(log.noted.len() < 1300);
        assert_eq!(log.end_at(Duration::ZERO), log.noted[0].1);
    }
}
