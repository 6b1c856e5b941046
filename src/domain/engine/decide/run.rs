//! Starting, pausing, switching and aborting runs.

use std::collections::BTreeMap;

use super::step::with_the_end;
use super::{Context, Decision, child, not_now, reason_given};
use crate::engine::{Command, Refusal, Run, RunState, Start};
use crate::estate::Estate;
use crate::ident::Hash;
use crate::log::Event;
use crate::runbook::{self, Runbook};

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Refusal> {
    Ok(match command {
        Command::StartRun(start) => started(context, start)?,
        Command::ChangeMode { run, step, mode, reason } => {
            let run = context.run(*run)?;
            let known = step.as_ref().map_or(run.mode, |step| run.mode_of(step));
            if let Some(step) = step {
                context.step(run, step)?;
            }
            if known == *mode {
                return Err(not_now(format!("the mode is {} already", mode.word())));
            }
            let step = step.clone();
            let changed = Event::ModeChanged { run: run.id, step, mode: *mode, reason: super::unsecret(reason) };
            with_the_end(context, run, changed).into()
        }
        Command::Pause { run, reason } => {
            let run = context.run(*run)?;
            ongoing(run)?;
            if matches!(run.state, RunState::Paused { .. }) {
                return Err(not_now("the run is paused already"));
            }
            Event::RunPaused { run: run.id, reason: super::unsecret(reason.trim()) }.into()
        }
        Command::Resume { run } => {
            let run = context.run(*run)?;
            if !matches!(run.state, RunState::Paused { .. }) {
                return Err(not_now("the run is not paused"));
            }
            // Its last step may have ended while it was paused.
            with_the_end(context, run, Event::RunResumed { run: run.id }).into()
        }
        Command::Abort { run, reason } => {
            let run = context.run(*run)?;
            ongoing(run)?;
            let aborted = |run: &Run| Ok(Event::RunAborted { run: run.id, reason: reason_given(reason)? });
            // What was opened for its steps ends with it, and first.
            let children = child::under_way(context, run).map(aborted);
            children.chain([aborted(run)]).collect::<Result<Vec<_>, Refusal>>()?.into()
        }
        Command::SetValue { run, name, value } => {
            let run = context.run(*run)?;
            let value = accepted(&run.runbook, &run.estate, name, value)?;
            with_the_end(context, run, Event::ValueSet { run: run.id, name: name.clone(), value }).into()
        }
        other => unreachable!("{other:?} is decided elsewhere"),
    })
}

fn started(context: &Context<'_>, start: &Start) -> Result<Decision, Refusal> {
    let incident = context.open_incident()?;
    if context.state.run(start.run).is_some() {
        return Err(Refusal::new(crate::engine::Reason::Duplicate, "this run was started already"));
    }
    // By another path it is the same text, and its steps would be executed twice.
    let same_text = |run: &Run| start.parent.is_none() && run.runbook.source == start.runbook;
    let same = |run: &&Run| run.name == start.runbook_name || same_text(run);
    let again = context.state.runs.iter().filter(|run| run.ended_at.is_none()).find(same);
    if let Some(run) = again {
        return Err(not_now(format!("{} is being walked already: finish or abort it first", run.runbook.title)));
    }
    let runbook = runbook::parse(start.runbook.clone(), Some(&incident.estate));
    let given = start
        .values
        .iter()
        .map(|(name, value)| accepted(&runbook, &incident.estate, name, value).map(|value| (name.clone(), value)));
    let mut values: BTreeMap<_, _> = given.collect::<Result<_, Refusal>>()?;
    let (mut mode, mut from, mut to) = (start.mode, start.from.clone(), start.to.clone());
    if let Some(parent) = &start.parent {
        let of = child::may_open(context, start, &runbook, parent)?;
        (mode, from, to) = (of.mode_of(&parent.step), of.from.clone(), of.to.clone());
        child::pass_on(&mut values, of, &runbook);
    }
    Ok(Event::RunStarted {
        run: start.run,
        runbook: start.runbook.to_string(),
        runbook_name: start.runbook_name.clone(),
        runbook_hash: Hash::of(start.runbook.as_bytes()),
        mode,
        from,
        to,
        values,
        parent: start.parent.clone(),
    }
    .into())
}

/// A value as its declaration takes it. A secret is never one: it would be in the log for ever.
fn accepted(runbook: &Runbook, estate: &Estate, name: &str, value: &str) -> Result<String, Refusal> {
    let variable = runbook.vars.iter().find(|variable| variable.name == name);
    let variable = variable.ok_or_else(|| super::no_such("variable", name))?;
    variable.accept(value, Some(estate)).map_err(not_now)
}

fn ongoing(run: &crate::engine::Run) -> Result<(), Refusal> {
    if run.ended_at.is_some() {
        return Err(not_now("the run has ended"));
    }
    Ok(())
}
