//! What a page is made of, and how outside text gets onto it.

use std::borrow::Cow;
use std::fmt;

use super::Cell;
use crate::engine::State;
use crate::ident::PersonId;
use crate::identity::{Keyring, Standing, Tally, standing};
use crate::log::Entry;
use crate::report::public::{NOTICE, Published, Scrub};
use crate::report::text::{Text, utc};
use crate::time::{TimeZone, Timestamp};

/// A folded log, for whom it is written, and what is known of it from outside.
pub struct Source<'a> {
    pub(super) state: &'a State,
    pub(super) damage: Option<&'a str>,
    standings: Cow<'a, [Standing]>,
    zone: Option<TimeZone>,
    text: Text,
    scrub: Option<&'a Scrub>,
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("damage", &self.damage).finish_non_exhaustive()
    }
}

impl<'a> Source<'a> {
    #[must_use]
    pub fn new(state: &'a State) -> Self {
        Self::judged(state, Cow::Owned(standings(state)))
    }

    fn judged(state: &'a State, standings: Cow<'a, [Standing]>) -> Self {
        Self { state, damage: None, standings, zone: None, text: Text::new(), scrub: None }
    }

    /// For readers outside.
    #[must_use]
    pub fn published(published: &'a Published) -> Self {
        let standings = Cow::Borrowed(published.standings.as_slice());
        Self { scrub: Some(&published.scrub), ..Self::judged(&published.state, standings) }
    }

    /// Where the log stops verifying, if it does.
    #[must_use]
    pub const fn damaged(mut self, damage: Option<&'a str>) -> Self {
        self.damage = damage;
        self
    }

    /// Times are shown in it, beside UTC.
    #[must_use]
    pub fn local(mut self, zone: Option<TimeZone>) -> Self {
        self.zone = zone;
        self
    }

    pub(crate) const fn state(&self) -> &'a State {
        self.state
    }

    /// What can be believed of the entry's author, by the keys that the log itself names.
    pub(crate) fn standing(&self, entry: &Entry) -> &Standing {
        let at = usize::try_from(entry.seq).ok().and_then(|seq| seq.checked_sub(1));
        at.and_then(|at| self.standings.get(at)).unwrap_or(&Standing::Claimed)
    }

    pub(super) fn tally(&self) -> Tally {
        Tally::of(self.state.entries.iter().map(AsRef::as_ref).zip(self.standings.iter().cloned()))
    }

    /// Outside text: on one line, without secrets and control sequences.
    pub(crate) fn clean(&self, text: &str) -> String {
        self.published_text(self.text.plain(text))
    }

    pub(crate) fn said(&self, text: &str) -> Cell {
        Cell::Text(self.clean(text))
    }

    pub(crate) fn person(&self, person: &PersonId) -> Cell {
        self.said(person.as_str())
    }

    /// As it stands, line by line.
    pub(super) fn lines(&self, text: &str) -> String {
        self.published_text(self.text.clean(text).trim_end().to_owned())
    }

    fn published_text(&self, clean: String) -> String {
        match self.scrub {
            Some(scrub) => scrub.clean(&clean),
            None => clean,
        }
    }

    pub(crate) const fn is_public(&self) -> bool {
        self.scrub.is_some()
    }

    /// The columns of a time: UTC, and local time where there is one.
    pub(crate) fn time_columns(&self) -> Vec<&'static str> {
        if self.zone.is_some() { vec!["UTC", "Local time"] } else { vec!["UTC"] }
    }

    pub(crate) fn times(&self, at: Option<Timestamp>) -> Vec<Cell> {
        let mut cells = vec![Cell::time_or(at, "")];
        if self.zone.is_some() {
            cells.push(at.and_then(|at| self.local_time(at)).map_or(Cell::EMPTY, Cell::Text));
        }
        cells
    }

    /// `2026-11-20 03:14:37 +01:00`: its offset beside it, because an hour of the autumn comes twice.
    pub(in crate::report) fn local_time(&self, at: Timestamp) -> Option<String> {
        let zone = self.zone.as_ref()?;
        Some(at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string())
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        let damage = self.damage.map(|damage| self.clean(damage));
        let said = |damage| format!("THE LOG IS DAMAGED: {damage}. What follows comes from the entries before that.");
        damage.map(said).into_iter().collect()
    }

    pub(super) fn notice(&self) -> Option<&'static str> {
        self.scrub.map(|_| NOTICE)
    }
}

/// Of every entry: judged before anything of them is left out, which no signature survives.
pub(in crate::report) fn standings(state: &State) -> Vec<Standing> {
    let keys = Keyring::pinned(state);
    state.entries.iter().map(|entry| standing(state, &keys, entry)).collect()
}

pub(super) fn span(from: Timestamp, to: Timestamp) -> String {
    format!("{} to {}", utc(from), utc(to))
}
