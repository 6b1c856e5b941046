//! The quick start is what it says: its blocks are run in their order, in a home that nothing was done in, and answer what the
//! page shows.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::attempts::SWITCHBACK;

/// A fenced block: its info string and its text.
struct Fence {
    info: String,
    text: String,
}

fn fences(page: &str) -> Vec<Fence> {
    let mut found: Vec<Fence> = Vec::new();
    let mut open: Option<(String, Fence)> = None;
    for line in page.lines() {
        match &mut open {
            Some((ticks, _)) if line == ticks.as_str() => found.extend(open.take().map(|(_, fence)| fence)),
            Some((_, fence)) => fence.text.push_str(&format!("{line}\n")),
            None if line.starts_with("```") => {
                let info = line.trim_start_matches('`').to_owned();
                let ticks = "`".repeat(line.len() - info.len());
                open = Some((ticks, Fence { info, text: String::new() }));
            }
            None => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

/// The home of a newcomer, and the folder they are in.
struct Newcomer {
    home: tempfile::TempDir,
    folder: PathBuf,
}

impl Newcomer {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().to_owned();
        Self { home, folder }
    }

    /// Runs a block as a shell would; what it printed, and its exit code.
    fn types(&mut self, block: &str) -> (String, i32) {
        let left = self.home.path().join(".left");
        let script = format!("exec 2>&1\nset -euo pipefail\ntrap 'pwd > {}' EXIT\n{block}", left.display());
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", Path::new(SWITCHBACK).parent().unwrap().display());
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(&self.folder)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", path)
            .env("PGSYSCONFDIR", self.home.path())
            .output()
            .unwrap();
        self.folder = PathBuf::from(std::fs::read_to_string(left).unwrap().trim());
        (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
    }
}

/// The lines of `shown` stand in `printed` in their order; `…` is anything.
fn answers(printed: &str, shown: &str) -> Result<(), String> {
    let mut lines = printed.lines();
    for wanted in shown.lines().filter(|line| !line.trim().is_empty()) {
        let parts: Vec<&str> = wanted.trim().split('…').collect();
        if !lines.any(|line| matches(line.trim(), &parts)) {
            return Err(wanted.to_owned());
        }
    }
    Ok(())
}

fn matches(line: &str, parts: &[&str]) -> bool {
    let [first, middle @ .., last] = parts else { return parts.iter().all(|part| line == *part) };
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    for part in middle {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[test]
fn the_quick_start_can_be_typed_as_it_stands() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/quick-start.md");
    let fences = fences(&std::fs::read_to_string(page).unwrap());
    let mut newcomer = Newcomer::new();
    let (mut printed, mut typed, mut shown) = (String::new(), 0, 0);
    for fence in &fences {
        match fence.info.as_str() {
            "sh" => {
                let code =
                    fence.text.trim_end().rsplit_once("# exit code ").map_or(0, |(_, code)| code.parse().unwrap());
                let (output, came) = newcomer.types(&fence.text);
                assert_eq!(came, code, "{}\n{output}", fence.text);
                printed = output;
                typed += 1;
            }
            "text" => {
                if let Err(line) = answers(&printed, &fence.text) {
                    panic!("`{line}` is not, or not in its place, in\n{printed}");
                }
                shown += 1;
            }
            other => panic!("nobody runs or compares a block of `{other}`"),
        }
    }
    assert!(typed >= 8 && shown >= 8, "{typed} blocks, {shown} answers");
    assert!(newcomer.home.path().join("first/first.html").exists());
}

#[test]
fn an_answer_is_compared_in_its_order_and_around_what_may_differ() {
    let printed = "a: 5 s\n\nb\nc, 41 points\n";
    assert_eq!(answers(printed, "a: …\nc, … points\n"), Ok(()));
    assert_eq!(answers(printed, "b\na: …\n"), Err("a: …".to_owned()));
    assert_eq!(answers(printed, "c, … point\n"), Err("c, … point".to_owned()));
}
