//! Where an export is written: never over something else.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::cli::{Exit, Failure};
use crate::runtime::journal::{Place, ReadLog};
use crate::runtime::replace::{Purpose, replace};

/// An export names its incident within these bytes.
const BEGINNING: u64 = 64 * 1024;

/// Writes the file, for its owner only; in the place of another only if that is an earlier export of this incident.
pub(super) fn write(file: &Path, document: &[u8], log: &ReadLog) -> Result<(), Failure> {
    let refused = |why: &str| {
        let message = format!("{} {why}: it is left as it is; give another name, or remove it first", file.display());
        Failure::new(Exit::Refused, message)
    };
    let failed = |error: io::Error| Failure::new(Exit::No, format!("cannot write {}: {error}", file.display()));
    // A link is followed: what it leads to is what is looked at, and what is replaced.
    let file = match fs::canonicalize(file) {
        Ok(there) => {
            let metadata = fs::metadata(&there).map_err(failed)?;
            if !metadata.is_file() {
                return Err(refused("is no regular file"));
            }
            let of_log = fs::metadata(log.path()).map_err(failed)?;
            if (metadata.dev(), metadata.ino()) == (of_log.dev(), of_log.ino()) || is_kept(&there) {
                return Err(refused("is a log, or is called as one"));
            }
            if metadata.len() > 0 && !is_export(&there, log).map_err(failed)? {
                return Err(refused("exists, and is no earlier export of this incident"));
            }
            there
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => file.to_path_buf(),
        Err(error) => return Err(failed(error)),
    };
    replace(&file, document, Purpose::Record).map_err(failed)
}

/// Whether it is called as the log of an incident is, which consoles append to.
fn is_kept(file: &Path) -> bool {
    file.parent().is_some_and(|folder| Place::new(folder).log() == file)
}

/// Whether the file begins as one of the formats, and names the incident.
fn is_export(file: &Path, log: &ReadLog) -> io::Result<bool> {
    let mut beginning = Vec::new();
    File::open(file)?.take(BEGINNING).read_to_end(&mut beginning)?;
    let beginning = String::from_utf8_lossy(&beginning);
    let header = log.header();
    let begins = [
        "# ".to_owned(),
        "<!doctype html>\n<html lang=\"en\">\n<head>\n".to_owned(),
        "\u{feff}incident,kind,entry,".to_owned(),
        "{\"switchback_log\":".to_owned(),
    ];
    Ok(begins.iter().any(|begin| beginning.starts_with(begin)) && beginning.contains(&header.incident.to_string()))
}
