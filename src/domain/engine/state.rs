//! The incident as the fold of its log.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Exercise, Lead};
use crate::alert;
use crate::comms::Updates;
use crate::estate::Estate;
use crate::execution::{AttemptOutcome, GuardResult, Part, Resolved, VerifyResult};
use crate::ident::{CaptureId, DatabaseId, Hash, IncidentId, PersonId, RegionId, RunId, StepId, TierId};
use crate::identity::Vouched;
use crate::log::{Approved, Entry, IncidentStatus, Kind, Mode, Parent, Sev};
use crate::objective::AtRisk;
use crate::people::Seat;
use crate::runbook::Runbook;
use crate::time::Timestamp;

/// Everything known of one incident. Changed by [`super::evolve`] only.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// `None` until `incident_opened`.
    pub incident: Option<Incident>,
    /// What the incident is part of, if it is an exercise: it begins before anything is declared.
    pub exercise: Option<Box<Exercise>>,
    /// In the order they were started.
    pub runs: Vec<Run>,
    pub fences: BTreeMap<(DatabaseId, RegionId), Fence>,
    pub captures: Vec<Capture>,
    /// What the log says of alerts.
    pub alerts: alert::Recorded,
    /// Roles, decisions in the making, tasks.
    pub lead: Lead,
    /// What audiences were told.
    pub updates: Updates,
    /// Every entry, in order: the log panel, exports.
    pub entries: Vec<Arc<Entry>>,
    /// Sessions whose person's key vouched for them.
    pub vouched: Vouched,
    /// Hash of the last entry.
    pub head: Option<Hash>,
    /// Why nothing may be appended: an entry of a newer version.
    pub read_only: Option<String>,
    /// Entries that a later one corrects, by `seq`: the correction's `seq`.
    pub superseded: BTreeMap<u64, u64>,
}

#[derive(Clone, Debug)]
pub struct Incident {
    pub id: IncidentId,
    pub label: String,
    pub kind: Kind,
    pub severity: Sev,
    pub title: String,
    pub opened_at: Timestamp,
    pub impact_at: Timestamp,
    pub impact_basis: String,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub estate: Arc<Estate>,
    pub status: IncidentStatus,
    pub commander: Option<PersonId>,
    /// When the failover was decided: recorded, or the first changing step executed.
    pub decided_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// When each tier's clock stopped.
    pub recovered: BTreeMap<TierId, Timestamp>,
    /// The actual recovery point, frozen when a point of no return succeeded.
    pub recovery_point: BTreeMap<DatabaseId, AtRisk>,
    /// When the first point of no return was crossed.
    pub no_return_at: Option<Timestamp>,
}

/// One runbook being walked.
#[derive(Clone, Debug)]
pub struct Run {
    pub id: RunId,
    /// Label of its incident: `$INCIDENT`.
    pub incident: String,
    pub kind: Kind,
    /// As its incident pinned it.
    pub estate: Arc<Estate>,
    pub name: String,
    /// The step of another run in whose place it is walked.
    pub parent: Option<Parent>,
    pub runbook: Arc<Runbook>,
    pub hash: Hash,
    pub mode: Mode,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub values: BTreeMap<String, String>,
    pub state: RunState,
    pub steps: BTreeMap<StepId, StepRun>,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// *Done* is told from *watching health hold*, paused by a failure from paused by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunState {
    Running,
    /// A step failed or is unknown: nothing goes past it by itself.
    HeldByFailure {
        step: StepId,
    },
    Paused {
        by: PersonId,
        reason: String,
    },
    /// Every step has its end; verify blocks of a `Hold` are still watched.
    WatchingHold,
    Completed,
    /// Something was skipped, overridden, done by hand or started out of order.
    CompletedWithExceptions {
        exceptions: Vec<String>,
    },
    Aborted {
        by: PersonId,
        reason: String,
    },
}

/// The words of the screen, of `--json` and of exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Pending,
    Ready,
    Blocked,
    AwaitingApproval,
    Running,
    Verifying,
    Succeeded,
    DoneByHand,
    Failed,
    Unknown,
    Skipped,
    NotApplicable,
    Cancelled,
    Undone,
}

impl StepState {
    /// It has its end: a run may be complete with it.
    #[must_use]
    pub const fn ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::DoneByHand | Self::Skipped | Self::NotApplicable | Self::Undone)
    }

    /// What it was for is so.
    #[must_use]
    pub const fn done(self) -> bool {
        matches!(self, Self::Succeeded | Self::DoneByHand)
    }

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Blocked => "blocked",
            Self::AwaitingApproval => "awaiting approval",
            Self::Running => "running",
            Self::Verifying => "verifying",
            Self::Succeeded => "succeeded",
            Self::DoneByHand => "done by hand",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::NotApplicable => "not applicable",
            Self::Cancelled => "cancelled",
            Self::Undone => "undone",
        }
    }
}

/// What was recorded of one step; its present [`StepState`] follows from it and the run (see [`Run::step_state`]).
#[derive(Clone, Debug, Default)]
pub struct StepRun {
    pub recorded: Recorded,
    pub attempts: Vec<Attempt>,
    pub approval: Option<ApprovalState>,
    pub overrides: Vec<Override>,
    /// The interval a named person accepted, and when.
    pub loss_accepted: Vec<LossAccepted>,
    pub mode: Option<Mode>,
    pub ticks: BTreeMap<usize, bool>,
    pub out_of_order: bool,
    pub by: Option<PersonId>,
    /// Evidence of a manual step, reason of a skip.
    pub remark: Option<String>,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub hold: Option<HoldState>,
    /// The run that is, or was, walked in its place.
    pub child: Option<RunId>,
}

impl StepRun {
    /// Of a step nothing was recorded about.
    pub const NOTHING: Self = Self {
        recorded: Recorded::Nothing,
        attempts: Vec::new(),
        approval: None,
        overrides: Vec::new(),
        loss_accepted: Vec::new(),
        mode: None,
        ticks: BTreeMap::new(),
        out_of_order: false,
        by: None,
        remark: None,
        started_at: None,
        ended_at: None,
        hold: None,
        child: None,
    };
}

/// The last thing the log says of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recorded {
    #[default]
    Nothing,
    Running,
    Verifying,
    /// A runbook of its own is being walked in its place.
    Opened,
    Succeeded,
    DoneByHand,
    Failed,
    Unknown,
    Skipped,
    Cancelled,
    /// Its rollback runs.
    Undoing,
    Undone,
}

#[derive(Clone, Debug)]
pub struct Attempt {
    pub part: Part,
    pub number: u32,
    pub resolved: Arc<Resolved>,
    pub guards: Vec<GuardResult>,
    pub intended_at: Timestamp,
    pub executed_by: PersonId,
    pub authorised_by: Option<Approved>,
    pub at_risk: BTreeMap<DatabaseId, AtRisk>,
    pub outcome: Option<AttemptOutcome>,
    pub verified: Option<VerifyResult>,
}

#[derive(Clone, Debug)]
pub struct ApprovalState {
    pub digest: Hash,
    pub seat: Seat,
    pub fallback: Option<(Seat, std::time::Duration)>,
    pub asked_by: PersonId,
    pub asked_at: Timestamp,
    pub text: String,
    pub given: Option<Approved>,
    pub declined: Option<(PersonId, String)>,
}

#[derive(Clone, Debug)]
pub struct Override {
    pub guard: String,
    pub seen: String,
    pub reason: String,
    pub authority: PersonId,
    pub at: Timestamp,
    /// Of a missing approval: the digest of what would have run, as an approval is bound to it.
    pub text: Option<Hash>,
}

#[derive(Clone, Debug)]
pub struct LossAccepted {
    pub database: DatabaseId,
    pub region: RegionId,
    pub at_risk: Option<AtRisk>,
    pub by: PersonId,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldState {
    Watching { since: Timestamp, until: Timestamp },
    Held,
    Broke { detail: String },
}

/// What is known of the old side's isolation.
#[derive(Clone, Debug, Default)]
pub struct Fence {
    pub observed: Option<FenceObserved>,
    pub statement: Option<FenceStatement>,
    /// The last write that was seen accepted; it voids what came before it.
    pub revoked: Option<(Timestamp, String)>,
}

#[derive(Clone, Debug)]
pub struct FenceObserved {
    pub evidence: String,
    pub vantages: u32,
    pub zero_loss: bool,
    pub at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct FenceStatement {
    pub how: String,
    pub by: PersonId,
    pub at: Timestamp,
}

/// A one-off command.
#[derive(Clone, Debug)]
pub struct Capture {
    pub id: CaptureId,
    pub resolved: Arc<Resolved>,
    pub by: PersonId,
    pub intended_at: Timestamp,
    pub outcome: Option<AttemptOutcome>,
}

impl State {
    #[must_use]
    pub fn run(&self, id: RunId) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == id)
    }
    /// As it was at the beginning, of the exercise or of the incident.
    #[must_use]
    pub fn estate(&self) -> Option<&Arc<Estate>> {
        let exercise = self.exercise.as_deref().map(|exercise| &exercise.estate);
        exercise.or(self.incident.as_ref().map(|incident| &incident.estate))
    }
    #[must_use]
    pub fn id(&self) -> Option<IncidentId> {
        let exercise = self.exercise.as_deref().map(|exercise| exercise.start.incident);
        exercise.or(self.incident.as_ref().map(|incident| incident.id))
    }
    /// What people call it.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        let exercise = self.exercise.as_deref().map(|exercise| exercise.start.label.as_str());
        exercise.or(self.incident.as_ref().map(|incident| incident.label.as_str()))
    }
    /// The incident is closed, or the exercise has ended.
    #[must_use]
    pub fn over(&self) -> bool {
        let closed = self.incident.as_ref().is_some_and(|incident| incident.closed_at.is_some());
        closed || self.exercise.as_deref().is_some_and(|exercise| !exercise.running())
    }
    /// The last instant that the log tells of, by its own clock: that of an exercise is the scenario's.
    #[must_use]
    pub fn told_until(&self) -> Option<Timestamp> {
        let last = self.entries.last()?;
        let exercise = self.exercise.as_deref().map(|exercise| exercise.ended.as_ref().map(|ended| ended.at));
        Some(exercise.map_or(last.recorded_at, |ended| ended.unwrap_or(last.occurred_at)))
    }
    /// An incident is open and not closed.
    #[must_use]
    pub fn open(&self) -> Option<&Incident> {
        self.incident.as_ref().filter(|incident| incident.closed_at.is_none())
    }

    /// It was seen that this side accepts no write: what somebody says of it is not that.
    #[must_use]
    pub fn fence_is_seen(&self, side: &(DatabaseId, RegionId)) -> bool {
        self.fences.get(side).is_some_and(|fence| fence.observed.is_some())
    }
}
