//! An incident that another console declares while none is open in this one: it is what this console shows from then on.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::SystemTime;

use domain::console::Told;

use super::Session;
use super::start::Incident;
use crate::runtime::journal;

/// Ticks for which a new folder is looked into: its log begins a moment after it was made.
const LOOKS: u32 = 10;

/// When the folder of incidents changed last, as far as this console knows.
#[derive(Debug, Default)]
pub(super) struct Declared {
    changed: Option<SystemTime>,
    looks: u32,
    /// Folders that were there before.
    known: BTreeSet<PathBuf>,
}

impl Session {
    /// Those that are there when this console is opened are not news.
    pub(super) fn note_incidents(&mut self) {
        self.declared.changed = self.incidents_changed();
        self.declared.known = self.incident_folders();
    }

    /// Joins what others declare. Incidents that were open before, and left so, are joined by nobody by himself.
    pub(super) async fn join_declared(&mut self) {
        let changed = self.incidents_changed();
        if changed != self.declared.changed {
            (self.declared.changed, self.declared.looks) = (changed, LOOKS);
        }
        if self.declared.looks == 0 {
            return;
        }
        if self.state.open().is_some() || self.incident != Incident::NewestOpen {
            self.declared.looks = 0;
            self.declared.known = self.incident_folders();
            return;
        }
        self.declared.looks -= 1;
        let (paths, kind, estate) = (self.paths.clone(), self.scene.kind, self.scene.estate.name.clone());
        let found = tokio::task::spawn_blocking(move || journal::newest_open(&paths, kind, &estate)).await;
        let new = found.ok().flatten().filter(|dir| !self.declared.known.contains(dir));
        if new.is_some() || self.declared.looks == 0 {
            self.declared.looks = 0;
            self.declared.known = self.incident_folders();
        }
        let Some(dir) = new else { return };
        // What could not be recorded of an incident that is closed does not belong to this one.
        self.unrecorded.clear();
        self.watched = None;
        match self.open_incident(&dir).await {
            Ok(()) => self.tell(Told::Bell),
            Err(why) => tracing::warn!(%why, dir = %dir.display(), "an incident of another console is not joined"),
        }
    }

    fn incident_folders(&self) -> BTreeSet<PathBuf> {
        let listed = std::fs::read_dir(self.paths.incidents());
        listed.into_iter().flatten().flatten().map(|folder| folder.path()).collect()
    }

    fn incidents_changed(&self) -> Option<SystemTime> {
        std::fs::metadata(self.paths.incidents()).and_then(|folder| folder.modified()).ok()
    }
}
