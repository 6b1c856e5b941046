//! The files that lie beside the log, by their hashes.

use super::{Block, Cell, Section, Source, Table};
use crate::execution::OutputRef;
use crate::log::{Entry, Event};
use crate::report::sentence::title;

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Evidence");
    let mut table = Table::new("Outputs beside the log", &["Entry", "Output of", "File", "Bytes", "SHA-256"]);
    for (entry, output) in source.state.entries.iter().filter_map(|entry| Some((entry, output(&entry.event)?))) {
        let file = if output.cut { format!("{} (cut)", output.path) } else { output.path.clone() };
        table.row([
            Cell::Number(entry.seq),
            source.said(&of(source, entry)),
            source.said(&file),
            Cell::Number(output.bytes),
            Cell::Hash(output.sha256),
        ]);
    }
    if table.rows.is_empty() {
        section.say("No output lies beside the log.");
    } else {
        section.blocks.push(Block::Table(table));
    }
    section
}

const fn output(event: &Event) -> Option<&OutputRef> {
    match event {
        Event::StepFinished { outcome, .. } | Event::CaptureFinished { outcome, .. } => outcome.output.as_ref(),
        _ => None,
    }
}

fn of(source: &Source<'_>, entry: &Entry) -> String {
    match &entry.event {
        Event::StepFinished { run, step, attempt, .. } => {
            format!("{}, attempt {attempt}", title(source.state, *run, step))
        }
        _ => "a command".to_owned(),
    }
}
