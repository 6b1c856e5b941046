//! What a person, or the console itself, asks of an incident.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ExerciseAct, LeadAct, TellAct};
use crate::alert::{AlertTurn, Delivery};
use crate::execution::{AttemptOutcome, GuardResult, Part, Resolved, VerifyResult};
use crate::ident::{CaptureId, DatabaseId, Hash, IncidentId, PersonId, RegionId, RunId, StepId, TierId};
use crate::identity::Vouching;
use crate::log::{Kind, Mode, Parent, Sev};
use crate::objective::AtRisk;
use crate::people::{Actor, Role};
use crate::reading::Health;
use crate::time::Timestamp;

/// A command with its author.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    pub actor: Actor,
    pub command: Command,
}

/// Everything that can be asked. Ids and texts come with it: deciding makes nothing up.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Open(Box<Opening>),
    CorrectImpact {
        impact_at: Timestamp,
        reason: String,
    },
    ChangeSeverity {
        severity: Sev,
        reason: String,
    },
    Decide {
        text: String,
        failover: bool,
    },
    Note {
        text: String,
        run: Option<RunId>,
        step: Option<StepId>,
        occurred_at: Option<Timestamp>,
    },
    Correct {
        supersedes: u64,
        text: String,
    },
    Close {
        reason: String,
    },

    Observe {
        text: String,
        subject: Option<String>,
    },
    /// Something failed over by itself; `name` is what the estate calls it.
    SelfHealed {
        name: String,
        text: String,
        at: Timestamp,
    },
    RegionChange {
        region: RegionId,
        from: Health,
        to: Health,
        because: String,
        at: Timestamp,
    },
    ServingChange {
        subject: String,
        from: Option<RegionId>,
        to: Option<RegionId>,
        at: Timestamp,
    },
    TierRecover {
        tier: TierId,
        recovered_at: Timestamp,
    },
    TierRelapse {
        tier: TierId,
    },

    /// What the book of alerts, or an answer to one, says and the log does not.
    RecordAlert(AlertTurn),
    /// What came of a notice.
    RecordMessage(Delivery),

    /// Who leads, who does what.
    Lead(Box<LeadAct>),
    /// What audiences are told.
    Tell(Box<TellAct>),
    /// About the exercise itself.
    Exercise(Box<ExerciseAct>),

    StartRun(Box<Start>),
    ChangeMode {
        run: RunId,
        step: Option<StepId>,
        mode: Mode,
        reason: String,
    },
    Pause {
        run: RunId,
        reason: String,
    },
    Resume {
        run: RunId,
    },
    Abort {
        run: RunId,
        reason: String,
    },
    SetValue {
        run: RunId,
        name: String,
        value: String,
    },

    /// Ask for the approval that a step needs, for exactly this text.
    RequestApproval {
        run: RunId,
        step: StepId,
        resolved: Box<Resolved>,
    },
    Approve {
        run: RunId,
        step: StepId,
        digest: Hash,
        by: PersonId,
        spoken: bool,
    },
    Decline {
        run: RunId,
        step: StepId,
        digest: Hash,
        by: PersonId,
        reason: String,
    },
    OverrideGuard {
        run: RunId,
        step: StepId,
        guard: String,
        seen: String,
        reason: String,
        authority: PersonId,
    },
    AcceptLoss {
        run: RunId,
        step: StepId,
        database: DatabaseId,
        region: RegionId,
        at_risk: Option<AtRisk>,
        reason: String,
    },

    Execute(Box<Execution>),
    FinishStep {
        run: RunId,
        step: StepId,
        part: Part,
        attempt: u32,
        outcome: AttemptOutcome,
    },
    VerifyStep {
        run: RunId,
        step: StepId,
        attempt: u32,
        result: VerifyResult,
    },
    TickSubstep {
        run: RunId,
        step: StepId,
        substep: usize,
        done: bool,
    },
    DoneByHand {
        run: RunId,
        step: StepId,
        evidence: String,
    },
    Skip {
        run: RunId,
        step: StepId,
        reason: String,
    },
    Settle {
        run: RunId,
        step: StepId,
        succeeded: bool,
        evidence: String,
    },
    EndHold {
        run: RunId,
        step: StepId,
        held: bool,
        detail: String,
    },

    StateFence {
        database: DatabaseId,
        region: RegionId,
        how: String,
        by: PersonId,
    },
    ObserveFence {
        database: DatabaseId,
        region: RegionId,
        evidence: String,
        vantages: u32,
        zero_loss: bool,
    },
    RevokeFence {
        database: DatabaseId,
        region: RegionId,
        evidence: String,
    },

    Capture {
        capture: CaptureId,
        resolved: Box<Resolved>,
    },
    FinishCapture {
        capture: CaptureId,
        outcome: AttemptOutcome,
    },

    Attach {
        version: String,
        read_only: bool,
    },
    Detach {
        reason: String,
    },
    /// The person's key vouched for this console's session.
    Vouch(Box<Vouching>),
    RecordRepair {
        cut_bytes: u64,
        kept_as: String,
    },
    RecordAdoption {
        from: String,
        head: Hash,
        seq: u64,
    },
    RecordGap {
        from: Timestamp,
        to: Timestamp,
    },
}

impl Command {
    /// The author takes command, where nobody else has it.
    #[must_use]
    pub fn take_command(by: &PersonId) -> Self {
        Self::Lead(Box::new(LeadAct::Assume { by: by.clone(), role: Role::Commander, reason: None }))
    }
}

/// What declaring an incident says; every field has a default on the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    pub incident: IncidentId,
    pub label: String,
    pub kind: Kind,
    pub severity: Sev,
    pub title: String,
    pub impact_at: Timestamp,
    pub impact_basis: String,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub estate: Arc<str>,
}

/// Start a runbook inside the incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    pub run: RunId,
    pub runbook: Arc<str>,
    pub runbook_name: String,
    pub mode: Mode,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub values: BTreeMap<String, String>,
    /// The step in whose place it is walked: sides, mode, and the values that both know are those of its run.
    pub parent: Option<Parent>,
}

/// Execute a step: what was shown, what the guards said just now, and how it was confirmed.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    pub resolved: Resolved,
    /// Results of every guard of the step, evaluated at this instant; older than 5 s is refused.
    pub guards: Vec<GuardResult>,
    pub confirmation: Confirmation,
    pub at_risk: BTreeMap<DatabaseId, AtRisk>,
}

/// How a person confirmed. The engine demands what the step's danger asks for, whatever the front end did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// One key: enough for what only reads.
    Key,
    /// `y` in the box.
    Yes,
    /// The text that was typed.
    Typed(String),
    /// `run --yes`: an ordinary confirmation, and the typed text given on the command line as `--to`.
    Unattended,
    /// The author's `retry=` of an idempotent block: the first attempt was confirmed.
    Retry,
}

/// Why a command was not carried out; nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct Refusal {
    pub reason: Reason,
    /// One plain sentence for people, saying also what would help.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    NoIncident,
    NoSuchThing,
    /// Not in this state of the incident, run or step.
    NotNow,
    Guard,
    Approval,
    Confirmation,
    /// What would run is not what was shown.
    Changed,
    /// Already recorded: a duplicate of an attempt's outcome, a second intent of one attempt.
    Duplicate,
    ReadOnly,
}

impl Refusal {
    #[must_use]
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}
