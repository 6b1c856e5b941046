//! What lies in an incident's folder, and the marks one console leaves there for the next.

use std::io;
use std::path::{Path, PathBuf};

use domain::ident::Hash;
use domain::time::{Timestamp, rfc3339_ms};
use serde::{Deserialize, Serialize};

use super::disk::{Disk, write_new};

/// The folder of one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(PathBuf);

/// Left when a sync failed: within the same boot the system may show bytes that the disk never took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poisoned {
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    pub boot: String,
    /// The last acknowledged entry, its hash, and the end of its line.
    pub seq: u64,
    pub head: Hash,
    pub end: u64,
    pub why: String,
}

/// Left when the log was continued elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continued {
    pub at: PathBuf,
    pub seq: u64,
}

impl Place {
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self(dir.into())
    }

    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0
    }

    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.0.join("log.jsonl")
    }

    /// One folder per attempt: claim, output, outcome.
    #[must_use]
    pub fn attempts(&self) -> PathBuf {
        self.0.join("attempts")
    }

    /// One lock file per console that has the incident open.
    #[must_use]
    pub fn consoles(&self) -> PathBuf {
        self.0.join("consoles")
    }

    #[must_use]
    pub fn recorder(&self) -> PathBuf {
        self.0.join("recorder.lock")
    }

    /// Space that is given up when the disk is full, so that this can be recorded.
    #[must_use]
    pub fn reserve(&self) -> PathBuf {
        self.0.join("reserve")
    }

    pub(super) fn poisoned_mark(&self) -> PathBuf {
        self.0.join("poisoned.json")
    }

    pub(super) fn continued_mark(&self) -> PathBuf {
        self.0.join("continued.json")
    }

    pub(super) fn poisoned(&self, disk: &dyn Disk) -> io::Result<Option<Poisoned>> {
        read_mark(disk, &self.poisoned_mark())
    }

    pub(super) fn continued(&self, disk: &dyn Disk) -> io::Result<Option<Continued>> {
        read_mark(disk, &self.continued_mark())
    }
}

fn read_mark<T: for<'de> Deserialize<'de>>(disk: &dyn Disk, path: &Path) -> io::Result<Option<T>> {
    if !disk.exists(path)? {
        return Ok(None);
    }
    let file = disk.open(path)?;
    let bytes = file.read(0, file.length()?)?;
    serde_json::from_slice(&bytes).map(Some).map_err(io::Error::other)
}

pub(super) fn write_mark(disk: &dyn Disk, path: &Path, mark: &impl Serialize) -> io::Result<()> {
    write_new(disk, path, &serde_json::to_vec(mark).map_err(io::Error::other)?)
}
