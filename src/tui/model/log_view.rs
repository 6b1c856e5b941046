//! The log panel: which entries it shows, and where in them it stands.

use std::sync::Arc;

use domain::engine::State;
use domain::log::Entry;
use domain::report::Mark;

use super::{Filter, Narrowed, sentence};

/// Fields of an entry that a filter may look at alone.
const FIELDS: [&str; 3] = ["actor", "step", "type"];

/// Filter, follow and cursor of the log.
#[derive(Clone, Debug)]
pub struct LogView {
    /// Words of an entry as it reads; `actor:mara`, `step:promote`, `type:note_added` look at one thing.
    pub filter: Filter,
    /// The newest entry stays in sight.
    pub follow: bool,
    /// `seq` of the entry under the cursor, when not following.
    pub cursor: Option<u64>,
}

impl Default for LogView {
    fn default() -> Self {
        Self { filter: Filter::none(), follow: true, cursor: None }
    }
}

impl LogView {
    /// The entries that pass the filter, oldest first.
    #[must_use]
    pub fn rows<'a>(&self, state: &'a State) -> Vec<&'a Arc<Entry>> {
        self.narrowed(state).rows
    }

    /// The same, and what is left out.
    #[must_use]
    pub fn narrowed<'a>(&self, state: &'a State) -> Narrowed<&'a Arc<Entry>> {
        let terms = self.filter.terms(&FIELDS);
        let passes =
            |entry: &&Arc<Entry>| terms.is_empty() || terms.pass(&says(state, entry), |name| field(entry, name));
        Narrowed::new(&state.entries, passes, |entry| sentence(state, entry).mark == Mark::Bad)
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

fn says(state: &State, entry: &Entry) -> String {
    let sentence = sentence(state, entry);
    format!("{} {} {}", entry.actor.name, sentence.text, sentence.detail.unwrap_or_default())
}

/// Who wrote it; or a field of the event as it is written to the log.
fn field(entry: &Entry, name: &str) -> Option<String> {
    if name == "actor" {
        return Some(entry.actor.name.to_string());
    }
    let event = serde_json::to_value(&entry.event).ok()?;
    let value = event.get(name).or_else(|| event.get("resolved")?.get(name))?;
    value.as_str().map(str::to_owned)
}
