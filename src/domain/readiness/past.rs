//! What happened before and beside the readings: known from incidents, and from what was written down.

use std::time::Duration;

use super::{TestRecord, Walk};
use crate::engine::{RunState, State};
use crate::ident::TestId;
use crate::log::Kind;
use crate::reading::Failover;
use crate::time::{Timestamp, human};

/// What is remembered of an estate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// The failover that ended last.
    pub failover: Option<Failover>,
    pub rehearsals: Vec<Rehearsal>,
    /// Exercises that were played to their end, newest last.
    pub held: Vec<Held>,
    /// Newest last.
    pub walks: Vec<Walk>,
    pub records: Vec<TestRecord>,
    /// Why not everything could be read.
    pub trouble: Option<String>,
}

/// An exercise that was played to its end, and what it measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its label.
    pub incident: String,
    pub kind: Kind,
    /// The scenario's file, without its ending.
    pub scenario: String,
    pub title: String,
    /// Tests of the schedule that the scenario says it is.
    pub counts_as: Vec<TestId>,
    /// It played itself: that shows something of the runbooks, and nothing of the people.
    pub automatic: bool,
    /// On the clock of those who held it.
    pub at: Timestamp,
    pub passed: bool,
    pub points: u8,
    /// From the impact until everything was back.
    pub rto: Option<Duration>,
    /// What was lost, worst database first, as an interval.
    pub lost: Option<String>,
}

impl Held {
    /// `100 points, RTO 4m50s, RPO 2s … 41s`.
    #[must_use]
    pub fn measured(&self) -> String {
        let rto = self.rto.map(|rto| format!(", RTO {}", human(rto))).unwrap_or_default();
        let lost = self.lost.as_ref().map(|lost| format!(", RPO {lost}")).unwrap_or_default();
        let itself = if self.automatic { ", played by itself" } else { "" };
        format!("{} points{rto}{lost}{itself}", self.points)
    }
}

/// One runbook walked to its end, an exercise, or an incident that was talked through without a runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    /// Label of the incident.
    pub incident: String,
    pub kind: Kind,
    pub title: String,
    pub runbook: Option<String>,
    /// Tests that it says it is.
    pub counts_as: Vec<TestId>,
    pub automatic: bool,
    pub at: Timestamp,
    pub passed: bool,
    /// What it measured, in words.
    pub measured: Option<String>,
}

impl Rehearsal {
    /// Those of an incident, or of the exercise that `held` tells of. What still goes on is none yet, and an exercise that
    /// was broken off is none at all.
    #[must_use]
    pub fn of(state: &State, held: Option<&Held>) -> Vec<Self> {
        if state.exercise.is_some() {
            return held.map(|held| in_exercise(state, held)).unwrap_or_default();
        }
        let Some(incident) = &state.incident else { return Vec::new() };
        let rehearsal = |runbook: Option<String>, at, passed| Self {
            incident: incident.label.clone(),
            kind: incident.kind,
            title: incident.title.clone(),
            runbook,
            counts_as: Vec::new(),
            automatic: false,
            at,
            passed,
            measured: None,
        };
        let ended = state.runs.iter().filter_map(|run| {
            let passed = matches!(run.state, RunState::Completed | RunState::CompletedWithExceptions { .. });
            Some(rehearsal(Some(run.name.clone()), run.ended_at?, passed))
        });
        let talked = incident.closed_at.filter(|_| state.runs.is_empty()).map(|at| rehearsal(None, at, true));
        ended.chain(talked).collect()
    }
}

/// Its runbooks, and last itself: of what is done at one time the last counts.
fn in_exercise(state: &State, held: &Held) -> Vec<Rehearsal> {
    let rehearsal = |runbook: Option<String>, passed| Rehearsal {
        incident: held.incident.clone(),
        kind: held.kind,
        title: held.title.clone(),
        counts_as: if runbook.is_none() { held.counts_as.clone() } else { Vec::new() },
        runbook,
        automatic: held.automatic,
        at: held.at,
        passed,
        measured: Some(held.measured()),
    };
    let ended = state.runs.iter().filter(|run| run.ended_at.is_some()).map(|run| {
        let passed = matches!(run.state, RunState::Completed | RunState::CompletedWithExceptions { .. });
        rehearsal(Some(run.name.clone()), passed)
    });
    ended.chain([rehearsal(None, held.passed)]).collect()
}
