//! What is still to be done: notes that begin with `TODO`, and tasks that nobody has ended.

use super::{Block, Cell, Section, Source, Table};
use crate::engine::State;
use crate::log::{Entry, Event};

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Action items");
    let mut table = Table::new("Action items", &["Entry", "What", "Owner", "Due", "Noted by"]);
    for entry in &source.state.entries {
        let Some(action) = action(source.state, entry) else { continue };
        table.row([
            Cell::Number(entry.seq),
            source.said(action.text),
            source.said(action.owner),
            source.said(action.due),
            source.person(&entry.actor.name),
        ]);
    }
    for (seq, task) in source.state.lead.open_tasks() {
        let owner = task.owner.as_ref().map_or(Cell::EMPTY, |owner| source.person(owner));
        let due = Cell::time_or(task.due, "");
        table.row([Cell::Number(seq), source.said(&task.text), owner, due, source.person(&task.by)]);
    }
    if source.is_public() {
        section.say("They are noted by people, and not part of the public edition.");
    } else if table.rows.is_empty() {
        section.say(
            "None was noted. A note that begins with TODO becomes one (TODO renew the certificate @raj due 2026-12-01), and \
             so does a task that is still open.",
        );
    } else {
        section.blocks.push(Block::Table(table));
    }
    section
}

/// What is to be done, by whom (`@raj`) and until when (`due 2026-12-01`), as far as the note says.
#[derive(Debug, PartialEq)]
struct Action<'a> {
    text: &'a str,
    owner: &'a str,
    due: &'a str,
}

/// Of a note that was corrected, the correction counts.
fn action<'a>(state: &'a State, entry: &'a Entry) -> Option<Action<'a>> {
    let text = match &entry.event {
        Event::NoteAdded { text, .. } if !state.superseded.contains_key(&entry.seq) => text,
        Event::Correction { text, .. } if !state.superseded.contains_key(&entry.seq) => text,
        _ => return None,
    };
    parse(text)
}

fn parse(text: &str) -> Option<Action<'_>> {
    let text = text.trim();
    let rest = text.get(..4).filter(|word| word.eq_ignore_ascii_case("todo")).map(|_| &text[4..])?;
    let text = rest.strip_prefix(|c: char| !c.is_alphanumeric())?.trim_start_matches([':', ' ']).trim();
    let words = || text.split_whitespace();
    let owner = words().find_map(|word| word.strip_prefix('@')).unwrap_or_default();
    let due = words().skip_while(|word| *word != "due").nth(1).unwrap_or_default();
    Some(Action { text, owner: owner.trim_end_matches([',', '.', ';']), due: due.trim_end_matches([',', '.', ';']) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_begins_with_todo_is_an_action_with_its_owner_and_date() {
        let found = parse("TODO: renew the certificate @raj, due 2026-12-01.").unwrap();
        assert_eq!((found.owner, found.due), ("raj", "2026-12-01"));
        assert_eq!(found.text, "renew the certificate @raj, due 2026-12-01.");
        assert_eq!(parse("todo page the vendor").unwrap().text, "page the vendor");
        assert_eq!(parse("todos are kept elsewhere"), None);
        assert_eq!(parse("TODO"), None);
        assert_eq!(parse("we have a TODO"), None);
    }
}
