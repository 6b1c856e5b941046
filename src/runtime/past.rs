//! What an estate's incidents and the list of its tests tell of the time before. A log is read again only where something
//! was appended.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use domain::drill::{demo_estate, demo_past, held};
use domain::engine::replay;
use domain::log::Kind;
use domain::readiness::{Held, Past, Rehearsal, Walk};
use domain::reading::Failover;
use domain::time::Timestamp;
use tokio::sync::watch;
use tokio::time::sleep;

use super::journal::{self, ReadLog};
use super::library::Library;
use super::paths::Paths;
use super::{clock, test_records};

/// How often what happened beside the readings is asked for.
const AGAIN: Duration = Duration::from_secs(60);

/// Reads what is known of one estate.
#[derive(Debug)]
pub struct PastReader {
    paths: Paths,
    estate: String,
    kind: Kind,
    read: HashMap<PathBuf, (Stamp, Told)>,
    begun: Timestamp,
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

/// What one incident tells.
#[derive(Clone, Debug, Default)]
struct Told {
    failover: Option<Failover>,
    rehearsals: Vec<Rehearsal>,
    held: Option<Held>,
    walks: Vec<Walk>,
}

/// A log that has the same is the same.
type Stamp = (u64, Option<SystemTime>);

impl PastReader {
    #[must_use]
    pub fn new(paths: Paths, estate: &str, kind: Kind) -> Self {
        Self { paths, estate: estate.to_owned(), kind, read: HashMap::new(), begun: clock::now().wall }
    }

    /// Reads files: not for a task that others wait for. An incident that cannot be read is left out, and asked for the
    /// next time. The demonstration begins anew each time, with a past that nobody lived.
    pub fn read(&mut self) -> Past {
        if self.kind == Kind::Demo {
            return self.of_the_demonstration();
        }
        let (records, trouble) = test_records::load(&self.paths.estate(&self.estate));
        let (listed, unlisted) = match journal::incidents(&self.paths) {
            Ok(listed) => (listed, None),
            Err(error) => (Vec::new(), Some(format!("cannot read the incidents: {error}"))),
        };
        let dirs: Vec<PathBuf> = listed
            .into_iter()
            .filter(|incident| incident.kind != Kind::Demo)
            .map(|incident| incident.place.dir().to_path_buf())
            .collect();
        self.read.retain(|dir, _| dirs.contains(dir));
        let mut unread = None;
        for dir in dirs {
            let Some(stamp) = stamp(&dir) else { continue };
            if self.read.get(&dir).is_none_or(|(known, _)| *known != stamp) {
                match self.incident(&dir) {
                    Ok(told) => {
                        self.read.insert(dir, (stamp, told));
                    }
                    Err(error) => unread = Some(format!("cannot read {}: {error}", dir.display())),
                }
            }
        }
        let told = || self.read.values().map(|(_, told)| told);
        let mut rehearsals: Vec<Rehearsal> = told().flat_map(|told| told.rehearsals.clone()).collect();
        rehearsals.sort_by(|a, b| (a.at, &a.incident).cmp(&(b.at, &b.incident)));
        let mut held: Vec<Held> = told().filter_map(|told| told.held.clone()).collect();
        held.sort_by(|a, b| (a.at, &a.incident).cmp(&(b.at, &b.incident)));
        let mut walks: Vec<Walk> = told().flat_map(|told| told.walks.clone()).collect();
        walks.sort_by(|a, b| (a.at, &a.incident).cmp(&(b.at, &b.incident)));
        Past {
            failover: told().filter_map(|told| told.failover.clone()).max_by_key(|failover| failover.at),
            rehearsals,
            held,
            walks,
            records,
            trouble: trouble.or(unlisted).or(unread),
        }
    }

    fn of_the_demonstration(&self) -> Past {
        let (estate, library) = (demo_estate(), Library::default());
        let read = library.list(&estate).into_iter().map(|entry| {
            let text = library.read(&entry.name).map_err(|error| error.to_string());
            (entry.name, text.map(|text| Arc::new(domain::runbook::parse(text, Some(&estate)))))
        });
        demo_past(self.begun, &estate, &read.collect::<Vec<_>>())
    }

    /// A failover counts where it was one: in an exercise on a copy nothing was failed over.
    fn incident(&self, dir: &Path) -> Result<Told, journal::OpenError> {
        let (_, entries) = ReadLog::open(dir)?;
        let state = replay(&entries.into_iter().map(Arc::new).collect::<Vec<_>>());
        if state.estate().is_none_or(|estate| estate.name != self.estate) {
            return Ok(Told::default());
        }
        let held = held(&state);
        let kind = state.incident.as_ref().map(|incident| incident.kind);
        Ok(Told {
            // In the world of an exercise nothing happened before it.
            failover: Failover::of(&state).filter(|_| kind == Some(self.kind) && !self.kind.is_exercise()),
            rehearsals: Rehearsal::of(&state, held.as_ref()),
            walks: Walk::of(&state, held.as_ref()),
            held,
        })
    }
}

fn stamp(dir: &Path) -> Option<Stamp> {
    let log = journal::Place::new(dir).log();
    let found = std::fs::metadata(log).ok()?;
    Some((found.len(), found.modified().ok()))
}
