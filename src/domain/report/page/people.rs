//! Who held which role, from when until when.

use super::{Block, Cell, Section, Source, Table};
use crate::engine::State;
use crate::ident::PersonId;
use crate::log::Event;
use crate::people::Role;
use crate::report::text::utc;
use crate::time::Timestamp;

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Roles");
    let mut table = Table::new("Roles", &["Role", "Who", "From", "Until"]);
    for held in held(source.state) {
        table.row([
            Cell::text(held.role.name()),
            source.person(&held.by),
            Cell::Time(held.from),
            Cell::time_or(held.until, "the end of the log"),
        ]);
    }
    if table.rows.is_empty() {
        section.say("Nobody held any.");
    } else {
        section.blocks.push(Block::Table(table));
    }
    for solo in alone(source) {
        section.say(solo);
    }
    section
}

/// One stretch of a role.
#[derive(Debug, PartialEq)]
struct Held {
    role: Role,
    by: PersonId,
    from: Timestamp,
    /// Released, handed over, or the incident was closed.
    until: Option<Timestamp>,
}

/// In the order in which they were taken.
fn held(state: &State) -> Vec<Held> {
    let mut all: Vec<Held> = Vec::new();
    for entry in &state.entries {
        let at = entry.occurred_at;
        match &entry.event {
            Event::CommandTaken { by, role, .. } => take(&mut all, *role, by, at),
            Event::HandoffAccepted { by, .. } => take(&mut all, Role::Commander, by, at),
            Event::RoleReleased { by, role } => {
                end(&mut all, at, |held| held.role == *role && held.by == *by);
            }
            Event::IncidentClosed { .. } => end(&mut all, at, |_| true),
            _ => {}
        }
    }
    all
}

fn take(all: &mut Vec<Held>, role: Role, by: &PersonId, from: Timestamp) {
    if role == Role::Commander {
        end(all, from, |held| held.role == Role::Commander && held.by != *by);
    }
    if !all.iter().any(|held| held.role == role && held.by == *by && held.until.is_none()) {
        all.push(Held { role, by: by.clone(), from, until: None });
    }
}

fn end(all: &mut [Held], at: Timestamp, of: impl Fn(&Held) -> bool) {
    for held in all.iter_mut().filter(|held| held.until.is_none() && of(held)) {
        held.until = Some(at);
    }
}

/// Who worked alone, why, and until when: approvals were overridden then.
fn alone(source: &Source<'_>) -> Vec<String> {
    let mut stretches: Vec<(&PersonId, &str, Timestamp, Option<Timestamp>)> = Vec::new();
    for entry in &source.state.entries {
        let at = entry.occurred_at;
        let ends = match &entry.event {
            Event::SoloBegun { .. } | Event::SoloEnded {} | Event::IncidentClosed { .. } => true,
            Event::CommandTaken { by, role: Role::Commander, .. } | Event::HandoffAccepted { by, .. } => {
                stretches.last().is_some_and(|(alone, ..)| *alone != by)
            }
            _ => false,
        };
        if ends && let Some((.., until)) = stretches.last_mut() {
            until.get_or_insert(at);
        }
        if let Event::SoloBegun { by, reason } = &entry.event {
            stretches.push((by, reason, at, None));
        }
    }
    let said = |(by, reason, from, until): (&PersonId, &str, Timestamp, Option<Timestamp>)| {
        let until = until.map_or_else(|| "the end of the log".to_owned(), utc);
        source.clean(&format!("{by} worked alone from {} to {until}: {reason}", utc(from)))
    };
    stretches.into_iter().map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Kind;
    use crate::report::tests::story::Story;

    #[test]
    fn of_commanders_there_is_one_at_a_time_and_other_roles_end_when_they_are_released() {
        let mut story = Story::new(Kind::Live);
        story.open("us-east-1 is down");
        let took = |by: &str, role| Event::CommandTaken { by: by.into(), role, reason: None };
        story.tell(70, "ana", took("ana", Role::Scribe));
        story.tell(80, "mara", Event::HandoffOffered { to: "raj".into(), brief: String::new() });
        let offer = story.state.entries.len() as u64;
        story.tell(90, "raj", Event::HandoffAccepted { offer, by: "raj".into(), spoken: false });
        story.tell(95, "ana", Event::RoleReleased { by: "ana".into(), role: Role::Scribe });
        story.tell(99, "ana", took("ana", Role::Operator));
        let rows: Vec<_> =
            held(&story.state).into_iter().map(|held| (held.role, held.by.to_string(), held.until)).collect();
        assert_eq!(
            rows,
            [
                (Role::Commander, "mara".to_owned(), Some(story.at(90))),
                (Role::Scribe, "ana".to_owned(), Some(story.at(95))),
                (Role::Commander, "raj".to_owned(), None),
                (Role::Operator, "ana".to_owned(), None),
            ]
        );
        story.tell(120, "raj", Event::IncidentClosed { reason: "over".to_owned() });
        assert!(held(&story.state).iter().all(|held| held.until.is_some()));
    }

    #[test]
    fn who_worked_alone_did_so_until_somebody_came() {
        let mut story = Story::new(Kind::Live);
        story.open("us-east-1 is down");
        let begun = || Event::SoloBegun { by: "mara".into(), reason: "nobody answers".to_owned() };
        story.tell(70, "mara", begun());
        story.tell(80, "mara", Event::SoloEnded {});
        story.tell(90, "mara", begun());
        story.tell(99, "raj", Event::CommandTaken { by: "raj".into(), role: Role::Commander, reason: None });
        story.tell(120, "raj", Event::IncidentClosed { reason: "over".to_owned() });
        let said = alone(&Source::new(&story.state));
        let stretch = |from, until| {
            format!("mara worked alone from {} to {}: nobody answers", utc(story.at(from)), utc(story.at(until)))
        };
        assert_eq!(said, [stretch(70, 80), stretch(90, 99)]);
    }
}
