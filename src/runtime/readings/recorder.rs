//! The one writer of an estate's readings: a thread of its own, so that a slow disk delays no probe and no frame.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use domain::alert::Book;
use domain::reading::{Sample, Status};
use rustix::fs::{FlockOperation, flock};

use super::live::Live;
use super::segment::{Ring, Segment};
use super::thinning::Thinning;
use crate::runtime::alerts::write_book;
use crate::runtime::clock;
use crate::runtime::paths::private_dir;

/// Samples on their way to the disk. Beyond it they are dropped: a disk that hangs must not hold memory.
const QUEUE: usize = 4096;
/// How long samples are gathered before they are written together.
const BATCH: Duration = Duration::from_secs(1);

const RECENT_EVERY: Duration = Duration::from_secs(60);
const RECENT_EVERY_SERVER: Duration = Duration::from_secs(10);
const DAY_EVERY: Duration = Duration::from_secs(600);

/// Takes samples and statuses; dropping it writes what it holds and lets another console record.
#[derive(Debug)]
pub struct Recorder {
    queue: Option<SyncSender<Item>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
enum Item {
    Sample(Box<Sample>),
    Status(Arc<Status>),
    Alerts(Arc<Book>),
}

impl Recorder {
    /// Becomes the recorder of the estate whose folder this is. `None`: another console records it already; ask again
    /// later, it may end.
    ///
    /// # Errors
    /// The folder or its files cannot be made.
    pub fn start(folder: &Path) -> io::Result<Option<Self>> {
        private_dir(folder)?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(folder.join("lock"))?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        let disk = Disk::open(folder, lock)?;
        let (queue, items) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new().name("readings".into()).spawn(move || disk.run(&items))?;
        Ok(Some(Self { queue: Some(queue), thread: Some(thread) }))
    }

    /// Never waits; a sample that finds the queue full is not recorded.
    pub fn record(&self, sample: &Sample) {
        self.put(Item::Sample(Box::new(sample.clone())));
    }

    /// The status as it is now, for `live.json`. May be called as often as it changes.
    pub fn publish(&self, status: &Arc<Status>) {
        self.put(Item::Status(Arc::clone(status)));
    }

    /// The book of alerts, for consoles opened later and beside this one.
    pub fn keep_alerts(&self, book: &Arc<Book>) {
        self.put(Item::Alerts(Arc::clone(book)));
    }

    fn put(&self, item: Item) {
        if let Some(queue) = &self.queue {
            let _ = queue.try_send(item);
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What is written together.
#[derive(Debug, Default)]
struct Batch {
    recent: Vec<Sample>,
    day: Vec<Sample>,
    status: Option<Arc<Status>>,
    alerts: Option<Arc<Book>>,
}

/// Everything the thread owns.
#[derive(Debug)]
struct Disk {
    folder: PathBuf,
    recent: (Thinning, Segment),
    day: (Thinning, Segment),
    live: Live,
    /// A trouble is told once, not every second.
    troubled: bool,
    _lock: File,
}

impl Disk {
    fn open(folder: &Path, lock: File) -> io::Result<Self> {
        let (boot, now) = (clock::boot_id(), clock::now().wall);
        let segment = |ring| Segment::open(folder, ring, &boot, now);
        Ok(Self {
            folder: folder.to_path_buf(),
            recent: (Thinning::new(RECENT_EVERY, RECENT_EVERY_SERVER), segment(Ring::RECENT)?),
            day: (Thinning::new(DAY_EVERY, DAY_EVERY), segment(Ring::DAY)?),
            live: Live::default(),
            troubled: false,
            _lock: lock,
        })
    }

    fn run(mut self, items: &Receiver<Item>) {
        while let Ok(first) = items.recv() {
            let mut batch = Batch::default();
            self.take(first, &mut batch);
            let written_by = Instant::now() + BATCH;
            while let Ok(item) = items.recv_timeout(written_by.saturating_duration_since(Instant::now())) {
                self.take(item, &mut batch);
            }
            self.write(&batch);
        }
        let held = Batch { recent: self.recent.0.release(), day: self.day.0.release(), ..Batch::default() };
        self.write(&held);
    }

    fn take(&mut self, item: Item, batch: &mut Batch) {
        match item {
            Item::Sample(sample) => {
                batch.recent.extend(self.recent.0.offer(&sample));
                batch.day.extend(self.day.0.offer(&sample));
            }
            Item::Status(status) => batch.status = Some(status),
            Item::Alerts(book) => batch.alerts = Some(book),
        }
    }

    fn write(&mut self, batch: &Batch) {
        let now = clock::now().wall;
        let status = batch.status.as_deref();
        let written = self
            .recent
            .1
            .append(&batch.recent, now)
            .and_then(|()| self.day.1.append(&batch.day, now))
            .and_then(|()| status.map_or(Ok(()), |status| self.live.publish(&self.folder, status)));
        // Whatever becomes of the readings: others tell by the book whether anybody keeps it, and who was told.
        let book = batch.alerts.as_ref().map_or(Ok(()), |book| write_book(&self.folder, book));
        match written.and(book) {
            Ok(()) => self.troubled = false,
            Err(error) if !self.troubled => {
                self.troubled = true;
                tracing::warn!(%error, folder = %self.folder.display(), "readings cannot be kept");
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::thinning::tests::sample;
    use super::*;

    #[test]
    fn one_console_records_and_hands_over_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let first = Recorder::start(folder.path()).unwrap().unwrap();
        assert!(Recorder::start(folder.path()).unwrap().is_none());
        drop(first);
        assert!(Recorder::start(folder.path()).unwrap().is_some());
    }

    #[test]
    fn what_was_recorded_is_there_for_the_next_console_to_the_last_sample() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::start(folder.path()).unwrap().unwrap();
        for second in [1, 2, 3] {
            recorder.record(&sample("a", second, true));
        }
        let status = Status { estate: "orders".into(), ..Status::default() };
        recorder.publish(&Arc::new(status.clone()));
        drop(recorder);
        assert_eq!(super::super::load(folder.path()), [sample("a", 1, true), sample("a", 3, true)]);
        assert_eq!(super::super::live(folder.path()), Some(status));
    }

    #[test]
    fn what_is_kept_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let estate = folder.path().join("orders");
        let recorder = Recorder::start(&estate).unwrap().unwrap();
        recorder.record(&sample("a", 1, true));
        recorder.publish(&Arc::new(Status::default()));
        drop(recorder);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&estate), 0o700);
        for file in std::fs::read_dir(&estate).unwrap().map(|file| file.unwrap().path()) {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
}
