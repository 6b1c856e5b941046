//! Who took part, by role.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::State;
use crate::ident::{AudienceId, PersonId};
use crate::log::{Approved, Event};
use crate::people::{Role, Seat};

/// What the program does of its own accord, and under which names.
const PROGRAM: [&str; 2] = ["switchback", "automatic"];

/// The name each person goes by: the role the estate or the log gives, counted where several have the same.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cast {
    roles: BTreeMap<PersonId, String>,
    /// Audiences that do not belong to the house.
    outside: BTreeSet<AudienceId>,
}

impl Cast {
    pub(super) fn of(state: &State) -> Self {
        let mut people: Vec<&PersonId> = Vec::new();
        let mut seen = BTreeSet::new();
        let acted =
            state.entries.iter().flat_map(|entry| std::iter::once(&entry.actor.name).chain(named(&entry.event)));
        let estate = state.estate().into_iter().flat_map(|estate| &estate.people).map(|person| &person.name);
        for person in acted.chain(estate) {
            if !PROGRAM.contains(&person.as_str()) && seen.insert(person) {
                people.push(person);
            }
        }
        let mut by_role: BTreeMap<&str, Vec<&PersonId>> = BTreeMap::new();
        for person in people {
            by_role.entry(role(state, person).map_or("person", Role::name)).or_default().push(person);
        }
        let mut roles = BTreeMap::new();
        for (role, people) in by_role {
            let alone = people.len() == 1 && role != "person";
            for (number, person) in (1..).zip(people) {
                roles.insert(person.clone(), if alone { role.to_owned() } else { format!("{role} {number}") });
            }
        }
        Self { roles, ..Self::by_name(state) }
    }

    /// Everybody goes by their name.
    pub(super) fn by_name(state: &State) -> Self {
        let audiences = state.estate().into_iter().flat_map(|estate| &estate.audiences);
        let outside = audiences.filter(|audience| !audience.internal).map(|audience| audience.id.clone()).collect();
        Self { roles: BTreeMap::new(), outside }
    }

    /// What this audience is told has left the house.
    pub(super) fn outside(&self, audience: &AudienceId) -> bool {
        self.outside.contains(audience)
    }

    pub(super) fn person(&self, person: &PersonId) -> PersonId {
        self.roles.get(person).map_or_else(|| person.clone(), PersonId::new)
    }

    pub(super) fn seat(&self, seat: &Seat) -> Seat {
        match seat {
            Seat::Role(role) => Seat::Role(*role),
            Seat::Person(person) => Seat::Person(self.person(person)),
        }
    }

    pub(super) fn approved(&self, given: &Approved) -> Approved {
        Approved { by: self.person(&given.by), seat: given.seat.as_ref().map(|seat| self.seat(seat)), ..given.clone() }
    }

    /// Each name and what stands for it.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.roles.iter().map(|(name, role)| (name.as_str(), role.as_str()))
    }
}

/// As the log gave it; else as the estate says.
fn role(state: &State, person: &PersonId) -> Option<Role> {
    let taken = state.entries.iter().find_map(|entry| match &entry.event {
        Event::CommandTaken { by, role, .. } if by == person => Some(*role),
        _ => None,
    });
    let written = || {
        let mut people = state.estate()?.people.iter();
        people.find(|known| known.name == *person)?.roles.first().copied()
    };
    taken.or_else(written)
}

/// People an event names besides its author.
fn named(event: &Event) -> Vec<&PersonId> {
    match event {
        Event::CommandTaken { by, .. }
        | Event::RoleReleased { by, .. }
        | Event::SoloBegun { by, .. }
        | Event::HandoffOffered { to: by, .. }
        | Event::HandoffAccepted { by, .. }
        | Event::HandoffDeclined { by, .. }
        | Event::ObjectionRaised { by, .. }
        | Event::AlertAcknowledged { by, .. }
        | Event::AlertSilenced { by, .. }
        | Event::ApprovalDeclined { by, .. }
        | Event::FenceStated { by, .. }
        | Event::GuardOverridden { authority: by, .. } => vec![by],
        Event::ApprovalGiven { approved, .. } => approving(approved),
        Event::ApprovalRequested { seat, fallback, .. } => {
            std::iter::once(seat).chain(fallback).filter_map(sitting).collect()
        }
        Event::StepIntended { confirmed_by, authorised_by, .. } => {
            std::iter::once(confirmed_by).chain(authorised_by.iter().flat_map(approving)).collect()
        }
        Event::TaskAdded { owner, .. } | Event::TaskAssigned { owner, .. } => owner.iter().collect(),
        _ => Vec::new(),
    }
}

fn approving(given: &Approved) -> Vec<&PersonId> {
    std::iter::once(&given.by).chain(given.seat.as_ref().and_then(sitting)).collect()
}

const fn sitting(seat: &Seat) -> Option<&PersonId> {
    match seat {
        Seat::Person(person) => Some(person),
        Seat::Role(_) => None,
    }
}
