//! A log opened for reading only, and followed as others append to it.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::log::{Chain, Entry, Header, Tail};

use super::disk::no_follow;
use super::error::{OpenError, Problem};
use super::place::{Continued, Place, Poisoned};

/// How often a follower looks whether the file has grown.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Never writes, and holds no lock but for the instant in which it reads the file's length: so that it sees a record
/// only once its writer has synced it.
#[derive(Debug)]
pub struct ReadLog {
    waits: Waits,
    file: File,
    place: Place,
    path: PathBuf,
    header: Header,
    chain: Chain,
    end: u64,
    problem: Option<Problem>,
    unfinished: Option<Problem>,
}

/// Whether a reader waits for the writer's sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    /// By the lock that it takes for an instant.
    ForSync,
    /// It takes none, and may see a record that its writer has not synced yet; never half of one.
    Never,
}

/// Why following ended.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    #[error("the log cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("the log is damaged at {0}")]
    Damaged(Problem),
    #[error("the log became shorter than what was read from it")]
    Shorter,
}

impl ReadLog {
    /// Opens a log by its file or its folder, and reads what verifies; see [`Self::problem`] for what does not.
    ///
    /// # Errors
    /// When it cannot be read, or does not begin as a log.
    pub fn open(at: &Path) -> Result<(Self, Vec<Entry>), OpenError> {
        Self::open_with(at, Waits::ForSync)
    }

    /// The same without a lock, ever: for one that is only to be looked at. Should the disk refuse what was seen, the
    /// log is the shorter one.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn glance(at: &Path) -> Result<(Self, Vec<Entry>), OpenError> {
        Self::open_with(at, Waits::Never)
    }

    fn open_with(at: &Path, waits: Waits) -> Result<(Self, Vec<Entry>), OpenError> {
        let path = if at.is_dir() { Place::new(at).log() } else { at.to_path_buf() };
        let unreadable = |source| OpenError::Io { path: path.clone(), source };
        let file = no_follow().read(true).open(&path).map_err(unreadable)?;
        let place = Place::new(super::disk::parent(&path));
        let length = first_length(&file, &place, waits).map_err(unreadable)?;
        let bytes = read(&file, 0, length).map_err(unreadable)?;
        let mut chain = Chain::new();
        let scanned = chain.scan(&bytes);
        let (Some(header), end) = (chain.header().cloned(), scanned.good as u64) else {
            return Err(match scanned.tail {
                Tail::Corrupt(damage) => OpenError::NotALog { path, damage },
                Tail::Whole | Tail::Torn(_) => OpenError::Unfinished { path },
            });
        };
        let mut log = Self { waits, file, place, path, header, chain, end, problem: None, unfinished: None };
        log.note(scanned.tail);
        Ok((log, scanned.entries))
    }

    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Where it goes on, if it was continued elsewhere.
    #[must_use]
    pub fn continued_at(&self) -> Option<PathBuf> {
        let mark = std::fs::read(self.place.continued_mark()).ok()?;
        serde_json::from_slice::<Continued>(&mark).ok().map(|mark| mark.at)
    }

    /// Another file stands where this one was opened: what is appended there is not seen here.
    #[must_use]
    pub fn replaced(&self) -> bool {
        let id = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
        let there = std::fs::metadata(&self.path).map(id);
        there.is_ok_and(|there| self.file.metadata().map(id).is_ok_and(|here| here != there))
    }

    /// End of what was read and verified, in bytes.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Where the log is damaged; nothing after it is read.
    #[must_use]
    pub const fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// A last record that is incomplete: being written, or torn.
    #[must_use]
    pub const fn unfinished(&self) -> Option<&Problem> {
        self.unfinished.as_ref()
    }

    fn note(&mut self, tail: Tail) {
        let here = |damage| Some(Problem { line: self.chain.next_line(), offset: self.end, damage });
        (self.problem, self.unfinished) = match tail {
            Tail::Whole => (None, None),
            Tail::Torn(damage) => (None, here(damage)),
            Tail::Corrupt(damage) => (here(damage), None),
        };
    }

    /// What was appended since the last call; empty when nothing was.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or was cut.
    pub fn poll(&mut self) -> Result<Vec<Entry>, FollowError> {
        if let Some(problem) = &self.problem {
            return Err(FollowError::Damaged(problem.clone()));
        }
        if self.unfinished.is_none() && self.file.metadata()?.len() == self.end {
            return Ok(Vec::new());
        }
        let Some(length) = settled(&self.file, &self.place, self.waits)? else { return Ok(Vec::new()) };
        if length < self.end {
            return Err(FollowError::Shorter);
        }
        let bytes = read(&self.file, self.end, length)?;
        let scanned = self.chain.scan(&bytes);
        self.end += scanned.good as u64;
        self.note(scanned.tail);
        Ok(scanned.entries)
    }

    /// The verified lines from byte `from` on, as they stand.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn lines(&self, from: u64) -> io::Result<Vec<u8>> {
        read(&self.file, from.min(self.end), self.end)
    }

    /// Waits for the next entries. Dropping the future loses none.
    ///
    /// # Errors
    /// As [`Self::poll`].
    pub async fn next(&mut self) -> Result<Vec<Entry>, FollowError> {
        loop {
            let entries = self.poll()?;
            if !entries.is_empty() {
                return Ok(entries);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// Writers hold the lock for one sync; a reader that comes while one has stalled takes what stands there, rather than
/// show nothing.
fn first_length(file: &File, place: &Place, waits: Waits) -> io::Result<u64> {
    for _ in 0..100 {
        if let Some(length) = settled(file, place, waits)? {
            return Ok(length);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(file.metadata()?.len())
}

/// The length up to which everything is synced, or `None` while a writer is at work.
fn settled(file: &File, place: &Place, waits: Waits) -> io::Result<Option<u64>> {
    let length = match waits {
        Waits::ForSync => match file.try_lock_shared() {
            Ok(()) => {
                let length = file.metadata().map(|metadata| metadata.len());
                file.unlock()?;
                length?
            }
            Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks: the length is all there is.
            Err(std::fs::TryLockError::Error(_)) => file.metadata()?.len(),
        },
        Waits::Never => file.metadata()?.len(),
    };
    let believed = match std::fs::read(place.poisoned_mark()) {
        Ok(mark) => serde_json::from_slice::<Poisoned>(&mark).map_or(length, |mark| mark.end.min(length)),
        Err(_) => length,
    };
    Ok(Some(believed))
}

fn read(file: &File, from: u64, to: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(to.saturating_sub(from)).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, from)?;
    Ok(bytes)
}
