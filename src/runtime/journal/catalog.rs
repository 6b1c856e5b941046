//! The incidents of this machine: listing them, finding one by what people call it, naming the next.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::ident::IncidentId;
use domain::log::{Entry, Event, Header, Kind, decode, decode_header};
use domain::time::Timestamp;

use super::disk::no_follow;
use super::error::CreateError;
use super::place::{Continued, Place};
use crate::runtime::paths::{Paths, private_dir};

/// One incident, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Where its log goes on: the folder it was continued in, if it was.
    pub place: Place,
    pub id: IncidentId,
    pub label: String,
    pub kind: Kind,
    pub title: String,
    pub opened_at: Timestamp,
    /// When the last entry was recorded.
    pub last_at: Timestamp,
    /// The incident was closed, or the exercise has ended.
    pub closed: bool,
    /// It began as an exercise.
    pub exercise: bool,
    /// An exercise that played itself.
    pub automatic: bool,
}

/// Why no incident answers to a name.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    #[error("no incident is called `{0}`")]
    Unknown(String),
    #[error("there is no incident yet")]
    None,
    #[error("`{name}` may be {}", candidates.join(", "))]
    Ambiguous { name: String, candidates: Vec<String> },
    #[error("cannot read the incidents: {0}")]
    Io(#[from] io::Error),
}

/// All incidents that can be read, newest first.
///
/// # Errors
/// When their folder cannot be read; a missing one is an empty list.
pub fn incidents(paths: &Paths) -> io::Result<Vec<Listed>> {
    let mut listed: Vec<_> = folders(paths)?.iter().filter_map(|dir| listed(dir)).collect();
    listed.sort_by_key(|incident| std::cmp::Reverse((incident.opened_at, incident.id)));
    // A folder whose log was continued leads to the same place as the one it was continued in.
    let mut places = HashSet::new();
    listed.retain(|incident| places.insert(incident.place.dir().to_path_buf()));
    Ok(listed)
}

/// Where the log of the newest open incident of this kind and estate is. Several estates may keep theirs in one folder.
#[must_use]
pub fn newest_open(paths: &Paths, kind: Kind, estate: &str) -> Option<PathBuf> {
    let listed = incidents(paths).unwrap_or_default().into_iter();
    let mut open = listed.filter(|listed| !listed.closed && listed.kind == kind);
    open.find(|listed| is_of(listed.place.dir(), estate)).map(|listed| listed.place.dir().to_path_buf())
}

/// The incident whose log is in this folder was opened on that estate, or the exercise begun.
#[must_use]
pub fn is_of(dir: &Path, estate: &str) -> bool {
    let Ok((_, entries)) = super::ReadLog::glance(dir) else { return false };
    entries.iter().any(|entry| match &entry.event {
        Event::IncidentOpened { estate: text, .. } => domain::estate::parse(text).estate.name == estate,
        Event::ExerciseStarted { exercise } => domain::estate::parse(&exercise.estate).estate.name == estate,
        _ => false,
    })
}

/// Finds what `INCIDENT` on the command line means: `last`, a path to a log or its folder, an id or the beginning of
/// one, or a label. Letters may be of either case.
///
/// # Errors
/// When nothing answers to it, or more than one does.
pub fn resolve(paths: &Paths, name: &str) -> Result<PathBuf, ResolveError> {
    let mut known = incidents(paths)?;
    if name == "last" {
        return known.into_iter().next().map(|incident| incident.place.dir().to_path_buf()).ok_or(ResolveError::None);
    }
    let path = Path::new(name);
    if name.contains('/') || path.is_file() {
        return if path.exists() { Ok(path.to_path_buf()) } else { Err(ResolveError::Unknown(name.to_owned())) };
    }
    let wanted = name.to_ascii_uppercase();
    known.retain(|incident| incident.label.to_ascii_uppercase() == wanted || starts(incident.id, &wanted));
    match known.as_slice() {
        [] => Err(ResolveError::Unknown(name.to_owned())),
        [one] => Ok(one.place.dir().to_path_buf()),
        more => Err(ResolveError::Ambiguous {
            name: name.to_owned(),
            candidates: more.iter().map(|incident| format!("{} ({})", incident.id, incident.label)).collect(),
        }),
    }
}

fn starts(id: IncidentId, prefix: &str) -> bool {
    !prefix.is_empty() && id.to_string().starts_with(prefix)
}

/// The label for an incident opened `at`, or an exercise that begins then: `INC-2026-0007`, `EX-2026-0003`, each counted
/// within the year.
///
/// # Errors
/// When the incidents' folder cannot be read.
pub fn next_label(paths: &Paths, kind: Kind, at: Timestamp) -> io::Result<String> {
    let series = if kind.is_exercise() { "EX" } else { "INC" };
    let year = format!("{series}-{}-", at.strftime("%Y"));
    let last = headers(paths)?.iter().filter_map(|header| header.label.strip_prefix(&year)?.parse::<u32>().ok()).max();
    Ok(format!("{year}{:04}", last.unwrap_or_default() + 1))
}

/// Holds the folder's lock, so that two consoles that open an incident at once do not give it the same label.
pub(super) fn claim_label(paths: &Paths, label: &str) -> Result<File, CreateError> {
    let path = paths.incidents().join(".lock");
    let failed = |source| CreateError::Io { path: path.clone(), source };
    private_dir(&paths.incidents()).map_err(failed)?;
    let lock = no_follow().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(failed)?;
    lock.lock().map_err(failed)?;
    if headers(paths).map_err(failed)?.iter().any(|header| header.label == label) {
        return Err(CreateError::LabelTaken(label.to_owned()));
    }
    Ok(lock)
}

fn folders(paths: &Paths) -> io::Result<Vec<PathBuf>> {
    let folders = match std::fs::read_dir(paths.incidents()) {
        Ok(folders) => folders,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    folders.map(|folder| Ok(folder?.path())).collect()
}

fn headers(paths: &Paths) -> io::Result<Vec<Header>> {
    Ok(folders(paths)?.iter().filter_map(|dir| header(&mut open(&Place::new(dir))?)).collect())
}

fn open(place: &Place) -> Option<BufReader<File>> {
    no_follow().read(true).open(place.log()).ok().map(BufReader::new)
}

fn line(log: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    log.read_until(b'\n', &mut line).ok()?;
    (line.pop()? == b'\n').then_some(line)
}

fn header(log: &mut impl BufRead) -> Option<Header> {
    Some(decode_header(&line(log)?).ok()?.0)
}

// Inside a JSON string the quotes would be escaped, so no note can pretend to these.
const INCIDENT_CLOSED: &str = r#","event":{"type":"incident_closed""#;
const EXERCISE_ENDED: &str = r#","event":{"type":"exercise_ended""#;

/// Reads without verifying the chain: a list must be quick, and the incident is verified when it is opened. A log
/// without an entry is that of a console which ended before it could open its incident: there is none.
fn listed(dir: &Path) -> Option<Listed> {
    let place = continued(Place::new(dir));
    let mut log = open(&place)?;
    let header = header(&mut log)?;
    let first = line(&mut log)?;
    let mut exercise = None;
    let (opened_at, title) = match decode(&first).ok() {
        Some(Entry { occurred_at, event: Event::IncidentOpened { title, .. }, .. }) => (occurred_at, title),
        // Its own clock may say anything: people know when they were there.
        Some(Entry { recorded_at, event: Event::ExerciseStarted { exercise: start }, .. }) => {
            let title = domain::scenario::parse(&start.scenario, &start.names).scenario.title;
            exercise = Some(start);
            (recorded_at, title)
        }
        _ => (header.created_at, String::new()),
    };
    let end = if exercise.is_some() { EXERCISE_ENDED } else { INCIDENT_CLOSED };
    let (mut last_at, mut closed) = (opened_at, false);
    while let Some(line) = line(&mut log) {
        let text = String::from_utf8_lossy(&line);
        closed |= text.contains(end);
        last_at = recorded_at(&text).unwrap_or(last_at);
    }
    let Header { incident: id, label, kind, .. } = header;
    let automatic = exercise.as_ref().is_some_and(|start| start.automatic);
    let exercise = exercise.is_some();
    Some(Listed { place, id, label, kind, title, opened_at, last_at, closed, exercise, automatic })
}

fn recorded_at(line: &str) -> Option<Timestamp> {
    let (_, rest) = line.split_once(r#","recorded_at":""#)?;
    rest.split_once('"')?.0.parse().ok()
}

/// Where a log that was continued elsewhere goes on, as far as that place can be reached.
fn continued(place: Place) -> Place {
    let elsewhere = std::fs::read(place.continued_mark())
        .ok()
        .and_then(|mark| serde_json::from_slice::<Continued>(&mark).ok())
        .map(|mark| Place::new(mark.at))
        .filter(|elsewhere| elsewhere.log().exists());
    elsewhere.map_or(place, continued)
}
