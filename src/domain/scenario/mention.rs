//! What a scenario names, and where in its file: for checks against what is at hand.

use std::ops::Range;

use super::{Milestone, StepFault};
use crate::ident::{InjectId, TestId};
use crate::runbook::WorldLine;

#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub span: Range<usize>,
    pub what: Mentioned,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Mentioned {
    /// An inject, where it is defined.
    Inject(InjectId),
    Milestone(Milestone),
    Effect(Vec<WorldLine>),
    Fault(StepFault),
    /// A test of the estate's schedule.
    Test(TestId),
    /// A runbook that the right answer walks.
    Walked(String),
    /// A variable of it.
    Value {
        runbook: String,
        name: String,
        value: String,
    },
}
