//! Drafts and places for tests of the log.

use domain::ident::IncidentId;
use domain::log::{Draft, Entry, Event, Header, Kind, LOG_VERSION};
use domain::people::Actor;
use domain::time::Timestamp;
use switchback::runtime::paths::Paths;

pub(crate) fn header(label: &str) -> Header {
    Header {
        version: LOG_VERSION,
        incident: IncidentId(ulid::Ulid::generate()),
        label: label.to_owned(),
        kind: Kind::Live,
        created_at: Timestamp::UNIX_EPOCH,
        created_by: "a test".to_owned(),
    }
}

pub(crate) fn note(text: &str) -> Draft {
    Draft {
        occurred_at: Timestamp::UNIX_EPOCH,
        kind: Kind::Live,
        actor: Actor::claimed("mara", "bastion"),
        event: Event::NoteAdded { text: text.to_owned(), run: None, step: None },
    }
}

/// The text of each note; other events by the name of their type.
pub(crate) fn texts(entries: &[Entry]) -> Vec<String> {
    let text = |entry: &Entry| match &entry.event {
        Event::NoteAdded { text, .. } => text.clone(),
        other => serde_json::to_value(other).unwrap()["type"].as_str().unwrap().to_owned(),
    };
    entries.iter().map(text).collect()
}

pub(crate) fn paths(dir: &tempfile::TempDir) -> Paths {
    Paths { state: dir.path().join("state"), config: dir.path().join("config") }
}
