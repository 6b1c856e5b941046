//! `switchback incidents`, and which incident a name on the command line means.

use std::io;
use std::path::PathBuf;

use domain::log::Kind;
use domain::time::{Timestamp, rfc3339, rfc3339_ms};
use domain::untrusted::sanitise_line;
use serde::Serialize;

use super::args::{Global, List};
use super::exit::plain;
use super::stdout::{print, print_json};
use super::{Exit, Failure};
use crate::runtime::journal::{self, Listed, OpenError, ReadLog, ResolveError};
use crate::runtime::paths::Paths;

/// Where the demonstration keeps its incidents, so that they are never taken for those of an estate.
pub(super) fn demonstration(paths: &Paths) -> Paths {
    Paths { state: paths.state.join("demo"), ..paths.clone() }
}

/// The log or the folder that `INCIDENT` means. Incidents of an estate come before those of the demonstration.
///
/// # Errors
/// When nothing answers to it, or more than one does.
pub(super) fn find(global: &Global, name: &str) -> Result<PathBuf, Failure> {
    let paths = Paths::from_environment(global.state.as_deref());
    match journal::resolve(&paths, name) {
        Err(none @ (ResolveError::None | ResolveError::Unknown(_))) => journal::resolve(&demonstration(&paths), name)
            .map_err(|error| match error {
                ResolveError::None | ResolveError::Unknown(_) => none.into(),
                other => other.into(),
            }),
        found => found.map_err(Failure::from),
    }
}

/// The log or the folder that `INCIDENT` means to somebody who acts: while something real is open, `last` is no exercise,
/// whoever began one meanwhile.
///
/// # Errors
/// As [`find`].
pub(super) fn find_to_act(global: &Global, name: &str) -> Result<PathBuf, Failure> {
    if name == "last" {
        let known = journal::incidents(&Paths::from_environment(global.state.as_deref()))?;
        let exercised = known.first().is_some_and(|newest| newest.exercise);
        let real = known.iter().find(|known| exercised && known.kind.executes() && !known.closed);
        if let Some(real) = real {
            return Ok(real.place.dir().to_path_buf());
        }
    }
    find(global, name)
}

/// Every incident, of estates and of the demonstration, newest first.
pub(super) fn all(global: &Global) -> Result<Vec<Listed>, Failure> {
    let paths = Paths::from_environment(global.state.as_deref());
    let mut all = Vec::new();
    for place in [paths.clone(), demonstration(&paths)] {
        let unread = |error: io::Error| Failure::new(Exit::No, format!("{}: {}", place.state.display(), plain(&error)));
        all.extend(journal::incidents(&place).map_err(unread)?);
    }
    all.sort_by_key(|incident| std::cmp::Reverse((incident.opened_at, incident.id)));
    Ok(all)
}

/// Where a log stops verifying, in words: damage, or a last line that was never finished.
pub(super) fn damage(log: &ReadLog) -> Option<String> {
    log.problem().or(log.unfinished()).map(ToString::to_string)
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        let message = match &error {
            ResolveError::Io(_) => return Self::new(Exit::No, error.to_string()),
            ResolveError::Unknown(_) => format!("{error}: `switchback incidents` lists them"),
            ResolveError::None => format!("{error}: `switchback declare` opens one"),
            ResolveError::Ambiguous { .. } => format!("{error}: write more of it"),
        };
        Self::new(Exit::Usage, message)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::new(Exit::No, error.to_string())
    }
}

#[derive(Serialize)]
struct Row<'a> {
    incident: String,
    label: &'a str,
    kind: Kind,
    title: String,
    #[serde(with = "rfc3339_ms")]
    opened_at: Timestamp,
    #[serde(with = "rfc3339_ms")]
    last_at: Timestamp,
    /// Of an exercise: it has ended.
    closed: bool,
    exercise: bool,
    automatic: bool,
    path: PathBuf,
}

impl<'a> From<&'a Listed> for Row<'a> {
    fn from(listed: &'a Listed) -> Self {
        Self {
            incident: listed.id.to_string(),
            label: &listed.label,
            kind: listed.kind,
            title: sanitise_line(&listed.title),
            opened_at: listed.opened_at,
            last_at: listed.last_at,
            closed: listed.closed,
            exercise: listed.exercise,
            automatic: listed.automatic,
            path: listed.place.log(),
        }
    }
}

/// # Errors
/// When the folder of the incidents cannot be read.
pub(super) fn run(global: &Global, args: &List) -> Result<Exit, Failure> {
    let incidents = all(global)?;
    if args.json {
        print_json(&incidents.iter().map(Row::from).collect::<Vec<_>>())?;
    } else {
        print(|out| {
            if incidents.is_empty() {
                writeln!(out, "There is no incident yet.")?;
            }
            for incident in &incidents {
                let (label, title) = (sanitise_line(&incident.label), sanitise_line(&incident.title));
                let standing = match (incident.exercise, incident.closed) {
                    (false, true) => "closed",
                    (false, false) => "open",
                    (true, true) => "ended",
                    (true, false) => "not ended",
                };
                let (opened, kind) = (rfc3339(incident.opened_at), incident.kind.word());
                writeln!(out, "{label:<14} {kind:<5} {standing:<9} {opened}  {title}")?;
            }
            Ok(())
        })?;
    }
    Ok(Exit::Yes)
}
