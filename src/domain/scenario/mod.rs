//! A scenario of an exercise: what happens when, what is expected of the players, and what a good answer is measured
//! against. Written once for any estate; a log holds its text and the names it was bound to.

mod bind;
mod keys;
mod mention;
mod milestone;
mod model;
mod pace;
mod parse;
mod reference;

pub use bind::{Lack, NAMES, Names, names};
pub use mention::{Mention, Mentioned};
pub use milestone::{Choice, Milestone};
pub use model::*;
pub use pace::{Pace, SPEEDS};
pub use parse::{LIMIT, Parsed, needs, parse};
pub use reference::reference;
