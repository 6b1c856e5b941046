//! An update on its way: what channels send.

use serde::{Deserialize, Serialize};

use super::Update;
use crate::engine::State;
use crate::ident::AudienceId;
use crate::log::{IncidentStatus, Kind};
use crate::time::{Timestamp, rfc3339_ms};

/// As JSON it is the body of a webhook, and what `command` reads: its field names are a public contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The entry of the log that issued it. With `incident_id` the same for every attempt.
    pub update: u64,
    pub audience: AudienceId,
    pub status: IncidentStatus,
    pub subject: String,
    pub text: String,
    pub estate: String,
    pub kind: Kind,
    /// Its label: `INC-2026-0007`.
    pub incident: String,
    pub incident_id: String,
    pub severity: String,
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
}

impl Outgoing {
    /// What `update` of this incident's log says, for those who are told.
    #[must_use]
    pub fn of(state: &State, seq: u64, update: &Update) -> Option<Self> {
        let incident = state.incident.as_ref()?;
        Some(Self {
            update: seq,
            audience: update.audience.clone(),
            status: update.status,
            subject: update.subject.clone(),
            text: update.text.clone(),
            estate: incident.estate.name.clone(),
            kind: incident.kind,
            incident: incident.label.clone(),
            incident_id: incident.id.to_string(),
            severity: incident.severity.to_string(),
            at: update.at,
        })
    }

    /// As people read it where there is no subject apart.
    #[must_use]
    pub fn whole(&self) -> String {
        format!("{}\n\n{}", self.subject, self.text).trim().to_owned()
    }
}
