//! The record for readers outside: people by their roles, and nothing that people typed, commands printed or machines are
//! called. What may be told is listed; everything else is withheld, so that what is added later is withheld, too.

mod cast;
mod display;
mod entry;
mod readings;
mod scrub;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::cast::Cast;
pub use self::display::{Display, Names};
pub(super) use self::scrub::Scrub;
use crate::engine::{State, replay};
use crate::identity::Standing;
use crate::log::Entry;
use crate::report::page::standings;

/// What stands where something was left out.
pub(super) const WITHHELD: &str = "[withheld]";

/// What every such page says of itself.
pub(super) const NOTICE: &str = "Public edition: people appear by their roles; notes, reasons, evidence, commands, outputs, addresses and the names of machines are left out. Titles stand as they were written.";

/// A folded log from which everything that is not public was taken.
#[derive(Debug)]
pub struct Published {
    pub(super) state: State,
    pub(super) scrub: Scrub,
    pub(super) standings: Vec<Standing>,
}

impl Published {
    #[must_use]
    pub fn of(state: &State) -> Self {
        let cast = Cast::of(state);
        let entries: Vec<_> = state.entries.iter().map(|entry| Arc::new(entry::foldable(entry, &cast))).collect();
        let mut published = replay(&entries);
        published.entries = state.entries.iter().map(|entry| Arc::new(entry::published(entry, &cast))).collect();
        let attempts =
            published.runs.iter_mut().flat_map(|run| run.steps.values_mut()).flat_map(|step| &mut step.attempts);
        for outcome in attempts.filter_map(|attempt| attempt.outcome.as_mut()) {
            outcome.values.clear();
        }
        let hosts = state.entries.iter().map(|entry: &Arc<Entry>| entry.actor.host.as_str());
        let standings = standings(state).into_iter().map(|standing| match standing {
            Standing::WrittenBy(person) => Standing::WrittenBy(cast.person(&person)),
            standing => standing,
        });
        let standings = standings.collect();
        Self { standings, state: published, scrub: Scrub::new(&cast, hosts, state.estate().map(AsRef::as_ref)) }
    }
}
