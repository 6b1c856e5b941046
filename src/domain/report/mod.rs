//! The record people ask for afterwards: timeline, metrics, exports.

mod brief;
mod chart;
mod checklist;
mod exceptions;
mod exposition;
mod mark;
mod metrics;
mod page;
mod points;
mod public;
mod render;
mod sentence;
mod size;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod waits;

pub use brief::{Brief, Line, Part, Weight};
pub use chart::{Allowance, Bar, Chart, Group, Moment, Outcome, Stretch};
pub use checklist::{Printed, Sheet};
pub use exceptions::{Exception, exceptions, left_open};
pub use exposition::{Exposed, Runbooks, prometheus};
pub use mark::Mark;
pub(crate) use metrics::still_broken;
pub use metrics::{Endpoint, Loss, Metrics, Point, TierResult, metrics, verdict_word};
pub use page::{Block, Cell, Figure, Item, Page, Row, Section, Source, Table, marks, signed_sentence, watermark};
pub use public::{Display, Names, Published};
pub use sentence::{Sentence, entry_sentence};
pub use size::size;
