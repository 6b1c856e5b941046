//! Going on from a copy: on another machine from a mirror, or on another disk when this one fails.

use std::io;
use std::path::{Path, PathBuf};

use domain::ident::Hash;
use domain::log::Header;

use super::disk::RealDisk;
use super::error::{OpenError, Problem};
use super::follow::ReadLog;
use super::place::{Continued, Place, write_mark};
use super::writer::create_log;
use crate::runtime::paths::{Paths, private_dir};

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
/// What the copy says was started, another machine may have executed: none of it may be taken as *not started*.
///
/// # Errors
/// When the copy cannot be read, or this machine has the incident with a sound log.
pub fn adopt(source: &Path, paths: &Paths) -> Result<Adopted, AdoptError> {
    let (log, _) = ReadLog::open(source)?;
    let incidents = paths.incidents();
    private_dir(&incidents).map_err(|source| AdoptError::Io { path: incidents.clone(), source })?;
    let id = log.header().incident.to_string();
    let here = Place::new(incidents.join(&id));
    if !here.dir().exists() {
        return go_on(&log, here);
    }
    if is_sound(&here) {
        return Err(AdoptError::Sound(here.dir().to_path_buf()));
    }
    let mut free = (2..).map(|number| Place::new(incidents.join(format!("{id}-{number}"))));
    let Some(place) = free.find(|place| !place.dir().exists()) else {
        return Err(AdoptError::Sound(here.dir().to_path_buf()));
    };
    let adopted = go_on(&log, place)?;
    leave_mark(&here, &adopted);
    Ok(adopted)
}

/// Continues the log of `from` in a new folder in `folder`, up to the last acknowledged entry, with what is known of its
/// attempts.
///
/// # Errors
/// When it cannot be read, or `folder` cannot be written to.
pub fn continue_at(from: &Place, folder: &Path) -> Result<Adopted, AdoptError> {
    let (log, _) = ReadLog::open(&from.log())?;
    let place = Place::new(folder.join(log.header().incident.to_string()));
    let adopted = go_on(&log, place)?;
    copy_attempts(&from.attempts(), &adopted.place.attempts())
        .map_err(|source| AdoptError::Io { path: adopted.place.attempts(), source })?;
    leave_mark(from, &adopted);
    Ok(adopted)
}

fn go_on(log: &ReadLog, place: Place) -> Result<Adopted, AdoptError> {
    let copied = log.lines(0).and_then(|lines| create_log(&RealDisk, &place, &lines));
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

/// Claims and outcomes go along, so that nothing that was started is taken for not started; nobody holds the lock of a
/// copied claim, so an attempt that still runs is *unknown* in the new place.
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
