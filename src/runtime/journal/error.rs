//! Why a log could not be made, opened, read or appended to.

use std::io;
use std::path::PathBuf;

use domain::log::{Damage, Entry, Unwritable};

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Others appended first: take these in, and decide again.
    #[error("{} newer entries were appended by another console", newer.len())]
    Conflict { newer: Vec<Entry> },
    /// The expected head is not in this log.
    #[error("the expected head is not in this log")]
    UnknownHead,
    /// A sync failed, so what the system shows of the file may not be on disk. Never retried: go on elsewhere.
    #[error("the disk did not confirm a write: {why}")]
    Poisoned { why: String },
    /// No space. The log is as before; after the reserve was released there is room to record that.
    #[error("the disk is full")]
    Full { reserve_released: bool },
    /// The log is as before.
    #[error("the log cannot be written: {0}")]
    Io(#[from] io::Error),
    #[error("the log is read-only: {reason}")]
    ReadOnly { reason: String },
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    /// The writer has ended.
    #[error("the log was closed")]
    Closed,
}

/// Why a log could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    #[error("the label {0} is taken")]
    LabelTaken(String),
    #[error("cannot create the log at {}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
}

/// Why a log could not be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot open {}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    /// Its creation was interrupted before anything was recorded.
    #[error("{} holds no incident: its first line was never finished", path.display())]
    Unfinished { path: PathBuf },
    #[error("{} is not an incident log: {damage}", path.display())]
    NotALog { path: PathBuf, damage: Damage },
}

/// Where a log stops being trustworthy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} (byte {offset}): {damage}")]
pub struct Problem {
    /// From 1; the header is line 1.
    pub line: u64,
    pub offset: u64,
    pub damage: Damage,
}

impl Problem {
    /// The number of the entry that should stand there; `None` for the log's first line, which is none.
    #[must_use]
    pub const fn entry(&self) -> Option<u64> {
        if self.line > 1 { Some(self.line - 1) } else { None }
    }
}
