//! Moments that nobody chose.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Small, seeded by the clock and printed on failure: moments need not be good random numbers.
pub(crate) struct Moments(u64);

impl Moments {
    pub(crate) fn new() -> Self {
        let seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
        println!("seed {seed}");
        Self(u64::from(seed) | 1)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// The one place where a test lets time pass: a kill is to come at any moment, not at a known one.
    pub(crate) fn pass(&mut self, at_most: Duration) {
        let micros = u64::try_from(at_most.as_micros()).unwrap();
        std::thread::sleep(Duration::from_micros(self.below(micros)));
    }
}
