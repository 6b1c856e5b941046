//! Going on from a copy: on another machine from a mirror, or on another disk when this one fails.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use domain::ident::Hash;
use domain::log::{Entry, Event, Header};

use super::disk::RealDisk;
use super::error::{OpenError, Problem};
use super::follow::ReadLog;
use super::handle::Journal;
use super::place::{Continued, Place, write_mark};
use super::writer::create_log;
use crate::runtime::paths::{Paths, private_dir};
use crate::runtime::supervisor::{AttemptId, Claim, Holder, TakeError};

/// Files of attempts up to this size go along; longer outputs stay where they are.
const GOES_ALONG: u64 = 1 << 20;

/// A log that goes on in a new place: open it with [`super::Journal::open`], and append `log_adopted`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    pub place: Place,
    pub header: Header,
    /// The last good entry, which the next one is chained to; `None` and 0 when there is none.
    pub head: Option<Hash>,
    pub seq: u64,
    /// What was left behind: the first line that did not verify, and all after it.
    pub problem: Option<Problem>,
}

/// Why a log does not go on elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The incident is here, and sound: go on with it.
    #[error("this machine has that incident, and its log is sound: {}", .0.display())]
    Sound(PathBuf),
    #[error("cannot go on at {}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Continues an incident from a copy of its log, among the incidents of this machine. A damaged log of the same incident
/// stays as it is, marked as continued.
///
/// What the copy says was intended and not what came of it, another machine may have executed: it is *unknown* here.
///
/// # Errors
/// When the copy cannot be read, or this machine has the incident with a sound log.
pub fn adopt(source: &Path, paths: &Paths) -> Result<Adopted, AdoptError> {
    let (log, entries) = ReadLog::open(source)?;
    let incidents = paths.incidents();
    private_dir(&incidents).map_err(|source| AdoptError::Io { path: incidents.clone(), source })?;
    let id = log.header().incident.to_string();
    let here = Place::new(incidents.join(&id));
    if !here.dir().exists() {
        return go_on(&log, &entries, here, None);
    }
    if is_sound(&here) {
        return Err(AdoptError::Sound(here.dir().to_path_buf()));
    }
    let mut free = (2..).map(|number| Place::new(incidents.join(format!("{id}-{number}"))));
    let Some(place) = free.find(|place| !place.dir().exists()) else {
        return Err(AdoptError::Sound(here.dir().to_path_buf()));
    };
    let adopted = go_on(&log, &entries, place, Some(&here))?;
    leave_mark(&here, &adopted);
    Ok(adopted)
}

/// Continues the log in the folder `from` in a new folder within `folder`, up to the last acknowledged entry, with what
/// is known of its attempts: to be recorded as `log_adopted`.
///
/// # Errors
/// When it cannot be read, or `folder` cannot be written to.
pub fn continue_at(from: &Path, folder: &Path) -> Result<(Journal, Vec<Entry>), AdoptError> {
    let from = Place::new(from);
    let (log, entries) = ReadLog::open(&from.log())?;
    let place = Place::new(folder.join(log.header().incident.to_string()));
    let adopted = go_on(&log, &entries, place, Some(&from))?;
    leave_mark(&from, &adopted);
    let (journal, entries, _) = Journal::open(adopted.place.dir())?;
    Ok((journal, entries))
}

fn go_on(log: &ReadLog, entries: &[Entry], place: Place, from: Option<&Place>) -> Result<Adopted, AdoptError> {
    let copied = log.lines(0).and_then(|lines| {
        create_log(&RealDisk, &place, &lines)?;
        if let Some(from) = from {
            copy_attempts(&from.attempts(), &place.attempts())?;
        }
        bar_attempts(&place, entries)
    });
    copied.map_err(|source| AdoptError::Io { path: place.log(), source })?;
    let (chain, header) = (log.chain(), log.header().clone());
    let head = (chain.seq() > 0).then(|| chain.head());
    let problem = log.problem().or(log.unfinished()).cloned();
    Ok(Adopted { place, header, head, seq: chain.seq(), problem })
}

fn is_sound(place: &Place) -> bool {
    !place.poisoned_mark().exists() && ReadLog::open(place.dir()).is_ok_and(|(log, _)| log.problem().is_none())
}

fn leave_mark(from: &Place, adopted: &Adopted) {
    let mark = Continued { at: adopted.place.dir().to_path_buf(), seq: adopted.seq };
    // The disk it would stand on may be the reason for going on elsewhere.
    drop(write_mark(&RealDisk, &from.continued_mark(), &mark));
}

/// Claims and outcomes go along. Nobody holds the lock of a copied claim, so an attempt that still runs is *unknown* in
/// the new place.
fn copy_attempts(from: &Path, to: &Path) -> io::Result<()> {
    let names = match std::fs::read_dir(from) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    private_dir(to)?;
    for name in names {
        let name = name?;
        let (kind, copy) = (name.file_type()?, to.join(name.file_name()));
        if kind.is_dir() {
            copy_attempts(&name.path(), &copy)?;
        } else if kind.is_file() && name.metadata()?.len() <= GOES_ALONG {
            std::fs::copy(name.path(), copy)?;
        }
    }
    Ok(())
}

/// An attempt without a claim would be taken for one that never started, and could be started again, although its claim
/// may lie on the other side.
fn bar_attempts(place: &Place, entries: &[Entry]) -> io::Result<()> {
    let mut open = HashSet::new();
    for entry in entries {
        match &entry.event {
            Event::StepIntended { resolved, .. } => open.insert(AttemptId::of(resolved)),
            Event::CaptureIntended { capture, .. } => open.insert(AttemptId::Capture(*capture)),
            Event::StepFinished { run, step, part, attempt, .. } => {
                open.remove(&AttemptId::Step { run: *run, step: step.clone(), part: *part, attempt: *attempt })
            }
            Event::CaptureFinished { capture, .. } => open.remove(&AttemptId::Capture(*capture)),
            _ => false,
        };
    }
    for attempt in open {
        let folder = place.dir().join(attempt.folder());
        private_dir(&folder)?;
        match Claim::mine(Holder::Elsewhere).take(&folder) {
            Ok(_) | Err(TakeError::Taken) => {}
            Err(TakeError::Io(error)) => return Err(error),
        }
    }
    Ok(())
}
