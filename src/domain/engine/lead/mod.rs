//! Who leads, what is being decided, who does what: as the log says.

mod fold;

pub(super) use fold::fold;

use std::collections::BTreeMap;

use crate::ident::PersonId;
use crate::people::Role;
use crate::time::Timestamp;

/// Entries are named by their `seq`.
#[derive(Clone, Debug, Default)]
pub struct Lead {
    /// Roles that are held, by whom, since when. One commander; of the others several may hold the same.
    pub held: BTreeMap<(Role, PersonId), Timestamp>,
    /// Who works alone, and why.
    pub solo: Option<Solo>,
    /// Command that is offered and not yet accepted.
    pub offer: Option<Offer>,
    pub proposals: BTreeMap<u64, Proposal>,
    pub tasks: BTreeMap<u64, Task>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solo {
    pub by: PersonId,
    pub reason: String,
    pub since: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The entry that made it.
    pub seq: u64,
    pub from: PersonId,
    pub to: PersonId,
    pub at: Timestamp,
    pub brief: String,
}

/// "We promote us-west-2; any strong objection?"
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub by: PersonId,
    pub at: Timestamp,
    pub text: String,
    pub failover: bool,
    pub objections: Vec<Objection>,
    pub end: Option<ProposalEnd>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    pub by: PersonId,
    pub at: Timestamp,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalEnd {
    Decided { by: PersonId, at: Timestamp },
    Dropped { by: PersonId, at: Timestamp, reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub text: String,
    pub by: PersonId,
    pub at: Timestamp,
    pub owner: Option<PersonId>,
    pub due: Option<Timestamp>,
    pub end: Option<TaskEnd>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskEnd {
    /// Else it was dropped.
    pub done: bool,
    pub by: PersonId,
    pub at: Timestamp,
    pub text: String,
}

impl Lead {
    /// Who holds a role, longest first.
    #[must_use]
    pub fn holders(&self, role: Role) -> Vec<&PersonId> {
        let mut holders: Vec<_> = self.held.iter().filter(|((held, _), _)| *held == role).collect();
        holders.sort_by_key(|(_, since)| **since);
        holders.into_iter().map(|((_, person), _)| person).collect()
    }

    /// Roles of a person.
    pub fn roles_of<'a>(&'a self, person: &'a PersonId) -> impl Iterator<Item = Role> + 'a {
        self.held.keys().filter(move |(_, held)| held == person).map(|(role, _)| *role)
    }

    pub fn open_proposals(&self) -> impl Iterator<Item = (u64, &Proposal)> {
        self.proposals.iter().filter(|(_, proposal)| proposal.end.is_none()).map(|(seq, proposal)| (*seq, proposal))
    }

    pub fn open_tasks(&self) -> impl Iterator<Item = (u64, &Task)> {
        self.tasks.iter().filter(|(_, task)| task.end.is_none()).map(|(seq, task)| (*seq, task))
    }
}
