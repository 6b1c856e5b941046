//! A file put in the place of another as a whole or not at all.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// What the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// For its owner only, and synced: it is meant to last.
    Record,
    /// For a program of another user, which reads it again and again: worth nothing after a crash.
    Reading,
}

/// # Errors
/// What the system said. Then nothing was replaced, and nothing is left beside it.
pub(crate) fn replace(file: &Path, document: &[u8], purpose: Purpose) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = file.file_name().ok_or_else(|| io::Error::other("it is not the name of a file"))?;
    let beside = folder.join(format!(".{}.{}", name.to_string_lossy(), ulid::Ulid::generate()));
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).and_then(|mut new| {
        new.write_all(document)?;
        match purpose {
            Purpose::Record => new.sync_all(),
            Purpose::Reading => new.set_permissions(Permissions::from_mode(0o644)),
        }?;
        std::fs::rename(&beside, file)?;
        if purpose == Purpose::Record { File::open(folder)?.sync_all() } else { Ok(()) }
    });
    if written.is_err() {
        // Nothing is left of it when it was renamed, or never made.
        drop(std::fs::remove_file(&beside));
    }
    written
}
