//! An update as a file: replaced as a whole, for its owner only.

use std::path::{Path, PathBuf};

use crate::runtime::notify::{Again, Fault};
use crate::runtime::paths::private_dir;
use crate::runtime::replace::{Purpose, replace};

/// Folder of an incident's updates, beside its log.
const FOLDER: &str = "updates";

/// # Errors
/// What the system said.
pub(super) async fn write(path: &str, text: &str) -> Result<(), Fault> {
    let (file, text) = (PathBuf::from(path), format!("{text}\n"));
    let written = tokio::task::spawn_blocking(move || replace(&file, text.as_bytes(), Purpose::Record)).await;
    written.map_err(std::io::Error::other).flatten().map_err(|error| Fault {
        why: format!("{path}: {error}"),
        remedy: "its folder has to be there, and to be writable for this user".to_owned(),
        again: Again::Pointless,
        unsure: false,
    })
}

/// Writes an update into the folder of its incident; gives where it lies.
///
/// # Errors
/// What the system said, with the path.
pub fn write_beside(incident: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let folder = incident.join(FOLDER);
    let file = folder.join(name);
    private_dir(&folder)
        .and_then(|()| replace(&file, format!("{text}\n").as_bytes(), Purpose::Record))
        .map(|()| file.clone())
        .map_err(|error| format!("{}: {error}", file.display()))
}
