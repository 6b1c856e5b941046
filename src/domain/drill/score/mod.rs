//! Scoring an exercise from its log.

mod model;

pub use model::{ActionResult, InjectResult, Measure, Observed, Outcome, Score, WrongResult};
