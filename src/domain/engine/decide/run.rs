//! Starting, pausing, switching and aborting runs.

use super::{Context, Decision, not_now, reason_given};
use crate::engine::{Command, Refusal, RunState, Start};
use crate::ident::Hash;
use crate::log::Event;

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
            Event::ModeChanged { run: run.id, step: step.clone(), mode: *mode, reason: reason.clone() }.into()
        }
        Command::Pause { run, reason } => {
            let run = context.run(*run)?;
            ongoing(run)?;
            if matches!(run.state, RunState::Paused { .. }) {
                return Err(not_now("the run is paused already"));
            }
            Event::RunPaused { run: run.id, reason: reason.trim().to_owned() }.into()
        }
        Command::Resume { run } => {
            let run = context.run(*run)?;
            if !matches!(run.state, RunState::Paused { .. }) {
                return Err(not_now("the run is not paused"));
            }
            Event::RunResumed { run: run.id }.into()
        }
        Command::Abort { run, reason } => {
            let run = context.run(*run)?;
            ongoing(run)?;
            Event::RunAborted { run: run.id, reason: reason_given(reason)? }.into()
        }
        Command::SetValue { run, name, value } => {
            let run = context.run(*run)?;
            if !run.runbook.vars.iter().any(|variable| variable.name == *name) {
                return Err(super::no_such("variable", name));
            }
            Event::ValueSet { run: run.id, name: name.clone(), value: value.clone() }.into()
        }
        other => unreachable!("{other:?} is decided elsewhere"),
    })
}

fn started(context: &Context<'_>, start: &Start) -> Result<Decision, Refusal> {
    context.open_incident()?;
    if context.state.run(start.run).is_some() {
        return Err(Refusal::new(crate::engine::Reason::Duplicate, "this run was started already"));
    }
    let again = context.state.runs.iter().find(|run| run.name == start.runbook_name && run.ended_at.is_none());
    if let Some(run) = again {
        return Err(not_now(format!("{} is being walked already: finish or abort it first", run.runbook.title)));
    }
    Ok(Event::RunStarted {
        run: start.run,
        runbook: start.runbook.to_string(),
        runbook_name: start.runbook_name.clone(),
        runbook_hash: Hash::of(start.runbook.as_bytes()),
        mode: start.mode,
        from: start.from.clone(),
        to: start.to.clone(),
        values: start.values.clone(),
    }
    .into())
}

fn ongoing(run: &crate::engine::Run) -> Result<(), Refusal> {
    if run.ended_at.is_some() {
        return Err(not_now("the run has ended"));
    }
    Ok(())
}
