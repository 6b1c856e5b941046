//! Keys between being pressed and being heard: those that begin a chord, and one that would act.

use std::time::Duration;

use crate::action::{Id, row};
use crate::keys::Key;
use crate::model::Model;

/// What was pressed of a chord. It waits for the rest without a clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefix {
    pub keys: Vec<Key>,
    /// It began in a burst: what comes of it does not act.
    pub(crate) burst: bool,
}

/// A key that would act on the world, held back until it is certain that it was pressed alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeldKey {
    pub key: Key,
    pub at: Duration,
    /// The keys of its chord that came before it.
    pub prefix: Option<Prefix>,
}

impl Model {
    /// The key of an action as this person has it, for a sentence: `S`, `g r`; without one its name in the palette.
    #[must_use]
    pub fn key(&self, id: Id) -> String {
        let palette = || self.own_key(Id::Palette).unwrap_or_default();
        self.own_key(id).unwrap_or_else(|| format!("{} {}", palette(), row(id).title))
    }

    /// The same; `None`: it has no key.
    #[must_use]
    pub fn own_key(&self, id: Id) -> Option<String> {
        self.ui.keymap.shown(self.ui.focus, id).map(ToString::to_string)
    }
}
