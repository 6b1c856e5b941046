//! A runbook: Markdown that reads well on paper, and the typed plan that is walked and executed from it.

mod model;

pub use model::*;
