//! Folding an event into the run it is about.

use std::sync::Arc;

use super::{
    APPROVAL_GUARD, ApprovalState, Attempt, HoldState, LossAccepted, Override, Recorded, Run, RunState, StepRun,
};
use crate::execution::{AttemptOutcome, End, Part, Resolved, resolve};
use crate::ident::{Hash, PersonId, RunId, StepId};
use crate::log::Event;
use crate::time::{Timestamp, at_offset};

/// Who recorded it, and when it happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meta<'a> {
    pub by: &'a PersonId,
    pub at: Timestamp,
}

/// The run an event is about, if it is about one that is already there.
pub(super) fn run_of(event: &Event) -> Option<RunId> {
    match event {
        Event::ModeChanged { run, .. }
        | Event::RunPaused { run, .. }
        | Event::RunResumed { run }
        | Event::RunAborted { run, .. }
        | Event::RunFinished { run, .. }
        | Event::ValueSet { run, .. }
        | Event::ApprovalRequested { run, .. }
        | Event::ApprovalGiven { run, .. }
        | Event::ApprovalDeclined { run, .. }
        | Event::GuardOverridden { run, .. }
        | Event::LossAccepted { run, .. }
        | Event::StepFinished { run, .. }
        | Event::StepVerified { run, .. }
        | Event::SubstepTicked { run, .. }
        | Event::StepDoneByHand { run, .. }
        | Event::StepSkipped { run, .. }
        | Event::StepSettled { run, .. }
        | Event::HoldEnded { run, .. } => Some(*run),
        Event::StepIntended { resolved, .. } => Some(resolved.run),
        _ => None,
    }
}

impl Run {
    pub(super) fn record_mut(&mut self, step: &StepId) -> &mut StepRun {
        self.steps.entry(step.clone()).or_default()
    }

    /// Folds one event; those about other things change nothing.
    pub(super) fn fold(&mut self, event: &Event, meta: Meta<'_>) {
        match event {
            Event::ModeChanged { step: None, mode, .. } => self.mode = *mode,
            Event::ModeChanged { step: Some(step), mode, .. } => self.record_mut(step).mode = Some(*mode),
            Event::RunPaused { reason, .. } => {
                self.state = RunState::Paused { by: meta.by.clone(), reason: reason.clone() }
            }
            Event::RunResumed { .. } => self.state = RunState::Running,
            Event::RunAborted { reason, .. } => {
                self.state = RunState::Aborted { by: meta.by.clone(), reason: reason.clone() };
                self.ended_at = Some(meta.at);
            }
            Event::RunFinished { exceptions, .. } => {
                self.state = if exceptions.is_empty() {
                    RunState::Completed
                } else {
                    RunState::CompletedWithExceptions { exceptions: exceptions.clone() }
                };
                self.ended_at = Some(meta.at);
            }
            Event::ValueSet { name, value, .. } => {
                self.values.insert(name.clone(), value.clone());
            }
            _ => self.fold_step(event, meta),
        }
        self.settle_state();
    }

    fn fold_step(&mut self, event: &Event, meta: Meta<'_>) {
        match event {
            Event::ApprovalRequested { step, digest, seat, fallback, fallback_after, text, .. } => {
                self.record_mut(step).approval = Some(ApprovalState {
                    digest: *digest,
                    seat: seat.clone(),
                    fallback: fallback.clone().zip(*fallback_after),
                    asked_by: meta.by.clone(),
                    asked_at: meta.at,
                    text: text.clone(),
                    given: None,
                    declined: None,
                });
            }
            Event::ApprovalGiven { step, digest, approved, .. } => {
                if let Some(asked) = self.record_mut(step).approval.as_mut().filter(|asked| asked.digest == *digest) {
                    asked.given = Some(approved.clone());
                    asked.declined = None;
                }
            }
            Event::ApprovalDeclined { step, by, reason, .. } => {
                if let Some(asked) = self.record_mut(step).approval.as_mut() {
                    asked.declined = Some((by.clone(), reason.clone()));
                    asked.given = None;
                }
            }
            Event::GuardOverridden { step, guard, seen, reason, authority, .. } => {
                let text = (guard == APPROVAL_GUARD).then(|| self.digest_of(step)).flatten();
                self.record_mut(step).overrides.push(Override {
                    text,
                    guard: guard.clone(),
                    seen: seen.clone(),
                    reason: reason.clone(),
                    authority: authority.clone(),
                    at: meta.at,
                });
            }
            Event::LossAccepted { step, database, region, at_risk, .. } => {
                self.record_mut(step).loss_accepted.push(LossAccepted {
                    database: database.clone(),
                    region: region.clone(),
                    at_risk: at_risk.clone(),
                    by: meta.by.clone(),
                    at: meta.at,
                });
            }
            Event::SubstepTicked { step, substep, done, .. } => {
                self.record_mut(step).ticks.insert(*substep, *done);
            }
            Event::StepDoneByHand { step, evidence, out_of_order, .. } => {
                // The verify blocks of a manual step have their say, unless they had it already.
                let verified_next = self.record(step).recorded != Recorded::Failed
                    && self.step(step).is_some_and(|step| step.run.is_none() && !step.verifies.is_empty());
                let recorded = if verified_next { Recorded::Verifying } else { Recorded::DoneByHand };
                self.end_by_hand(step, recorded, evidence, meta);
                self.record_mut(step).out_of_order |= out_of_order;
                if !verified_next {
                    self.watch_hold(step, meta.at);
                }
            }
            Event::StepSkipped { step, reason, .. } => self.end_by_hand(step, Recorded::Skipped, reason, meta),
            Event::StepSettled { step, succeeded, evidence, .. } => {
                let undoing = self.last_part(step) == Some(Part::Rollback);
                let recorded = match (succeeded, undoing) {
                    (true, true) => Recorded::Undone,
                    (true, false) => Recorded::Succeeded,
                    (false, _) => Recorded::Failed,
                };
                self.end_by_hand(step, recorded, evidence, meta);
                self.reached(step, meta.at);
            }
            Event::HoldEnded { step, held, detail, .. } => {
                self.record_mut(step).hold =
                    Some(if *held { HoldState::Held } else { HoldState::Broke { detail: detail.clone() } });
            }
            _ => self.fold_attempt(event, meta),
        }
    }

    /// Of what would run now. Where it runs does not change it, nor which attempt it is.
    fn digest_of(&self, step: &StepId) -> Option<Hash> {
        let context = self.context(step);
        resolve(&self.runbook, &context, step, Part::Run, 1, &self.estate).ok().map(|resolved| resolved.digest())
    }

    fn fold_attempt(&mut self, event: &Event, meta: Meta<'_>) {
        match event {
            Event::StepIntended { resolved, confirmed_by, authorised_by, guards, at_risk, out_of_order } => {
                let record = self.record_mut(&resolved.step);
                record.recorded = if resolved.part == Part::Run { Recorded::Running } else { Recorded::Undoing };
                record.by = Some(confirmed_by.clone());
                record.started_at.get_or_insert(meta.at);
                record.ended_at = None;
                record.out_of_order |= out_of_order;
                record.attempts.push(Attempt {
                    part: resolved.part,
                    number: resolved.attempt,
                    resolved: Arc::new(Resolved::clone(resolved)),
                    guards: guards.clone(),
                    intended_at: meta.at,
                    executed_by: confirmed_by.clone(),
                    authorised_by: authorised_by.clone(),
                    at_risk: at_risk.clone(),
                    outcome: None,
                    verified: None,
                });
            }
            Event::StepFinished { step, part, attempt, outcome, .. } => {
                let verified_next = *part == Part::Run && self.step(step).is_some_and(|step| !step.verifies.is_empty());
                if let Some(known) = self.attempt_mut(step, *part, *attempt) {
                    let recorded = after_outcome(&known.resolved, outcome, verified_next);
                    known.outcome = Some(outcome.clone());
                    self.values.extend(outcome.values.clone());
                    let record = self.record_mut(step);
                    record.recorded = recorded;
                    record.ended_at = Some(outcome.ended_at);
                    self.reached(step, outcome.ended_at);
                }
            }
            Event::StepVerified { step, attempt, result, .. } => {
                let manual = self.step(step).is_some_and(|step| step.run.is_none());
                let record = self.record_mut(step);
                record.ended_at = Some(meta.at);
                record.recorded = match (result.passed, record.recorded) {
                    (true, _) if manual => Recorded::DoneByHand,
                    (true, _) => Recorded::Succeeded,
                    (false, Recorded::Unknown) => Recorded::Unknown,
                    (false, _) => Recorded::Failed,
                };
                if let Some(known) = self.attempt_mut(step, Part::Run, *attempt) {
                    known.verified = Some(result.clone());
                }
                self.reached(step, meta.at);
            }
            _ => {}
        }
    }

    fn attempt_mut(&mut self, step: &StepId, part: Part, number: u32) -> Option<&mut Attempt> {
        self.record_mut(step).attempts.iter_mut().find(|attempt| attempt.part == part && attempt.number == number)
    }

    fn last_part(&self, step: &StepId) -> Option<Part> {
        self.record(step).attempts.last().map(|attempt| attempt.part)
    }

    fn end_by_hand(&mut self, step: &StepId, recorded: Recorded, remark: &str, meta: Meta<'_>) {
        let record = self.record_mut(step);
        record.recorded = recorded;
        record.remark = Some(remark.to_owned());
        record.by = Some(meta.by.clone());
        record.started_at.get_or_insert(meta.at);
        record.ended_at = Some(meta.at);
    }

    /// What follows from a step having succeeded: the hold it may ask for.
    fn reached(&mut self, step: &StepId, at: Timestamp) {
        if matches!(self.record(step).recorded, Recorded::Succeeded | Recorded::DoneByHand) {
            self.watch_hold(step, at);
        }
    }

    fn watch_hold(&mut self, step: &StepId, at: Timestamp) {
        if let Some(hold) = self.step(step).filter(|step| !step.verifies.is_empty()).and_then(|step| step.hold) {
            self.record_mut(step).hold = Some(HoldState::Watching { since: at, until: at_offset(at, hold) });
        }
    }

    /// Held by a failure, running, or watching: what the steps say, unless a person or the end said otherwise.
    pub(super) fn settle_state(&mut self) {
        if matches!(
            self.state,
            RunState::Paused { .. }
                | RunState::Aborted { .. }
                | RunState::Completed
                | RunState::CompletedWithExceptions { .. }
        ) {
            return;
        }
        let failed = self.runbook.steps().find(|step| {
            matches!(self.record(&step.id).recorded, Recorded::Failed | Recorded::Unknown | Recorded::Cancelled)
                && !self.ended(step)
        });
        self.state = match failed {
            Some(step) => RunState::HeldByFailure { step: step.id.clone() },
            None if self.all_ended() && self.watching_hold() => RunState::WatchingHold,
            None => RunState::Running,
        };
    }
}

/// Where an attempt's end leaves its step. Of a block that is not idempotent, a timeout or a lost link is *unknown*;
/// of one that is, a failed attempt.
fn after_outcome(resolved: &Resolved, outcome: &AttemptOutcome, verified_next: bool) -> Recorded {
    let repeatable = resolved.idempotent || resolved.readonly;
    match outcome.end {
        End::Succeeded { .. } if resolved.part == Part::Rollback => Recorded::Undone,
        End::Succeeded { .. } if verified_next => Recorded::Verifying,
        End::Succeeded { .. } => Recorded::Succeeded,
        End::Failed { .. } | End::NotStarted { .. } => Recorded::Failed,
        End::Cancelled if repeatable => Recorded::Cancelled,
        End::TimedOut | End::Unknown { .. } if repeatable => Recorded::Failed,
        End::Cancelled | End::TimedOut | End::Unknown { .. } => Recorded::Unknown,
    }
}
