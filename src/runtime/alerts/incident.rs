//! The incident that is open, for a watcher that takes no part in it: objectives are missed within one, and what people
//! are told names it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::engine::{State, evolve, replay};
use domain::log::Kind;

use crate::runtime::journal::{self, ReadLog};
use crate::runtime::paths::Paths;

/// How often a new one is looked for.
const LOOK: Duration = Duration::from_secs(5);

/// Follows the newest open incident of an estate.
#[derive(Debug)]
pub struct OpenIncident {
    paths: Paths,
    kind: Kind,
    estate: String,
    followed: Option<Followed>,
    looked: Option<Instant>,
}

#[derive(Debug)]
struct Followed {
    dir: PathBuf,
    log: ReadLog,
    state: State,
}

impl OpenIncident {
    #[must_use]
    pub fn new(paths: &Paths, kind: Kind, estate: &str) -> Self {
        Self { paths: paths.clone(), kind, estate: estate.to_owned(), followed: None, looked: None }
    }

    /// As it stands now; one that was closed stays until another is opened.
    pub fn state(&mut self) -> Option<&State> {
        if let Some(Followed { log, state, .. }) = &mut self.followed {
            match log.poll() {
                Ok(entries) => entries.into_iter().for_each(|entry| evolve(state, &Arc::new(entry))),
                Err(error) => {
                    tracing::warn!(%error, "the open incident is no longer followed");
                    self.followed = None;
                }
            }
        }
        let open = self.followed.as_ref().is_some_and(|followed| followed.state.open().is_some());
        if !open && self.looked.is_none_or(|looked| looked.elapsed() >= LOOK) {
            self.looked = Some(Instant::now());
            self.look();
        }
        self.followed.as_ref().map(|followed| &followed.state)
    }

    /// Where its log is, while it is open.
    #[must_use]
    pub fn dir(&self) -> Option<&Path> {
        self.followed.as_ref().filter(|followed| followed.state.open().is_some()).map(|followed| followed.dir.as_path())
    }

    fn look(&mut self) {
        let Some(dir) = journal::newest_open(&self.paths, self.kind, &self.estate) else { return };
        if self.followed.as_ref().is_some_and(|followed| followed.dir == dir) {
            return;
        }
        match ReadLog::open(&dir) {
            Ok((log, entries)) => {
                let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
                self.followed = Some(Followed { dir, log, state: replay(&entries) });
            }
            Err(error) => tracing::warn!(%error, "the open incident cannot be followed"),
        }
    }
}
