//! The state machine of a run: what a step may do next, what was confirmed, what came of it.

mod danger;
mod outcome;
mod resolved;

pub use danger::*;
pub use outcome::*;
pub use resolved::*;
