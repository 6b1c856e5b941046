//! A runbook walked in the place of a step of another run: when it may be opened, and what its end means there.

use std::collections::BTreeMap;

use super::{Context, not_now};
use crate::engine::{Order, Reason, Recorded, Refusal, Run, RunState, Start, own_guards};
use crate::log::{Event, Parent};
use crate::runbook::{Runbook, VariableKind};

/// The run that the runbook may be opened in.
pub(super) fn may_open<'a>(
    context: &Context<'a>,
    start: &Start,
    runbook: &Runbook,
    parent: &Parent,
) -> Result<&'a Run, Refusal> {
    let run = context.run(parent.run)?;
    let step = context.step(run, &parent.step)?;
    let file = start.runbook_name.rsplit('/').next().unwrap_or_default();
    let name = file.strip_suffix(".md").unwrap_or(file);
    if step.child.as_deref() != Some(name) {
        return Err(not_now(format!("`{}` does not open `{name}`", step.title)));
    }
    if !runbook.native {
        let message = format!("`{name}` is not written as a runbook of this console: it cannot be walked");
        return Err(not_now(message));
    }
    if start.runbook == run.runbook.source {
        return Err(not_now(format!("`{}` opens the runbook that it stands in", step.title)));
    }
    if !run.active() || run.ended_at.is_some() {
        return Err(not_now("the run is paused, or has ended"));
    }
    match run.record(&parent.step).recorded {
        Recorded::Nothing | Recorded::Failed | Recorded::Cancelled => {}
        _ => return Err(not_now(format!("`{}` is under way or has its end already", step.title))),
    }
    if !run.applicable(step) {
        return Err(not_now(format!("`{}` does not apply now", step.title)));
    }
    if let Order::After(before) = run.order(&parent.step) {
        return Err(super::step::after(run, &before));
    }
    let guards = own_guards(context.state, context.board, run, step, context.now);
    match guards.iter().find(|guard| !guard.verdict.lets_through()) {
        Some(unmet) => Err(Refusal::new(Reason::Guard, format!("`{}` is not met: {}", unmet.name, unmet.seen))),
        None => Ok(run),
    }
}

/// Values of the parent that the child declares too, and takes.
pub(super) fn pass_on(values: &mut BTreeMap<String, String>, parent: &Run, child: &Runbook) {
    for variable in child.vars.iter().filter(|variable| !matches!(variable.kind, VariableKind::Secret { .. })) {
        let known = parent.values.get(&variable.name).filter(|_| !values.contains_key(&variable.name));
        let taken = known.and_then(|value| variable.accept(value, Some(&parent.estate)).ok());
        values.extend(taken.map(|value| (variable.name.clone(), value)));
    }
}

/// Runs that its steps opened, and that have no end.
pub(super) fn under_way<'a>(context: &Context<'a>, run: &Run) -> impl Iterator<Item = &'a Run> {
    let id = run.id;
    let of = move |child: &&Run| child.parent.as_ref().is_some_and(|parent| parent.run == id);
    context.state.runs.iter().filter(of).filter(|child| child.ended_at.is_none())
}

/// The step that a run was opened for is done when every step of that run has its end, held conditions being watched
/// on: the run of the step, and what is recorded of it.
pub(super) fn done<'a>(context: &Context<'a>, child: &Run) -> Option<(&'a Run, Event)> {
    let (parent, step) = context.state.parent_of(child)?;
    let open = parent.in_child(&step.id) && parent.record(&step.id).child == Some(child.id);
    if !open || !child.active() || !child.all_ended() {
        return None;
    }
    let evidence = match &child.state {
        RunState::CompletedWithExceptions { exceptions } => format!("{}: {}", child.standing(), exceptions.join("; ")),
        _ => child.standing(),
    };
    Some((parent, Event::StepDoneByHand { run: parent.id, step: step.id.clone(), evidence, out_of_order: false }))
}

/// Exceptions of the runs that its steps were done by; `walked` is one of them as it stands now.
pub(super) fn exceptions(context: &Context<'_>, run: &Run, walked: Option<&Run>) -> Vec<String> {
    let steps = run.runbook.steps().filter_map(|step| Some((step, run.record(&step.id).child?)));
    steps
        .filter_map(|(step, id)| {
            let child = walked.filter(|walked| walked.id == id).or_else(|| context.state.run(id))?;
            Some((step, child))
        })
        .flat_map(|(step, child)| {
            let of = format!("{}, {}", step.title, child.name);
            child.exceptions().into_iter().map(move |exception| format!("{of}: {exception}"))
        })
        .collect()
}
