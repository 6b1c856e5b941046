//! Whether the estate and its plans could be relied on now: runbooks against what was exercised of them, tools,
//! credentials and names against what was seen, the schedule of tests against what is known of the last ones.
//!
//! That a test was done is known from incidents (drills, exercises), from backups whose restore was proved, and from what
//! people wrote down. The newest counts.

mod evaluate;
#[cfg(test)]
mod evaluate_tests;
mod exercise;
mod facts;
mod leaving;
mod past;
mod programs;
mod record;
mod report;
mod rows;
mod sound;
mod standing;
#[cfg(test)]
mod tests;
mod tools;
mod walk;

pub use evaluate::{Evidence, evaluate};
pub use exercise::unexercised;
pub use facts::{AccountFact, DiskFact, Facts, FileFact, Login, LoginFact, NameFact, Seen, TemplateFact};
pub use leaving::{Fate, Need, Surroundings, leaving};
pub use past::{Held, Past, Rehearsal};
pub use programs::{Programs, how_to_get, programs};
pub use record::{TestRecord, TestResult};
pub(crate) use report::summary;
pub use report::{Area, Exercised, Readiness, Row, RowKey, Verdict};
pub(crate) use standing::readiness;
pub use standing::{LastTest, Proof, ReadinessStatus, Standing};
pub use tools::{Tools, tools};
pub use walk::{Did, Walk, WalkEnd, WalkedStep, text_of};
