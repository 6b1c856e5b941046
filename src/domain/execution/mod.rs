//! The state machine of a run: what a step may do next, what was confirmed, what came of it.

mod danger;
mod look;
mod outcome;
mod place;
mod polling;
mod resolve;
mod resolved;
mod values;
mod write;

pub use danger::*;
pub use look::Look;
pub use outcome::*;
pub use polling::{Looked, Polled, Polling, breaks_hold, hold_pace};
pub use resolve::*;
pub use resolved::*;
pub use values::{RunContext, applicable, known_values, values_of_conditions};
pub use write::WriteAnswer;
