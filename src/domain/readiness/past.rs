//! What happened before and beside the readings: known from incidents, and from what was written down.

use super::{TestRecord, Walk};
use crate::engine::{RunState, State};
use crate::log::Kind;
use crate::reading::Failover;
use crate::time::Timestamp;

/// What is remembered of an estate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// The failover that ended last.
    pub failover: Option<Failover>,
    pub rehearsals: Vec<Rehearsal>,
    /// Newest last.
    pub walks: Vec<Walk>,
    pub records: Vec<TestRecord>,
    /// Why not everything could be read.
    pub trouble: Option<String>,
}

/// One runbook walked to its end, or an incident that was talked through without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    /// Label of the incident.
    pub incident: String,
    pub kind: Kind,
    pub title: String,
    pub runbook: Option<String>,
    pub at: Timestamp,
    pub passed: bool,
}

impl Rehearsal {
    /// Those of an incident. What still goes on is none yet.
    #[must_use]
    pub fn of(state: &State) -> Vec<Self> {
        let Some(incident) = &state.incident else { return Vec::new() };
        let rehearsal = |runbook: Option<String>, at, passed| Self {
            incident: incident.label.clone(),
            kind: incident.kind,
            title: incident.title.clone(),
            runbook,
            at,
            passed,
        };
        let ended = state.runs.iter().filter_map(|run| {
            let passed = matches!(run.state, RunState::Completed | RunState::CompletedWithExceptions { .. });
            Some(rehearsal(Some(run.name.clone()), run.ended_at?, passed))
        });
        let talked = incident.closed_at.filter(|_| state.runs.is_empty()).map(|at| rehearsal(None, at, true));
        ended.chain(talked).collect()
    }
}
