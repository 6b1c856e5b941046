//! Recovery times in bins that people can read: of whole minutes, or of a round part of one.

use std::time::Duration;

use serde::Serialize;

use crate::time::millis;

/// So many bins at most.
const MOST: u32 = 16;

/// Widths to choose from, in seconds.
const WIDTHS: [u64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 14_400];

/// From `from` up to, and without, `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bin {
    #[serde(rename = "from_ms", with = "millis")]
    pub from: Duration,
    #[serde(rename = "to_ms", with = "millis")]
    pub to: Duration,
    pub count: usize,
}

/// `times` in order.
pub(super) fn of(times: &[Duration]) -> Vec<Bin> {
    let (Some(least), Some(most)) = (times.first(), times.last()) else { return Vec::new() };
    let fits = |width: &&u64| most.as_secs() / **width - least.as_secs() / **width < u64::from(MOST);
    let width = WIDTHS.iter().find(fits).copied().unwrap_or(86_400);
    let mut bins: Vec<Bin> = (least.as_secs() / width..=most.as_secs() / width)
        .map(|at| {
            let (from, to) = (Duration::from_secs(at * width), Duration::from_secs((at + 1) * width));
            Bin { from, to, count: 0 }
        })
        .collect();
    for time in times {
        let at = usize::try_from(time.as_secs() / width - least.as_secs() / width).unwrap_or_default();
        if let Some(bin) = bins.get_mut(at) {
            bin.count += 1;
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_in_one_bin_of_a_round_width() {
        let times: Vec<Duration> = [601, 660, 661, 719, 900, 1500].map(Duration::from_secs).to_vec();
        let bins = of(&times);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<usize>(), times.len());
        assert_eq!((bins[0].from, bins[0].to, bins[0].count), (Duration::from_secs(600), Duration::from_secs(660), 1));
        assert_eq!(bins[1].count, 3);
        assert!(bins.len() <= 16);
        assert_eq!(of(&[]), vec![]);
    }
}
