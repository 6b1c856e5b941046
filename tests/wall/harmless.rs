//! Whatever is typed at it, it starts nothing, connects to nothing and writes nothing but its picture.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{declare, estate, wall, words};
use crate::support::pty::Pty;

/// Every file below a folder: when it was changed last, and what is in it.
fn contents(folder: &Path) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, changed) = (entry.path(), entry.metadata().unwrap().modified().unwrap());
        if path.is_dir() {
            all.extend(contents(&path));
            all.insert(path, (changed, Vec::new()));
        } else {
            all.insert(path.clone(), (changed, std::fs::read(&path).unwrap()));
        }
    }
    all
}

/// Everything a keyboard and a mouse can send, but for what leaves.
fn everything() -> String {
    let mut keys: String = (0..=0x7f_u8).filter(|byte| *byte != b'q' && *byte != 3).map(char::from).collect();
    for function in
        ["OP", "OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~", "[24~", "[2~", "[3~"]
    {
        keys.push_str(&format!("\u{1b}{function}"));
    }
    keys.push_str("\u{1b}[5~\u{1b}[6~\u{1b}[H\u{1b}[F\u{1b}[Z\u{1b}[1;5A\u{1b}[1;3B\u{1b}i\u{1b}x");
    // Clicks, the wheel, a drag; the focus lost and won; pasted text.
    keys.push_str("\u{1b}[<0;10;10M\u{1b}[<0;10;10m\u{1b}[<64;5;5M\u{1b}[<35;7;7M\u{1b}[O\u{1b}[I");
    keys.push_str("\u{1b}[200~i\rxy!rm -rf /\r:quit\r\u{1b}[201~");
    keys
}

#[test]
fn under_strace_it_starts_connects_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    declare(&estate, "The bell is silent");
    let trace = dir.path().join("trace");
    let mut argv: Vec<OsString> = ["strace", "-f", "-yy", "-s", "0", "-o"].map(OsString::from).to_vec();
    argv.push(trace.clone().into());
    argv.push("--".into());
    argv.extend(words(&estate, &[]));
    let mut wall = Pty::run(&argv, &[]);
    wall.shows("Ring the bell");
    wall.types(&everything());
    // A page that was turned to by a key that came after all of them.
    wall.types("\u{1b}[C");
    declare(&estate, "It is silent again");
    wall.shows("It is silent again");
    wall.types("q");
    wall.ends();
    let trace = std::fs::read_to_string(trace).unwrap();
    let calls: Vec<&str> =
        trace.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim_start()).collect();
    assert!(calls.iter().any(|call| call.starts_with("seccomp(") && call.ends_with("= 0")), "it is held back");
    let started: Vec<_> = calls.iter().filter(|call| call.starts_with("execve")).collect();
    assert_eq!(started.len(), 1, "{started:?}");
    let held = calls.iter().rposition(|call| call.starts_with("seccomp(")).unwrap();
    assert!(calls[..held].iter().all(|call| !call.starts_with("clone")), "no thread is older");
    for call in &calls {
        let processes = ["fork(", "vfork("];
        assert!(!processes.iter().any(|name| call.starts_with(name)), "{call}");
        assert!(!call.starts_with("clone(") || call.contains("CLONE_THREAD"), "{call}");
        for name in
            ["socket(", "connect(", "bind(", "listen(", "accept", "flock(", "rename", "unlink", "mkdir", "chmod"]
        {
            assert!(!call.starts_with(name), "{call}");
        }
        if call.starts_with("open") {
            let writing = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| call.contains(flag));
            assert!(!writing, "{call}");
        }
        let writes = ["write(", "writev(", "pwrite64(", "sendto(", "sendmsg("];
        if writes.iter().any(|name| call.starts_with(name)) {
            let own = ["</dev/pts/", "<pipe:", "<anon_inode:", "<UNIX", "</dev/tty"];
            assert!(own.iter().any(|place| call.contains(place)), "{call}");
        }
    }
}

#[test]
fn a_wall_that_looks_changes_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    declare(&estate, "The bell is silent");
    let before = contents(dir.path());
    let mut wall = wall(&estate, &[]);
    wall.shows("Ring the bell");
    wall.types(&everything());
    wall.types(" ");
    wall.types("q");
    wall.ends();
    assert_eq!(contents(dir.path()), before);
}

#[test]
fn it_writes_no_log_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    let mut wall = wall(&estate, &["--log-filter", "debug"]);
    wall.says("the wall writes no file");
    wall.ends();
    assert!(!estate.state.exists());
}
