//! The record people ask for afterwards: timeline, metrics, exports.

mod sentence;

pub use sentence::{Mark, Sentence, entry_sentence};
