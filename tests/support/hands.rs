//! What runbooks reach out with, on this machine: an `ssh` that goes nowhere, and programs that are somewhere else.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::postgres::as_unprivileged;

/// A folder of programs that come before all others.
#[derive(Debug)]
pub(crate) struct Hands {
    folder: TempDir,
}

impl Hands {
    /// With an `ssh` that hands what it is told to a shell of PostgreSQL's account on this machine, in the way of the
    /// real one: its words joined by spaces, to be split again over there.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("switchback-hands-").tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let hands = Self { folder };
        let shell = as_unprivileged(Path::new("/bin/sh"));
        let words: Vec<String> = std::iter::once(shell.get_program())
            .chain(shell.get_args())
            .map(|word| format!("'{}'", word.to_str().unwrap()))
            .collect();
        let asked = hands.folder.path().join("asked");
        let ssh = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\nshift\ncd /\nexec {} -c \"$*\"\n",
            asked.display(),
            words.join(" ")
        );
        hands.program("ssh", &ssh);
        hands
    }

    /// A script of this name.
    pub(crate) fn program(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// `PATH` with these programs first.
    pub(crate) fn path(&self) -> OsString {
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder.path().to_owned()).chain(std::env::split_paths(&usual));
        std::env::join_paths(folders).unwrap()
    }

    /// The hosts that `ssh` was told, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        let said = std::fs::read_to_string(self.folder.path().join("asked")).unwrap_or_default();
        said.lines().map(str::to_owned).collect()
    }
}
