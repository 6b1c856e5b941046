//! The writer in a thread of its own, behind a bounded channel: a slow disk never holds up the screen.

use std::path::Path;
use std::sync::Arc;

use domain::ident::Hash;
use domain::identity::SessionKey;
use domain::log::{Draft, Entry, Header};
use tokio::sync::{mpsc, oneshot};

use super::disk::{Disk, RealDisk};
use super::error::{AppendError, CreateError, OpenError};
use super::open::Opened;
use super::place::Place;
use super::writer::Writer;
use crate::runtime::paths::Paths;

/// Appends that may wait for the disk before callers wait for each other.
const QUEUE: usize = 64;

/// An incident's log, open for appending. Clones share the one writer; it ends with the last of them.
#[derive(Clone, Debug)]
pub struct Journal {
    place: Arc<Place>,
    header: Arc<Header>,
    requests: mpsc::Sender<Request>,
    key: Option<Arc<SessionKey>>,
}

#[derive(Debug)]
struct Request {
    expected: Option<Hash>,
    drafts: Vec<Draft>,
    key: Option<Arc<SessionKey>>,
    answer: oneshot::Sender<Result<Vec<Entry>, AppendError>>,
}

impl Journal {
    /// Makes the folder and the log of a new incident. Blocks on the disk.
    ///
    /// # Errors
    /// When the incident exists, its label is taken, or the disk refuses.
    pub fn create(paths: &Paths, header: Header) -> Result<Self, CreateError> {
        let _names = super::catalog::claim_label(paths, &header.label)?;
        let place = Place::new(paths.incidents().join(header.incident.to_string()));
        let writer = Writer::create(Arc::new(RealDisk), place, &header)?;
        let place = writer.place().clone();
        Self::spawn(writer, header).map_err(|source| CreateError::Io { path: place.log(), source })
    }

    /// Opens an incident's folder. Blocks on the disk.
    ///
    /// # Errors
    /// When it cannot be read, or is no log. A damaged log opens read-only: see [`Opened`].
    pub fn open(dir: &Path) -> Result<(Self, Vec<Entry>, Opened), OpenError> {
        Self::open_on(Arc::new(RealDisk), dir)
    }

    /// [`Self::open`] on another disk than the machine's.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(disk: Arc<dyn Disk>, dir: &Path) -> Result<(Self, Vec<Entry>, Opened), OpenError> {
        let place = Place::new(dir);
        let path = place.log();
        let (writer, entries, opened) = Writer::open(disk, &place)?;
        let Some(header) = writer.header().cloned() else {
            return Err(OpenError::Unfinished { path });
        };
        let journal = Self::spawn(writer, header).map_err(|source| OpenError::Io { path, source })?;
        Ok((journal, entries, opened))
    }

    fn spawn(mut writer: Writer, header: Header) -> std::io::Result<Self> {
        let place = Arc::new(writer.place().clone());
        let (requests, mut inbox) = mpsc::channel::<Request>(QUEUE);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            while let Some(Request { expected, drafts, key, answer }) = inbox.blocking_recv() {
                writer.sign_with(key);
                // Whoever asked may have gone; the entries are in the log all the same.
                drop(answer.send(writer.append(expected, &drafts)));
            }
        })?;
        Ok(Self { place, header: Arc::new(header), requests, key: None })
    }

    /// What is appended through this handle is signed with the key.
    #[must_use]
    pub fn signing(self, key: Option<Arc<SessionKey>>) -> Self {
        Self { key, ..self }
    }

    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Appends all of `drafts` after the entry `expected` (`None`: before the first); they are on disk when this
    /// returns. A caller that stops waiting does not stop the append.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub async fn append(&self, expected: Option<Hash>, drafts: Vec<Draft>) -> Result<Vec<Entry>, AppendError> {
        let (answer, done) = oneshot::channel();
        let request = Request { expected, drafts, key: self.key.clone(), answer };
        self.requests.send(request).await.map_err(|_| AppendError::Closed)?;
        done.await.map_err(|_| AppendError::Closed)?
    }

    /// [`Self::append`] for callers outside of an async runtime.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub fn append_blocking(&self, expected: Option<Hash>, drafts: Vec<Draft>) -> Result<Vec<Entry>, AppendError> {
        let (answer, done) = oneshot::channel();
        let request = Request { expected, drafts, key: self.key.clone(), answer };
        self.requests.blocking_send(request).map_err(|_| AppendError::Closed)?;
        done.blocking_recv().map_err(|_| AppendError::Closed)?
    }
}
