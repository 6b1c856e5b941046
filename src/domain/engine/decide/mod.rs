//! What should be recorded, or why nothing should: pure, one file per kind of command.

mod alert;
mod approval;
mod child;
mod console;
mod exercise;
mod incident;
mod intent;
mod lead;
mod message;
mod run;
mod step;
mod tell;

pub use intent::APPROVAL_GUARD;

use super::{Act, Command, Incident, Reason, Refusal, Run, State};
use crate::ident::RunId;
use crate::log::Event;
use crate::reading::Board;
use crate::redact::Redactor;
use crate::time::{Now, Timestamp};

/// What an act leads to: events, to be appended together, with the time they happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    pub events: Vec<Event>,
    /// When it happened, if not now: a late entry, the moment a region changed.
    pub occurred_at: Option<Timestamp>,
}

impl From<Event> for Decision {
    fn from(event: Event) -> Self {
        Self { events: vec![event], occurred_at: None }
    }
}

impl From<Vec<Event>> for Decision {
    fn from(events: Vec<Event>) -> Self {
        Self { events, occurred_at: None }
    }
}

impl Decision {
    fn at(event: Event, at: Timestamp) -> Self {
        Self { events: vec![event], occurred_at: Some(at) }
    }
}

/// Decides about one command, from the state its log folds to and the readings of this instant.
///
/// # Errors
/// A [`Refusal`] when nothing is to be recorded, saying why and what would help.
pub fn decide(state: &State, board: &Board, act: &Act, now: Now) -> Result<Decision, Refusal> {
    if let Some(why) = &state.read_only {
        return Err(Refusal::new(Reason::ReadOnly, format!("this log is read-only here: {why}")));
    }
    let context = Context { state, board, actor: &act.actor, now };
    exercise::allows(state, &act.command)?;
    if matches!(act.command, Command::Execute(_) | Command::Capture { .. }) || tell::sends(&act.command) {
        lead::may_act(&context)?;
    }
    match &act.command {
        Command::Exercise(act) => exercise::decide(&context, act),
        Command::Lead(act) => lead::decide(&context, act),
        Command::Tell(act) => tell::decide(&context, act),
        Command::Open(_)
        | Command::CorrectImpact { .. }
        | Command::ChangeSeverity { .. }
        | Command::Decide { .. }
        | Command::Note { .. }
        | Command::Correct { .. }
        | Command::Close { .. }
        | Command::Observe { .. }
        | Command::SelfHealed { .. }
        | Command::RegionChange { .. }
        | Command::ServingChange { .. }
        | Command::TierRecover { .. }
        | Command::TierRelapse { .. }
        | Command::StateFence { .. }
        | Command::ObserveFence { .. }
        | Command::RevokeFence { .. } => incident::decide(&context, &act.command),
        Command::RecordAlert(turn) => alert::decide(&context, turn),
        Command::RecordMessage(delivery) => message::decide(&context, delivery),
        Command::StartRun(_)
        | Command::ChangeMode { .. }
        | Command::Pause { .. }
        | Command::Resume { .. }
        | Command::Abort { .. }
        | Command::SetValue { .. } => run::decide(&context, &act.command),
        Command::RequestApproval { .. }
        | Command::Approve { .. }
        | Command::Decline { .. }
        | Command::OverrideGuard { .. }
        | Command::AcceptLoss { .. } => approval::decide(&context, &act.command),
        Command::Execute(execution) => intent::decide(&context, execution),
        Command::FinishStep { .. }
        | Command::VerifyStep { .. }
        | Command::TickSubstep { .. }
        | Command::DoneByHand { .. }
        | Command::Skip { .. }
        | Command::Settle { .. }
        | Command::EndHold { .. } => step::decide(&context, &act.command),
        Command::Capture { .. }
        | Command::FinishCapture { .. }
        | Command::Attach { .. }
        | Command::Detach { .. }
        | Command::Vouch(_)
        | Command::RecordRepair { .. }
        | Command::RecordAdoption { .. }
        | Command::RecordGap { .. } => console::decide(&context, &act.command),
    }
}

/// What every decision may look at.
struct Context<'a> {
    state: &'a State,
    board: &'a Board,
    actor: &'a crate::people::Actor,
    now: Now,
}

impl<'a> Context<'a> {
    fn open_incident(&self) -> Result<&'a Incident, Refusal> {
        self.state.open().ok_or_else(|| {
            let message = if self.state.incident.is_some() {
                "the incident is closed"
            } else {
                "no incident is open: declare one first"
            };
            Refusal::new(Reason::NoIncident, message)
        })
    }

    fn run(&self, id: RunId) -> Result<&'a Run, Refusal> {
        self.open_incident()?;
        self.state.run(id).ok_or_else(|| no_such("run", &id.to_string()))
    }

    fn step(&self, run: &'a Run, id: &crate::ident::StepId) -> Result<&'a crate::runbook::Step, Refusal> {
        run.step(id).ok_or_else(|| no_such("step", id.as_str()))
    }
}

fn no_such(what: &str, name: &str) -> Refusal {
    Refusal::new(Reason::NoSuchThing, format!("there is no {what} `{name}`"))
}

fn not_now(message: impl Into<String>) -> Refusal {
    Refusal::new(Reason::NotNow, message)
}

/// A reason that says something: what is typed for ever into the log may not be empty.
fn reason_given(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new(Reason::Confirmation, "a few words are needed: they stay in the log"));
    }
    Ok(unsecret(reason))
}

/// Typed text without what looks like a secret: a password pasted into a note would stay in the log.
fn unsecret(text: &str) -> String {
    Redactor::default().redact(text)
}
