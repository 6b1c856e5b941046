//! The record people ask for afterwards: timeline, metrics, exports.

mod checklist;
mod exceptions;
mod exposition;
mod metrics;
mod page;
mod plan;
mod points;
mod sentence;
mod size;
#[cfg(test)]
mod tests;
mod text;
mod timeline;

pub use checklist::{Printed, Sheet};
pub use exceptions::{Exception, exceptions, left_open};
pub use exposition::{Exposed, Runbooks, prometheus};
pub use metrics::{Endpoint, Loss, Metrics, Point, TierResult, metrics, verdict_word};
pub use page::markdown;
pub use sentence::{Mark, Sentence, entry_sentence};
pub use size::size;
pub use timeline::{marks, signed_sentence};
