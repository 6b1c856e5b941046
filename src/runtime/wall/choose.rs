//! Which incident the wall shows: what is real before what is practised, then the newest.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use domain::log::Kind;
use domain::time::{Timestamp, since};

use crate::runtime::display;
use crate::runtime::journal::{self, Listed};
use crate::runtime::paths::Paths;

/// A simulated world ends with its console. One of which nobody heard for so long is over, whatever its log says.
const SILENT: Duration = Duration::from_secs(600);

/// Where to look, and for what.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) places: Vec<Paths>,
    /// Only incidents of this estate; `None`: of any.
    pub(super) estate: Option<String>,
}

/// When the folders of incidents changed last: something was declared, or taken away.
pub(super) type Changed = Vec<Option<SystemTime>>;

impl Choice {
    pub(super) fn changed(&self) -> Changed {
        let modified = |paths: &Paths| std::fs::metadata(paths.incidents()).and_then(|folder| folder.modified()).ok();
        self.places.iter().map(modified).collect()
    }

    /// The folder of the incident to show; `None`: all is calm.
    pub(super) fn open(&self, now: Timestamp) -> Option<PathBuf> {
        let all = self.places.iter().flat_map(|paths| journal::incidents(paths).unwrap_or_default());
        let mut open: Vec<Listed> = all.filter(|listed| is_open(listed, now)).collect();
        open.sort_by_key(|listed| (rank(listed.kind), Reverse(listed.opened_at), Reverse(listed.id)));
        let ours = |dir: &Path| self.estate.as_deref().is_none_or(|estate| journal::is_of(dir, estate));
        open.into_iter().map(|listed| listed.place.dir().to_path_buf()).find(|dir| ours(dir))
    }
}

const fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Live => 0,
        Kind::Lab => 1,
        Kind::Drill | Kind::Paper => 2,
        Kind::Demo => 3,
    }
}

fn is_open(listed: &Listed, now: Timestamp) -> bool {
    if listed.closed || listed.automatic {
        return false;
    }
    let heard = || {
        let shown = std::fs::metadata(display::path(&listed.place)).and_then(|file| file.modified()).ok();
        let shown = shown.and_then(|at| Timestamp::try_from(at).ok());
        since(now, shown.unwrap_or(listed.last_at).max(listed.last_at)) < SILENT
    };
    listed.kind.executes() || heard()
}
