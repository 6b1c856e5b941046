//! An entry of the incident log, and what it may say.

mod chain;
mod event;
mod exercise;
mod line;
mod words;

pub use chain::*;
pub use event::*;
pub use exercise::*;
pub use line::*;
pub use words::*;
