//! Acts of their own kinds: who leads, what audiences are told, how an exercise is conducted.

use std::collections::BTreeMap;

use crate::ident::{AudienceId, DatabaseId, Hash, InjectId, PersonId};
use crate::log::{Counted, EndEx, Firing, IncidentStatus, Lesson, Rating, StartEx, Way};
use crate::people::Role;
use crate::time::Timestamp;

/// Roles, command, decisions in the making, tasks. Entries are named by their `seq`.
#[derive(Clone, Debug, PartialEq)]
pub enum LeadAct {
    /// `by` holds `role`: the author, or as the author records it. Command is taken from somebody else for a reason only.
    Assume {
        by: PersonId,
        role: Role,
        reason: Option<String>,
    },
    Release {
        by: PersonId,
        role: Role,
    },
    BeginSolo {
        reason: String,
    },
    EndSolo,
    /// Offers command to `to`, with the brief as it stands.
    Offer {
        to: PersonId,
        brief: String,
    },
    /// The author accepts; or the commander records that `by` did, as spoken.
    Accept {
        by: PersonId,
        spoken: bool,
    },
    /// By whom it was offered to or by who offered it.
    Decline {
        by: PersonId,
        reason: String,
    },
    ChangeStatus {
        status: IncidentStatus,
        reason: String,
    },
    Propose {
        text: String,
        failover: bool,
    },
    Object {
        proposal: u64,
        by: PersonId,
        text: String,
    },
    /// Decides what was proposed; in other words than it was, where they are given.
    Settle {
        proposal: u64,
        text: Option<String>,
    },
    DropProposal {
        proposal: u64,
        reason: String,
    },
    AddTask {
        text: String,
        owner: Option<PersonId>,
        due: Option<Timestamp>,
    },
    Assign {
        task: u64,
        owner: Option<PersonId>,
        due: Option<Timestamp>,
    },
    EndTask {
        task: u64,
        done: bool,
        text: String,
    },
}

/// Updates. They are named by the `seq` of `update_issued`.
#[derive(Clone, Debug, PartialEq)]
pub enum TellAct {
    Issue {
        audience: AudienceId,
        status: IncidentStatus,
        subject: String,
        text: String,
        ways: Vec<Way>,
    },
    Retry {
        update: u64,
        way: Way,
    },
    /// A person has looked: it did arrive, though no console knows.
    Vouch {
        update: u64,
        way: Way,
    },
    /// What came of it, by the console that tried.
    Record {
        update: u64,
        way: Way,
        became: Became,
    },
}

/// What came of an update on one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    Delivered {
        receipt: Option<String>,
    },
    /// Nothing of an exercise or a demonstration leaves the machine.
    Shown,
    /// Free of secrets and control characters. Without a remedy it is pointless to try again as it stands.
    Failed {
        why: String,
        remedy: Option<String>,
        /// It may have arrived all the same: there was no answer.
        unsure: bool,
    },
}

/// What the facilitator, a player or the exercise's own clock does.
#[derive(Clone, Debug, PartialEq)]
pub enum ExerciseAct {
    Start(Box<StartEx>),
    Fire {
        inject: InjectId,
        by: Firing,
    },
    SkipInject {
        inject: InjectId,
        reason: String,
    },
    Acknowledge {
        inject: InjectId,
    },
    Pause {
        reason: String,
    },
    Resume,
    SetSpeed {
        speed: u32,
    },
    Answer {
        question: Hash,
        text: String,
        holds: bool,
    },
    Note {
        text: String,
        inject: Option<InjectId>,
    },
    Rate {
        expected: usize,
        rating: Rating,
        comment: String,
    },
    Learn(Lesson),
    End {
        why: EndEx,
        text: String,
    },
    /// The console that holds the simulated world tells what became of writes.
    Count(BTreeMap<DatabaseId, Counted>),
}
