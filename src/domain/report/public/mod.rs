//! The record for readers outside: people by their roles, and nothing that people typed, commands printed or machines are
//! called. What may be told is listed; everything else is withheld, so that what is added later is withheld, too.

mod cast;
mod entry;
mod readings;
mod scrub;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::cast::Cast;
pub(super) use self::scrub::Scrub;
use crate::engine::{State, replay};
use crate::estate::Estate;
use crate::identity::Standing;
use crate::log::{Entry, Event};
use crate::report::page::standings;
use crate::runbook::Runbook;

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
    cast: Cast,
}

/// What people are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// By what they are there for: `commander`, `operator 2`.
    Roles,
    /// By their names.
    Kept,
}

impl Published {
    #[must_use]
    pub fn of(state: &State) -> Self {
        Self::naming(state, Names::Roles)
    }

    #[must_use]
    pub fn naming(state: &State, names: Names) -> Self {
        let cast = match names {
            Names::Roles => Cast::of(state),
            Names::Kept => Cast::default(),
        };
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
        let scrub = Scrub::new(&cast, hosts, state.estate().map(AsRef::as_ref));
        Self { standings, state: published, scrub, cast }
    }

    /// The folded log that is left, for a display: titles looked through, and nobody can be reached by it.
    #[must_use]
    pub fn display(&self) -> State {
        let mut state = self.state.clone();
        if let Some(incident) = &mut state.incident {
            incident.title = self.scrub.clean(&incident.title);
            unreachable(&mut incident.estate);
        }
        if let Some(exercise) = &mut state.exercise {
            unreachable(&mut exercise.estate);
        }
        for run in &mut state.runs {
            unreachable(&mut run.estate);
            self.clean_titles(Arc::make_mut(&mut run.runbook));
        }
        for entry in &mut state.entries {
            if let Event::IncidentOpened { title, .. } = &entry.event {
                let title = self.scrub.clean(title);
                if let Event::IncidentOpened { title: told, .. } = &mut Arc::make_mut(entry).event {
                    *told = title;
                }
            }
        }
        state
    }

    fn clean_titles(&self, runbook: &mut Runbook) {
        runbook.title = self.scrub.clean(&runbook.title);
        for phase in &mut runbook.phases {
            phase.title = self.scrub.clean(&phase.title);
            for step in phase.groups.iter_mut().flat_map(|group| &mut group.steps) {
                step.title = self.scrub.clean(&step.title);
                step.owner = step.owner.as_ref().map(|owner| self.cast.seat(owner));
            }
        }
    }
}

fn unreachable(estate: &mut Arc<Estate>) {
    for person in &mut Arc::make_mut(estate).people {
        (person.phone, person.email) = (None, None);
    }
}
