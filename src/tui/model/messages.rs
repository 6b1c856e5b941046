//! The messages of an exercise: one that was delivered, and all of them to be read again.

use std::time::Duration;

use domain::ident::InjectId;

use super::{Delivered, Filter, LOOK, Model, Narrowed};

/// A message, open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageView {
    pub inject: InjectId,
    pub scroll: usize,
    pub(crate) opened: Duration,
}

impl MessageView {
    #[must_use]
    pub const fn new(inject: InjectId, now: Duration) -> Self {
        Self { inject, scroll: 0, opened: now }
    }

    /// A key pressed at `at` was meant for what stands in it.
    pub(crate) fn seen(&self, at: Duration) -> bool {
        at >= self.opened + LOOK
    }
}

/// Where the person stands in the list; `None`: on the newest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageList {
    pub cursor: Option<InjectId>,
    pub filter: Filter,
}

impl MessageList {
    /// Those that pass its filter, and what is left out.
    #[must_use]
    pub fn narrowed<'a>(&self, delivered: Vec<Delivered<'a>>) -> Narrowed<Delivered<'a>> {
        let terms = self.filter.terms(&[]);
        let says = |message: &Delivered<'_>| format!("{} {}", message.inject.from, message.inject.text);
        Narrowed::new(delivered, |message| terms.pass_text(&says(message)), |message| message.acknowledged.is_none())
    }

    #[must_use]
    pub fn position(&self, delivered: &[Delivered<'_>]) -> usize {
        let here = |id: &InjectId| delivered.iter().position(|message| message.inject.id == *id);
        self.cursor.as_ref().and_then(here).unwrap_or_else(|| delivered.len().saturating_sub(1))
    }
}

impl Model {
    #[must_use]
    pub fn message(&self, inject: &InjectId) -> Option<Delivered<'_>> {
        self.delivered().into_iter().find(|message| message.inject.id == *inject)
    }
}
