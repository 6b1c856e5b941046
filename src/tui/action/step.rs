//! When actions on the step under the cursor can be taken.

use domain::engine::{APPROVAL_GUARD, Order, Run, RunState, StepState};
use domain::execution::{GuardVerdict, Part};
use domain::ident::Hash;
use domain::runbook::Step;

use super::{Id, incident};
use crate::model::{Model, loss_guard};

type Enabled = Result<(), String>;

fn step(model: &Model) -> Result<(&Run, &Step), String> {
    incident::open_run(model)?;
    model.step().ok_or_else(|| "this runbook has no steps".to_owned())
}

/// Its run goes on: neither paused nor aborted.
fn step_to_start(model: &Model) -> Result<(&Run, &Step), String> {
    let (run, step) = step(model)?;
    match &run.state {
        RunState::Paused { by, .. } => Err(format!("the run is paused by {by}: {} resumes it", model.key(Id::Pause))),
        _ => Ok((run, step)),
    }
}

fn state(run: &Run, step: &Step) -> StepState {
    run.step_state(&step.id)
}

/// Why it cannot be started, or `None`.
fn why_not(model: &Model, run: &Run, step: &Step) -> Option<String> {
    if run.in_child(&step.id) {
        return Some(format!("a runbook is walked in its place: {} goes there", model.key(Id::Open)));
    }
    if state(run, step) == StepState::Unknown {
        return Some(format!("its end is unknown: settle it first ({})", model.key(Id::Open)));
    }
    not_to_start(state(run, step)).map(str::to_owned)
}

/// Why a step in this state cannot be started, or `None`.
fn not_to_start(state: StepState) -> Option<&'static str> {
    match state {
        StepState::Pending
        | StepState::Ready
        | StepState::Blocked
        | StepState::AwaitingApproval
        | StepState::Cancelled
        | StepState::Failed => None,
        StepState::Undone => Some("it was undone"),
        StepState::Running => Some("it is running"),
        StepState::Verifying => Some("it is being verified"),
        StepState::Succeeded => Some("it has succeeded"),
        StepState::DoneByHand => Some("it was done by hand"),
        StepState::Unknown => Some("its end is unknown"),
        StepState::Skipped => Some("it was skipped"),
        StepState::NotApplicable => Some("it does not apply in this mode"),
    }
}

pub(super) fn execute(model: &Model) -> Enabled {
    let (run, step) = step_to_start(model)?;
    incident::log_written(model)?;
    if step.manual() {
        return Err(match &step.manual_because {
            Some(why) => format!("it is done by hand ({why}): {} ticks it", model.key(Id::Tick)),
            None => format!("it is done by hand: {} ticks it", model.key(Id::Tick)),
        });
    }
    if let Order::After(earlier) = run.order(&step.id) {
        let title = run.step(&earlier).map_or(earlier.as_str(), |earlier| &earlier.title);
        return Err(format!("its turn has not come: \"{title}\" has no end yet"));
    }
    if let Some(why) = why_not(model, run, step) {
        return Err(why);
    }
    if approval_missing(model, run, step) {
        let by = step.approval.as_ref().map(|approval| approval.by.to_string()).unwrap_or_default();
        let asked = run.record(&step.id).approval.as_ref();
        let then = model
            .waits_no_longer(asked)
            .map(|why| format!("; {why}: {} overrides it", model.key(Id::Override)))
            .unwrap_or_default();
        return Err(format!("{by} has to approve it: {} asks for that, or answers{then}", model.key(Id::Approve)));
    }
    Ok(())
}

/// Its title links to a runbook, and its turn has come.
pub(super) fn open_child(model: &Model) -> Enabled {
    let (_, step) = step_to_start(model)?;
    if step.child.is_none() {
        return Err("its title links to no other runbook".to_owned());
    }
    execute(model)
}

/// The second name it asks for was not given for the text that would run now, nor its absence overridden.
pub(crate) fn approval_missing(model: &Model, run: &Run, step: &Step) -> bool {
    let record = run.record(&step.id);
    let given = record.approval.as_ref().filter(|asked| asked.given.is_some());
    step.approval.is_some()
        && !given.is_some_and(|asked| current(model, run, step, asked.digest))
        && !record.overrides.iter().any(|overridden| overridden.guard == APPROVAL_GUARD)
}

pub(super) fn retry(model: &Model) -> Enabled {
    let (run, step) = step_to_start(model)?;
    match state(run, step) {
        StepState::Failed | StepState::Cancelled => execute(model),
        _ => Err("it has not failed".to_owned()),
    }
}

pub(super) fn tick(model: &Model) -> Enabled {
    let (run, step) = step_to_start(model)?;
    if !step.manual() && open_substep(run, step).is_none() {
        return Err(format!(
            "it executes: {} runs it, {} says that it was done by hand",
            model.key(Id::Execute),
            model.key(Id::DoneByHand)
        ));
    }
    why_not(model, run, step).map_or(Ok(()), Err)
}

fn ticked(run: &Run, step: &Step, substep: usize) -> bool {
    run.record(&step.id).ticks.get(&substep).copied().unwrap_or(false)
}

/// The first sub-step without its tick.
pub(crate) fn open_substep(run: &Run, step: &Step) -> Option<usize> {
    (0..step.substeps.len()).find(|substep| !ticked(run, step, *substep))
}

/// The last sub-step with its tick.
pub(crate) fn ticked_substep(run: &Run, step: &Step) -> Option<usize> {
    (0..step.substeps.len()).rev().find(|substep| ticked(run, step, *substep))
}

pub(super) fn untick(model: &Model) -> Enabled {
    let (run, step) = step_to_start(model)?;
    if let Some(why) = why_not(model, run, step) {
        return Err(why);
    }
    ticked_substep(run, step).map(|_| ()).ok_or_else(|| "no sub-step of it is ticked".to_owned())
}

pub(super) fn done_by_hand(model: &Model) -> Enabled {
    let (run, step) = step_to_start(model)?;
    if step.manual() {
        return Err(format!("it is a manual step: {} ticks it", model.key(Id::Tick)));
    }
    why_not(model, run, step).map_or(Ok(()), Err)
}

pub(super) fn skip(model: &Model) -> Enabled {
    let (run, step) = step_to_start(model)?;
    why_not(model, run, step).map_or(Ok(()), Err)
}

pub(super) fn settle(model: &Model) -> Enabled {
    let (run, step) = step(model)?;
    if state(run, step) == StepState::Unknown { Ok(()) } else { Err("its end is not unknown".to_owned()) }
}

pub(super) fn rollback(model: &Model) -> Enabled {
    let (run, step) = step_to_start(model)?;
    incident::log_written(model)?;
    if step.rollback.is_none() {
        return Err("it has no rollback".to_owned());
    }
    if run.rollback_offered(&step.id) {
        Ok(())
    } else {
        Err("its rollback is not offered: it took no effect yet, or the point of no return is behind".to_owned())
    }
}

pub(super) fn cancel(model: &Model) -> Enabled {
    incident::incident(model)?;
    let captured = model.state.captures.iter().any(|capture| capture.outcome.is_none());
    let running =
        step(model).is_ok_and(|(run, step)| state(run, step) == StepState::Running && !run.in_child(&step.id));
    if captured || running { Ok(()) } else { Err("nothing is running here".to_owned()) }
}

pub(super) fn guard(model: &Model) -> Enabled {
    let (run, step) = step(model)?;
    let prepared = model.prepared_for(run.id, &step.id, Part::Run).ok_or("its guards have not been asked yet")?;
    let blocked = prepared.guards.iter().any(|guard| !guard.verdict.lets_through());
    if blocked || approval_missing(model, run, step) { Ok(()) } else { Err("no guard stands in the way".to_owned()) }
}

pub(super) fn loss(model: &Model) -> Enabled {
    let (run, step) = step(model)?;
    let prepared = model.prepared_for(run.id, &step.id, Part::Run).ok_or("its guards have not been asked yet")?;
    let asked = prepared.guards.iter().any(|guard| guard.verdict == GuardVerdict::Ask && loss_guard(guard).is_some());
    if asked { Ok(()) } else { Err("no guard asks for a loss to be accepted".to_owned()) }
}

pub(super) fn approval(model: &Model) -> Enabled {
    let (run, step) = step(model)?;
    if step.approval.is_none() {
        return Err("it needs no approval".to_owned());
    }
    if !approval_missing(model, run, step) {
        return Err("it is approved".to_owned());
    }
    why_not(model, run, step).map_or(Ok(()), Err)
}

pub(super) fn decline(model: &Model) -> Enabled {
    let (run, step) = step(model)?;
    let asked = run.record(&step.id).approval.as_ref().is_some_and(|asked| asked.given.is_none());
    if asked { Ok(()) } else { Err("no approval is being asked for".to_owned()) }
}

/// The text that was approved is the text that would run, as far as is known.
fn current(model: &Model, run: &Run, step: &Step, digest: Hash) -> bool {
    let prepared = model.prepared_for(run.id, &step.id, Part::Run);
    let resolved = prepared.and_then(|prepared| prepared.resolved.as_ref().ok());
    resolved.is_none_or(|resolved| resolved.digest() == digest)
}
