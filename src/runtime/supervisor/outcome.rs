//! `outcome.json`: there whole, or not there.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use domain::execution::AttemptOutcome;

pub(crate) const OUTCOME: &str = "outcome.json";

/// Writes beside, syncs, renames, syncs the folder.
pub(crate) fn write(folder: &Path, outcome: &AttemptOutcome) -> io::Result<()> {
    let draft = folder.join(".outcome.json");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(&serde_json::to_vec(outcome).map_err(io::Error::from)?)?;
    file.sync_all()?;
    std::fs::rename(draft, folder.join(OUTCOME))?;
    File::open(folder)?.sync_all()
}

/// `None` while there is none.
pub(crate) fn read(folder: &Path) -> io::Result<Option<AttemptOutcome>> {
    match std::fs::read(folder.join(OUTCOME)) {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(io::Error::from),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
