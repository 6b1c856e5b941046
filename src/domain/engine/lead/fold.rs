//! Folding what the log says of roles, decisions and tasks.

use super::{Objection, Offer, Proposal, ProposalEnd, Solo, Task, TaskEnd};
use crate::engine::fold_run::Meta;
use crate::engine::{Lead, State};
use crate::ident::PersonId;
use crate::log::{Entry, Event};
use crate::people::Role;

/// An incident holds one commander, who is also in the list of roles.
pub(in crate::engine) fn fold(state: &mut State, entry: &Entry, meta: Meta<'_>) {
    match &entry.event {
        Event::CommandTaken { by, role, .. } => assume(state, by, *role, meta),
        Event::HandoffAccepted { offer, by, .. } => {
            if state.lead.offer.as_ref().is_some_and(|open| open.seq == *offer) {
                assume(state, by, Role::Commander, meta);
            }
        }
        Event::RoleReleased { by, role } => {
            state.lead.held.remove(&(*role, by.clone()));
        }
        event => about(&mut state.lead, entry.seq, event, meta),
    }
}

fn assume(state: &mut State, by: &PersonId, role: Role, meta: Meta<'_>) {
    if role == Role::Commander {
        let Some(incident) = state.incident.as_mut() else { return };
        incident.commander = Some(by.clone());
        state.lead.held.retain(|(held, person), _| *held != Role::Commander || person == by);
        state.lead.offer = None;
        state.lead.solo.take_if(|solo| solo.by != *by);
    }
    state.lead.held.entry((role, by.clone())).or_insert(meta.at);
}

fn about(lead: &mut Lead, seq: u64, event: &Event, meta: Meta<'_>) {
    match event {
        Event::SoloBegun { by, reason } => {
            lead.solo = Some(Solo { by: by.clone(), reason: reason.clone(), since: meta.at });
        }
        Event::SoloEnded {} => lead.solo = None,
        Event::HandoffOffered { to, brief } => {
            let (from, to, brief) = (meta.by.clone(), to.clone(), brief.clone());
            lead.offer = Some(Offer { seq, from, to, at: meta.at, brief });
        }
        Event::HandoffDeclined { offer, .. } => {
            lead.offer.take_if(|open| open.seq == *offer);
        }
        Event::DecisionProposed { text, failover } => {
            let (by, text) = (meta.by.clone(), text.clone());
            let proposal = Proposal { by, at: meta.at, text, failover: *failover, objections: Vec::new(), end: None };
            lead.proposals.insert(seq, proposal);
        }
        Event::ObjectionRaised { proposal, by, text } => {
            if let Some(proposal) = lead.proposals.get_mut(proposal) {
                proposal.objections.push(Objection { by: by.clone(), at: meta.at, text: text.clone() });
            }
        }
        Event::DecisionRecorded { proposal: Some(proposal), .. } => {
            if let Some(proposal) = lead.proposals.get_mut(proposal) {
                proposal.end.get_or_insert(ProposalEnd::Decided { by: meta.by.clone(), at: meta.at });
            }
        }
        Event::ProposalDropped { proposal, reason } => {
            if let Some(proposal) = lead.proposals.get_mut(proposal) {
                let (by, reason) = (meta.by.clone(), reason.clone());
                proposal.end.get_or_insert(ProposalEnd::Dropped { by, at: meta.at, reason });
            }
        }
        Event::TaskAdded { text, owner, due } => {
            let (text, by, owner) = (text.clone(), meta.by.clone(), owner.clone());
            lead.tasks.insert(seq, Task { text, by, at: meta.at, owner, due: *due, end: None });
        }
        Event::TaskAssigned { task, owner, due } => {
            if let Some(task) = lead.tasks.get_mut(task) {
                (task.owner, task.due) = (owner.clone(), *due);
            }
        }
        Event::TaskEnded { task, done, text } => {
            if let Some(task) = lead.tasks.get_mut(task) {
                let (by, text) = (meta.by.clone(), text.clone());
                task.end.get_or_insert(TaskEnd { done: *done, by, at: meta.at, text });
            }
        }
        _ => {}
    }
}
