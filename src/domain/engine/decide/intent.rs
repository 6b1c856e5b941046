//! The decision everything else protects: that a step may execute now.

use std::time::Duration;

use super::step::after;
use super::{Context, Decision, not_now};
use crate::engine::react::retries_left;
use crate::engine::{Confirmation, Execution, Order, Reason, Recorded, Refusal, Run};
use crate::execution::{Danger, End, GuardResult, GuardVerdict, Part, Resolved};
use crate::ident::PersonId;
use crate::log::{Approved, Event};
use crate::runbook::Step;
use crate::time::since;

/// Results of guards older than this are not believed at the instant of execution.
const GUARD_AGE: Duration = Duration::from_secs(5);

/// The name under which a missing approval is overridden: break-glass.
pub const APPROVAL_GUARD: &str = "approval";

pub(super) fn decide(context: &Context<'_>, execution: &Execution) -> Result<Decision, Refusal> {
    let shown = &execution.resolved;
    let run = context.run(shown.run)?;
    let step = context.step(run, &shown.step)?;
    let order = may_start(run, step, shown.part, &execution.confirmation)?;
    unchanged(context, run, shown)?;
    confirmed(run, step, execution)?;
    let guards = guards(context, run, step, execution)?;
    let authorised_by = if shown.part == Part::Run { approved(run, step, shown, &context.actor.name)? } else { None };
    Ok(Event::StepIntended {
        resolved: Box::new(shown.clone()),
        confirmed_by: context.actor.name.clone(),
        authorised_by,
        guards,
        at_risk: execution.at_risk.clone(),
        out_of_order: order == Order::OutOfOrder,
    }
    .into())
}

/// The state of run and step allows this part of it to start.
fn may_start(run: &Run, step: &Step, part: Part, confirmation: &Confirmation) -> Result<Order, Refusal> {
    use crate::engine::RunState;
    match &run.state {
        RunState::Paused { by, reason } => return Err(not_now(format!("the run is paused by {by}: {reason}"))),
        RunState::Aborted { by, reason } => return Err(not_now(format!("the run was aborted by {by}: {reason}"))),
        _ => {}
    }
    if let Some(why) = step.manual_because.as_ref().filter(|_| part == Part::Run) {
        return Err(not_now(format!("this step is manual: {why}")));
    }
    if part == Part::Rollback {
        return if *confirmation == Confirmation::Retry && !retry_allowed(run, step, part) {
            Err(not_now("its author allows no more attempts"))
        } else if run.rollback_offered(&step.id) {
            Ok(Order::InOrder)
        } else {
            Err(not_now("its undo is not offered: it did not take effect, or a later point of no return was crossed"))
        };
    }
    if !run.applicable(step) {
        return Err(not_now("this step does not apply in this mode"));
    }
    match run.record(&step.id).recorded {
        // A retry is of something: whoever asks for a first attempt says how it was confirmed.
        Recorded::Nothing if *confirmation == Confirmation::Retry => {
            return Err(Refusal::new(Reason::Confirmation, "there is nothing to retry yet"));
        }
        Recorded::Nothing => {}
        Recorded::Failed | Recorded::Cancelled => may_repeat(run, step, confirmation)?,
        Recorded::Unknown => {
            return Err(not_now("whether it took effect is unknown: settle that first, with evidence"));
        }
        Recorded::Running | Recorded::Verifying | Recorded::Undoing | Recorded::Opened => {
            return Err(Refusal::new(Reason::Duplicate, "it is running already"));
        }
        Recorded::Succeeded | Recorded::DoneByHand | Recorded::Skipped | Recorded::Undone => {
            return Err(Refusal::new(Reason::Duplicate, "it has its end already"));
        }
    }
    match run.order(&step.id) {
        Order::After(before) => Err(after(run, &before)),
        order => Ok(order),
    }
}

/// What may be repeated needs no more than its usual confirmation; what may not, the step's id typed, unless it is
/// certain that it never started.
fn may_repeat(run: &Run, step: &Step, confirmation: &Confirmation) -> Result<(), Refusal> {
    let Some(last) = run.attempts(&step.id, Part::Run).last() else { return Ok(()) };
    let never_started = last.outcome.as_ref().is_some_and(|outcome| matches!(outcome.end, End::NotStarted { .. }));
    let repeatable = last.resolved.idempotent || last.resolved.readonly || never_started;
    match confirmation {
        Confirmation::Retry if !retry_allowed(run, step, Part::Run) => {
            Err(not_now("its author allows no more attempts"))
        }
        Confirmation::Retry => Ok(()),
        // What is typed every time is typed again: `confirmed` looks at the text.
        Confirmation::Typed(_) if matches!(Danger::of(step, &run.values_for(&step.id)), Danger::Typed(_)) => Ok(()),
        Confirmation::Typed(text) if *text == step.id.as_str() => Ok(()),
        _ if repeatable => Ok(()),
        _ => Err(Refusal::new(
            Reason::Confirmation,
            format!("it is not marked idempotent: type `{}` to run it again, or settle it by hand", step.id),
        )),
    }
}

fn retry_allowed(run: &Run, step: &Step, part: Part) -> bool {
    run.attempts(&step.id, part).last().is_some_and(|last| retries_left(run, &step.id, part, last.number))
}

/// What would run now is what was shown, to the letter.
fn unchanged(context: &Context<'_>, run: &Run, shown: &Resolved) -> Result<(), Refusal> {
    let now = super::super::resolve_step(context.board, run, &shown.step, shown.part)?;
    if now.attempt != shown.attempt {
        return Err(Refusal::new(Reason::Duplicate, format!("attempt {} was started already", shown.attempt)));
    }
    if now.digest() != shown.digest() {
        return Err(Refusal::new(Reason::Changed, "what would run is not what was shown: look again"));
    }
    Ok(())
}

fn confirmed(run: &Run, step: &Step, execution: &Execution) -> Result<(), Refusal> {
    let danger = match execution.resolved.part {
        Part::Run => Danger::of(step, &run.values_for(&step.id)),
        Part::Rollback => Danger::Changes,
    };
    let repeats = matches!(&execution.confirmation, Confirmation::Typed(text) if *text == step.id.as_str());
    if danger.met_by(&execution.confirmation) || (danger == Danger::Changes && repeats) {
        return Ok(());
    }
    Err(Refusal::new(
        Reason::Confirmation,
        match danger {
            Danger::Typed(text) => format!("type `{text}` to confirm"),
            Danger::ReadOnly | Danger::Changes => "confirm with y".to_owned(),
        },
    ))
}

/// Every guard, asked again at this instant: the console's own checks from the readings here, the others as they were
/// just run. None may be missing, too old, or unmet.
fn guards(context: &Context<'_>, run: &Run, step: &Step, execution: &Execution) -> Result<Vec<GuardResult>, Refusal> {
    if execution.resolved.part == Part::Rollback {
        return Ok(Vec::new());
    }
    let mut results = super::super::own_guards(context.state, context.board, run, step, context.now);
    for name in super::super::asked_guards(step) {
        let given = execution.guards.iter().find(|given| given.name == name);
        let given = given.ok_or_else(|| Refusal::new(Reason::Guard, format!("the guard `{name}` was not asked")))?;
        let overridden = run.record(&step.id).overrides.iter().any(|overridden| overridden.guard == name);
        if !overridden && since(context.now.wall, given.evaluated_at) > GUARD_AGE {
            return Err(Refusal::new(Reason::Guard, format!("the answer of `{name}` is too old: it is asked again")));
        }
        results.push(super::super::with_override(given.clone(), run.record(&step.id)));
    }
    match results.iter().find(|result| !result.verdict.lets_through()) {
        None => Ok(results),
        Some(unmet) => Err(Refusal::new(
            Reason::Guard,
            match unmet.verdict {
                GuardVerdict::Skip => {
                    format!("`{}` says that this step is not needed ({}): skip it", unmet.name, unmet.seen)
                }
                GuardVerdict::Ask => format!("`{}` asks a named person to accept: {}", unmet.name, unmet.seen),
                _ => format!("`{}` is not met: {}", unmet.name, unmet.seen),
            },
        )),
    }
}

/// The second name a step asks for, given for exactly this text; or its absence overridden.
fn approved(run: &Run, step: &Step, shown: &Resolved, executor: &PersonId) -> Result<Option<Approved>, Refusal> {
    let Some(approval) = &step.approval else { return Ok(None) };
    let record = run.record(&step.id);
    let asked = record.approval.as_ref().filter(|asked| asked.digest == shown.digest());
    if let Some(approved) = asked.and_then(|asked| asked.given.clone()) {
        if approved.by == *executor && !overridden(run, shown) {
            let message = format!("{executor} approved it: a second person has to execute it, or override `approval`");
            return Err(Refusal::new(Reason::Approval, message));
        }
        return Ok(Some(approved));
    }
    if overridden(run, shown) {
        return Ok(None);
    }
    let why = match asked.map(|asked| &asked.declined) {
        Some(Some((by, reason))) => format!("{by} declined: {reason}"),
        Some(None) => format!("{} has not answered yet", approval.by),
        None => format!("{} has to approve it", approval.by),
    };
    Err(Refusal::new(Reason::Approval, why))
}

/// Break-glass for exactly this text, as an approval is.
fn overridden(run: &Run, shown: &Resolved) -> bool {
    let digest = Some(shown.digest());
    let overrides = &run.record(&shown.step).overrides;
    overrides.iter().any(|overridden| overridden.guard == APPROVAL_GUARD && overridden.text == digest)
}
