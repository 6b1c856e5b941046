//! The brief of an incident, as one commander gives it to the next: situation, objectives, what is done and what comes
//! next, who holds what, decisions, timers, risks. The sections follow form ICS 201 of the incident command system.
//!
//! One text serves the screen, the clipboard, a chat and the log.

mod course;
mod people;
mod state;
#[cfg(test)]
mod tests;
mod text;

use super::watermark;
use crate::forgotten::Seen;
use crate::time::{clock, human};
use crate::untrusted::sanitise_line;

/// Free of control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// `INC-2026-0007 SEV1 us-east-1 is down`.
    pub title: String,
    /// `as of 2026-11-20 02:14:37Z, entry 41, head 9f3c2a`.
    pub as_of: String,
    /// What everything of it says where it was no incident: `EXERCISE EXERCISE EXERCISE`.
    pub watermark: Option<&'static str>,
    pub parts: Vec<Part>,
}

/// A section. One without lines is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub weight: Weight,
    pub text: String,
}

/// How much a line matters to somebody who has ten seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Plain,
    /// Somebody should do something about it.
    Open,
    /// Something is wrong.
    Wrong,
}

impl Brief {
    /// `None` without an incident.
    #[must_use]
    pub fn of(seen: &Seen<'_>) -> Option<Self> {
        let incident = seen.state.incident.as_ref()?;
        let parts = vec![
            state::situation(seen, incident),
            state::objectives(seen, incident),
            course::done(seen),
            course::next(seen),
            people::roles(seen, incident),
            people::decisions(seen),
            people::tasks(seen),
            course::timers(seen, incident),
            state::risks(seen, incident),
        ];
        let last = seen.state.entries.last().map_or(0, |entry| entry.seq);
        let as_of = format!(
            "as of {} {}, entry {last}, head {}",
            seen.now.strftime("%Y-%m-%d"),
            clock(seen.now),
            seen.state.head().short()
        );
        Some(Self {
            title: sanitise_line(&format!("{} {} {}", incident.label, incident.severity, incident.title)),
            as_of,
            watermark: watermark(incident.kind),
            parts: parts.into_iter().filter(|part| !part.lines.is_empty()).collect(),
        })
    }

    /// Plain text of lines of at most 72 characters, to be pasted into a chat or read aloud.
    #[must_use]
    pub fn text(&self) -> String {
        text::of(self)
    }
}

impl Part {
    const fn new(title: &'static str) -> Self {
        Self { title, lines: Vec::new() }
    }

    fn put(&mut self, weight: Weight, text: impl AsRef<str>) {
        self.lines.push(Line { weight, text: sanitise_line(text.as_ref()) });
    }

    fn say(&mut self, text: impl AsRef<str>) {
        self.put(Weight::Plain, text);
    }
}

/// `7m41s`, to the second.
fn span(span: std::time::Duration) -> String {
    human(std::time::Duration::from_secs(span.as_secs()))
}
