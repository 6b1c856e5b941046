//! The lab's own processes: this program again, with a hidden first argument.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::plan::{Lab, Side};
use super::process::{Process, Processes};
use super::{LabError, app, client, edge};

/// The hidden first argument.
const ASKED: &str = "--lab-process";

/// Which part of the lab a process plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    App(Side),
    Edge,
    Client,
}

impl Role {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::App(Side::East) => "app-east",
            Self::App(Side::West) => "app-west",
            Self::Edge => "edge",
            Self::Client => "client",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::App(Side::East), Self::App(Side::West), Self::Edge, Self::Client]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// Plays a part of a lab if that is what this process was started for.
#[must_use]
pub fn main_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != ASKED {
        return None;
    }
    let role = arguments.next().and_then(|name| Role::parse(name.to_str()?));
    let dir = arguments.next().map(PathBuf::from);
    let played = role
        .zip(dir)
        .ok_or_else(|| "a part and a folder are needed".to_owned())
        .and_then(|(role, dir)| play(role, &dir));
    Some(match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("switchback lab: {why}");
            ExitCode::FAILURE
        }
    })
}

fn play(role: Role, dir: &Path) -> Result<(), String> {
    // A session of its own: the terminal that started the lab may be closed.
    let _ = rustix::process::setsid();
    let lab = Lab::load(dir).map_err(|error| error.to_string())?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime
        .block_on(async {
            match role {
                Role::App(side) => app::run(&lab, side).await,
                Role::Edge => edge::run(&lab).await,
                Role::Client => client::run(&lab).await,
            }
        })
        .map_err(|error| error.to_string())
}

impl Lab {
    /// Starts one part; its output goes to its log.
    pub(super) fn start(&self, role: Role) -> Result<(), LabError> {
        let path = self.log(role.name());
        let log = std::fs::OpenOptions::new().append(true).create(true).open(&path).map_err(LabError::io(&path))?;
        let also = log.try_clone().map_err(LabError::io(&path))?;
        let child = Command::new("/proc/self/exe")
            .args([ASKED, role.name()])
            .arg(&self.dir)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(also)
            .spawn()
            .map_err(LabError::io("/proc/self/exe"))?;
        let pid = i32::try_from(child.id()).unwrap_or(i32::MAX);
        let ended = || LabError::Other(format!("{} ended at once: see {}", role.name(), path.display()));
        Processes::in_lab(&self.dir).remember(&Process::of(role.name(), pid).ok_or_else(ended)?)
    }
}
