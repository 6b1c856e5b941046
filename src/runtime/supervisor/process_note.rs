//! Which process a shell block became: when its supervisor is gone, people ask whether it still runs.

use std::path::Path;

use rustix::process::Pid;
use serde::{Deserialize, Serialize};

use super::tree::start_time;

const PROCESS: &str = "process.json";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Process {
    pub(crate) pid: i32,
    /// In clock ticks since boot.
    started: u64,
}

impl Process {
    pub(crate) fn of(pid: Pid) -> Self {
        Self { pid: pid.as_raw_nonzero().get(), started: start_time(pid).unwrap_or_default() }
    }

    /// Left beside the claim. Nothing but a sentence for people depends on it, so it is neither synced nor required.
    pub(crate) fn note(&self, folder: &Path) {
        if let Ok(text) = serde_json::to_vec(self) {
            let _ = std::fs::write(folder.join(PROCESS), text);
        }
    }

    pub(crate) fn noted(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.join(PROCESS)).ok()?).ok()
    }

    pub(crate) fn lives(&self) -> bool {
        Pid::from_raw(self.pid).and_then(start_time) == Some(self.started)
    }
}
