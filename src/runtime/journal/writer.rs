//! Compare-and-append on one file: lock, read what is new, compare the head, write, sync, unlock.
//!
//! Each record is synced before the next is written, also within one call: so at most the last record of a file can be
//! torn, and anything unreadable with more after it is corruption, never the trace of a crash.

use std::io::{self, ErrorKind};
use std::sync::{Arc, LazyLock};

use domain::ident::Hash;
use domain::identity::SessionKey;
use domain::log::{BootClock, Chain, Draft, Entry, Event, Header, Scanned, Stamp, Tail, encode_signed};
use domain::time::rfc3339;

use super::disk::{Disk, LogFile, parent, write_all, write_new};
use super::error::AppendError;
use super::place::{Place, Poisoned, write_mark};
use crate::runtime::clock;

/// The bytes of a torn record that were cut off, and where they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    pub cut_bytes: u64,
    /// File name in the incident's folder.
    pub kept_as: String,
}

/// The one place that changes a log. It has no thread of its own: see [`super::Journal`].
#[derive(Debug)]
pub struct Writer {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) place: Place,
    pub(super) file: Box<dyn LogFile>,
    pub(super) chain: Chain,
    /// Hash of each line with the end of it: the header first, then entry 1, 2, …
    pub(super) ends: Vec<(Hash, u64)>,
    pub(super) refusal: Option<Refusal>,
    /// Signs what is written, where its console proves who acts.
    key: Option<Arc<SessionKey>>,
}

/// Why this writer appends no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Poisoned(String),
    ReadOnly(String),
}

impl From<Refusal> for AppendError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Poisoned(why) => Self::Poisoned { why },
            Refusal::ReadOnly(reason) => Self::ReadOnly { reason },
        }
    }
}

impl Writer {
    /// Of an open file whose lines up to `ends` were read into `chain`.
    pub(super) fn new(
        disk: Arc<dyn Disk>,
        place: Place,
        file: Box<dyn LogFile>,
        chain: Chain,
        ends: Vec<(Hash, u64)>,
    ) -> Self {
        Self { disk, place, file, chain, ends, refusal: None, key: None }
    }

    /// What is appended from now on is signed with it; `None` ends that.
    pub fn sign_with(&mut self, key: Option<Arc<SessionKey>>) {
        self.key = key;
    }

    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    #[must_use]
    pub const fn header(&self) -> Option<&Header> {
        self.chain.header()
    }

    /// Hash of the last entry; `None` before the first.
    #[must_use]
    pub fn head(&self) -> Option<Hash> {
        (self.chain.seq() > 0).then(|| self.chain.head())
    }

    /// End of the last line that verified.
    pub(super) fn end(&self) -> u64 {
        self.ends.last().map_or(0, |&(_, end)| end)
    }

    /// Appends all of `drafts` after the entry `expected` (`None`: before the first), each on disk when this returns.
    ///
    /// # Errors
    /// See [`AppendError`]. Unless it is [`AppendError::Poisoned`], none of `drafts` is in the log.
    pub fn append(&mut self, expected: Option<Hash>, drafts: &[Draft]) -> Result<Vec<Entry>, AppendError> {
        if let Some(refusal) = &self.refusal {
            return Err(refusal.clone().into());
        }
        let Some(first) = drafts.first() else { return Ok(Vec::new()) };
        self.file.lock()?;
        let done = self.append_locked(expected, first, drafts);
        // The lock goes with the process at the latest; what was synced stays synced.
        drop(self.file.unlock());
        done
    }

    fn append_locked(
        &mut self,
        expected: Option<Hash>,
        first: &Draft,
        drafts: &[Draft],
    ) -> Result<Vec<Entry>, AppendError> {
        self.check_place()?;
        self.catch_up(first)?;
        let expected = expected.or(self.ends.first().map(|&(header, _)| header));
        if expected != Some(self.chain.head()) {
            return Err(AppendError::Conflict { newer: self.since(expected)? });
        }
        let entries = self.write(drafts)?;
        if entries.iter().any(|entry| ends(&entry.event)) {
            drop(self.disk.remove(&self.place.reserve()));
        }
        Ok(entries)
    }

    /// Another console may have found the disk untrustworthy, or gone on elsewhere; the file may be another one by now.
    fn check_place(&mut self) -> Result<(), AppendError> {
        let refusal = if !self.file.is_at(&self.place.log())? {
            Refusal::ReadOnly("its file was moved or removed while it was open".to_owned())
        } else if self.disk.exists(&self.place.poisoned_mark())? {
            Refusal::Poisoned("another console saw a sync of this log fail".to_owned())
        } else if self.disk.exists(&self.place.continued_mark())? {
            Refusal::ReadOnly("the log was continued elsewhere".to_owned())
        } else {
            return Ok(());
        };
        self.refuse(refusal)
    }

    fn refuse(&mut self, refusal: Refusal) -> Result<(), AppendError> {
        self.refusal = Some(refusal.clone());
        Err(refusal.into())
    }

    /// Takes in what others appended. A torn record is cut, and the cut recorded in the name of `author`'s writer.
    fn catch_up(&mut self, author: &Draft) -> Result<(), AppendError> {
        let length = self.file.length()?;
        if length == self.end() {
            return Ok(());
        }
        if length < self.end() {
            return self.refuse(Refusal::ReadOnly("the file is shorter than what was acknowledged".to_owned()));
        }
        let bytes = self.file.read(self.end(), length)?;
        let scanned = self.scan(&bytes);
        match scanned.tail {
            Tail::Whole => {}
            Tail::Torn(_) => {
                let repaired = self.cut(&bytes[scanned.good..])?;
                let event = Event::LogRepaired { cut_bytes: repaired.cut_bytes, kept_as: repaired.kept_as };
                self.write(&[Draft { occurred_at: clock::now().wall, event, ..author.clone() }])?;
            }
            Tail::Corrupt(damage) => {
                let line = self.chain.next_line();
                return self.refuse(Refusal::ReadOnly(format!("line {line} is damaged: {damage}")));
            }
        }
        if let Some(reason) = self.chain.newer() {
            return self.refuse(Refusal::ReadOnly(reason));
        }
        // A console that was killed between its write and its sync left bytes that only the system's memory holds.
        self.sync(self.end())
    }

    /// Follows the chain over bytes that start at its end.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Scanned {
        let base = self.end();
        let scanned = self.chain.scan(bytes);
        self.ends.extend(scanned.ends.iter().map(|&(hash, end)| (hash, base + end as u64)));
        scanned
    }

    /// Keeps the torn bytes after [`Self::end`] in a file beside the log, then cuts them off. Only under the lock.
    pub(super) fn cut(&mut self, torn: &[u8]) -> Result<Repaired, AppendError> {
        let kept_as = self.keep(torn).map_err(|error| self.not_written(error))?;
        self.file.truncate(self.end())?;
        self.file.sync_all().or_else(|error| self.poison(self.end(), &error))?;
        Ok(Repaired { cut_bytes: torn.len() as u64, kept_as })
    }

    /// Copies torn bytes to a file of their own; a repair that was itself interrupted may have left one already.
    fn keep(&self, torn: &[u8]) -> io::Result<String> {
        let name = format!("log.torn-{}", rfc3339(clock::now().wall).replace(':', ""));
        let mut names = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}-{number}")));
        loop {
            let Some(name) = names.next() else { return Err(ErrorKind::AlreadyExists.into()) };
            let path = self.place.dir().join(&name);
            match write_new(self.disk.as_ref(), &path, torn) {
                Ok(()) => return Ok(name),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => {
                    drop(self.disk.remove(&path));
                    return Err(error);
                }
            }
        }
    }

    /// The entries after `expected`, read again from the file.
    fn since(&self, expected: Option<Hash>) -> Result<Vec<Entry>, AppendError> {
        let from = self.ends.iter().rev().find(|&&(hash, _)| Some(hash) == expected).ok_or(AppendError::UnknownHead)?.1;
        let bytes = self.file.read(from, self.end())?;
        let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        lines
            .map(|line| domain::log::decode(line).map_err(|damage| AppendError::Io(io::Error::other(damage))))
            .collect()
    }

    fn write(&mut self, drafts: &[Draft]) -> Result<Vec<Entry>, AppendError> {
        let start = self.end();
        let stamp = stamp();
        let mut chain = self.chain.clone();
        let mut lines = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let (line, entry) = encode_signed(draft, chain.seq() + 1, chain.head(), &stamp, self.key.as_deref())?;
            chain.extend(&entry);
            lines.push((line, entry));
        }
        for (line, _) in &lines {
            if let Err(error) = write_all(self.file.as_mut(), line) {
                self.take_back(start)?;
                return Err(self.not_written(error));
            }
            self.sync(start)?;
        }
        self.chain = chain;
        let mut end = start;
        for (line, entry) in &lines {
            end += line.len() as u64;
            self.ends.push((entry.hash, end));
        }
        Ok(lines.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Cuts off our own bytes after `start`, which nobody was told of and, under the lock, nobody has read. When that
    /// fails, whoever holds the lock next finds a torn tail.
    fn take_back(&mut self, start: u64) -> Result<(), AppendError> {
        match self.file.truncate(start) {
            Ok(()) => self.file.sync_all().or_else(|error| self.poison(start, &error)),
            Err(_) => Ok(()),
        }
    }

    fn not_written(&self, error: io::Error) -> AppendError {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                AppendError::Full { reserve_released: self.disk.remove(&self.place.reserve()).is_ok() }
            }
            _ => AppendError::Io(error),
        }
    }

    fn sync(&mut self, acknowledged: u64) -> Result<(), AppendError> {
        self.file.sync_data().or_else(|error| self.poison(acknowledged, &error))
    }

    /// After a failed sync the system may drop the bytes and still call the next sync a success. So this writer ends
    /// here, and the next console of this boot is told not to believe what it reads past `acknowledged`.
    pub(super) fn poison(&mut self, acknowledged: u64, error: &io::Error) -> Result<(), AppendError> {
        let why = error.to_string();
        let last = self.ends.iter().rposition(|&(_, end)| end <= acknowledged).unwrap_or_default();
        let mark = Poisoned {
            at: clock::now().wall,
            boot: clock::boot_id(),
            seq: last as u64,
            head: self.ends.get(last).map_or(Hash::ZERO, |&(hash, _)| hash),
            end: acknowledged,
            why: why.clone(),
        };
        // The disk has just failed: the mark may fail too, and this console refuses either way.
        drop(write_mark(self.disk.as_ref(), &self.place.poisoned_mark(), &mark));
        self.refuse(Refusal::Poisoned(why))
    }
}

/// Little is appended after it: the disk needs to hold nothing ready for more.
const fn ends(event: &Event) -> bool {
    matches!(event, Event::IncidentClosed { .. } | Event::ExerciseEnded { .. })
}

/// The journal's own part of an entry.
fn stamp() -> Stamp {
    static BOOT: LazyLock<String> = LazyLock::new(clock::boot_id);
    let now = clock::now();
    Stamp { recorded_at: now.wall, clock: BootClock { id: BOOT.clone(), at: now.boot } }
}

/// Makes a log with its first line, every new name durable.
pub(super) fn create_log(disk: &dyn Disk, place: &Place, first: &[u8]) -> io::Result<()> {
    disk.create_dir(place.dir())?;
    disk.create_dir(&place.attempts())?;
    write_new(disk, &place.log(), first)?;
    disk.sync_dir(parent(place.dir()))
}
