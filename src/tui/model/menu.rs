//! Lists to choose from: what may be done about a step, and every action by name.

use domain::ident::{RunId, StepId};

use super::Field;
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

/// Every action, found by typing some of its letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    pub query: Field,
    /// Best match first; those that cannot be taken now stand last.
    pub items: Vec<MenuItem>,
    pub cursor: usize,
}
