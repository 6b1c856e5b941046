//! The checklist on paper: what is left of a runbook when the console is dead, with boxes and blanks, commands in full,
//! and what was done already.

mod html;
mod markdown;
mod prose;
mod sheet;
#[cfg(test)]
mod tests;

use crate::engine::{Run, State};
use crate::reading::Board;
use crate::time::Timestamp;

pub use self::sheet::Sheet;

/// What a sheet is made of.
#[derive(Clone, Copy, Debug)]
pub struct Printed<'a> {
    pub state: &'a State,
    pub run: &'a Run,
    pub board: &'a Board,
    /// Whether the mode is known: until it is, steps of both modes are printed with their condition.
    pub mode_known: bool,
    /// The incident is open: its label stands on the page, and what was done in it.
    pub incident: bool,
    pub at: Timestamp,
}

impl Sheet {
    /// For a terminal, a wiki, a repository.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::page(self)
    }

    /// One file without anything outside it, for a printer: A4 or letter.
    #[must_use]
    pub fn html(&self) -> String {
        html::page(self)
    }
}
