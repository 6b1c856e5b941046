//! The newest status that a console or a watcher left: for the incident that is shown, else for the estate.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use domain::console::Written;
use domain::reading::Status;

use crate::runtime::journal::Place;
use crate::runtime::paths::Paths;
use crate::runtime::{display, readings};

/// An unchanged `live.json` is written every 30 seconds: what is much older was left by a console that is gone.
const LIVE: Duration = Duration::from_secs(90);
/// `display.json` is written every other second; a slow disk is no reason to cry.
const DISPLAY: Duration = Duration::from_secs(15);

/// A status, and when it was written by the machine's clock.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) status: Status,
    pub(super) written: Written,
}

/// A file that is read only when it was written anew.
#[derive(Debug, Default)]
pub(super) struct Newest {
    seen: Option<(PathBuf, SystemTime)>,
}

/// What a look came to.
#[derive(Debug)]
pub(super) enum Look {
    /// As it was.
    Same,
    New(Box<Read>),
    Nothing,
}

impl Newest {
    /// The next look reads whatever there is.
    pub(super) fn forget(&mut self) {
        self.seen = None;
    }

    /// Of an incident: what its console writes for displays; of a real one what any console or watcher of its estate
    /// does, where that goes on without the other.
    pub(super) fn of_incident(&mut self, place: &Place, live: Option<PathBuf>) -> Look {
        let display = written(display::path(place));
        let goes_on = |at: SystemTime| display.as_ref().is_none_or(|(_, shown)| at > *shown + DISPLAY);
        let live = live.and_then(|folder| written(readings::live_file(&folder))).filter(|(_, at)| goes_on(*at));
        self.look(live.or(display))
    }

    /// Of an estate, or of the one that was written last of all.
    pub(super) fn of_estates(&mut self, places: &[Paths], estate: Option<&str>) -> Look {
        let folders: Vec<PathBuf> = match estate {
            Some(name) => places.iter().map(|paths| paths.estate(name)).collect(),
            None => places.iter().flat_map(|paths| inside(&paths.state.join("estates"))).collect(),
        };
        let files = folders.iter().filter_map(|folder| written(readings::live_file(folder)));
        self.look(files.max_by_key(|(_, at)| *at))
    }

    fn look(&mut self, newest: Option<(PathBuf, SystemTime)>) -> Look {
        let Some((file, at)) = newest else {
            self.seen = None;
            return Look::Nothing;
        };
        if self.seen.as_ref() == Some(&(file.clone(), at)) {
            return Look::Same;
        }
        let read = load(&file);
        self.seen = Some((file, at));
        read.map_or(Look::Nothing, |read| Look::New(Box::new(read)))
    }
}

fn written(file: PathBuf) -> Option<(PathBuf, SystemTime)> {
    let at = std::fs::metadata(&file).and_then(|file| file.modified()).ok()?;
    Some((file, at))
}

fn load(file: &Path) -> Option<Read> {
    let folder = file.parent()?;
    if file == display::path(&Place::new(folder)) {
        let shown = display::load(&Place::new(folder))?;
        return Some(Read { status: shown.status, written: Written { at: shown.written_at, good_for: DISPLAY } });
    }
    let status = readings::live(folder)?;
    Some(Read { written: Written { at: status.at, good_for: LIVE }, status })
}

fn inside(folder: &Path) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(folder).into_iter().flatten().flatten();
    listed.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}
