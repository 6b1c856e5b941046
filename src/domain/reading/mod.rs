//! Samples become readings: status with rise and fall, staleness, flapping, the roll-up of a region, the side that
//! serves, the order of candidates.

mod sample;
mod status;

pub use sample::*;
pub use status::*;
