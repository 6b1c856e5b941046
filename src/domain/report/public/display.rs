//! A log that goes on, as a display may show it: folded entry by entry as it comes, and nothing in it that is not public.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cast::Cast;
use super::{Scrub, entry};
use crate::engine::{State, evolve};
use crate::estate::Estate;
use crate::log::{Entry, Event};
use crate::runbook::Runbook;

/// What people are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// By what they are there for: `commander`, `operator 2`.
    Roles,
    /// By their names.
    Kept,
}

/// See the module. Notes, reasons, evidence, commands and outputs are left out whatever people are called.
#[derive(Debug)]
pub struct Display {
    names: Names,
    pub(super) cast: Cast,
    pub(super) scrub: Scrub,
    hosts: BTreeSet<String>,
    /// What was taken so far; its entries are those that are shown.
    state: State,
}

impl Display {
    #[must_use]
    pub fn new(names: Names) -> Self {
        let (cast, hosts) = (Cast::default(), BTreeSet::new());
        let scrub = Scrub::new(&cast, std::iter::empty(), None);
        Self { names, cast, scrub, hosts, state: State::default() }
    }

    /// Takes what `state` has more than when it was last taken. Somebody new may change what others are called: then all
    /// of it is told anew.
    pub fn take(&mut self, state: &State) {
        let cast = match self.names {
            Names::Roles => Cast::of(state),
            Names::Kept => Cast::default(),
        };
        let known = self.state.entries.len();
        let goes_on = known <= state.entries.len()
            && self.state.entries.last().map(|last| last.hash) == known.checked_sub(1).map(|at| state.entries[at].hash);
        if cast != self.cast || !goes_on {
            (self.cast, self.state) = (cast, State::default());
        }
        let hosts = state.entries[known.min(state.entries.len())..].iter().map(|entry| &entry.actor.host);
        self.hosts.extend(hosts.cloned().collect::<BTreeSet<_>>());
        let estate = state.estate().map(AsRef::as_ref);
        self.scrub = Scrub::new(&self.cast, self.hosts.iter().map(String::as_str), estate);
        for told in &state.entries[self.state.entries.len()..] {
            evolve(&mut self.state, &Arc::new(entry::foldable(told, &self.cast)));
            let shown = Arc::new(self.shown(entry::published(told, &self.cast)));
            if let Some(last) = self.state.entries.last_mut() {
                *last = shown;
            }
        }
    }

    /// The title is the one free text that entries keep.
    fn shown(&self, mut entry: Entry) -> Entry {
        if let Event::IncidentOpened { title, .. } = &mut entry.event {
            *title = self.scrub.clean(title);
        }
        entry
    }

    /// What may be shown. Nobody can be reached by what is in it.
    #[must_use]
    pub fn state(&self) -> State {
        let mut state = self.state.clone();
        if let Some(incident) = &mut state.incident {
            incident.title = self.scrub.clean(&incident.title);
            self.unpeople(&mut incident.estate);
        }
        if let Some(exercise) = &mut state.exercise {
            self.unpeople(&mut exercise.estate);
        }
        for run in &mut state.runs {
            self.unpeople(&mut run.estate);
            self.clean_titles(Arc::make_mut(&mut run.runbook));
            let attempts = run.steps.values_mut().flat_map(|step| &mut step.attempts);
            attempts.filter_map(|attempt| attempt.outcome.as_mut()).for_each(|outcome| outcome.values.clear());
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

    /// Seats of the estate lead to names, and names to telephones.
    fn unpeople(&self, estate: &mut Arc<Estate>) {
        let people = &mut Arc::make_mut(estate).people;
        match self.names {
            Names::Roles => people.clear(),
            Names::Kept => people.iter_mut().for_each(|person| (person.phone, person.email) = (None, None)),
        }
    }
}
