//! The two clocks of an exercise: the scenario's, which may be faster, and stands still while it is paused; and the wall's.

use std::time::Duration;

use crate::time::{Now, Timestamp, at_offset, since};

/// How fast an exercise may go, as choices on the screen.
pub const SPEEDS: [u32; 6] = [1, 2, 5, 10, 30, 60];

/// How the scenario's clock goes with the machine's, since it changed its pace last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The scenario's instant at `from`.
    scenario: Now,
    /// The machine's, at the same moment.
    from: Now,
    speed: u32,
    paused: bool,
}

impl Pace {
    /// Begins at `start` of the scenario, `now` of the machine.
    #[must_use]
    pub fn start(start: Now, now: Now, speed: u32) -> Self {
        Self { scenario: start, from: now, speed: speed.max(1), paused: false }
    }

    /// The scenario's instant when the machine's clocks say `now`.
    #[must_use]
    pub fn at(&self, now: Now) -> Now {
        if self.paused {
            return self.scenario;
        }
        self.scenario.after(now.boot.saturating_sub(self.from.boot) * self.speed)
    }

    /// The wall clock when the scenario's said `at`; for what was recorded since the pace last changed.
    #[must_use]
    pub fn wall_of(&self, at: Timestamp) -> Timestamp {
        at_offset(self.from.wall, since(at, self.scenario.wall) / self.speed)
    }

    /// How long the machine waits while so much passes in the scenario; `None` while it is paused.
    #[must_use]
    pub fn real(&self, span: Duration) -> Option<Duration> {
        (!self.paused).then(|| span / self.speed)
    }

    #[must_use]
    pub const fn speed(&self) -> u32 {
        self.speed
    }

    #[must_use]
    pub const fn paused(&self) -> bool {
        self.paused
    }

    /// From `now` on the scenario stands still.
    #[must_use]
    pub fn pause(self, now: Now) -> Self {
        Self { scenario: self.at(now), from: now, paused: true, ..self }
    }

    #[must_use]
    pub fn resume(self, now: Now) -> Self {
        Self { scenario: self.at(now), from: now, paused: false, ..self }
    }

    #[must_use]
    pub fn at_speed(self, speed: u32, now: Now) -> Self {
        Self { scenario: self.at(now), from: now, speed: speed.max(1), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(seconds: u64) -> Now {
        let wall = Timestamp::from_second(1_795_000_000 + i64::try_from(seconds).unwrap()).unwrap();
        Now { wall, boot: Duration::from_secs(100 + seconds) }
    }

    #[test]
    fn it_goes_faster_stands_still_and_goes_on_where_it_stood() {
        let pace = Pace::start(now(1000), now(0), 10);
        assert_eq!(pace.at(now(6)), now(1060));
        assert_eq!(pace.real(Duration::from_secs(60)), Some(Duration::from_secs(6)));
        let paused = pace.pause(now(6));
        assert_eq!((paused.at(now(99)), paused.real(Duration::from_secs(1))), (now(1060), None));
        let slower = paused.resume(now(100)).at_speed(1, now(101));
        assert_eq!(slower.at(now(105)), now(1074));
        assert_eq!(slower.wall_of(now(1074).wall), now(105).wall);
    }
}
