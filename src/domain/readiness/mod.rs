//! Whether what has to be practised was: the schedule of tests against what is known of the last ones.
//!
//! That a test was done is known from incidents (drills, exercises), from backups whose restore was proved, and from what
//! people wrote down. The newest counts.

mod past;
mod record;
mod standing;
#[cfg(test)]
mod tests;

pub use past::{Past, Rehearsal};
pub use record::{TestRecord, TestResult};
pub(crate) use standing::readiness;
pub use standing::{LastTest, Proof, ReadinessStatus, Standing};
