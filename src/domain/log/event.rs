//! What may be recorded, in the past tense. The incident is the fold of these.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::exercise::{Counted, EndEx, Firing, Lesson, Rating, StartEx};
use super::{Approved, IncidentStatus, Kind, Mode, Parent, Sev, Way};
use crate::execution::{AttemptOutcome, GuardResult, Part, Resolved, VerifyResult};
use crate::ident::{
    AlertKey, AudienceId, CaptureId, ChannelId, DatabaseId, Hash, IncidentId, InjectId, PersonId, RegionId, RunId,
    StepId, TierId,
};
use crate::identity::Vouching;
use crate::objective::AtRisk;
use crate::people::{Role, Seat};
use crate::reading::{AlertSeverity, Health};
use crate::time::{Timestamp, millis, rfc3339_ms};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    // The incident.
    IncidentOpened {
        incident: IncidentId,
        /// For people: `INC-2026-0007`.
        label: String,
        kind: Kind,
        severity: Sev,
        title: String,
        #[serde(with = "rfc3339_ms")]
        impact_at: Timestamp,
        /// How `impact_at` is known: `last good sample of us-east-1`, `as declared`.
        impact_basis: String,
        from: Option<RegionId>,
        to: Option<RegionId>,
        /// The estate's text, secret-free: fold and export depend on no file that may change later.
        estate: String,
    },
    ImpactCorrected {
        #[serde(with = "rfc3339_ms")]
        impact_at: Timestamp,
        reason: String,
    },
    SeverityChanged {
        severity: Sev,
        reason: String,
    },
    /// What outsiders are told the incident is at.
    StatusChanged {
        status: IncidentStatus,
        reason: String,
    },
    DecisionRecorded {
        text: String,
        failover: bool,
        /// The entry that proposed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<u64>,
    },
    NoteAdded {
        text: String,
        run: Option<RunId>,
        step: Option<StepId>,
    },
    Correction {
        supersedes: u64,
        text: String,
    },
    IncidentClosed {
        reason: String,
    },

    // Who leads, who does what. Entries are named by their `seq`.
    /// `by` holds the role from here on; of commanders there is one, and the one before is relieved.
    CommandTaken {
        by: PersonId,
        role: Role,
        /// Why command was taken from somebody who had not offered it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    RoleReleased {
        by: PersonId,
        role: Role,
    },
    /// One person commands and operates: who should have been a second name is overridden, each time.
    SoloBegun {
        by: PersonId,
        reason: String,
    },
    SoloEnded {},
    /// Command stays where it is until it is accepted.
    HandoffOffered {
        to: PersonId,
        /// What was told of the incident at that moment.
        brief: String,
    },
    /// The author is in command; or, as spoken, the commander recorded that `by` accepted.
    HandoffAccepted {
        offer: u64,
        by: PersonId,
        spoken: bool,
    },
    /// By whom it was offered to, or withdrawn by who offered it.
    HandoffDeclined {
        offer: u64,
        by: PersonId,
        reason: String,
    },
    DecisionProposed {
        text: String,
        failover: bool,
    },
    ObjectionRaised {
        proposal: u64,
        by: PersonId,
        text: String,
    },
    ProposalDropped {
        proposal: u64,
        reason: String,
    },
    TaskAdded {
        text: String,
        owner: Option<PersonId>,
        #[serde(with = "rfc3339_ms::option", default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    TaskAssigned {
        task: u64,
        owner: Option<PersonId>,
        #[serde(with = "rfc3339_ms::option", default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    /// Done, or dropped.
    TaskEnded {
        task: u64,
        done: bool,
        text: String,
    },

    // The world, as the recorder saw it.
    Observation {
        text: String,
        subject: Option<String>,
    },
    RegionChanged {
        region: RegionId,
        from: Health,
        to: Health,
        because: String,
    },
    ServingChanged {
        subject: String,
        from: Option<RegionId>,
        to: Option<RegionId>,
    },
    /// All services of a tier have held `ok` on the serving side: its clock stops at `recovered_at`.
    TierRecovered {
        tier: TierId,
        #[serde(with = "rfc3339_ms")]
        recovered_at: Timestamp,
    },
    /// It broke again within the incident: the clock goes on.
    TierRelapsed {
        tier: TierId,
    },

    /// An alert fires, or became more severe.
    AlertFired {
        key: AlertKey,
        severity: AlertSeverity,
        text: String,
        #[serde(with = "rfc3339_ms")]
        since: Timestamp,
    },
    AlertResolved {
        key: AlertKey,
    },
    AlertAcknowledged {
        key: AlertKey,
        by: PersonId,
    },
    /// `of` is the key of an alert, or a rule.
    AlertSilenced {
        of: AlertKey,
        #[serde(with = "rfc3339_ms")]
        until: Timestamp,
        by: PersonId,
        reason: String,
    },
    SilenceEnded {
        of: AlertKey,
    },

    // What people were told beyond the screen; `channel` is the estate's name of it, `alert` what it was about.
    MessageSent {
        channel: ChannelId,
        alert: AlertKey,
        text: String,
    },
    /// Nothing of a drill or a demonstration leaves the machine.
    MessageShown {
        channel: ChannelId,
        alert: AlertKey,
        text: String,
    },
    /// It is tried again where there is a remedy; given up where there is none.
    MessageFailed {
        channel: ChannelId,
        alert: AlertKey,
        text: String,
        why: String,
        remedy: Option<String>,
    },

    // Updates: what audiences are told of the incident.
    /// It is told from here on: nothing is sent that is not in the log as this before.
    UpdateIssued {
        audience: AudienceId,
        status: IncidentStatus,
        subject: String,
        text: String,
        ways: Vec<Way>,
    },
    /// Tried again, where it had failed or nobody knows whether it arrived.
    UpdateRetried {
        update: u64,
        way: Way,
    },
    UpdateDelivered {
        update: u64,
        way: Way,
        /// What the receiver calls it, for the next update: `incident p31zjtct2jer`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<String>,
    },
    /// Nothing of an exercise or a demonstration leaves the machine.
    UpdateShown {
        update: u64,
        way: Way,
    },
    UpdateFailed {
        update: u64,
        way: Way,
        why: String,
        remedy: Option<String>,
        /// It may have arrived all the same: there was no answer.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unsure: bool,
    },

    // Runs.
    RunStarted {
        run: RunId,
        /// The runbook's bytes: only this text runs, whatever happens to the file.
        runbook: String,
        runbook_name: String,
        runbook_hash: Hash,
        mode: Mode,
        from: Option<RegionId>,
        to: Option<RegionId>,
        /// Values of variables, secrets left out.
        values: BTreeMap<String, String>,
        /// Of a runbook that a step of another run opened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<Parent>,
    },
    ModeChanged {
        run: RunId,
        step: Option<StepId>,
        mode: Mode,
        reason: String,
    },
    RunPaused {
        run: RunId,
        reason: String,
    },
    RunResumed {
        run: RunId,
    },
    RunAborted {
        run: RunId,
        reason: String,
    },
    /// Every step of the main line has an end.
    RunFinished {
        run: RunId,
        exceptions: Vec<String>,
    },
    ValueSet {
        run: RunId,
        name: String,
        value: String,
    },

    // Steps.
    ApprovalRequested {
        run: RunId,
        step: StepId,
        digest: Hash,
        seat: Seat,
        fallback: Option<Seat>,
        #[serde(rename = "fallback_after_ms", with = "millis::option", default)]
        fallback_after: Option<Duration>,
        text: String,
    },
    ApprovalGiven {
        run: RunId,
        step: StepId,
        digest: Hash,
        approved: Approved,
    },
    ApprovalDeclined {
        run: RunId,
        step: StepId,
        digest: Hash,
        by: PersonId,
        reason: String,
    },
    GuardOverridden {
        run: RunId,
        step: StepId,
        guard: String,
        seen: String,
        reason: String,
        authority: PersonId,
    },
    LossAccepted {
        run: RunId,
        step: StepId,
        database: DatabaseId,
        region: RegionId,
        at_risk: Option<AtRisk>,
        reason: String,
    },
    /// Nothing executes that is not in the log as this, and synced, before.
    StepIntended {
        resolved: Box<Resolved>,
        confirmed_by: PersonId,
        authorised_by: Option<Approved>,
        guards: Vec<GuardResult>,
        /// What the screen showed as the cost, at the point of no return: the actual recovery point once it succeeds.
        at_risk: BTreeMap<DatabaseId, AtRisk>,
        out_of_order: bool,
    },
    StepFinished {
        run: RunId,
        step: StepId,
        part: Part,
        attempt: u32,
        outcome: AttemptOutcome,
    },
    StepVerified {
        run: RunId,
        step: StepId,
        attempt: u32,
        result: VerifyResult,
    },
    SubstepTicked {
        run: RunId,
        step: StepId,
        substep: usize,
        done: bool,
    },
    /// A manual step is done; or a step written to run was done by hand.
    StepDoneByHand {
        run: RunId,
        step: StepId,
        evidence: String,
        out_of_order: bool,
    },
    StepSkipped {
        run: RunId,
        step: StepId,
        reason: String,
    },
    /// A person settles what the machine cannot know.
    StepSettled {
        run: RunId,
        step: StepId,
        succeeded: bool,
        evidence: String,
    },
    /// The watched conditions of a step's `Hold` broke, or held to the end.
    HoldEnded {
        run: RunId,
        step: StepId,
        held: bool,
        detail: String,
    },

    // Fencing.
    FenceStated {
        database: DatabaseId,
        region: RegionId,
        how: String,
        by: PersonId,
    },
    FenceObserved {
        database: DatabaseId,
        region: RegionId,
        evidence: String,
        vantages: u32,
        zero_loss: bool,
    },
    /// A write was seen accepted: whatever was known of the fence is void.
    FenceRevoked {
        database: DatabaseId,
        region: RegionId,
        evidence: String,
    },

    // One-off commands.
    CaptureIntended {
        capture: CaptureId,
        resolved: Box<Resolved>,
    },
    CaptureFinished {
        capture: CaptureId,
        outcome: AttemptOutcome,
    },

    // The log itself and its consoles.
    ConsoleAttached {
        version: String,
        read_only: bool,
    },
    ConsoleDetached {
        reason: String,
    },
    /// The person's key vouches for the key that this console signs its entries with.
    IdentityVerified(Box<Vouching>),
    LogRepaired {
        cut_bytes: u64,
        kept_as: String,
    },
    LogAdopted {
        from: String,
        head: Hash,
        seq: u64,
    },
    NotWatched {
        #[serde(with = "rfc3339_ms")]
        from: Timestamp,
        #[serde(with = "rfc3339_ms")]
        to: Timestamp,
    },

    // Exercises.
    /// StartEx. The incident itself is declared by the players, if they declare one.
    ExerciseStarted {
        exercise: Box<StartEx>,
    },
    /// What it does to the simulated world is in the scenario, and in `effect` as it was carried out.
    InjectFired {
        inject: InjectId,
        by: Firing,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        effect: Vec<String>,
    },
    InjectSkipped {
        inject: InjectId,
        reason: String,
    },
    /// The players have read it.
    InjectAcknowledged {
        inject: InjectId,
    },
    /// The scenario's clock stands still from here until it is resumed.
    ExercisePaused {
        reason: String,
    },
    ExerciseResumed {},
    SpeedChanged {
        speed: u32,
    },
    /// What the simulated world does not know, answered by the facilitator.
    QuestionAnswered {
        question: Hash,
        text: String,
        holds: bool,
    },
    /// An evaluator's note: not for players.
    EvaluatorNoted {
        text: String,
        inject: Option<InjectId>,
    },
    /// How an expected action was performed, by its position in the scenario.
    ActionRated {
        expected: usize,
        rating: Rating,
        comment: String,
    },
    /// Of the hotwash.
    LessonRecorded {
        lesson: Lesson,
    },
    /// EndEx.
    ExerciseEnded {
        why: EndEx,
        text: String,
    },
    /// Once it is over: what the simulated world knows, and no player could.
    WritesCounted {
        databases: BTreeMap<DatabaseId, Counted>,
    },

    /// Written by a newer version: shown as it stands; this console does not append after it.
    #[serde(untagged)]
    Newer(serde_json::Value),
}
