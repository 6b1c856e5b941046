//! Roles, handoffs, decisions in the making and tasks, as the log tells them.

use super::{Mark, Sentence};
use crate::engine::State;
use crate::ident::PersonId;
use crate::log::{Entry, Event};
use crate::people::Role;
use crate::time::{Timestamp, clock};

pub(super) fn sentence(state: &State, entry: &Entry) -> Option<Sentence> {
    Some(match &entry.event {
        Event::CommandTaken { by, role: Role::Commander, reason: Some(reason) } => {
            Sentence::new(Mark::Warning, format!("{by} takes command")).because(reason.clone())
        }
        // Where people are told by their roles.
        Event::CommandTaken { by, role, reason } if by.as_str() == role.name() => {
            let what = if *role == Role::Commander { "takes command" } else { "takes up the role" };
            Sentence::new(Mark::Plain, what).because(reason.clone().unwrap_or_default())
        }
        Event::CommandTaken { by, role, reason } => {
            Sentence::new(Mark::Plain, format!("{by} is {}", role.name())).because(reason.clone().unwrap_or_default())
        }
        Event::RoleReleased { by, role } => Sentence::new(Mark::Plain, format!("{by} is no longer {}", role.name())),
        Event::SoloBegun { by, reason } => {
            Sentence::new(Mark::Warning, format!("{by} works alone from here on")).because(reason.clone())
        }
        Event::SoloEnded {} => Sentence::new(Mark::Plain, "nobody works alone any more"),
        Event::HandoffOffered { to, .. } => Sentence::new(Mark::Waiting, format!("offers command to {to}")),
        Event::HandoffAccepted { by, spoken, .. } => {
            let how = if *spoken { format!(", as spoken, recorded by {}", entry.actor.name) } else { String::new() };
            Sentence::new(Mark::Good, format!("{by} has accepted command{how}"))
        }
        Event::HandoffDeclined { offer, by, reason } => {
            let what =
                if *by == entry.actor.name { String::new() } else { format!(", recorded by {}", entry.actor.name) };
            let how = if offered_by(state, *offer).is_some_and(|from| from == by) {
                "withdraws the offer"
            } else {
                "says no"
            };
            Sentence::new(Mark::Warning, format!("command is not handed over: {by} {how}{what}"))
                .because(reason.clone())
        }
        Event::StatusChanged { status, reason } => {
            Sentence::new(Mark::Plain, format!("the incident is {}", status.word())).because(reason.clone())
        }
        Event::DecisionProposed { text, failover } => {
            let what = if *failover { "proposes to fail over" } else { "proposes" };
            Sentence::new(Mark::Waiting, what).because(text.clone())
        }
        Event::DecisionRecorded { text, failover, proposal: Some(proposal) } => {
            let what = if *failover { "decides to fail over" } else { "decides" };
            Sentence::new(Mark::Warning, format!("{what}, {}", discussed(state, *proposal))).because(text.clone())
        }
        Event::ObjectionRaised { proposal, by, text } => {
            Sentence::new(Mark::Warning, format!("{by} objects to {}", proposed(state, *proposal)))
                .because(text.clone())
        }
        Event::ProposalDropped { proposal, reason } => {
            Sentence::new(Mark::Plain, format!("drops {}", proposed(state, *proposal))).because(reason.clone())
        }
        Event::TaskAdded { text, owner, due } => {
            Sentence::new(Mark::Plain, format!("task: {text}")).because(whose(owner.as_ref(), *due))
        }
        Event::TaskAssigned { task, owner, due } => {
            Sentence::new(Mark::Plain, format!("task: {}", task_text(state, *task)))
                .because(whose(owner.as_ref(), *due))
        }
        Event::TaskEnded { task, done, text } => {
            let (mark, end) = if *done { (Mark::Good, "is done") } else { (Mark::Plain, "is dropped") };
            Sentence::new(mark, format!("task {end}: {}", task_text(state, *task))).because(text.clone())
        }
        _ => return None,
    })
}

fn offered_by(state: &State, offer: u64) -> Option<&PersonId> {
    state.entries.iter().find(|entry| entry.seq == offer).map(|entry| &entry.actor.name)
}

fn whose(owner: Option<&PersonId>, due: Option<Timestamp>) -> String {
    let owner = owner.map_or_else(|| "nobody's yet".to_owned(), PersonId::to_string);
    let due = due.map(|due| format!(", due {}", clock(due))).unwrap_or_default();
    owner + &due
}

/// Whose proposal it was, and who objected: `as proposed by ana, over the objection of raj (too early)`.
fn discussed(state: &State, proposal: u64) -> String {
    let Some(known) = state.lead.proposals.get(&proposal) else { return format!("as proposed in entry {proposal}") };
    let objections: Vec<_> =
        known.objections.iter().map(|objection| format!("{} ({})", objection.by, objection.text)).collect();
    let over = match objections.len() {
        0 => ", no objection".to_owned(),
        1 => format!(", over the objection of {}", objections[0]),
        _ => format!(", over the objections of {}", objections.join(", ")),
    };
    format!("as proposed by {}{over}", known.by)
}

fn proposed(state: &State, proposal: u64) -> String {
    let text = state.lead.proposals.get(&proposal).map(|proposal| format!(" (`{}`)", proposal.text));
    format!("proposal {proposal}{}", text.unwrap_or_default())
}

fn task_text(state: &State, task: u64) -> String {
    state.lead.tasks.get(&task).map_or_else(|| format!("of entry {task}"), |task| task.text.clone())
}
