//! The chance to meet a target, with how sure so many exercises make of it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::Sampled;
use crate::time::millis;

/// Of a normal distribution: nineteen of twenty lie within so many standard deviations.
const Z: f64 = 1.959_964;

/// `P(RTO ≤ target)`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeetsTarget {
    /// `RTO`, `RTO tier 1`.
    pub name: String,
    #[serde(rename = "target_ms", with = "millis")]
    pub target: Duration,
    pub met: usize,
    pub of: usize,
    pub chance: f64,
    /// Between these two it lies, nineteen times of twenty (Wilson's interval).
    pub low: f64,
    pub high: f64,
}

pub(super) fn of(samples: &[Sampled]) -> Vec<MeetsTarget> {
    let mut targets: BTreeMap<&str, (Duration, usize)> = BTreeMap::new();
    for (name, (target, met)) in samples.iter().flat_map(|sample| &sample.targets) {
        targets.entry(name).or_insert((*target, 0)).1 += usize::from(*met);
    }
    // An exercise in which a tier was not hit at all says nothing against it: of how many it was measured counts.
    let of = |name: &str| samples.iter().filter(|sample| sample.targets.contains_key(name)).count();
    targets.into_iter().map(|(name, (target, met))| MeetsTarget::new(name, target, met, of(name))).collect()
}

impl MeetsTarget {
    #[allow(clippy::cast_precision_loss)]
    fn new(name: &str, target: Duration, met: usize, of: usize) -> Self {
        let (n, p) = (of as f64, met as f64 / of.max(1) as f64);
        let around = 1.0 + Z * Z / n;
        let middle = (p + Z * Z / (2.0 * n)) / around;
        let reach = Z / around * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let share = |share: f64| (share.clamp(0.0, 1.0) * 1000.0).round() / 1000.0;
        let (low, high) = (share(middle - reach), share(middle + reach));
        Self { name: name.to_owned(), target, met, of, chance: share(p), low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_every_time_is_not_certain() {
        let always = MeetsTarget::new("RTO", Duration::from_secs(900), 200, 200);
        assert!((always.chance, always.high) == (1.0, 1.0) && (0.97..0.99).contains(&always.low), "{always:?}");
        let mostly = MeetsTarget::new("RTO", Duration::from_secs(900), 166, 200);
        assert!((0.77..0.78).contains(&mostly.low) && (0.87..0.88).contains(&mostly.high), "{mostly:?}");
    }
}
