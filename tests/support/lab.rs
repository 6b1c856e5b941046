//! A lab of the program under test, in a folder of its own: two real PostgreSQL servers, gone when dropped.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use domain::time::Timestamp;
use serde::Deserialize;
use tempfile::TempDir;

use super::attempts::SWITCHBACK;
use super::estate::Estate;

#[derive(Debug)]
pub(crate) struct TestLab {
    folder: TempDir,
}

/// What `lab report --json` says, as far as tests look at it.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    pub(crate) lost: usize,
    pub(crate) rpo_ms: Option<u64>,
    pub(crate) last_before: Option<Timestamp>,
    pub(crate) first_after: Option<Timestamp>,
    pub(crate) serving: Option<String>,
}

/// What `lab status --json` says, as far as tests look at it.
#[derive(Debug, Deserialize)]
pub(crate) struct Status {
    pub(crate) processes: Vec<Process>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Process {
    pub(crate) pid: i32,
    pub(crate) running: bool,
}

impl TestLab {
    /// A lab that serves: an order was acknowledged.
    pub(crate) fn up() -> Self {
        let folder = tempfile::Builder::new().prefix("switchback-lab-").tempdir().unwrap();
        // PostgreSQL's account passes through it.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
        let lab = Self { folder };
        lab.done(&["up"]);
        lab
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("lab")
    }

    /// `switchback lab ACT…` that succeeds; what it says.
    pub(crate) fn done(&self, act: &[&str]) -> String {
        let output = self.lab(act);
        assert!(output.status.success(), "lab {act:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn lab(&self, act: &[&str]) -> Output {
        Command::new(SWITCHBACK).arg("lab").args(act).arg("--dir").arg(self.dir()).output().unwrap()
    }

    pub(crate) fn report(&self) -> Report {
        // Its exit code says whether the objectives were met.
        serde_json::from_slice(&self.lab(&["report", "--json"]).stdout).unwrap()
    }

    pub(crate) fn status(&self) -> Status {
        serde_json::from_slice(&self.lab(&["status", "--json"]).stdout).unwrap()
    }

    pub(crate) fn estate(&self) -> Estate {
        Estate { file: self.dir().join("switchback.toml"), state: self.folder.path().join("state") }
    }
}

impl Drop for TestLab {
    fn drop(&mut self) {
        if self.dir().exists() {
            self.lab(&["down"]);
        }
    }
}
