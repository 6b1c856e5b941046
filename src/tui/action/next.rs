//! What moves the step under the cursor on: one key and what it does, so that nobody has to know the table by heart.

use domain::engine::{ApprovalState, Order, Run, RunState, StepState};
use domain::execution::{GuardVerdict, Part};
use domain::log::Mode;
use domain::reading::Health;
use domain::runbook::Step;

use super::{Id, approval_missing, enabled, open_substep};
use crate::model::{Model, loss_guard};

/// A key as the person has it, and the rest of the sentence that begins with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    pub key: String,
    pub does: String,
}

/// `None` while there is nothing to press: it runs, it has its end, another step comes first.
#[must_use]
pub fn next(model: &Model) -> Option<Next> {
    let (run, step) = model.step()?;
    let (id, does) = of(model, run, step)?;
    enabled(model, id).ok()?;
    Some(Next { key: model.key(id), does })
}

fn of(model: &Model, run: &Run, step: &Step) -> Option<(Id, String)> {
    if let RunState::Paused { by, .. } = &run.state {
        return Some((Id::Pause, format!("resumes the run, which {by} paused")));
    }
    let state = run.step_state(&step.id);
    let child_over = || run.parent.is_some() && run.next().is_empty();
    if state.ended() && child_over() {
        return Some((Id::ToParent, "goes back to the run it is a part of".to_owned()));
    }
    if state.ended() {
        let closing = "close enter ends the incident, with a reason";
        return (model.state.open().is_some() && run.next().is_empty()).then(|| (Id::Palette, closing.to_owned()));
    }
    if let Some(from) = planned_from_a_dark_side(model, run, step) {
        return Some((Id::Mode, format!("makes the run forced: it is planned, and {from} is down")));
    }
    match state {
        StepState::Running if run.in_child(&step.id) => {
            Some((Id::Open, "goes to the runbook walked in its place".to_owned()))
        }
        StepState::Running | StepState::Verifying => None,
        StepState::Failed | StepState::Cancelled => Some((Id::Open, "shows what can be done about it".to_owned())),
        StepState::Unknown => Some((Id::Open, "settles it: did it take effect?".to_owned())),
        _ if matches!(run.order(&step.id), Order::After(_)) => None,
        _ if open_substep(run, step).is_some() => Some((Id::Tick, "ticks its next sub-step".to_owned())),
        _ if step.manual() => Some((Id::Tick, ticking(step))),
        _ => Some(in_the_way(model, run, step).unwrap_or_else(|| (Id::Execute, executing(step)))),
    }
}

fn ticking(step: &Step) -> String {
    let then = if step.verifies.is_empty() { "" } else { ", and verifies it" };
    format!("ticks it when done{then}")
}

fn executing(step: &Step) -> String {
    if let Some(name) = &step.child {
        return format!("opens {name} as a run of its own, in its place");
    }
    match (step.read_only(), step.point_of_no_return) {
        (true, _) => "runs it: it only reads".to_owned(),
        (false, true) => "shows the cost, and asks for the region's name".to_owned(),
        (false, false) => "shows what will run, and asks".to_owned(),
    }
}

/// A planned switchover asks the side it leaves to answer.
fn planned_from_a_dark_side<'a>(model: &'a Model, run: &'a Run, step: &Step) -> Option<&'a str> {
    let from = run.from.as_ref().filter(|_| run.mode_of(&step.id) == Mode::Planned)?;
    let crossed = model.state.open()?.no_return_at.is_some();
    let regions = &model.status.as_ref().filter(|status| !status.blind)?.regions;
    let down = regions.iter().any(|region| region.name == *from && region.status == Health::Down);
    (down && !crossed).then_some(from.as_str())
}

/// The first thing that keeps the step from running, and the key that answers it: a value, the fence, a loss to accept,
/// a guard, the second name.
fn in_the_way(model: &Model, run: &Run, step: &Step) -> Option<(Id, String)> {
    let prepared = model.prepared_for(run.id, &step.id, Part::Run)?;
    if prepared.resolved.is_err() && step.child.is_none() {
        let valued = enabled(model, Id::SetValue).is_ok();
        return Some(match valued {
            true => (Id::SetValue, "gives a variable its value".to_owned()),
            false => (Id::DoneByHand, "records that it was done by hand".to_owned()),
        });
    }
    let open = |verdicts: &[GuardVerdict]| prepared.guards.iter().find(|guard| verdicts.contains(&guard.verdict));
    let holds_back = [GuardVerdict::Fail, GuardVerdict::Unknown, GuardVerdict::Ask];
    let fence =
        prepared.guards.iter().find(|guard| guard.name.starts_with("fenced ") && holds_back.contains(&guard.verdict));
    if let Some(guard) = fence {
        let side = guard.name.trim_start_matches("fenced ");
        return Some((Id::StateFence, format!("states how {side} was isolated")));
    }
    if let Some(guard) = open(&[GuardVerdict::Skip]) {
        return Some((Id::Skip, format!("skips it: {} does not hold", guard.name)));
    }
    if let Some(guard) = open(&[GuardVerdict::Fail, GuardVerdict::Unknown]) {
        return Some((Id::Override, format!("overrides {}, if it does not come to hold", guard.name)));
    }
    if let Some(guard) = open(&[GuardVerdict::Ask]) {
        let loss = loss_guard(guard).is_some();
        return Some(match loss {
            true => (Id::AcceptLoss, "accepts the loss that may be".to_owned()),
            false => (Id::Override, format!("takes {} on somebody's authority", guard.name)),
        });
    }
    if approval_missing(model, run, step) {
        let asked = run.record(&step.id).approval.as_ref().filter(|asked| asked.declined.is_none());
        return Some(match model.waits_no_longer(asked) {
            Some(why) => (Id::Override, format!("overrides the missing approval: {why}")),
            None => (Id::Approve, approving(step, asked)),
        });
    }
    None
}

fn approving(step: &Step, asked: Option<&ApprovalState>) -> String {
    let wanted = step.approval.as_ref().map(|approval| approval.by.to_string()).unwrap_or_default();
    match asked {
        Some(asked) => format!("records the answer of {}", asked.seat),
        None => format!("asks {wanted} to approve it"),
    }
}
