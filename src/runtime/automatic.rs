//! What has to outlive the watcher that starts a failover without a person: that it acted, that a person armed it again,
//! and which of several watchers of this machine leads.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::automatic::Due;
use domain::ident::RegionId;
use domain::time::{Timestamp, rfc3339_ms};
use serde::{Deserialize, Serialize};

use super::journal::disk::no_follow;
use super::paths::private_dir;
use super::test_records::append_line;

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// Observing: this is what would have been started.
    WouldAct {
        from: RegionId,
        to: RegionId,
        because: Vec<String>,
    },
    /// Written before anything is started, so that it is started once.
    Acts {
        from: RegionId,
        to: RegionId,
        because: Vec<String>,
    },
    Ended {
        incident: Option<String>,
        outcome: String,
    },
    Rearmed {
        by: String,
    },
}

impl What {
    #[must_use]
    pub fn would(due: &Due) -> Self {
        Self::WouldAct { from: due.from.clone(), to: due.to.clone(), because: due.because.clone() }
    }

    #[must_use]
    pub fn acts(due: &Due) -> Self {
        Self::Acts { from: due.from.clone(), to: due.to.clone(), because: due.because.clone() }
    }
}

/// `automatic.jsonl` beside the estate's readings; lines are only ever added.
#[derive(Clone, Debug)]
pub struct Ledger(PathBuf);

impl Ledger {
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self(folder.join("automatic.jsonl"))
    }

    /// Adds a line, and syncs.
    ///
    /// # Errors
    /// What the system said.
    pub fn write(&self, at: Timestamp, what: What) -> io::Result<()> {
        let folder = self.0.parent().unwrap_or(Path::new("."));
        private_dir(folder)?;
        append_line(&self.0, &Line { at, what })?;
        // Of a file that was just made, its name has to last, too.
        File::open(folder)?.sync_all()
    }

    /// When it last acted, and whether a person armed it since.
    ///
    /// # Errors
    /// It cannot be read whole: whether it acted is then not known.
    pub fn acted(&self) -> io::Result<(Option<Timestamp>, bool)> {
        let (mut acted, mut armed) = (None, false);
        for line in self.lines()? {
            match line {
                Line { at, what: What::Acts { .. } } => (acted, armed) = (Some(at), false),
                Line { what: What::Rearmed { .. }, .. } => armed = true,
                Line { what: What::WouldAct { .. } | What::Ended { .. }, .. } => {}
            }
        }
        Ok((acted, armed))
    }

    /// When it acted without having come to an end: whoever acted was ended before.
    ///
    /// # Errors
    /// As [`Self::acted`].
    pub fn cut_short(&self) -> io::Result<Option<Timestamp>> {
        let mut open = None;
        for line in self.lines()? {
            match line {
                Line { at, what: What::Acts { .. } } => open = Some(at),
                Line { what: What::Ended { .. }, .. } => open = None,
                Line { what: What::WouldAct { .. } | What::Rearmed { .. }, .. } => {}
            }
        }
        Ok(open)
    }

    fn lines(&self) -> io::Result<Vec<Line>> {
        let mut text = String::new();
        match no_follow().read(true).open(&self.0).and_then(|mut file| file.read_to_string(&mut text)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            read => read?,
        };
        let lines = text.lines().filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_str(line).map_err(io::Error::from)).collect()
    }
}

/// While it is held, this watcher alone may act.
#[derive(Debug)]
pub struct Lead {
    _held: File,
}

impl Lead {
    /// `None` while another watcher leads.
    ///
    /// # Errors
    /// The lock file cannot be made.
    pub fn try_take(folder: &Path) -> io::Result<Option<Self>> {
        private_dir(folder)?;
        let path = folder.join("automatic.lock");
        let file = no_follow().write(true).create(true).truncate(false).mode(0o600).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _held: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn it_is_remembered_that_it_acted_until_a_person_arms_it() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::of(&folder.path().join("estate"));
        let due = Due { from: "east".into(), to: "west".into(), because: vec!["down".to_owned()] };
        assert_eq!(ledger.acted().unwrap(), (None, false));
        ledger.write(at(1), What::would(&due)).unwrap();
        assert_eq!(ledger.acted().unwrap(), (None, false), "what it would have done is not done");
        ledger.write(at(2), What::acts(&due)).unwrap();
        assert_eq!(ledger.acted().unwrap(), (Some(at(2)), false));
        ledger.write(at(3), What::Rearmed { by: "mara".to_owned() }).unwrap();
        assert_eq!(ledger.acted().unwrap(), (Some(at(2)), true));
        ledger.write(at(4), What::acts(&due)).unwrap();
        assert_eq!(ledger.acted().unwrap(), (Some(at(4)), false));
    }

    #[test]
    fn what_has_no_end_was_cut_short() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::of(folder.path());
        let due = Due { from: "east".into(), to: "west".into(), because: Vec::new() };
        assert_eq!(ledger.cut_short().unwrap(), None);
        ledger.write(at(1), What::acts(&due)).unwrap();
        ledger.write(at(2), What::Rearmed { by: "mara".to_owned() }).unwrap();
        assert_eq!(ledger.cut_short().unwrap(), Some(at(1)));
        ledger.write(at(3), What::Ended { incident: None, outcome: "failed".to_owned() }).unwrap();
        assert_eq!(ledger.cut_short().unwrap(), None);
    }

    #[test]
    fn a_ledger_that_cannot_be_read_whole_is_no_leave_to_act() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("automatic.jsonl"), "{\"at\":\n").unwrap();
        assert!(Ledger::of(folder.path()).acted().is_err());
    }

    #[test]
    fn one_watcher_leads_until_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lead::try_take(folder.path()).unwrap();
        assert!(first.is_some() && Lead::try_take(folder.path()).unwrap().is_none());
        drop(first);
        assert!(Lead::try_take(folder.path()).unwrap().is_some());
    }
}
