//! Flapping: how often the last results differ from the one before, newer changes weighing more.

use std::collections::VecDeque;

const RESULTS: usize = 21;
const AT_LEAST: usize = 10;
const ON: f64 = 0.30;
const OFF: f64 = 0.15;

/// The last results of one check and the badge that follows from them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Flapping<T> {
    results: VecDeque<T>,
    on: bool,
}

impl<T> Default for Flapping<T> {
    fn default() -> Self {
        Self { results: VecDeque::new(), on: false }
    }
}

impl<T: PartialEq> Flapping<T> {
    pub(super) fn add(&mut self, result: T) {
        self.results.push_back(result);
        while self.results.len() > RESULTS {
            self.results.pop_front();
        }
        if self.results.len() >= AT_LEAST {
            let share = self.share();
            self.on = if self.on { share >= OFF } else { share >= ON };
        }
    }

    pub(super) const fn on(&self) -> bool {
        self.on
    }

    /// Weighted share of changes: 0.8 for the oldest pair of neighbours to 1.2 for the newest.
    #[allow(clippy::cast_precision_loss)]
    fn share(&self) -> f64 {
        let pairs = self.results.len().saturating_sub(1);
        let step = 0.4 / (pairs.saturating_sub(1).max(1)) as f64;
        let changes: f64 = self
            .results
            .iter()
            .zip(self.results.iter().skip(1))
            .enumerate()
            .filter(|(_, (before, after))| before != after)
            .map(|(at, _)| 0.8 + step * at as f64)
            .sum();
        changes / pairs.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(results: impl IntoIterator<Item = bool>) -> Flapping<bool> {
        let mut flapping = Flapping::default();
        for result in results {
            flapping.add(result);
        }
        flapping
    }

    #[test]
    fn results_that_alternate_flap_once_there_are_ten() {
        assert!(!after((0..9).map(|at| at % 2 == 0)).on());
        assert!(after((0..10).map(|at| at % 2 == 0)).on());
    }

    #[test]
    fn one_outage_is_no_flapping() {
        assert!(!after((0..40).map(|at| at < 20)).on());
    }

    #[test]
    fn flapping_ends_below_the_low_mark_only() {
        let mut flapping = after((0..21).map(|at| at % 2 == 0));
        for _ in 0..10 {
            flapping.add(true);
        }
        assert!(flapping.on(), "half of the window still alternates");
        for _ in 0..9 {
            flapping.add(true);
        }
        assert!(!flapping.on());
    }
}
