//! A real file system that is full: a small one in memory where this user may mount one, else a limit on file size.

use std::path::Path;
use std::process::Command;

use switchback::runtime::journal::{AppendError, Journal, ReadLog};
use switchback::runtime::paths::Paths;

use crate::support::log::{header, note};
use crate::support::rerun::this_test;
use crate::support::small_disk::small_disk;

/// Tells this test, started again with little room, to fill it.
const FILL: &str = "SWITCHBACK_TEST_FILL";

#[test]
fn a_log_that_fills_its_file_system_stays_whole_and_says_so() {
    if let Some(dir) = std::env::var_os(FILL) {
        return fill(Path::new(&dir));
    }
    let home = tempfile::tempdir().unwrap();
    let test = this_test(module_path!(), "a_log_that_fills_its_file_system_stays_whole_and_says_so");
    let mut confined = small_disk(home.path(), "1280k").unwrap_or_else(|| {
        // What the shell ignores, what it starts ignores too: a write past the limit fails and does not kill.
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$@\"", "sh"]);
        limited
    });
    let filled = confined.args(test).env(FILL, home.path()).output().unwrap();
    let said = String::from_utf8_lossy(&filled.stdout).into_owned() + &String::from_utf8_lossy(&filled.stderr);
    assert!(filled.status.success() && said.contains("1 passed"), "{said}");
}

fn fill(dir: &Path) {
    let paths = Paths { state: dir.join("state"), config: dir.join("config") };
    let journal = Journal::create(&paths, header("INC-2026-0001")).unwrap();
    let has_reserve = journal.place().reserve().exists();
    let mut acknowledged = Vec::new();
    let mut append = |text: &str| {
        let head = acknowledged.last().map(|entry: &domain::log::Entry| entry.hash);
        acknowledged.extend(journal.append_blocking(head, vec![note(text)])?);
        Ok(acknowledged.len())
    };
    let full = loop {
        if let Err(error) = append(&"a line of some length. ".repeat(150)) {
            break error;
        }
    };
    assert!(matches!(full, AppendError::Full { reserve_released } if reserve_released == has_reserve), "{full}");
    if has_reserve {
        append("the disk is full").unwrap();
    }
    let (log, entries) = ReadLog::open(journal.place().dir()).unwrap();
    assert_eq!((log.problem(), log.unfinished()), (None, None));
    assert!(entries.len() > 10);
    assert_eq!(entries, acknowledged);
}
