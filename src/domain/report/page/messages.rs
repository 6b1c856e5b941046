//! What people were told beyond the screen, what an exercise would have sent, and what could not be.

use super::{Block, Cell, Section, Source, Table};
use crate::log::Event;
use crate::report::Mark;

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Messages");
    let mut table = Table::new("Messages", &[]);
    table.columns.extend(source.time_columns());
    table.columns.extend(["Became of it", "Channel", "About", "Text"]);
    for entry in &source.state.entries {
        let (became, channel, about, text) = match &entry.event {
            Event::MessageSent { channel, alert, text } => {
                (Cell::Word(Mark::Good, "sent"), channel, alert, text.clone())
            }
            Event::MessageShown { channel, alert, text } => {
                (Cell::Word(Mark::Plain, "would be sent"), channel, alert, text.clone())
            }
            Event::MessageFailed { channel, alert, text, why, .. } => {
                (Cell::Word(Mark::Bad, "not sent"), channel, alert, format!("{text} ({why})"))
            }
            _ => continue,
        };
        let mut cells = source.times(Some(entry.occurred_at));
        cells.extend([became, source.said(channel.as_str()), source.said(about.as_str()), source.said(&text)]);
        table.row(cells);
    }
    if table.rows.is_empty() {
        section.say("None is recorded.");
    } else {
        section.blocks.push(Block::Table(table));
    }
    section
}
