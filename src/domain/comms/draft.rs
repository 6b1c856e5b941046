//! An update before it is sent: filled in from a template, changed by a person, marked and anchored.

use super::{Audience, Facts, TemplateError, Templates};
use crate::engine::State;
use crate::log::{IncidentStatus, Kind, Way};
use crate::redact::Redactor;

/// Stands above every text of an exercise or a demonstration.
pub const EXERCISE: &str = "EXERCISE EXERCISE EXERCISE";

/// The same of a practice estate, whose updates are really sent.
const LAB: &str = "LAB: a practice estate that nobody depends on";

/// A text for one audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub status: IncidentStatus,
    /// The first line: what a mail has as its subject, and a status page as its title.
    pub subject: String,
    pub body: String,
}

impl Draft {
    /// What the audience's template makes of the incident as it stands, marked where it is an exercise.
    ///
    /// # Errors
    /// The template gives no text.
    pub fn from_template(
        templates: &Templates,
        audience: &Audience,
        status: IncidentStatus,
        facts: &Facts<'_>,
    ) -> Result<Self, TemplateError> {
        let text = templates.render(&templates.name_for(audience, status), &facts.values(audience, status))?;
        // Facts come from a log that many write to: what has the look of a secret goes no further.
        let text = Redactor::default().redact(&text);
        Ok(Self::of_text(status, &text))
    }

    /// A whole text, as it stands in the editor: its first line is the subject.
    #[must_use]
    pub fn of_text(status: IncidentStatus, text: &str) -> Self {
        let (subject, body) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
        let subject = subject.trim().trim_start_matches("Subject:").trim();
        Self { status, subject: subject.to_owned(), body: body.trim().to_owned() }
    }

    /// As it stands in the editor.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n\n{}", self.subject, self.body).trim().to_owned()
    }

    /// As it is sent: what an exercise is says so, and the log's head stands below where the audience wants an anchor.
    #[must_use]
    pub fn ready(&self, audience: &Audience, state: &State) -> Self {
        let kind = state.incident.as_ref().map(|incident| incident.kind);
        let subject = kind.map_or_else(|| self.subject.clone(), |kind| marked_subject(kind, &self.subject));
        let mut body = kind.map_or_else(|| self.body.clone(), |kind| marked(kind, &self.body));
        if audience.anchor
            && let Some(label) = state.label()
        {
            body = format!("{body}\n\nLog of {label}: {}", state.head().short());
        }
        Self { status: self.status, subject, body: body.trim().to_owned() }
    }
}

/// What stands above a text of this kind and before its subject; nothing where people depend on what it tells of.
const fn marks(kind: Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::Live => None,
        Kind::Lab => Some((LAB, "LAB: ")),
        Kind::Drill | Kind::Demo | Kind::Paper => Some((EXERCISE, "EXERCISE: ")),
    }
}

/// `text`, with the mark of its kind above it.
#[must_use]
pub fn marked(kind: Kind, text: &str) -> String {
    match marks(kind) {
        Some((above, _)) if !text.starts_with(above) => format!("{above}\n\n{text}"),
        _ => text.to_owned(),
    }
}

/// The same of a subject, in one word.
#[must_use]
pub fn marked_subject(kind: Kind, subject: &str) -> String {
    match marks(kind) {
        Some((_, before)) if !subject.starts_with(before) => format!("{before}{subject}"),
        _ => subject.to_owned(),
    }
}

/// How an audience is told: its channels, else by hand.
#[must_use]
pub fn ways(audience: &Audience) -> Vec<Way> {
    if audience.channels.is_empty() {
        return vec![Way::Clipboard];
    }
    audience.channels.iter().cloned().map(Way::Channel).collect()
}

/// The status that an update most likely has: as far as the incident has come.
#[must_use]
pub fn likely_status(state: &State) -> IncidentStatus {
    let Some(incident) = state.incident.as_ref() else { return IncidentStatus::default() };
    let tiers = &incident.estate.tiers;
    let recovered = !tiers.is_empty() && tiers.iter().all(|tier| incident.recovered.contains_key(&tier.id));
    let reached = if recovered && incident.decided_at.is_some() {
        IncidentStatus::Monitoring
    } else if incident.decided_at.is_some() {
        IncidentStatus::FailingOver
    } else {
        IncidentStatus::Investigating
    };
    reached.max(incident.status)
}
