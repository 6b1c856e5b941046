//! Who holds what, what was decided, what is still to be.

use super::{Part, Weight};
use crate::engine::Incident;
use crate::forgotten::Seen;
use crate::log::Event;
use crate::people::Role;
use crate::report::entry_sentence;
use crate::time::clock;

/// So many of the last decisions.
const LAST: usize = 4;

pub(super) fn roles(seen: &Seen<'_>, incident: &Incident) -> Part {
    let mut part = Part::new("Who");
    let lead = &seen.state.lead;
    if incident.commander.is_none() {
        part.put(Weight::Wrong, "nobody is in command");
    }
    for role in Role::ALL {
        for person in lead.holders(role) {
            let since = lead.held.get(&(role, person.clone())).map(|at| format!(" since {}", clock(*at)));
            let phone = incident.estate.people.iter().find(|known| known.name == *person);
            let phone = phone.and_then(|known| known.phone.as_ref()).map(|phone| format!(", {phone}"));
            part.say(format!("{} {person}{}{}", role.name(), since.unwrap_or_default(), phone.unwrap_or_default()));
        }
    }
    if let Some(solo) = &lead.solo {
        part.put(Weight::Open, format!("{} works alone: {}", solo.by, solo.reason));
    }
    if let Some(offer) = &lead.offer {
        part.put(Weight::Open, format!("command is offered to {} since {}", offer.to, clock(offer.at)));
    }
    part
}

pub(super) fn decisions(seen: &Seen<'_>) -> Part {
    let mut part = Part::new("Decisions");
    let decided = |entry: &&std::sync::Arc<crate::log::Entry>| {
        matches!(entry.event, Event::DecisionRecorded { .. } | Event::ModeChanged { .. } | Event::LossAccepted { .. })
    };
    let made: Vec<_> = seen.state.entries.iter().filter(decided).collect();
    for entry in made.iter().skip(made.len().saturating_sub(LAST)) {
        let said = entry_sentence(seen.state, entry);
        part.say(format!("{} {} {said}", clock(entry.occurred_at), entry.actor.name));
    }
    for (seq, proposal) in seen.state.lead.open_proposals() {
        let text = format!("open, entry {seq}: {} proposes {}", proposal.by, proposal.text);
        part.put(Weight::Open, text);
        for objection in &proposal.objections {
            part.put(Weight::Open, format!("{} objects: {}", objection.by, objection.text));
        }
    }
    part
}

pub(super) fn tasks(seen: &Seen<'_>) -> Part {
    let mut part = Part::new("Tasks");
    for (_, task) in seen.state.lead.open_tasks() {
        let owner = task.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
        let due = task.due.map(|due| format!(", due {}", clock(due))).unwrap_or_default();
        let late = task.due.is_some_and(|due| due < seen.now) || task.owner.is_none();
        part.put(if late { Weight::Open } else { Weight::Plain }, format!("{owner}: {}{due}", task.text));
    }
    part
}
