//! Making a log, and opening one: verify it from the start, mend a torn end, or say why nothing may be appended.

use std::io::ErrorKind;
use std::sync::Arc;

use domain::log::{Chain, Entry, Event, Header, Tail, encode_header};

use super::disk::Disk;
use super::error::{CreateError, OpenError};
use super::place::{Place, Poisoned};
use super::writer::{Refusal, Repaired, Writer, create_log};
use crate::runtime::clock;

/// Given up when the disk is full, so that at least this can still be recorded.
const RESERVE: u64 = 1 << 20;

/// What opening a log found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// A torn end was cut off: to be recorded as `log_repaired`.
    pub repaired: Option<Repaired>,
    /// Why nothing can be appended, and so nothing executed.
    pub read_only_reason: Option<String>,
    /// What should be known of the place the log is in.
    pub warnings: Vec<String>,
}

impl Writer {
    /// Makes `place` and the log in it, durable when this returns.
    ///
    /// # Errors
    /// When there is a log already, or the disk refuses.
    pub fn create(disk: Arc<dyn Disk>, place: Place, header: &Header) -> Result<Self, CreateError> {
        let (line, hash) = encode_header(header)?;
        let refused = |source: std::io::Error| match source.kind() {
            ErrorKind::AlreadyExists => CreateError::Exists(place.log()),
            _ => CreateError::Io { path: place.log(), source },
        };
        create_log(disk.as_ref(), &place, &line).map_err(refused)?;
        let file = disk.open(&place.log()).map_err(refused)?;
        let mut chain = Chain::new();
        chain.scan(&line);
        let writer = Self::new(disk, place, file, chain, vec![(hash, line.len() as u64)]);
        writer.hold_reserve();
        Ok(writer)
    }

    /// Opens the log of `place`.
    ///
    /// # Errors
    /// When it cannot be read, or is no log. A damaged log opens read-only.
    pub fn open(disk: Arc<dyn Disk>, place: &Place) -> Result<(Self, Vec<Entry>, Opened), OpenError> {
        let unreadable = |source| OpenError::Io { path: place.log(), source };
        let file = disk.open(&place.log()).map_err(unreadable)?;
        let warnings = disk.warning(place.dir()).into_iter().collect();
        file.lock().map_err(unreadable)?;
        let mut writer = Self::new(disk, place.clone(), file, Chain::new(), Vec::new());
        let found = writer.recover();
        drop(writer.file.unlock());
        let (entries, repaired) = found?;
        let read_only_reason = writer.refusal.as_ref().map(|refusal| match refusal {
            Refusal::Poisoned(why) => format!("the disk did not confirm a write: {why}"),
            Refusal::ReadOnly(reason) => reason.clone(),
        });
        if read_only_reason.is_none()
            && !entries.iter().any(|entry| matches!(entry.event, Event::IncidentClosed { .. }))
        {
            writer.hold_reserve();
        }
        Ok((writer, entries, Opened { repaired, read_only_reason, warnings }))
    }

    /// Under the lock.
    fn recover(&mut self) -> Result<(Vec<Entry>, Option<Repaired>), OpenError> {
        let path = self.place.log();
        let unreadable = |source| OpenError::Io { path: path.clone(), source };
        let mark = self.marks();
        let length = self.file.length().map_err(unreadable)?;
        // What was not acknowledged when a sync failed may be in the system's memory only.
        let believed = mark.as_ref().map_or(length, |mark| mark.end.min(length));
        let bytes = self.file.read(0, believed).map_err(unreadable)?;
        let scanned = self.scan(&bytes);
        if self.chain.header().is_none() {
            return Err(match scanned.tail {
                Tail::Corrupt(damage) => OpenError::NotALog { path, damage },
                Tail::Whole | Tail::Torn(_) => OpenError::Unfinished { path },
            });
        }
        if self.refusal.is_none() {
            self.refusal = match &scanned.tail {
                Tail::Corrupt(damage) => Some(Refusal::ReadOnly(format!(
                    "line {} (byte {}) is damaged: {damage}",
                    self.chain.next_line(),
                    scanned.good
                ))),
                Tail::Whole | Tail::Torn(_) => self.chain.newer().map(Refusal::ReadOnly),
            };
        }
        let mut repaired = None;
        if self.refusal.is_none() {
            if matches!(scanned.tail, Tail::Torn(_)) {
                match self.cut(&bytes[scanned.good..]) {
                    Ok(cut) => repaired = Some(cut),
                    Err(error) if self.refusal.is_none() => {
                        let reason = format!("its end is torn and could not be mended: {error}");
                        self.refusal = Some(Refusal::ReadOnly(reason));
                    }
                    Err(_) => {}
                }
            } else if let Err(error) = self.file.sync_data() {
                // A console that was killed between its write and its sync left bytes that only memory holds.
                drop(self.poison(self.end(), &error));
            }
        }
        Ok((scanned.entries, repaired))
    }

    /// What earlier consoles left: after another boot nothing of the failed disk's memory is left, so what is read is
    /// what is there, and the mark of a failed sync is taken away.
    fn marks(&mut self) -> Option<Poisoned> {
        let disk = self.disk.as_ref();
        match self.place.continued(disk) {
            Ok(None) => {}
            Ok(Some(continued)) => {
                let at = continued.at.display();
                self.refusal = Some(Refusal::ReadOnly(format!("the log was continued at {at}")));
            }
            Err(error) => {
                self.refusal =
                    Some(Refusal::ReadOnly(format!("the mark of where it was continued is unreadable: {error}")));
            }
        }
        match self.place.poisoned(disk) {
            Ok(None) => None,
            Ok(Some(mark)) if mark.boot != clock::boot_id() => {
                drop(disk.remove(&self.place.poisoned_mark()));
                None
            }
            Ok(Some(mark)) => {
                self.refusal.get_or_insert_with(|| Refusal::Poisoned(mark.why.clone()));
                Some(mark)
            }
            Err(error) => {
                let why = format!("the mark of a failed sync is unreadable: {error}");
                self.refusal.get_or_insert(Refusal::ReadOnly(why));
                None
            }
        }
    }

    fn hold_reserve(&self) {
        // Without it a full disk is still noticed, only not recorded.
        drop(self.disk.reserve(&self.place.reserve(), RESERVE));
    }
}
