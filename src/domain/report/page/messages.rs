//! What people were told beyond the screen, what an exercise would have sent, and what could not be.

use super::{Block, Cell, Section, Source, Table};
use crate::comms::{Update, WayState};
use crate::log::Event;
use crate::report::Mark;
use crate::time::human;

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
    let updates = &source.state.updates.issued;
    if table.rows.is_empty() && updates.is_empty() {
        section.say("None is recorded.");
    }
    if !updates.is_empty() {
        section.blocks.push(Block::Heading(3, "Updates to audiences".to_owned()));
        section.blocks.push(Block::Table(overview(source)));
        for update in updates.values() {
            let said = source.clean(&format!("{}, {}: {}", update.audience, update.status.word(), update.subject));
            section.blocks.push(Block::Heading(4, said));
            section.blocks.push(Block::Code { language: "text", text: source.lines(&update.text) });
        }
    }
    if !table.rows.is_empty() {
        if !updates.is_empty() {
            section.blocks.push(Block::Heading(3, "Alerts".to_owned()));
        }
        section.blocks.push(Block::Table(table));
    }
    section
}

/// A row for each way of each update.
fn overview(source: &Source<'_>) -> Table {
    let mut table = Table::new("Updates to audiences", &[]);
    table.columns.extend(source.time_columns());
    table.columns.extend(["Audience", "Status", "By", "Way", "Became of it", "More"]);
    for update in source.state.updates.issued.values() {
        for (way, state) in &update.ways {
            let (became, more) = became(update, state);
            let mut cells = source.times(Some(update.at));
            cells.extend([
                source.said(update.audience.as_str()),
                Cell::text(update.status.word()),
                source.person(&update.by),
                source.said(&way.to_string()),
                became,
                source.said(&more),
            ]);
            table.row(cells);
        }
    }
    table
}

fn became(update: &Update, state: &WayState) -> (Cell, String) {
    match state {
        WayState::Sending { .. } => {
            (Cell::Word(Mark::Unknown, "unknown"), "the log does not tell whether it arrived".to_owned())
        }
        WayState::Delivered { at, receipt } => {
            let after = format!("after {}", human(crate::time::since(*at, update.at)));
            let more = receipt.iter().fold(after, |after, receipt| format!("{after}, {receipt}"));
            (Cell::Word(Mark::Good, "sent"), more)
        }
        WayState::Shown { .. } => (Cell::Word(Mark::Plain, "would be sent"), String::new()),
        WayState::Failed { why, unsure: true, .. } => (Cell::Word(Mark::Unknown, "unknown"), why.clone()),
        WayState::Failed { why, .. } => (Cell::Word(Mark::Bad, "not sent"), why.clone()),
    }
}
