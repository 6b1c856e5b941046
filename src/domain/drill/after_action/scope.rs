//! What was exercised, who took part, and what of it was a simulation.

use std::collections::BTreeMap;

use crate::drill::score::Score;
use crate::engine::{Exercise, State};
use crate::ident::PersonId;
use crate::log::{Event, Firing};
use crate::people::Role;
use crate::report::{Block, Cell, Item, Section, Source, Table};

pub(super) fn section(source: &Source<'_>, exercise: &Exercise, score: &Score) -> Section {
    let mut section = Section::new("Scope and objectives");
    let scenario = &exercise.scenario;
    if !scenario.summary.is_empty() {
        section.say(source.clean(&scenario.summary));
    }
    let roles: Vec<String> =
        scenario.roles.iter().map(|brief| format!("{}: {}", brief.role.name(), brief.text)).collect();
    for (title, texts) in [
        ("Objectives", &scenario.objectives),
        ("Preconditions", &scenario.preconditions),
        ("What roles were told before StartEx", &roles),
    ] {
        if !texts.is_empty() {
            section.blocks.push(Block::Heading(3, title.to_owned()));
            let items = texts.iter().map(|text| Item::new("", source.clean(text)));
            section.blocks.push(Block::List(items.collect()));
        }
    }
    section.blocks.push(Block::Heading(3, "Participants".to_owned()));
    section.blocks.push(Block::Table(participants(source, score)));
    section.blocks.push(Block::Heading(3, "What was a simulation".to_owned()));
    section.say(simulation(exercise));
    section
}

fn participants(source: &Source<'_>, score: &Score) -> Table {
    let mut table = Table::new("Participants", &["Who", "As", "Entries"]);
    let mut people: BTreeMap<&PersonId, (String, u64)> = BTreeMap::new();
    let state: &State = source.state();
    for entry in &state.entries {
        let Some(part) = part(&entry.event) else { continue };
        let part = if score.automatic && part == "player" { "scripted" } else { part };
        let (parts, entries) = people.entry(&entry.actor.name).or_default();
        *entries += 1;
        if !parts.split(", ").any(|known| known == part) {
            if !parts.is_empty() {
                parts.push_str(", ");
            }
            parts.push_str(part);
        }
    }
    for (person, (parts, entries)) in people {
        table.row([source.person(person), Cell::Text(parts), Cell::Number(entries)]);
    }
    table
}

/// As what somebody acts who does this; `None` of what the console sees by itself.
const fn part(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::CommandTaken { role: Role::Commander, .. } => "commander",
        Event::CommandTaken { role, .. } => role.name(),
        Event::ExerciseStarted { .. }
        | Event::InjectFired { by: Firing::Facilitator, .. }
        | Event::InjectSkipped { .. }
        | Event::QuestionAnswered { .. }
        | Event::EvaluatorNoted { .. }
        | Event::ActionRated { .. } => "facilitator",
        Event::IncidentOpened { .. }
        | Event::InjectAcknowledged { .. }
        | Event::DecisionRecorded { .. }
        | Event::NoteAdded { .. }
        | Event::RunStarted { .. }
        | Event::StepIntended { .. }
        | Event::StepDoneByHand { .. }
        | Event::StepSkipped { .. }
        | Event::FenceStated { .. }
        | Event::ApprovalGiven { .. }
        | Event::ApprovalDeclined { .. }
        | Event::GuardOverridden { .. }
        | Event::LossAccepted { .. } => "player",
        _ => return None,
    })
}

const fn simulation(exercise: &Exercise) -> &'static str {
    if exercise.start.paper {
        "Everything: on paper nothing is looked at and nothing executed. People read, talked and ticked; only the times are \
         real."
    } else if exercise.start.automatic {
        "Everything, and everybody: a scripted commander walked the runbooks on a simulated copy of the estate. Nothing of \
         the estate was looked at or touched, no message left the machine, and nothing is shown of what people would do."
    } else {
        "Readings, databases, commands and their outputs: a simulated copy of the estate, grown from its file. Nothing of \
         the estate was looked at or touched, and no message left the machine. People, their decisions and how long they \
         took were real; how long commands took was not."
    }
}
