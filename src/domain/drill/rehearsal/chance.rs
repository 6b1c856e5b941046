//! What differs between two exercises of one kind: how fast people react, how long steps take, ids. All of it comes from
//! the seed, and from what it is for.

use std::time::Duration;

use ulid::Ulid;

use crate::drill::noise::Noise;
use crate::objective::Quantiles;
use crate::time::Timestamp;

/// Spans are drawn in tenths of a second, so that the last bit of a logarithm shows nowhere.
const GRAIN: f64 = 10.0;
/// Of a normal distribution, the point that nine of ten stay below.
const P90: f64 = 1.281_551_565_545;
/// Nobody takes a thousand times as long.
const WIDEST: f64 = 2.5;
/// And nothing longer than a year.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chance(Noise);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(Noise::new(seed ^ 0xD1_11_5E_ED))
    }

    /// Evenly between the two, the `nth` time it is asked for.
    pub(super) fn between(self, what: &str, nth: u32, low: Duration, high: Duration) -> Duration {
        let share = self.0.of(what).share(u64::from(nth));
        grained(low.as_secs_f64() + share * high.saturating_sub(low).as_secs_f64())
    }

    /// From a distribution with this middle, and this point that nine of ten stay below: log-normal, as what people and
    /// machines take usually is.
    pub(super) fn drawn(self, what: &str, nth: u32, of: Quantiles) -> Duration {
        let (p50, p90) = (of.p50.as_secs_f64(), of.p90.as_secs_f64());
        if p50 <= 0.0 || p90 <= p50 {
            return of.p50;
        }
        let noise = self.0.of(what);
        let nth = u64::from(nth) * 2;
        let (radius, angle) = (noise.share(nth).max(f64::MIN_POSITIVE), noise.share(nth + 1));
        let normal = (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos();
        grained(p50 * ((p90 / p50).ln() / P90 * normal.clamp(-WIDEST, WIDEST)).exp())
    }

    /// The `nth` id, made at `at`.
    pub(super) fn id(self, nth: u64, at: Timestamp) -> Ulid {
        Self::made(self.0.of("id"), nth, at)
    }

    /// The id of something, made at `at`.
    pub(super) fn id_of(self, what: &str, at: Timestamp) -> Ulid {
        Self::made(self.0.of(what), 0, at)
    }

    fn made(noise: Noise, nth: u64, at: Timestamp) -> Ulid {
        let random = u128::from(noise.bits(nth * 2)) << 64 | u128::from(noise.bits(nth * 2 + 1));
        Ulid::from_parts(at.as_millisecond().unsigned_abs(), random)
    }
}

fn grained(seconds: f64) -> Duration {
    let longest = LONGEST.as_secs_f64();
    Duration::from_secs_f64((seconds.min(longest) * GRAIN).round() / GRAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_of_ten_drawn_stay_below_the_p90_and_half_below_the_middle() {
        let of = Quantiles { p50: Duration::from_secs(60), p90: Duration::from_secs(180) };
        let drawn: Vec<Duration> = (0..2000).map(|seed| Chance::new(seed).drawn("promote", 0, of)).collect();
        let share = |below: Duration| drawn.iter().filter(|span| **span <= below).count() * 100 / drawn.len();
        assert!((47..=53).contains(&share(of.p50)), "{}", share(of.p50));
        assert!((88..=92).contains(&share(of.p90)), "{}", share(of.p90));
        let wide = Quantiles { p50: Duration::from_millis(1), p90: Duration::from_secs(6_000_000_000) };
        assert!((0..200).all(|seed| Chance::new(seed).drawn("promote", 0, wide) <= LONGEST));
        assert_eq!(Chance::new(7).drawn("promote", 0, of), Chance::new(7).drawn("promote", 0, of));
    }
}
