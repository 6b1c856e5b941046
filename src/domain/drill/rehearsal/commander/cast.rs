//! Who plays: the people of the estate in their roles; a role that nobody has is played under its own name.

use crate::drill::rehearsal::record::HOST;
use crate::estate::Estate;
use crate::ident::PersonId;
use crate::people::{Actor, Person, Role, Seat};
use crate::runbook::Step;

#[derive(Clone, Debug)]
pub(super) struct Cast {
    people: Vec<Person>,
}

impl Cast {
    pub(super) fn of(estate: &Estate) -> Self {
        Self { people: estate.people.clone() }
    }

    pub(super) fn person(&self, role: Role) -> PersonId {
        self.holders(role).next().cloned().unwrap_or_else(|| PersonId::new(role.name()))
    }

    pub(super) fn actor(&self, role: Role) -> Actor {
        Actor::claimed(self.person(role).as_str(), HOST)
    }

    fn holders(&self, role: Role) -> impl Iterator<Item = &PersonId> {
        self.people.iter().filter(move |person| person.roles.contains(&role)).map(|person| &person.name)
    }

    /// Whoever owns the step; where that is the only one who may approve it, somebody else.
    pub(super) fn executor(&self, step: &Step) -> Actor {
        let owner = match &step.owner {
            Some(Seat::Role(role)) => self.person(*role),
            Some(Seat::Person(person)) => person.clone(),
            None => self.person(Role::Operator),
        };
        let may_approve = |asker: &PersonId| {
            step.approval.as_ref().is_none_or(|approval| self.in_seat(&approval.by, asker).is_some())
        };
        let others = Role::ALL.map(|role| self.person(role));
        let apart = [PersonId::new(Role::Operator.name()), PersonId::new(Role::Deputy.name())];
        let mut candidates = std::iter::once(owner.clone()).chain(others).chain(apart);
        let executor = candidates.find(may_approve).unwrap_or(owner);
        Actor::claimed(executor.as_str(), HOST)
    }

    /// Somebody in this seat who is not `asker`.
    pub(super) fn in_seat(&self, seat: &Seat, asker: &PersonId) -> Option<PersonId> {
        match seat {
            Seat::Person(person) => Some(person.clone()).filter(|person| person != asker),
            Seat::Role(role) if self.holders(*role).next().is_none() => {
                Some(PersonId::new(role.name())).filter(|person| person != asker)
            }
            Seat::Role(role) => self.holders(*role).find(|holder| *holder != asker).cloned(),
        }
    }
}
