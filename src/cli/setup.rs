//! From the arguments to what a session is made of: the estate, its kind, who acts, where things are kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::comms::Templates;
use domain::console::Scene;
use domain::drill::demo_estate;
use domain::estate::{Estate, EstateKind};
use domain::log::Kind;
use domain::people::Actor;

use super::args::Global;
use super::incidents::demonstration;
use super::{Exit, Failure, diagnostics};
use crate::runtime::estate_file::{self, LoadError};
use crate::runtime::exec::Surroundings;
use crate::runtime::identity::{KeyFile, Prover};
use crate::runtime::library::Library;
use crate::runtime::paths::Paths;
use crate::runtime::readiness::Looker;
use crate::runtime::templates;

/// An estate, ready for a session on it.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) estate: Arc<Estate>,
    pub(super) kind: Kind,
    pub(super) actor: Actor,
    pub(super) read_only: bool,
    pub(super) paths: Paths,
    /// The estate's file.
    pub(super) file: Option<PathBuf>,
    /// Its folder: runbooks are found beside it, and blocks run there.
    pub(super) beside: Option<PathBuf>,
    /// The file has errors: this is the estate as it last loaded.
    pub(super) banner: Option<String>,
    /// `--key`.
    pub(super) key: Option<PathBuf>,
}

impl Setup {
    /// The estate of `--config`, the environment, this folder or the XDG folder; where there is none, the
    /// demonstration.
    pub(super) fn of_estate(global: &Global) -> Result<Self, Failure> {
        let paths = Paths::from_environment(global.state.as_deref());
        let Some(path) = estate_file::find(global.config.as_deref(), &paths) else { return Ok(Self::demo(global)) };
        let loaded = estate_file::load(&path, &paths).map_err(|error| failure(&error))?;
        let kind = match loaded.estate.kind {
            EstateKind::Live => Kind::Live,
            EstateKind::Lab => Kind::Lab,
        };
        Ok(Self {
            estate: Arc::new(loaded.estate),
            kind,
            actor: actor(global),
            read_only: global.read_only,
            beside: Some(beside(&path)),
            file: Some(path),
            paths,
            banner: loaded.banner,
            key: global.ssh_key.clone(),
        })
    }

    /// The demonstration; its incidents are kept apart from real ones.
    pub(super) fn demo(global: &Global) -> Self {
        let paths = demonstration(&Paths::from_environment(global.state.as_deref()));
        Self {
            estate: demo_estate(),
            kind: Kind::Demo,
            actor: actor(global),
            read_only: global.read_only,
            paths,
            file: None,
            beside: None,
            banner: None,
            key: None,
        }
    }

    pub(super) fn library(&self) -> Library {
        Library::new(&self.estate, self.beside.as_deref())
    }

    /// What updates to audiences are made from. What cannot be read is told by `check`.
    pub(super) fn templates(&self) -> Templates {
        let (templates, unread) = templates::load(&self.estate, self.beside.as_deref());
        for why in unread {
            tracing::warn!(%why, "a template is not used");
        }
        templates
    }

    /// Where blocks run. A `switchback` among their commands is about the same estate, as the same person.
    pub(super) fn surroundings(&self) -> Surroundings {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).into();
        let file = self.file.as_deref().map(|file| ("SWITCHBACK_CONFIG", absolute(file)));
        let state = ("SWITCHBACK_STATE", absolute(&self.paths.state));
        let actor = ("SWITCHBACK_ACTOR", self.actor.name.as_str().into());
        Surroundings { folder: self.beside.clone(), variables: file.into_iter().chain([state, actor]).collect() }
    }

    /// Who proves who acts here: nobody where the estate knows no key of theirs, or where nothing is appended.
    pub(super) fn prover(&self) -> Option<Prover> {
        let file = KeyFile::find(self.key.as_deref(), &self.estate);
        Prover::of(&self.estate, &self.actor, file, &self.paths).filter(|_| !self.read_only)
    }

    /// Who looks at what the readiness rests on.
    pub(super) fn looker(&self) -> Looker {
        Looker {
            estate: Arc::clone(&self.estate),
            kind: self.kind,
            library: self.library(),
            paths: self.paths.clone(),
            file: self.file.clone(),
            beside: self.beside.clone(),
            starts_programs: !self.read_only,
        }
    }

    /// What a front end is given first. The runbooks follow, so that reading them does not hold up the first frame.
    pub(super) fn scene(&self) -> Scene {
        Scene {
            kind: self.kind,
            estate: Arc::clone(&self.estate),
            actor: self.actor.clone(),
            read_only: self.read_only,
            runbooks: Vec::new(),
            templates: Arc::new(self.templates()),
        }
    }
}

fn beside(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    path.parent().map_or_else(|| PathBuf::from("/"), Path::to_path_buf)
}

/// `--as`, `$SWITCHBACK_ACTOR`, else the operating system's user.
pub(super) fn actor(global: &Global) -> Actor {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let name = global
        .actor
        .clone()
        .or_else(|| variable("SWITCHBACK_ACTOR"))
        .or_else(user)
        .or_else(|| variable("USER"))
        .unwrap_or_else(|| "unknown".to_owned());
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    Actor::claimed(&domain::untrusted::sanitise_line(name.trim()), &host)
}

/// The name of the effective user, from the list of accounts.
fn user() -> Option<String> {
    let uid = rustix::process::geteuid().as_raw().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    })
}

fn failure(error: &LoadError) -> Failure {
    match error {
        LoadError::Wrong { path, parsed } => {
            let name = path.display().to_string();
            let found = diagnostics::render(&name, &parsed.estate.source, &parsed.diagnostics, false);
            Failure::new(Exit::Config, format!("{error}\n{found}"))
        }
        LoadError::Read(_) => Failure::new(Exit::Config, error.to_string()),
    }
}
