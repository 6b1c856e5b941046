//! How long things take when they do not always take the same.

use std::time::Duration;

use super::World;
use crate::execution::Resolved;
use crate::objective::Quantiles;

/// The ninth decile of the normal distribution.
const NINE_OF_TEN: f64 = 1.281_551_565_544_6;

impl World {
    /// What a step takes is drawn anew for each seed, step and attempt. `share` is by how much nine of ten stay below
    /// what it usually takes: with 0.5, nine of ten steps of 60 s take less than 90 s.
    #[must_use]
    pub fn with_spread(mut self, share: f64) -> Self {
        self.spread = (share > 0.0).then_some(share);
        self
    }

    /// What is expected, as quantiles.
    pub(super) fn usual(&self, expected: Duration) -> Quantiles {
        Quantiles { p50: expected, p90: expected.mul_f64(1.0 + self.spread.unwrap_or(0.0).min(100.0)) }
    }

    /// One of the times that lie between: as long as the middle, unless times are spread.
    pub(super) fn drawn(&self, takes: Quantiles, block: &Resolved) -> Duration {
        if self.spread.is_none() || takes.p50.is_zero() || takes.p90 <= takes.p50 {
            return takes.p50;
        }
        let far = takes.p90.as_secs_f64() / takes.p50.as_secs_f64();
        let sigma = far.ln() / NINE_OF_TEN;
        let normal = self.noise.of("takes").of(block.step.as_str()).normal(u64::from(block.attempt));
        // No further out than one of two hundred lies.
        takes.p50.mul_f64((sigma * normal.clamp(-2.6, 2.6)).exp().min(far * 4.0))
    }
}
