//! A figure over the last fifteen minutes, one per minute: what a sparkline draws.

use std::collections::VecDeque;

use crate::time::Timestamp;

const MINUTES: usize = 15;

/// One value a minute; within a minute a failure outweighs any value, and a later value an earlier one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trend(VecDeque<(i64, Option<u32>)>);

impl Trend {
    pub(crate) fn add(&mut self, at: Timestamp, value: Option<u32>) {
        let minute = at.as_second().div_euclid(60);
        match self.0.back_mut() {
            Some((last, kept)) if *last >= minute => *kept = kept.and(value),
            _ => {
                self.0.push_back((minute, value));
                while self.0.len() > MINUTES {
                    self.0.pop_front();
                }
            }
        }
    }

    /// Oldest first; minutes that nothing was measured in are not there.
    pub(crate) fn values(&self, now: Timestamp) -> Vec<Option<u32>> {
        let oldest = now.as_second().div_euclid(60) - MINUTES as i64;
        self.0.iter().filter(|(minute, _)| *minute > oldest).map(|(_, value)| *value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_keeps_fifteen_minutes_and_shows_failures_as_gaps() {
        let mut trend = Trend::default();
        for minute in 0..20 {
            trend.add(Timestamp::from_second(minute * 60).unwrap(), Some(10));
        }
        trend.add(Timestamp::from_second(19 * 60 + 10).unwrap(), None);
        trend.add(Timestamp::from_second(19 * 60 + 20).unwrap(), Some(3));
        let values = trend.values(Timestamp::from_second(19 * 60 + 30).unwrap());
        assert_eq!(values.len(), 15);
        assert_eq!(values.last(), Some(&None));
        assert_eq!(trend.values(Timestamp::from_second(3 * 3600).unwrap()), vec![]);
    }
}
