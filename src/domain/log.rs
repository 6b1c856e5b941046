//! An entry of the incident log, and what it may say.

mod chain;
mod event;
mod exercise;
mod line;

pub use chain::*;
pub use event::*;
pub use exercise::*;
pub use line::*;
