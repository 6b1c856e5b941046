//! An entry of the incident log, and what it may say.

mod event;
mod line;

pub use event::*;
pub use line::*;
