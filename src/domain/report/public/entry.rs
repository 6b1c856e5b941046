//! One entry without what is not public.

use serde_json::Value;

use super::WITHHELD;
use super::cast::Cast;
use crate::execution::{AttemptOutcome, End, GuardResult, Resolved};
use crate::log::{Entry, Event, Way};
use crate::people::Actor;

/// As it is shown.
pub(super) fn published(entry: &Entry, cast: &Cast) -> Entry {
    let event =
        told(&entry.event, cast).unwrap_or_else(|| Event::Observation { text: untold(&entry.event), subject: None });
    signed(entry, event, cast)
}

/// As it is folded: conditions of steps look at values, and runs are made of their runbook's text.
pub(super) fn foldable(entry: &Entry, cast: &Cast) -> Entry {
    let mut event = told(&entry.event, cast).unwrap_or_else(|| entry.event.clone());
    match (&mut event, &entry.event) {
        (Event::IncidentOpened { estate, .. }, Event::IncidentOpened { estate: text, .. }) => estate.clone_from(text),
        (Event::RunStarted { runbook, values, .. }, Event::RunStarted { runbook: text, values: given, .. }) => {
            runbook.clone_from(text);
            values.clone_from(given);
        }
        (Event::ValueSet { value, .. }, Event::ValueSet { value: given, .. }) => value.clone_from(given),
        (Event::StepFinished { outcome, .. }, Event::StepFinished { outcome: given, .. }) => {
            outcome.values.clone_from(&given.values);
        }
        _ => {}
    }
    signed(entry, event, cast)
}

fn signed(entry: &Entry, event: Event, cast: &Cast) -> Entry {
    let actor = Actor { name: cast.person(&entry.actor.name), host: String::new(), ..entry.actor.clone() };
    Entry { actor, event, signature: None, ..entry.clone() }
}

/// The kind of an event that is not told, in words.
fn untold(event: &Event) -> String {
    let kind = match serde_json::to_value(event) {
        Ok(Value::Object(fields)) => fields.get("type").and_then(Value::as_str).unwrap_or("entry").replace('_', " "),
        _ => "entry".to_owned(),
    };
    format!("{kind} {WITHHELD}")
}

/// The event without what is not public; `None` where nothing of it but its kind is.
fn told(event: &Event, cast: &Cast) -> Option<Event> {
    let mut event = event.clone();
    let by = |person: &mut _| *person = cast.person(person);
    match &mut event {
        Event::IncidentOpened { estate, .. } => estate.clear(),
        Event::ImpactCorrected { reason, .. }
        | Event::SeverityChanged { reason, .. }
        | Event::ModeChanged { reason, .. }
        | Event::RunPaused { reason, .. }
        | Event::RunAborted { reason, .. }
        | Event::LossAccepted { reason, .. }
        | Event::StepSkipped { reason, .. }
        | Event::ConsoleDetached { reason }
        | Event::IncidentClosed { reason }
        | Event::DecisionRecorded { text: reason, .. }
        | Event::DecisionProposed { text: reason, .. }
        | Event::ProposalDropped { reason, .. }
        | Event::StatusChanged { reason, .. }
        | Event::TaskEnded { text: reason, .. }
        | Event::Correction { text: reason, .. }
        | Event::RegionChanged { because: reason, .. }
        | Event::HoldEnded { detail: reason, .. }
        | Event::FenceObserved { evidence: reason, .. }
        | Event::FenceRevoked { evidence: reason, .. }
        | Event::StepDoneByHand { evidence: reason, .. }
        | Event::StepSettled { evidence: reason, .. }
        | Event::LogRepaired { kept_as: reason, .. }
        | Event::LogAdopted { from: reason, .. }
        | Event::ValueSet { value: reason, .. }
        | Event::AlertFired { text: reason, .. }
        | Event::MessageSent { text: reason, .. }
        | Event::MessageShown { text: reason, .. } => withhold(reason),
        Event::MessageFailed { text, why, remedy, .. } => {
            [text, why].into_iter().for_each(withhold);
            remedy.iter_mut().for_each(withhold);
        }
        Event::CommandTaken { by: person, reason, .. } => {
            by(person);
            reason.iter_mut().for_each(withhold);
        }
        Event::RoleReleased { by: person, .. }
        | Event::HandoffAccepted { by: person, .. }
        | Event::AlertAcknowledged { by: person, .. } => by(person),
        Event::HandoffOffered { to: person, brief: reason }
        | Event::HandoffDeclined { by: person, reason, .. }
        | Event::SoloBegun { by: person, reason }
        | Event::ObjectionRaised { by: person, text: reason, .. } => {
            by(person);
            withhold(reason);
        }
        Event::TaskAdded { text, owner, .. } => {
            owner.iter_mut().for_each(by);
            withhold(text);
        }
        Event::TaskAssigned { owner, .. } => owner.iter_mut().for_each(by),
        // What outsiders were told is public already; what the house was told is not.
        Event::UpdateIssued { audience, subject, text, ways, .. } => {
            ways.iter_mut().for_each(unplaced);
            if !cast.outside(audience) {
                [subject, text].into_iter().for_each(withhold);
            }
        }
        Event::UpdateRetried { way, .. } | Event::UpdateShown { way, .. } => unplaced(way),
        Event::UpdateDelivered { way, receipt, .. } => {
            unplaced(way);
            *receipt = None;
        }
        Event::UpdateFailed { way, why, remedy, .. } => {
            unplaced(way);
            withhold(why);
            *remedy = None;
        }
        Event::AlertSilenced { by: person, reason, .. }
        | Event::ApprovalDeclined { by: person, reason, .. }
        | Event::FenceStated { by: person, how: reason, .. } => {
            by(person);
            withhold(reason);
        }
        Event::GuardOverridden { authority, seen, reason, .. } => {
            by(authority);
            [seen, reason].into_iter().for_each(withhold);
        }
        Event::RunStarted { runbook, values, .. } => {
            runbook.clear();
            values.values_mut().for_each(withhold);
        }
        Event::RunFinished { exceptions, .. } => {
            exceptions.truncate(1);
            exceptions.iter_mut().for_each(withhold);
        }
        Event::ApprovalRequested { seat, fallback, text, .. } => {
            *seat = cast.seat(seat);
            *fallback = fallback.as_ref().map(|seat| cast.seat(seat));
            withhold(text);
        }
        Event::ApprovalGiven { approved, .. } => *approved = cast.approved(approved),
        Event::StepIntended { resolved, confirmed_by, authorised_by, guards, .. } => {
            of_resolved(resolved);
            by(confirmed_by);
            *authorised_by = authorised_by.as_ref().map(|given| cast.approved(given));
            guards.iter_mut().for_each(|GuardResult { seen, .. }| withhold(seen));
        }
        Event::StepFinished { outcome, .. } | Event::CaptureFinished { outcome, .. } => of_outcome(outcome),
        Event::StepVerified { result, .. } => withhold(&mut result.detail),
        Event::CaptureIntended { resolved, .. } => {
            of_resolved(resolved);
            WITHHELD.clone_into(&mut resolved.text);
        }
        Event::ServingChanged { .. }
        | Event::TierRecovered { .. }
        | Event::TierRelapsed { .. }
        | Event::AlertResolved { .. }
        | Event::SilenceEnded { .. }
        | Event::RunResumed { .. }
        | Event::SoloEnded {}
        | Event::SubstepTicked { .. }
        | Event::ConsoleAttached { .. }
        | Event::NotWatched { .. } => {}
        _ => return None,
    }
    Some(event)
}

/// Paths are nobody's business.
fn unplaced(way: &mut Way) {
    if let Way::File(path) = way {
        withhold(path);
    }
}

fn withhold(text: &mut String) {
    if !text.trim().is_empty() {
        WITHHELD.clone_into(text);
    }
}

/// A command, and where it ran.
fn of_resolved(resolved: &mut Resolved) {
    resolved.text.clear();
    resolved.env.clear();
    resolved.secrets.clear();
    if let Some(target) = &mut resolved.target {
        (target.dsn, target.address, target.aws) = (None, None, None);
    }
}

fn of_outcome(outcome: &mut AttemptOutcome) {
    outcome.values.clear();
    outcome.undo = None;
    withhold(&mut outcome.summary);
    match &mut outcome.end {
        End::Failed { why, .. } | End::NotStarted { why } | End::Unknown { why } => withhold(why),
        End::Succeeded { .. } | End::TimedOut | End::Cancelled => {}
    }
}
