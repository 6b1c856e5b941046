//! Every entry in the order it was recorded, with the date on every row, late entries and corrections marked.

use std::time::Duration;

use super::{Block, Cell, Section, Source, Table};
use crate::engine::State;
use crate::identity::Standing;
use crate::log::{Entry, Event};
use crate::report::entry_sentence;
use crate::report::text::utc;
use crate::time::{clock, since};

/// Recorded later than this after it happened, an entry is a late one.
const LATE: Duration = Duration::from_secs(10);

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Timeline");
    section.say("In the order of recording; times are when it happened.");
    let mut table = Table::new("Timeline", &[]);
    table.columns.extend(source.time_columns());
    table.columns.extend(["Entry", "Actor", "What happened", "Mark"]);
    table.rows.reserve(source.state.entries.len());
    for entry in &source.state.entries {
        let sentence = entry_sentence(source.state, entry);
        let mut cells = source.times(Some(entry.occurred_at));
        cells.push(Cell::Number(entry.seq));
        cells.push(who(source, entry));
        cells.push(Cell::Said(sentence.mark, source.clean(&sentence.to_string())));
        cells.push(Cell::Text(source.marks(entry).join("; ")));
        table.row(cells);
    }
    section.blocks.push(Block::Table(table));
    section
}

pub(super) fn who(source: &Source<'_>, entry: &Entry) -> Cell {
    let verified = match source.standing(entry) {
        Standing::Claimed | Standing::NotProved | Standing::WrittenBy(_) => String::new(),
        standing => format!(" ({})", standing.word()),
    };
    let host = if entry.actor.host.is_empty() { String::new() } else { format!("@{}", entry.actor.host) };
    source.said(&format!("{}{host}{verified}", entry.actor.name))
}

impl Source<'_> {
    /// [`marks`], and whether its author must not be believed.
    pub(in crate::report) fn marks(&self, entry: &Entry) -> Vec<String> {
        let standing = self.standing(entry);
        let bad = standing.is_bad().then(|| standing.words());
        bad.into_iter().chain(marks(self.state(), entry)).collect()
    }
}

/// The entry's sentence behind the sign of its [`Mark`]: where there is no colour, that a step succeeded must be seen.
#[must_use]
pub fn signed_sentence(state: &State, entry: &Entry) -> String {
    let sentence = entry_sentence(state, entry);
    format!("{} {sentence}", sentence.mark.sign())
}

/// What a reader has to know of an entry besides what it says: late, corrected, or under a clock that was set back.
#[must_use]
pub fn marks(state: &State, entry: &Entry) -> Vec<String> {
    let mut marks = Vec::new();
    let before = entry.seq.checked_sub(2).and_then(|at| state.entries.get(usize::try_from(at).ok()?));
    // The scenario of an exercise has a clock of its own: late is what happened before what stands above it.
    let since_it_was = match before {
        Some(before) if state.exercise.is_some() => since(before.occurred_at, entry.occurred_at),
        None if state.exercise.is_some() => Duration::ZERO,
        _ => since(entry.recorded_at, entry.occurred_at),
    };
    if since_it_was > LATE {
        marks.push(format!("late entry, recorded {}", utc(entry.recorded_at)));
    }
    if let Event::Correction { supersedes, .. } = entry.event {
        marks.push(format!("correction of entry {supersedes}"));
    }
    if let Some(correction) = state.superseded.get(&entry.seq) {
        marks.push(format!("corrected by entry {correction}"));
    }
    if let Some(before) = before.filter(|before| before.recorded_at > entry.recorded_at) {
        marks.push(format!("the clock was set back: entry {} was recorded {}", before.seq, clock(before.recorded_at)));
    }
    marks
}
