//! What may be done about a step, to choose from.

use domain::ident::{RunId, StepId};

use crate::action::Id;

/// An action in a menu, and why it cannot be taken now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    pub action: Id,
    pub why_not: Option<String>,
}

/// What may be done about one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    pub run: RunId,
    pub step: StepId,
    pub title: String,
    pub items: Vec<MenuItem>,
    pub cursor: usize,
}
