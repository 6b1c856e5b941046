//! Room where the log is written.

use std::path::{Path, PathBuf};

use domain::estate::{Estate, Mirror};
use domain::readiness::DiskFact;
use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};

use crate::runtime::paths::Paths;

pub(super) fn disks(paths: &Paths, estate: &Estate) -> Vec<DiskFact> {
    let mirror = match &estate.log.mirror {
        Some(Mirror::Path(path)) => Some(disk("log mirror", Path::new(path))),
        Some(Mirror::Command(_)) | None => None,
    };
    std::iter::once(disk("logs and readings", &paths.state)).chain(mirror).collect()
}

/// Nothing is written to find out. A folder that is not there yet will be made in the nearest one that is.
#[must_use]
pub fn disk(what: &str, path: &Path) -> DiskFact {
    let found = path.ancestors().find(|folder| folder.exists()).map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let room = statvfs(&found);
    let read_only = room.as_ref().is_ok_and(|room| room.f_flag.contains(StatVfsMountFlags::RDONLY));
    let trouble = match access(&found, Access::WRITE_OK | Access::EXEC_OK) {
        _ if read_only => Some("the file system is mounted read-only".to_owned()),
        Ok(()) => None,
        Err(error) => Some(format!("{} cannot be written to: {error}", found.display())),
    };
    DiskFact {
        path: path.display().to_string(),
        what: what.to_owned(),
        free_bytes: room.ok().map(|room| room.f_bavail.saturating_mul(room.f_frsize)),
        trouble,
    }
}
