//! Telling audiences: where the person stands among them, texts being written, and what is about to be sent.

use domain::comms::{Audience, Draft, Due, Facts, Update, due, likely_status, timeout, ways};
use domain::estate::Estate;
use domain::ident::AudienceId;
use domain::log::{IncidentStatus, Way};
use domain::time::{Timestamp, at_offset};
use tui_textarea::{CursorMove, TextArea, WrapMode};

use super::Model;

/// What is due this soon is told with what is overdue.
const SOON: std::time::Duration = std::time::Duration::from_secs(120);

/// Where the person stands in the list; `None`: on the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommsView {
    pub cursor: Option<AudienceId>,
}

impl CommsView {
    #[must_use]
    pub fn position(&self, audiences: &[Audience]) -> usize {
        let here = |id: &AudienceId| audiences.iter().position(|audience| audience.id == *id);
        self.cursor.as_ref().and_then(here).unwrap_or(0)
    }
}

/// A text that was begun: kept until it is sent or begun anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub status: IncidentStatus,
    pub text: String,
    /// The audience's last update when it was begun: another since then was sent meanwhile.
    pub after: Option<u64>,
}

/// A text being written. Enter shows it as it will be sent, Alt-Enter begins a new line.
#[derive(Clone, Debug)]
pub struct Drafting {
    pub audience: AudienceId,
    pub status: IncidentStatus,
    /// The first line is the subject.
    pub area: TextArea<'static>,
    /// It is no longer what the template gave.
    pub edited: bool,
    pub after: Option<u64>,
    pub problem: Option<String>,
}

impl Drafting {
    #[must_use]
    pub fn new(audience: AudienceId, kept: &Kept, edited: bool) -> Self {
        Self { audience, status: kept.status, area: area(&kept.text), edited, after: kept.after, problem: None }
    }

    #[must_use]
    pub fn text(&self) -> String {
        self.area.lines().join("\n").trim().to_owned()
    }

    #[must_use]
    pub fn kept(&self) -> Kept {
        Kept { status: self.status, text: self.text(), after: self.after }
    }

    /// Another text in its place.
    pub fn replace(&mut self, text: &str) {
        self.area = area(text);
    }

    /// Line breaks stay; other control characters do not get in.
    pub(crate) fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let plain: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        self.area.insert_str(plain);
        self.edited = true;
    }
}

fn area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.lines().map(str::to_owned).collect());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.move_cursor(CursorMove::Top);
    area
}

/// One update, exactly as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub audience: AudienceId,
    pub ready: Draft,
    pub ways: Vec<Way>,
    /// As it stands in the editor.
    pub kept: Kept,
}

/// What is about to be sent: looked at, then confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    pub letters: Vec<Letter>,
    pub scroll: usize,
}

impl Model {
    /// Who is told, of the incident that is shown or of the next one.
    #[must_use]
    pub fn audiences(&self) -> &[Audience] {
        &self.comms_estate().audiences
    }

    fn comms_estate(&self) -> &Estate {
        self.state.estate().unwrap_or(&self.scene.estate)
    }

    #[must_use]
    pub fn audience(&self, id: &AudienceId) -> Option<&Audience> {
        self.audiences().iter().find(|audience| audience.id == *id)
    }

    /// What is due when, soonest first; nothing without an open incident.
    #[must_use]
    pub fn updates_due(&self) -> Vec<Due> {
        let Some(incident) = self.state.open() else { return Vec::new() };
        due(self.audiences(), &self.state.updates, incident.opened_at)
    }

    /// Who is told in one go: those that are overdue or due soon, else the next.
    #[must_use]
    pub fn due_now(&self) -> Vec<AudienceId> {
        let due = self.updates_due();
        let soon = at_offset(self.now.wall, SOON);
        let count = due.iter().filter(|due| due.at <= soon).count().max(1);
        due.into_iter().take(count).map(|due| due.audience).collect()
    }

    /// The text that was begun for this audience, else one from its template.
    ///
    /// # Errors
    /// Its template gives no text: where, why, and what helps.
    pub fn draft_of(&self, audience: &Audience) -> Result<Kept, String> {
        match self.ui.drafts.get(&audience.id) {
            Some(kept) => Ok(kept.clone()),
            None => self.template_of(audience, likely_status(&self.state)),
        }
    }

    /// What its template makes of the incident as it stands.
    ///
    /// # Errors
    /// As [`Model::draft_of`].
    pub fn template_of(&self, audience: &Audience, status: IncidentStatus) -> Result<Kept, String> {
        let facts =
            Facts { state: &self.state, reading: self.status.as_deref(), learned: &self.learned, now: self.now.wall };
        let draft = Draft::from_template(&self.scene.templates, audience, status, &facts);
        let draft = draft.map_err(|error| format!("{error}; {}", error.remedy))?;
        Ok(Kept { status, text: draft.text(), after: self.last_update(&audience.id) })
    }

    #[must_use]
    pub fn last_update(&self, audience: &AudienceId) -> Option<u64> {
        self.state.updates.last(audience).map(|(seq, _)| seq)
    }

    /// A text as it is sent now.
    #[must_use]
    pub fn letter(&self, audience: &Audience, kept: Kept) -> Letter {
        let ready = Draft::of_text(kept.status, &kept.text).ready(audience, &self.state);
        Letter { audience: audience.id.clone(), ready, ways: ways(audience), kept }
    }

    /// Who told the audience meanwhile, and when.
    #[must_use]
    pub fn told_meanwhile(&self, audience: &AudienceId, after: Option<u64>) -> Option<&Update> {
        self.state.updates.last(audience).filter(|(seq, _)| Some(*seq) > after).map(|(_, update)| update)
    }

    /// Nobody knows whether an update arrived this way.
    #[must_use]
    pub fn update_unknown(&self, way: &Way, state: &domain::comms::WayState) -> bool {
        state.unknown(timeout(self.comms_estate(), way), self.now.wall)
    }

    /// The newest update of the audience, and the first way of it that did not come through, or nobody knows of.
    #[must_use]
    pub fn troubled(&self, audience: &AudienceId) -> Option<(u64, Way)> {
        let (seq, update) = self.state.updates.last(audience)?;
        let way = update.ways.iter().find(|(way, state)| {
            matches!(state, domain::comms::WayState::Failed { .. }) || self.update_unknown(way, state)
        });
        way.map(|(way, _)| (seq, way.clone()))
    }

    /// Due before this instant of the frame.
    #[must_use]
    pub fn overdue(&self, at: Timestamp) -> bool {
        at < self.now.wall
    }
}
