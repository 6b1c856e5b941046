//! `display.json` in an incident's folder: the newest status of the console that records it, for walls that follow the
//! incident. The readings of exercises and demonstrations are told by it, too, which are in no estate's `live.json`.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use domain::reading::Status;
use domain::time::{Timestamp, rfc3339_ms};
use serde::{Deserialize, Serialize};

use super::clock;
use super::journal::Place;

const NAME: &str = "display.json";
const BESIDE: &str = ".display.json.new";

/// Written so often while a console has the incident open.
pub const EVERY: Duration = Duration::from_secs(2);

/// A status, and when it was written by the machine's clock: its own time may be that of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    #[serde(with = "rfc3339_ms")]
    pub written_at: Timestamp,
    pub status: Status,
}

/// Where it is in an incident's folder.
#[must_use]
pub fn path(place: &Place) -> PathBuf {
    place.dir().join(NAME)
}

/// What was written last; `None` when nothing was, or it is not of this version.
#[must_use]
pub fn load(place: &Place) -> Option<Shown> {
    serde_json::from_slice(&std::fs::read(path(place)).ok()?).ok()
}

/// Writes statuses in a thread of its own: no console waits for its disk.
#[derive(Debug, Default)]
pub struct Display {
    line: Option<SyncSender<(PathBuf, Arc<Status>)>>,
    written: Duration,
}

impl Display {
    /// May be called as often as it likes; what comes too soon, or while the disk is slow, is left out.
    pub fn show(&mut self, place: &Place, status: &Arc<Status>) {
        let now = clock::boottime();
        if now.saturating_sub(self.written) < EVERY && self.line.is_some() {
            return;
        }
        self.written = now;
        let line = self.line.get_or_insert_with(|| {
            let (line, statuses) = sync_channel(1);
            // Without the thread nothing is shown, and the wall says that it is stale.
            drop(std::thread::Builder::new().name("display".to_owned()).spawn(move || write_all(&statuses)));
            line
        });
        let _ = line.try_send((place.dir().to_path_buf(), Arc::clone(status)));
    }
}

fn write_all(statuses: &Receiver<(PathBuf, Arc<Status>)>) {
    let mut troubled = false;
    for (folder, status) in statuses {
        match write(&folder, &status) {
            Ok(()) => troubled = false,
            Err(error) if !troubled => {
                troubled = true;
                tracing::warn!(%error, "walls are not told of readings");
            }
            Err(_) => {}
        }
    }
}

/// Not synced: it is worth nothing after a crash of the machine.
pub(super) fn write(folder: &Path, status: &Status) -> io::Result<()> {
    #[derive(Serialize)]
    struct Line<'a> {
        #[serde(with = "rfc3339_ms")]
        written_at: Timestamp,
        status: &'a Status,
    }
    let beside = folder.join(BESIDE);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(&serde_json::to_vec(&Line { written_at: clock::now().wall, status })?)?;
    std::fs::rename(&beside, folder.join(NAME))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    use super::*;

    #[test]
    fn what_is_shown_is_read_again_and_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path());
        assert_eq!(load(&place), None);
        let status = Arc::new(Status { estate: "orders".to_owned(), ..Status::default() });
        let mut display = Display::default();
        display.show(&place, &status);
        let began = Instant::now();
        while load(&place).is_none() {
            assert!(began.elapsed() < Duration::from_secs(30), "it was never written");
            std::thread::yield_now();
        }
        assert_eq!(load(&place).unwrap().status, *status);
        assert_eq!(std::fs::metadata(path(&place)).unwrap().permissions().mode() & 0o777, 0o600);
        display.show(&place, &Arc::new(Status::default()));
        drop(display);
        assert_eq!(load(&place).unwrap().status, *status, "what comes too soon is left out");
    }
}
