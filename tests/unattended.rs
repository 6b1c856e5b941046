//! Runs without a screen: what is shown before, where one begins, what one answers to its caller.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::estate::Estate;

mod dry;
mod refusals;
mod resume;

/// An estate without checks, the steps of its runbook `walk`, and a folder in which they leave traces.
struct Stage {
    folder: TempDir,
    estate: Estate,
}

impl Stage {
    /// `HERE` in the steps is the folder.
    fn new(steps: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let steps = steps.replace("HERE", &folder.path().display().to_string());
        let runbook = format!("---\nrunbook: 1\ntype: failover\n---\n\n# Walk a region over\n\n## Do\n\n{steps}");
        let estate = Estate::bare(folder.path(), folder.path().join("state"), &runbook);
        Self { folder, estate }
    }

    fn trace(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.path().join(name)).ok()
    }

    fn leaves(&self, name: &str) {
        fs::write(self.folder.path().join(name), "").unwrap();
    }

    fn run(&self, also: &[&str]) -> Output {
        let act: Vec<&str> = ["run", "walk"].iter().chain(also).copied().collect();
        self.estate.tried("cron", &act)
    }
}

/// A step that runs one line of shell.
fn step(id: &str, line: &str) -> String {
    format!("- [ ] **Do {id}** <!-- id: {id} -->\n\n  ```bash run\n  {line}\n  ```\n\n")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}

/// Every file below the folder, with its length.
fn files(folder: &PathBuf) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path, entry.metadata().unwrap().len()));
        }
    }
    found.sort();
    found
}
