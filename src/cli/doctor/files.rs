//! Files of this user: where the estate stands, and who else may read what is private.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use domain::readiness::Verdict;

use super::finding::Finding;
use crate::runtime::paths::Paths;

/// Where it was found. Whether it is right, and nobody else's, is judged when it is loaded.
pub(super) fn estate(path: &Path) -> Finding {
    let shown = std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    let found = |verdict, because: String| Finding::new("estate's file", verdict, because);
    match mode(path) {
        Some(mode) if mode & 0o004 != 0 => {
            found(Verdict::NeedsVerification, format!("{shown}: everybody on this machine may read it"))
                .remedy(format!("`chmod 0600 {shown}`: it names hosts and people"))
        }
        _ => found(Verdict::Ready, shown),
    }
}

/// What holds logs or passwords, and is open to others. What is not there is no matter.
pub(super) fn private(paths: &Paths) -> Vec<Finding> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let passwords = std::env::var_os("PGPASSFILE").map_or_else(|| home.join(".pgpass"), PathBuf::from);
    let mut found = Vec::new();
    if let Some(mode) = mode(&paths.state).filter(|mode| mode & 0o077 != 0) {
        let state = paths.state.display();
        let open = Finding::new(
            "state folder's mode",
            Verdict::NeedsVerification,
            format!("{state}: {mode:04o}, open to others"),
        );
        found.push(open.remedy(format!("`chmod 0700 {state}`: logs of incidents lie in it")));
    }
    if let Some(mode) = mode(&passwords) {
        let shown = passwords.display();
        found.push(if mode & 0o077 == 0 {
            Finding::new("password file", Verdict::Ready, format!("{shown}, nobody else's"))
        } else {
            Finding::new(
                "password file",
                Verdict::Failing,
                format!("{shown}: {mode:04o}, open to others, so it is not used"),
            )
            .remedy(format!("`chmod 0600 {shown}`"))
        });
    }
    found
}

fn mode(path: &Path) -> Option<u32> {
    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}
