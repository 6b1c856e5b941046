//! The record people ask for afterwards: timeline, metrics, exports.

mod sentence;
mod size;

pub use sentence::{Mark, Sentence, entry_sentence};
pub use size::size;
