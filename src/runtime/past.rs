//! What an estate's incidents tell of the time before: read again only where something was appended.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use domain::engine::replay;
use domain::log::Kind;
use domain::reading::{Failover, Past};
use tokio::sync::watch;
use tokio::time::sleep;

use super::journal::{self, Listed, ReadLog};
use super::paths::Paths;

/// How often what happened beside the readings is asked for.
const AGAIN: Duration = Duration::from_secs(60);

/// Reads what is known of one estate.
#[derive(Debug)]
pub struct PastReader {
    paths: Paths,
    estate: String,
    kind: Kind,
    read: HashMap<PathBuf, (Stamp, Option<Failover>)>,
}

/// What is known, from the first reading on and whenever it is something else; until the receiver is dropped.
#[must_use]
pub fn follow(mut reader: PastReader) -> watch::Receiver<Option<Arc<Past>>> {
    let (sender, receiver) = watch::channel(None);
    tokio::spawn(async move {
        loop {
            let read = tokio::task::spawn_blocking(move || {
                let past = reader.read();
                (reader, past)
            });
            let Ok((again, past)) = read.await else { return };
            reader = again;
            sender.send_if_modified(|known| {
                let new = known.as_deref() != Some(&past);
                if new {
                    *known = Some(Arc::new(past));
                }
                new
            });
            tokio::select! {
                () = sender.closed() => return,
                () = sleep(AGAIN) => {}
            }
        }
    });
    receiver
}

/// A log that has the same is the same.
type Stamp = (u64, Option<SystemTime>);

impl PastReader {
    #[must_use]
    pub fn new(paths: Paths, estate: &str, kind: Kind) -> Self {
        Self { paths, estate: estate.to_owned(), kind, read: HashMap::new() }
    }

    /// Reads files: not for a task that others wait for. What cannot be read is left out, and asked for the next time.
    pub fn read(&mut self) -> Past {
        let listed = journal::incidents(&self.paths).unwrap_or_default();
        // The demonstration begins anew each time: what happened in an earlier one is no past of it.
        let of_kind = |incident: &&Listed| incident.kind == self.kind && self.kind != Kind::Demo;
        let dirs: Vec<PathBuf> =
            listed.iter().filter(of_kind).map(|incident| incident.place.dir().to_path_buf()).collect();
        self.read.retain(|dir, _| dirs.contains(dir));
        for dir in dirs {
            let Some(stamp) = stamp(&dir) else { continue };
            if self.read.get(&dir).is_none_or(|(known, _)| *known != stamp) {
                let told = self.incident(&dir);
                self.read.insert(dir, (stamp, told));
            }
        }
        let failovers = self.read.values().filter_map(|(_, failover)| failover.clone());
        Past { failover: failovers.max_by_key(|failover| failover.at) }
    }

    fn incident(&self, dir: &Path) -> Option<Failover> {
        let (_, entries) = ReadLog::open(dir).ok()?;
        let state = replay(&entries.into_iter().map(Arc::new).collect::<Vec<_>>());
        let ours = state.incident.as_ref().is_some_and(|incident| incident.estate.name == self.estate);
        ours.then(|| Failover::of(&state)).flatten()
    }
}

fn stamp(dir: &Path) -> Option<Stamp> {
    let log = journal::Place::new(dir).log();
    let found = std::fs::metadata(log).ok()?;
    Some((found.len(), found.modified().ok()))
}
