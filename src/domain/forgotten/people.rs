//! What people left open among themselves: command, proposals, tasks, a log in which nobody writes.

use std::time::Duration;

use super::{About, Forgotten, Seen, Urgency, passed};
use crate::engine::Incident;
use crate::log::{Entry, Event};
use crate::people::Role;
use crate::time::Timestamp;

/// A proposal that is neither decided nor dropped by then.
const PROPOSAL: Duration = Duration::from_secs(180);
/// A task that nobody took by then.
const TASK: Duration = Duration::from_secs(300);
/// From here on a commander should have somebody to take over.
const DEPUTY: Duration = Duration::from_secs(1800);

pub(super) fn add(seen: &Seen<'_>, incident: &Incident, all: &mut Vec<Forgotten>) {
    command(seen, incident, all);
    proposals(seen, all);
    tasks(seen, all);
    let quiet = incident.estate.policy.quiet_after;
    if let Some(at) = last_act(seen).filter(|at| passed(seen, *at, quiet)) {
        all.push(Forgotten::since(Urgency::Soon, About::Quiet, at, "nobody has written anything down"));
    }
}

fn command(seen: &Seen<'_>, incident: &Incident, all: &mut Vec<Forgotten>) {
    let lead = &seen.state.lead;
    if let Some(offer) = &lead.offer {
        let text = format!("{} has not accepted command yet: {} still commands", offer.to, offer.from);
        all.push(Forgotten::since(Urgency::Soon, About::Offer, offer.at, text));
    }
    let Some(commander) = &incident.commander else {
        let at = incident.opened_at;
        all.push(Forgotten::since(Urgency::Now, About::NoCommander, at, "nobody is in command"));
        return;
    };
    if let Some(solo) = &lead.solo {
        let text = format!("{} works alone: {}", solo.by, solo.reason);
        all.push(Forgotten::since(Urgency::Thought, About::Alone, solo.since, text));
    } else if lead.holders(Role::Deputy).is_empty() {
        let since = lead.held.get(&(Role::Commander, commander.clone())).copied().unwrap_or(incident.opened_at);
        if passed(seen, since, DEPUTY) {
            let text = format!("{commander} has no deputy");
            all.push(Forgotten::since(Urgency::Thought, About::NoDeputy, since, text));
        }
    }
}

fn proposals(seen: &Seen<'_>, all: &mut Vec<Forgotten>) {
    for (seq, proposal) in seen.state.lead.open_proposals() {
        let urgency = if passed(seen, proposal.at, PROPOSAL) { Urgency::Soon } else { Urgency::Thought };
        let objections = match proposal.objections.len() {
            0 => String::new(),
            1 => ", one objection".to_owned(),
            count => format!(", {count} objections"),
        };
        let text = format!("{} proposes, nobody has decided{objections}: {}", proposal.by, proposal.text);
        all.push(Forgotten::since(urgency, About::Proposal(seq), proposal.at, text));
    }
}

fn tasks(seen: &Seen<'_>, all: &mut Vec<Forgotten>) {
    for (seq, task) in seen.state.lead.open_tasks() {
        match (&task.owner, task.due.filter(|due| *due < seen.now)) {
            (owner, Some(due)) => {
                let owner = owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
                let text = format!("overdue, of {owner}: {}", task.text);
                all.push(Forgotten::since(Urgency::Soon, About::Task(seq), due, text));
            }
            (None, None) if passed(seen, task.at, TASK) => {
                let text = format!("nobody has taken this task: {}", task.text);
                all.push(Forgotten::since(Urgency::Thought, About::Task(seq), task.at, text));
            }
            _ => {}
        }
    }
}

/// When a person last did something that is in the log. What consoles see and send by themselves is none of it.
fn last_act(seen: &Seen<'_>) -> Option<Timestamp> {
    let by_person = |entry: &&std::sync::Arc<Entry>| {
        !matches!(
            entry.event,
            Event::ConsoleAttached { .. }
                | Event::ConsoleDetached { .. }
                | Event::IdentityVerified(_)
                | Event::LogRepaired { .. }
                | Event::NotWatched { .. }
                | Event::Observation { .. }
                | Event::RegionChanged { .. }
                | Event::ServingChanged { .. }
                | Event::TierRecovered { .. }
                | Event::TierRelapsed { .. }
                | Event::FenceObserved { .. }
                | Event::AlertFired { .. }
                | Event::AlertResolved { .. }
                | Event::MessageSent { .. }
                | Event::MessageShown { .. }
                | Event::MessageFailed { .. }
                | Event::UpdateDelivered { .. }
                | Event::UpdateShown { .. }
                | Event::UpdateFailed { .. }
        )
    };
    // A late entry was written when it was recorded; the scenario of an exercise has a clock of its own.
    let exercise = seen.state.exercise.is_some();
    let at = |entry: &std::sync::Arc<Entry>| if exercise { entry.occurred_at } else { entry.recorded_at };
    seen.state.entries.iter().rev().find(by_person).map(at)
}
