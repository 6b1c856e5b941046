//! `switchback wall`: the read-only display. It is held back by the kernel before anything else is done.

use std::io::{Write, stderr};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use domain::console::Scene;
use domain::estate::{Estate, EstateKind, parse};
use domain::log::Kind;
use domain::people::Actor;
use domain::report::Names;

use super::args::{Global, Wall as Asked};
use super::incidents::{demonstration, find};
use super::looks::looks;
use super::settings::Settings;
use super::{Exit, Failure};
use crate::runtime::estate_file;
use crate::runtime::paths::Paths;
use crate::runtime::wall::{Wall, confine, follow};

/// Messages on their way to the screen.
const TOLD: usize = 64;

/// # Errors
/// No such incident, an estate's file that cannot be read, no terminal.
pub(super) fn run(global: &Global, asked: &Asked) -> Result<Exit, Failure> {
    if global.log_filter.is_some() {
        let why = "the wall writes no file, and so no log of its own: leave out --log-filter";
        return Err(Failure::new(Exit::Usage, why.to_owned()));
    }
    let unconfined = confine().err().map(|why| why.to_string());
    let paths = Paths::from_environment(global.state.as_deref());
    let estate = estate(global, &paths)?;
    let pinned = asked.incident.as_deref().map(|name| find(global, name)).transpose()?;
    let mut settings = Settings::of(&paths);
    let options = tui::Options {
        looks: looks(global, &mut settings, &paths)?,
        mouse: false,
        motion: settings.motion(global),
        ..tui::Options::default()
    };
    let names = if asked.names { Names::Kept } else { Names::Roles };
    let (places, name, scene) = match estate {
        Some(estate) => (vec![paths], Some(estate.name.clone()), scene(estate)),
        None => (vec![paths.clone(), demonstration(&paths)], None, demo()),
    };
    let wall = Wall { places, estate: name, pinned, names };
    let (tell, told) = sync_channel(TOLD);
    match tui::wall::run(scene, &options, unconfined, told, || follow(wall, tell))? {
        tui::Exit::Ended { reason: Some(reason) } => Err(Failure::new(Exit::No, reason)),
        tui::Exit::Quit | tui::Exit::Signal | tui::Exit::Ended { reason: None } => Ok(Exit::Yes),
    }
}

/// The estate whose incidents are shown; `None`, where no file is in reach: whatever there is. One with errors has a name
/// all the same.
fn estate(global: &Global, paths: &Paths) -> Result<Option<Estate>, Failure> {
    let Some(file) = estate_file::find(global.config.as_deref(), paths) else { return Ok(None) };
    let text = estate_file::read(&file).map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
    let parsed = parse(&text);
    if parsed.estate.name.is_empty() {
        let why = format!("{} does not say what its estate is called", file.display());
        return Err(Failure::new(Exit::Config, why));
    }
    if !parsed.ok() {
        let _ = writeln!(stderr(), "switchback: {} has errors: see `switchback config check`", file.display());
    }
    Ok(Some(parsed.estate))
}

/// Where nothing is configured, readings say what they are of; without any, it is the demonstration at most.
fn demo() -> Scene {
    Scene { kind: Kind::Demo, ..scene(Estate::default()) }
}

/// Nobody acts here.
fn scene(estate: Estate) -> Scene {
    let kind = match estate.kind {
        EstateKind::Live => Kind::Live,
        EstateKind::Lab => Kind::Lab,
    };
    Scene {
        kind,
        estate: Arc::new(estate),
        actor: Actor::claimed("", ""),
        read_only: true,
        runbooks: Vec::new(),
        templates: Arc::default(),
    }
}
