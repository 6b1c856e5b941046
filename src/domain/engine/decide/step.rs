//! What came of steps: outcomes, verifies, hands, skips, settlements.

use super::{Context, Decision, child, not_now, reason_given};
use crate::engine::fold_run::Meta;
use crate::engine::{Command, HoldState, Order, Reason, Recorded, Refusal, Run};
use crate::execution::Part;
use crate::ident::StepId;
use crate::log::{Event, Kind};

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Refusal> {
    let (run, event) = match command {
        Command::FinishStep { run, step, part, attempt, outcome } => {
            let run = context.run(*run)?;
            let known = run.attempts(step, *part).find(|known| known.number == *attempt);
            let known = known.ok_or_else(|| super::no_such("attempt", &format!("{attempt} of {step}")))?;
            if known.outcome.is_some() {
                return Err(Refusal::new(Reason::Duplicate, "the outcome of this attempt is recorded already"));
            }
            let (step, outcome) = (step.clone(), outcome.clone());
            (run, Event::StepFinished { run: run.id, step, part: *part, attempt: *attempt, outcome })
        }
        Command::VerifyStep { run, step, attempt, result } => {
            let run = context.run(*run)?;
            let record = run.record(step);
            // A poll of an earlier attempt, or of a run that was undone since, says nothing of what came last.
            let last = record.attempts.last().map_or((Part::Run, 0), |last| (last.part, last.number));
            if !matches!(record.recorded, Recorded::Verifying | Recorded::Unknown) || last != (Part::Run, *attempt) {
                return Err(Refusal::new(Reason::Duplicate, "this attempt is not being verified"));
            }
            (run, Event::StepVerified { run: run.id, step: step.clone(), attempt: *attempt, result: result.clone() })
        }
        Command::TickSubstep { run, step, substep, done } => {
            let run = open_step(context, *run, step)?;
            if context.step(run, step)?.substeps.len() <= *substep {
                return Err(super::no_such("sub-step", &substep.to_string()));
            }
            (run, Event::SubstepTicked { run: run.id, step: step.clone(), substep: *substep, done: *done })
        }
        Command::DoneByHand { run, step, evidence } => {
            let run = open_step(context, *run, step)?;
            (run, by_hand(context, run, step, evidence)?)
        }
        Command::Skip { run, step, reason } => {
            let run = open_step(context, *run, step)?;
            (run, Event::StepSkipped { run: run.id, step: step.clone(), reason: reason_given(reason)? })
        }
        Command::Settle { run, step, succeeded, evidence } => {
            let run = context.run(*run)?;
            if run.record(step).recorded != Recorded::Unknown {
                return Err(not_now("only a step whose outcome is unknown is settled by a person"));
            }
            let evidence = reason_given(evidence)?;
            (run, Event::StepSettled { run: run.id, step: step.clone(), succeeded: *succeeded, evidence })
        }
        Command::EndHold { run, step, held, detail } => {
            let run = context.run(*run)?;
            if !matches!(run.record(step).hold, Some(HoldState::Watching { .. })) {
                return Err(Refusal::new(Reason::Duplicate, "this hold is not being watched"));
            }
            (run, Event::HoldEnded { run: run.id, step: step.clone(), held: *held, detail: detail.clone() })
        }
        other => unreachable!("{other:?} is decided elsewhere"),
    };
    Ok(with_the_end(context, run, event).into())
}

/// A step that may still be ended by hand: not running, not ended, in a run that goes on.
fn open_step<'a>(context: &Context<'a>, run: crate::ident::RunId, step: &StepId) -> Result<&'a Run, Refusal> {
    let run = context.run(run)?;
    let title = &context.step(run, step)?.title;
    if !run.active() {
        return Err(not_now("the run is paused or aborted"));
    }
    match run.record(step).recorded {
        Recorded::Running | Recorded::Undoing | Recorded::Verifying => {
            Err(not_now(format!("`{title}` is running: wait for it, or cancel it")))
        }
        Recorded::Opened => match context.state.child_of(run, step).filter(|child| child.ended_at.is_none()) {
            Some(child) => Err(not_now(format!(
                "a runbook is walked in the place of `{title}`: finish or abort that ({})",
                child.standing()
            ))),
            None => Ok(run),
        },
        Recorded::Unknown => Err(not_now(format!("`{title}` is unknown: settle it with evidence first"))),
        Recorded::Succeeded | Recorded::DoneByHand | Recorded::Skipped | Recorded::Undone => {
            Err(not_now(format!("`{title}` has its end already")))
        }
        Recorded::Nothing | Recorded::Failed | Recorded::Cancelled => Ok(run),
    }
}

/// A manual step is ticked, with or without a line of evidence; one that was written to run needs the evidence, except on
/// paper, where people say that it would be done.
fn by_hand(context: &Context<'_>, run: &Run, step: &StepId, evidence: &str) -> Result<Event, Refusal> {
    let written = context.step(run, step)?;
    let record = run.record(step);
    // Against its own verify blocks, or at a point of no return, a manual step needs the evidence too.
    let paper = context.state.incident.as_ref().is_some_and(|incident| incident.kind == Kind::Paper);
    let manual = written.manual() && record.recorded != Recorded::Failed && !written.point_of_no_return;
    let free = manual || paper;
    let evidence = if free { super::unsecret(evidence.trim()) } else { reason_given(evidence)? };
    let open = (0..written.substeps.len()).find(|substep| !record.ticks.get(substep).copied().unwrap_or(false));
    if let Some(open) = open {
        return Err(not_now(format!("`{}` is not ticked yet", written.substeps[open].title)));
    }
    let out_of_order = match run.order(step) {
        Order::InOrder => false,
        Order::OutOfOrder => true,
        Order::After(_) if written.manual() => true,
        Order::After(before) => return Err(after(run, &before)),
    };
    Ok(Event::StepDoneByHand { run: run.id, step: step.clone(), evidence, out_of_order })
}

/// Why a step has to wait for an earlier one.
pub(super) fn after(run: &Run, before: &StepId) -> Refusal {
    let title = run.step(before).map_or(before.as_str(), |step| step.title.as_str());
    not_now(match run.record(before).recorded {
        Recorded::Failed => format!("`{title}` failed: retry it, do it by hand, or skip it with a reason"),
        Recorded::Unknown => format!("`{title}` is unknown: settle it first"),
        Recorded::Cancelled => format!("`{title}` was cancelled: run it again, or skip it with a reason"),
        Recorded::Running | Recorded::Verifying | Recorded::Undoing | Recorded::Opened => {
            format!("`{title}` is still running")
        }
        _ => format!("`{title}` comes first: execute it, or skip it with a reason"),
    })
}

/// The event, and the run's end when it brings that about; then what it means to the step that the run was opened for.
pub(super) fn with_the_end(context: &Context<'_>, run: &Run, event: Event) -> Vec<Event> {
    with_the_end_of(context, run, event, None)
}

/// The same, where the event is that of `walked`, a child that is done just now.
fn with_the_end_of(context: &Context<'_>, run: &Run, event: Event, walked: Option<&Run>) -> Vec<Event> {
    let mut after = run.clone();
    after.fold(&event, Meta { by: &context.actor.name, at: context.now.wall });
    let ends = after.ended_at.is_none() && after.active() && after.all_ended() && !after.watching_hold();
    let mut events = vec![event];
    if ends {
        let mut exceptions = after.exceptions();
        exceptions.extend(child::exceptions(context, &after, walked));
        let finished = Event::RunFinished { run: run.id, exceptions };
        after.fold(&finished, Meta { by: &context.actor.name, at: context.now.wall });
        events.push(finished);
    }
    if let Some((parent, done)) = child::done(context, &after) {
        events.extend(with_the_end_of(context, parent, done, Some(&after)));
    }
    events
}
