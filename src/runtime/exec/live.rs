//! The capability to run things for real. Whoever holds no [`LiveExec`] cannot start a process.

use std::ffi::OsString;
use std::fs::{DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::execution::{AttemptOutcome, End, Resolved};
use domain::time::Timestamp;

use super::environment;
use super::running::Running;
use super::secrets::Secrets;
use crate::runtime::supervisor::{
    AttemptId, Claim, Handover, Holder, OUTCOME, Process, SUPERVISE, Standing, TakeError, read_outcome,
};

const GRACE: Duration = Duration::from_secs(10);

/// Starts the attempts of one incident, each in its supervisor, and finds them again after a restart.
#[derive(Clone, Debug)]
pub struct LiveExec {
    incident: PathBuf,
    program: PathBuf,
    surroundings: Surroundings,
    grace: Duration,
}

/// Where blocks run, and what a `switchback` among their commands is told of the console that runs them.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The folder of the runbooks.
    pub folder: Option<PathBuf>,
    pub variables: Vec<(&'static str, OsString)>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("this attempt was started before")]
    Taken,
    #[error("its supervisor could not be started: {0}")]
    Io(#[from] io::Error),
}

/// What became of an attempt whose intent is in the log.
#[derive(Debug)]
pub enum Settlement {
    /// It ended; also what is certain without an end: that it never ran, or that nobody can know.
    Finished(AttemptOutcome),
    StillRunning(Running),
}

impl LiveExec {
    /// `incident` is the incident's folder.
    #[must_use]
    pub fn new(incident: impl Into<PathBuf>) -> Self {
        Self {
            incident: incident.into(),
            program: "/proc/self/exe".into(),
            surroundings: Surroundings::default(),
            grace: GRACE,
        }
    }

    #[must_use]
    pub fn surrounded_by(mut self, surroundings: Surroundings) -> Self {
        self.surroundings = surroundings;
        self
    }

    /// The program that supervises, when it is not the one that runs.
    #[must_use]
    pub fn supervised_by(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = program.into();
        self
    }

    /// How long a tree has between TERM and KILL; 10 s by default.
    #[must_use]
    pub const fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    pub(super) const fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// Starts the attempt. Its intent has to be in the log, and synced, before. Takes a few milliseconds.
    ///
    /// # Errors
    /// Nothing was run, for certain: [`not_started`] is the attempt's outcome, except that of an attempt which was
    /// started before ([`StartError::Taken`]) says [`Self::settle`].
    pub fn start(&self, attempt: &AttemptId, resolved: &Resolved, secrets: &Secrets) -> Result<Running, StartError> {
        let name = attempt.folder();
        let folder = self.incident.join(&name);
        make_folder(&folder)?;
        if folder.join(OUTCOME).exists() || !matches!(Standing::of(&folder)?, Standing::Free) {
            return Err(StartError::Taken);
        }
        let handover = Handover {
            resolved: resolved.clone(),
            secrets: secrets.values().clone(),
            folder: std::path::absolute(&folder)?,
            name,
            grace: self.grace,
        };
        let text = serde_json::to_vec(&handover).map_err(io::Error::from)?;
        let mut command = Command::new(&self.program);
        command.arg(SUPERVISE).env_clear().envs(environment::passed(&resolved.pass_env));
        command.envs(self.surroundings.variables.clone());
        if let Some(working_dir) = &self.surroundings.folder {
            command.current_dir(working_dir);
        }
        let mut supervisor = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        if let Some(mut pipe) = supervisor.stdin.take() {
            // A supervisor that ended before it read everything has claimed nothing; waiting for it tells.
            let _ = pipe.write_all(&text);
        }
        Ok(Running::started(folder, supervisor))
    }

    /// Somebody has begun with the attempt: settling it takes nothing away from a console that is about to.
    #[must_use]
    pub fn begun(&self, attempt: &AttemptId) -> bool {
        let folder = self.incident.join(attempt.folder());
        folder.join(OUTCOME).exists() || !matches!(Standing::of(&folder), Ok(Standing::Free))
    }

    /// What became of an attempt after a restart of the console. One that was never claimed is claimed here, so that
    /// "it never started" stays true.
    ///
    /// # Errors
    /// The attempt's folder cannot be read or written.
    pub fn settle(&self, attempt: &AttemptId) -> io::Result<Settlement> {
        let folder = self.incident.join(attempt.folder());
        make_folder(&folder)?;
        settle(&folder)
    }
}

/// The outcome of an attempt that did not begin.
#[must_use]
pub fn not_started(why: impl Into<String>) -> AttemptOutcome {
    without_run(End::NotStarted { why: why.into() })
}

fn without_run(end: End) -> AttemptOutcome {
    let now = Timestamp::now();
    AttemptOutcome {
        end,
        started_at: now,
        ended_at: now,
        duration: Duration::ZERO,
        values: Default::default(),
        output: None,
        summary: String::new(),
        undo: None,
    }
}

pub(super) fn settle(folder: &Path) -> io::Result<Settlement> {
    loop {
        if let Some(outcome) = read_outcome(folder)? {
            return Ok(Settlement::Finished(outcome));
        }
        let end = match Standing::of(folder)? {
            Standing::Held(claim, lock) => return Ok(Settlement::StillRunning(Running::adopted(folder, &claim, lock))),
            Standing::Free => match Claim::mine(Holder::Console).take(folder) {
                Ok(_) => never(),
                Err(TakeError::Taken) => continue,
                Err(TakeError::Io(error)) => return Err(error),
            },
            Standing::Barred => never(),
            // Its last act may have been the outcome, after we looked for it.
            Standing::Abandoned => match read_outcome(folder)? {
                Some(outcome) => return Ok(Settlement::Finished(outcome)),
                None => End::Unknown { why: abandoned(folder) },
            },
            Standing::Elsewhere => {
                End::Unknown { why: "it was intended before the log went on in this place".to_owned() }
            }
            Standing::OtherBoot => End::Unknown { why: "the machine was started again while it ran".to_owned() },
        };
        return Ok(Settlement::Finished(without_run(end)));
    }
}

fn abandoned(folder: &Path) -> String {
    let process = match Process::noted(folder) {
        Some(process) if process.lives() => format!("its process {} still runs", process.pid),
        Some(_) => "its process has ended".to_owned(),
        None => "no process of it is known".to_owned(),
    };
    format!("its supervisor ended without leaving an outcome; {process}")
}

fn never() -> End {
    End::NotStarted { why: "the console ended before it was started".to_owned() }
}

/// The attempt's folder and the one around it, 0700, each known to its parent on disk.
fn make_folder(folder: &Path) -> io::Result<()> {
    let Some(attempts) = folder.parent() else { return Ok(()) };
    for (made, parent) in [(attempts, attempts.parent()), (folder, None)] {
        match DirBuilder::new().mode(0o700).create(made) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            done => {
                done?;
                // The claim syncs the inner one.
                if let Some(parent) = parent {
                    File::open(parent)?.sync_all()?;
                }
            }
        }
    }
    Ok(())
}
