//! The means to check that the page says what the log says.

use super::{Block, Cell, Section, Source};
use crate::report::Mark;

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Integrity");
    let entries = &source.state.entries;
    let chain = match source.damage {
        Some(damage) => Cell::Said(Mark::Bad, format!("NOT WHOLE: {}", source.clean(damage))),
        None => Cell::text("whole when this page was written"),
    };
    let mut facts = vec![("Log", Cell::text("SHA-256 chain")), ("Entries", Cell::Number(entries.len() as u64))];
    if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
        facts.push(("First hash (the log's first line)", Cell::Hash(first.prev)));
        facts.push(("Last hash", Cell::Hash(last.hash)));
    }
    facts.push(("Chain", chain));
    let tally = source.tally();
    let identity = source.clean(&tally.words());
    facts.push((
        "Authors",
        if tally.is_unsigned() {
            Cell::text("claimed: nothing is signed")
        } else if tally.troubles.is_empty() {
            Cell::Text(format!("{identity}; by the keys of the estate as this log holds it"))
        } else {
            Cell::Said(Mark::Bad, identity)
        },
    ));
    section.blocks.push(Block::Facts(facts));
    section.say("To check it, beside the log; it must name the same last hash:");
    let label = source.state.label().unwrap_or("last");
    let text = source.lines(&format!("switchback verify {label}"));
    section.blocks.push(Block::Code { language: "", text });
    section
}
