//! When actions on the incident and its runs can be taken.

use domain::console::BannerAbout;
use domain::engine::{Run, RunState};
use domain::log::Kind;

use super::Id;
use crate::model::{Model, Panel};

type Enabled = Result<(), String>;

pub(super) const fn always(_: &Model) -> Enabled {
    Ok(())
}

/// Of a panel that has the whole screen everything is shown already; steps and entries open by themselves.
pub(super) fn something_to_open(model: &Model) -> Enabled {
    match model.ui.focus {
        Panel::Checklist | Panel::Log => Ok(()),
        _ if model.ui.zoomed => Err("this panel is shown whole: esc goes back".to_owned()),
        _ => Ok(()),
    }
}

/// Something may be appended at all.
pub(super) fn may_write(model: &Model) -> Enabled {
    if model.scene.read_only {
        return Err("this console only looks: it was started with --read-only".to_owned());
    }
    match &model.state.read_only {
        Some(why) => Err(format!("nothing can be appended: {why}")),
        None => Ok(()),
    }
}

pub(super) fn incident(model: &Model) -> Enabled {
    match model.state.open() {
        Some(_) => Ok(()),
        None if model.state.incident.is_some() => Err("the incident is closed".to_owned()),
        None => Err(format!("no incident is open: {} declares one", model.key(Id::Declare))),
    }
}

pub(super) fn no_incident(model: &Model) -> Enabled {
    match model.state.open() {
        None => Ok(()),
        Some(open) => Err(format!(
            "{} is open already: {} adds a note, {} starts another runbook",
            open.label,
            model.key(Id::Note),
            model.key(Id::StartRun)
        )),
    }
}

/// The log can be written: nothing executes without it.
pub(super) fn log_written(model: &Model) -> Enabled {
    match model.banners.get(&BannerAbout::Log) {
        Some(why) => Err(format!("nothing executes while the log cannot be written: {why}")),
        None => Ok(()),
    }
}

pub(super) fn log_broken(model: &Model) -> Enabled {
    incident(model)?;
    log_written(model).err().map(|_| ()).ok_or_else(|| "the log is being written as it should".to_owned())
}

pub(super) fn capture(model: &Model) -> Enabled {
    incident(model)?;
    log_written(model)
}

/// The run whose tab is open.
pub(super) fn run(model: &Model) -> Result<&Run, String> {
    incident(model)?;
    model.run().ok_or_else(|| format!("no runbook has been started: {} starts one", model.key(Id::StartRun)))
}

pub(super) fn open_run(model: &Model) -> Result<&Run, String> {
    let run = run(model)?;
    match &run.state {
        RunState::Aborted { .. } => Err("this run was aborted".to_owned()),
        RunState::Running
        | RunState::HeldByFailure { .. }
        | RunState::Paused { .. }
        | RunState::WatchingHold
        | RunState::Completed
        | RunState::CompletedWithExceptions { .. } => Ok(run),
    }
}

pub(super) fn pause(model: &Model) -> Enabled {
    match open_run(model)?.state {
        RunState::Completed | RunState::CompletedWithExceptions { .. } | RunState::WatchingHold => {
            Err("this run has come to its end".to_owned())
        }
        _ => Ok(()),
    }
}

pub(super) fn abort(model: &Model) -> Enabled {
    pause(model)
}

pub(super) fn variable(model: &Model) -> Enabled {
    let run = open_run(model)?;
    if run.runbook.vars.is_empty() { Err("this runbook has no variables".to_owned()) } else { Ok(()) }
}

pub(super) fn other_runs(model: &Model) -> Enabled {
    if model.state.runs.len() > 1 { Ok(()) } else { Err("there is one run at most".to_owned()) }
}

/// The run whose tab is open was opened for a step of another.
pub(super) fn parent(model: &Model) -> Enabled {
    let run = run(model)?;
    model.state.parent_of(run).map(|_| ()).ok_or_else(|| "it is a part of no other run".to_owned())
}

pub(super) fn start_run(model: &Model) -> Enabled {
    incident(model)?;
    if model.scene.runbooks.is_empty() { Err("no runbook was found".to_owned()) } else { Ok(()) }
}

pub(super) fn take_command(model: &Model) -> Enabled {
    incident(model)?;
    let commander = model.state.open().and_then(|incident| incident.commander.as_ref());
    if commander == Some(&model.scene.actor.name) { Err("you have command".to_owned()) } else { Ok(()) }
}

pub(super) fn fence(model: &Model) -> Enabled {
    incident(model)?;
    let some = model.scene.estate.databases.iter().any(|database| !database.servers.is_empty());
    if some { Ok(()) } else { Err("the estate has no database".to_owned()) }
}

pub(super) fn fail_primary(model: &Model) -> Enabled {
    if model.scene.kind == Kind::Demo {
        Ok(())
    } else {
        Err("only the demonstration fails its primary on a key".to_owned())
    }
}

pub(super) fn alert(model: &Model) -> Enabled {
    let open = model.status.as_ref().is_some_and(|status| status.firing().any(|alert| alert.acknowledged_by.is_none()));
    if open { Ok(()) } else { Err("nothing fires that nobody is on".to_owned()) }
}

pub(super) fn some_alert(model: &Model) -> Enabled {
    if model.alerts().is_empty() { Err("no alert fires".to_owned()) } else { Ok(()) }
}

pub(super) fn entry(model: &Model) -> Enabled {
    incident(model)?;
    if model.state.entries.is_empty() { Err("the log is empty".to_owned()) } else { Ok(()) }
}
