//! Beats of jobs on this machine: one small file each, beside the estate's readings. `switchback beat` writes it, a
//! heartbeat check reads when.

use std::io;
use std::path::PathBuf;

use domain::estate::{CheckKind, Estate};
use domain::ident::CheckId;
use domain::time::rfc3339;

use super::clock;
use super::paths::{Paths, private_dir};

/// The file of a check's beats.
#[must_use]
pub fn place(paths: &Paths, estate: &str, check: &CheckId) -> PathBuf {
    // Names differ where only signs differ that no file name may hold: `%` and the byte stands for each of those.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_@:".contains(&byte);
    let name = check.as_str().bytes();
    let name: String =
        name.map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") }).collect();
    paths.estate(estate).join("beats").join(name)
}

/// Gives every heartbeat without a file of its own the one that [`beat`] writes.
pub fn give_files(estate: &mut Estate, paths: &Paths) {
    let name = estate.name.clone();
    for check in &mut estate.checks {
        if let CheckKind::Heartbeat(heartbeat) = &mut check.kind {
            let place = || place(paths, &name, &check.id).display().to_string();
            heartbeat.file.get_or_insert_with(place);
        }
    }
}

/// It is heard of now.
///
/// # Errors
/// The file cannot be written.
pub fn beat(paths: &Paths, estate: &str, check: &CheckId) -> io::Result<()> {
    let place = place(paths, estate, check);
    if let Some(folder) = place.parent() {
        private_dir(folder)?;
    }
    std::fs::write(&place, format!("{}\n", rfc3339(clock::now().wall)))
}
