//! When the blocks of a verify are asked, and what their answers come to: the same on a screen and in an exercise that
//! plays itself.

use std::time::Duration;

use super::VerifyResult;
use crate::time::human;

/// One verify block, asked until it passed so often in a row, or its time is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polling {
    every: Duration,
    within: Duration,
    passes: u32,
    /// Since boot.
    began: Duration,
    tries: u32,
    in_a_row: u32,
}

/// What one look at it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It is asked again after this.
    Again(Duration),
    Over(Polled),
}

/// What came of one block in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polled {
    pub passed: bool,
    pub tries: u32,
    pub seen: String,
}

impl VerifyResult {
    /// Of all blocks of a step together, polled side by side.
    #[must_use]
    pub fn of(blocks: &[Polled], took: Duration) -> Self {
        let seen: Vec<&str> = blocks.iter().map(|block| block.seen.as_str()).collect();
        Self {
            passed: blocks.iter().all(|block| block.passed),
            tries: blocks.iter().map(|block| block.tries).max().unwrap_or_default(),
            detail: seen.join(" · "),
            took,
        }
    }
}

impl Polling {
    #[must_use]
    pub const fn new(every: Duration, within: Duration, passes: u32, began: Duration) -> Self {
        Self { every, within, passes: if passes == 0 { 1 } else { passes }, began, tries: 0, in_a_row: 0 }
    }

    /// Takes an answer that came at `now` (time since boot).
    pub fn look(&mut self, passed: bool, seen: String, now: Duration) -> Looked {
        self.tries += 1;
        self.in_a_row = if passed { self.in_a_row + 1 } else { 0 };
        let tries = self.tries;
        if self.in_a_row >= self.passes {
            return Looked::Over(Polled { passed: true, tries, seen });
        }
        if now.saturating_sub(self.began) + self.every > self.within {
            let seen = format!("not within {}: {seen}", human(self.within));
            return Looked::Over(Polled { passed: false, tries, seen });
        }
        Looked::Again(self.every)
    }
}

/// How often a hold is looked at, whose blocks are asked at these paces.
#[must_use]
pub fn hold_pace(every: impl Iterator<Item = Duration>) -> Duration {
    every.min().unwrap_or(Duration::from_secs(5)).max(Duration::from_secs(1))
}

/// So many failures in a row break a hold whose block passes after `passes`.
#[must_use]
pub const fn breaks_hold(failures: u32, passes: u32) -> bool {
    failures > if passes > 2 { passes } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_passes_only_so_often_in_a_row_and_gives_up_when_its_time_is_over() {
        let second = Duration::from_secs(1);
        let mut polling = Polling::new(second, second * 4, 2, second * 100);
        let mut look = |passed, at: u32| polling.look(passed, "seen".to_owned(), second * (100 + at));
        assert_eq!(look(true, 0), Looked::Again(second));
        assert_eq!(look(false, 1), Looked::Again(second));
        assert_eq!(look(true, 2), Looked::Again(second));
        let mut late = Polling::new(second, second * 4, 2, second * 100);
        assert_eq!(look(true, 3), Looked::Over(Polled { passed: true, tries: 4, seen: "seen".to_owned() }));
        let over = late.look(false, "no".to_owned(), second * 104);
        assert_eq!(over, Looked::Over(Polled { passed: false, tries: 1, seen: "not within 4s: no".to_owned() }));
        assert!(!breaks_hold(2, 1) && breaks_hold(3, 1) && !breaks_hold(4, 4));
    }
}
