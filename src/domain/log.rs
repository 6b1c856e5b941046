//! An entry of the incident log, and what it may say.

mod chain;
mod event;
mod line;

pub use chain::*;
pub use event::*;
pub use line::*;
