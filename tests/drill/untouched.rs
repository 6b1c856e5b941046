//! An exercise has no process and no network, and leaves every file of the estate as it is.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::played::{played, staged};
use crate::support::console::Console;

/// Of every file but those of the state: which it is, how long, and when it was changed.
fn files(dir: &Path) -> BTreeMap<PathBuf, (u64, u64, i64, i64)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let (path, meta) = (entry.path(), entry.metadata().unwrap());
            if path == dir.join("state") || path == dir.join("trace") {
                continue;
            }
            if meta.is_dir() {
                folders.push(path.clone());
            }
            found.insert(path, (meta.ino(), meta.len(), meta.mtime(), meta.mtime_nsec()));
        }
    }
    found
}

#[test]
fn an_exercise_connects_nowhere_starts_nothing_and_changes_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let (estate, scenario) = staged(dir.path());
    let before = files(dir.path());
    let trace = dir.path().join("trace");
    let strace = ["strace", "-f", "-qq", "-e", "trace=execve,connect,openat,open", "-o"].map(OsString::from);
    let program = estate.command(&["drill", &scenario, "--speed", "10"], "mara");
    let argv: Vec<OsString> = strace.into_iter().chain([trace.clone().into()]).chain(program).collect();
    let mut console = Console::of(&argv);
    played(&mut console);
    console.press_until("\u{1b}", "the score is closed", |screen| !screen.contains("points of 100"));
    console.press("q");
    console.left();
    let calls = std::fs::read_to_string(&trace).unwrap();
    let of = |call: &str| calls.lines().filter(|line| line.contains(&format!(" {call}("))).collect::<Vec<_>>();
    assert_eq!(of("execve").len(), 1, "the program itself and nothing else: {:?}", of("execve"));
    assert_eq!(of("connect"), Vec::<&str>::new());
    assert!(!of("openat").is_empty(), "it was traced");
    let state = dir.path().join("state").display().to_string();
    let here = dir.path().display().to_string();
    let written = of("openat").into_iter().filter(|line| line.contains(&here) && !line.contains(&state));
    let written: Vec<_> = written.filter(|line| !line.contains("O_RDONLY")).collect();
    assert_eq!(written, Vec::<&str>::new(), "files of the estate are only read");
    assert_eq!(files(dir.path()), before);
}
