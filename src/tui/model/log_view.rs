//! The log panel: which entries it shows, and where in them it stands.

use std::sync::Arc;

use domain::engine::State;
use domain::log::Entry;

use super::{Field, sentence};

/// Filter, follow and cursor of the log.
#[derive(Clone, Debug)]
pub struct LogView {
    /// Words that must all be in an entry as it reads; `actor:mara`, `step:promote`, `type:note_added` look at one thing.
    pub filter: String,
    /// The filter being typed.
    pub editing: Option<Field>,
    /// The newest entry stays in sight.
    pub follow: bool,
    /// `seq` of the entry under the cursor, when not following.
    pub cursor: Option<u64>,
}

impl Default for LogView {
    fn default() -> Self {
        Self { filter: String::new(), editing: None, follow: true, cursor: None }
    }
}

impl LogView {
    /// The entries that pass the filter, oldest first.
    #[must_use]
    pub fn rows<'a>(&self, state: &'a State) -> Vec<&'a Arc<Entry>> {
        let typed = self.editing.as_ref().map_or(self.filter.as_str(), Field::text);
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        state.entries.iter().filter(|entry| words.is_empty() || passes(state, entry, &words)).collect()
    }

    /// Where the cursor stands in [`Self::rows`]: the last one while following.
    #[must_use]
    pub fn position(&self, rows: &[&Arc<Entry>]) -> usize {
        let last = rows.len().saturating_sub(1);
        match self.cursor {
            Some(seq) if !self.follow => rows.iter().rposition(|entry| entry.seq <= seq).unwrap_or(0),
            _ => last,
        }
    }
}

fn passes(state: &State, entry: &Entry, words: &[String]) -> bool {
    let actor = entry.actor.name.as_str().to_lowercase();
    let sentence = sentence(state, entry);
    let reads = format!("{} {}", sentence.text, sentence.detail.unwrap_or_default()).to_lowercase();
    words.iter().all(|word| match word.split_once(':') {
        Some(("actor", name)) => actor.contains(name),
        Some((what @ ("type" | "step"), name)) => field(entry, what).is_some_and(|value| value.starts_with(name)),
        _ => actor.contains(word.as_str()) || reads.contains(word.as_str()),
    })
}

/// A field of the event as it is written to the log.
fn field(entry: &Entry, name: &str) -> Option<String> {
    let event = serde_json::to_value(&entry.event).ok()?;
    let value = event.get(name).or_else(|| event.get("resolved")?.get(name))?;
    value.as_str().map(str::to_lowercase)
}
