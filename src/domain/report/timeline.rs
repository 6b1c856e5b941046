//! Every entry in the order it was recorded, with the date on every row, late entries and corrections marked.

use std::time::Duration;

use super::page::Page;
use super::sentence::{Mark, entry_sentence};
use super::text::utc;
use crate::engine::State;
use crate::log::{Entry, Event};
use crate::people::Identity;
use crate::time::{clock, since};

/// Recorded later than this after it happened, an entry is a late one.
const LATE: Duration = Duration::from_secs(10);

pub(super) fn write(page: &mut Page<'_>) {
    page.heading("Timeline");
    page.line("In the order of recording; times are when it happened.\n");
    page.table(&["UTC", "Entry", "Actor", "What happened", "Mark"]);
    for entry in &page.state.entries {
        let (who, _) = who_and_what(page, entry);
        let what = page.text.line(&signed_sentence(page.state, entry));
        let marks = page.text.line(&marks(page.state, entry).join("; "));
        page.row(&[utc(entry.occurred_at), entry.seq.to_string(), who, what, marks]);
    }
}

pub(super) fn who_and_what(page: &Page<'_>, entry: &Entry) -> (String, String) {
    let verified = if entry.actor.identity == Identity::Verified { " (verified)" } else { "" };
    let host = if entry.actor.host.is_empty() { String::new() } else { format!("@{}", entry.actor.host) };
    let who = page.text.line(&format!("{}{host}{verified}", entry.actor.name));
    (who, page.text.line(&entry_sentence(page.state, entry).to_string()))
}

/// The entry's sentence behind the sign of its [`Mark`]: where there is no colour, that a step succeeded must be seen.
#[must_use]
pub fn signed_sentence(state: &State, entry: &Entry) -> String {
    let sentence = entry_sentence(state, entry);
    let sign = match sentence.mark {
        Mark::Plain => '·',
        Mark::Good => '✓',
        Mark::Started => '▸',
        Mark::Warning => '!',
        Mark::Bad => '✗',
        Mark::Unknown => '?',
        Mark::Waiting => '…',
    };
    format!("{sign} {sentence}")
}

/// What a reader has to know of an entry besides what it says: late, corrected, or under a clock that was set back.
#[must_use]
pub fn marks(state: &State, entry: &Entry) -> Vec<String> {
    let mut marks = Vec::new();
    if since(entry.recorded_at, entry.occurred_at) > LATE {
        marks.push(format!("late entry, recorded {}", utc(entry.recorded_at)));
    }
    if let Event::Correction { supersedes, .. } = entry.event {
        marks.push(format!("correction of entry {supersedes}"));
    }
    if let Some(correction) = state.superseded.get(&entry.seq) {
        marks.push(format!("corrected by entry {correction}"));
    }
    let before = entry.seq.checked_sub(2).and_then(|at| state.entries.get(usize::try_from(at).ok()?));
    if let Some(before) = before.filter(|before| before.recorded_at > entry.recorded_at) {
        marks.push(format!("the clock was set back: entry {} was recorded {}", before.seq, clock(before.recorded_at)));
    }
    marks
}
