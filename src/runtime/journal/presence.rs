//! Who has the incident open on this machine: one lock file per console, and the one that only the recorder holds.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::disk::no_follow;
use super::place::Place;
use crate::runtime::paths::private_dir;

/// While it lives, this console alone appends observations, alerts and timers of messages.
#[derive(Debug)]
pub struct Recorder {
    _held: File,
}

impl Recorder {
    /// `None` while another console is the recorder.
    ///
    /// # Errors
    /// When the lock file cannot be made.
    pub fn try_become(place: &Place) -> io::Result<Option<Self>> {
        let file = no_follow().write(true).create(true).truncate(false).mode(0o600).open(place.recorder())?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _held: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// This console is counted while it lives.
#[derive(Debug)]
pub struct Presence {
    _held: File,
    path: PathBuf,
}

impl Presence {
    /// # Errors
    /// When the lock file cannot be made.
    pub fn announce(place: &Place) -> io::Result<Self> {
        private_dir(&place.consoles())?;
        sweep(&place.consoles());
        let path = place.consoles().join(format!("{}-{}", std::process::id(), ulid::Ulid::generate()));
        let file = no_follow().write(true).create_new(true).mode(0o600).open(&path)?;
        // Only one who counts can hold it, and for an instant.
        file.lock()?;
        Ok(Self { _held: file, path })
    }

    /// As [`consoles`] lists it.
    #[must_use]
    pub fn name(&self) -> Option<&OsStr> {
        self.path.file_name()
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.path));
    }
}

/// Takes away what killed consoles left. A file younger than a minute may be one whose console is about to hold it.
fn sweep(consoles: &Path) {
    let Ok(files) = std::fs::read_dir(consoles) else { return };
    for file in files.flatten() {
        let age = file.metadata().and_then(|metadata| metadata.modified()).map(|made| made.elapsed());
        if matches!(age, Ok(Ok(age)) if age > Duration::from_secs(60)) && !is_held(&file.path()) {
            drop(std::fs::remove_file(file.path()));
        }
    }
}

/// The consoles that have the incident open, this one included, by names that are not used again.
#[must_use]
pub fn consoles(place: &Place) -> BTreeSet<OsString> {
    let Ok(files) = std::fs::read_dir(place.consoles()) else { return BTreeSet::new() };
    files.flatten().filter(|file| is_held(&file.path())).map(|file| file.file_name()).collect()
}

/// Files of consoles that were killed stay behind, and are held by nobody.
fn is_held(path: &Path) -> bool {
    no_follow().read(true).open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}
