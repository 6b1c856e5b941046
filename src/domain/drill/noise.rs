//! Noise that depends on a seed and on what it is for, not on the order of questions: the same seed gives the same
//! bytes, whatever else was asked in between.

/// A source of noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noise(u64);

/// One step of splitmix64 (Steele, Lea, Flood 2014): a full-period mixer of 64 bits.
const fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Noise {
    pub(super) const fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// The noise of one thing, apart from that of every other.
    pub(super) fn of(self, what: &str) -> Self {
        Self(what.bytes().fold(self.0, |state, byte| mix(state ^ u64::from(byte))))
    }

    /// 64 bits for one moment of it.
    pub(super) const fn bits(self, moment: u64) -> u64 {
        mix(self.0 ^ mix(moment))
    }

    /// From 0 to 1, for one moment of it.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn share(self, moment: u64) -> f64 {
        (self.bits(moment) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Around 0, as errors are, for one moment of it (Box, Muller 1958).
    pub(super) fn normal(self, moment: u64) -> f64 {
        let far = (-2.0 * (1.0 - self.share(moment)).max(f64::MIN_POSITIVE).ln()).sqrt();
        far * (std::f64::consts::TAU * self.of("turn").share(moment)).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_normal_lies_around_zero() {
        let noise = Noise::new(7);
        let drawn: Vec<f64> = (0..2000).map(|moment| noise.normal(moment)).collect();
        let below = |limit: f64| drawn.iter().filter(|value| **value < limit).count();
        assert!((900..1100).contains(&below(0.0)), "{}", below(0.0));
        assert!((1750..1850).contains(&below(1.28)), "{}", below(1.28));
    }

    #[test]
    fn noise_is_the_same_for_the_same_question_only() {
        let noise = Noise::new(7).of("api@us-east-1");
        assert_eq!(noise.share(3).to_bits(), Noise::new(7).of("api@us-east-1").share(3).to_bits());
        assert_ne!(noise.bits(3), noise.bits(4));
        assert_ne!(noise.bits(3), Noise::new(8).of("api@us-east-1").bits(3));
        assert_ne!(noise.bits(3), Noise::new(7).of("api@us-west-2").bits(3));
        let mean = (0..1000).map(|moment| noise.share(moment)).sum::<f64>() / 1000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }
}
