//! Page one's exceptions: what did not go by the plan, and what has no end.

use super::{Block, Cell, Section, Source, Table};
use crate::report::Mark;
use crate::report::{entry_sentence, exceptions, left_open};

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Exceptions");
    let state = source.state;
    let (found, open) = (exceptions(state), left_open(state));
    if found.is_empty() && open.is_empty() {
        section.say(match (state.over(), state.runs.is_empty() && state.exercise.is_some()) {
            (true, true) => "None: no runbook was walked.",
            (true, false) => "None: everything went by the plan.",
            (false, _) => "None so far.",
        });
        return section;
    }
    let mut table = Table::new("Exceptions", &[]);
    table.columns.extend(source.time_columns());
    table.columns.extend(["Exception", "Who", "What"]);
    for exception in found {
        let entry = exception.entry;
        let sentence = entry_sentence(state, entry);
        let mut cells = source.times(Some(entry.occurred_at));
        cells.push(Cell::Word(sentence.mark, exception.word));
        cells.push(source.person(&entry.actor.name));
        cells.push(source.said(&sentence.to_string()));
        table.row(cells);
    }
    for open in open {
        let mut cells = source.times(None);
        cells.extend([Cell::Word(Mark::Unknown, "left open"), Cell::EMPTY, source.said(&open)]);
        table.row(cells);
    }
    section.blocks.push(Block::Table(table));
    section
}
