//! Processes of a lab, known by pid and start time, so that a stranger that got an old pid is never ended.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde::{Deserialize, Serialize};

use super::LabError;

/// One process that the lab started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Process {
    pub(super) name: String,
    pub(super) pid: i32,
    /// Clock ticks after boot, from `/proc/PID/stat`.
    pub(super) started: u64,
}

impl Process {
    /// Of a process that runs now.
    pub(super) fn of(name: &str, pid: i32) -> Option<Self> {
        Some(Self { name: name.to_owned(), pid, started: started(pid)? })
    }

    pub(super) fn alive(&self) -> bool {
        started(self.pid) == Some(self.started) && !zombie(self.pid)
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(self.pid).filter(|pid| self.alive() && test_kill_process(*pid).is_ok()) {
            // It may end by itself between the look and the signal.
            let _ = kill_process(pid, signal);
        }
    }

    /// SIGKILL, and waits until it is gone.
    pub(super) fn kill(&self) {
        self.signal(Signal::KILL);
        self.gone_within(Duration::from_secs(10));
    }

    /// SIGTERM, then SIGKILL after 5 s.
    pub(super) fn stop(&self) {
        self.signal(Signal::TERM);
        if !self.gone_within(Duration::from_secs(5)) {
            self.kill();
        }
    }

    fn gone_within(&self, limit: Duration) -> bool {
        let end = crate::runtime::clock::boottime() + limit;
        while self.alive() {
            if crate::runtime::clock::boottime() > end {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }
}

fn stat(pid: i32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, parentheses too: what follows the last one counts.
    stat.rsplit_once(')').map(|(_, rest)| rest.trim().to_owned())
}

fn started(pid: i32) -> Option<u64> {
    stat(pid)?.split_whitespace().nth(19)?.parse().ok()
}

fn zombie(pid: i32) -> bool {
    stat(pid).is_some_and(|stat| stat.starts_with('Z'))
}

/// The processes of a lab, in `processes/NAME.json`.
#[derive(Debug)]
pub(super) struct Processes(PathBuf);

impl Processes {
    pub(super) fn in_lab(dir: &Path) -> Self {
        Self(dir.join("processes"))
    }

    pub(super) fn remember(&self, process: &Process) -> Result<(), LabError> {
        let path = self.0.join(format!("{}.json", process.name));
        let text = serde_json::to_string(process).map_err(|error| LabError::Other(error.to_string()))?;
        std::fs::write(&path, text).map_err(LabError::io(path))
    }

    pub(super) fn find(&self, name: &str) -> Option<Process> {
        let text = std::fs::read_to_string(self.0.join(format!("{name}.json"))).ok()?;
        serde_json::from_str(&text).ok()
    }

    pub(super) fn all(&self) -> Vec<Process> {
        let Ok(files) = std::fs::read_dir(&self.0) else { return Vec::new() };
        let mut found: Vec<Process> = files
            .flatten()
            .filter_map(|file| serde_json::from_str(&std::fs::read_to_string(file.path()).ok()?).ok())
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }
}
