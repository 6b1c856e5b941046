//! A disk that is full while an incident is open: nothing executes without its record, the screen says so, and once
//! there is room it goes on.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use domain::log::Event;

use crate::support::console::Console;
use crate::support::estate::Estate;
use crate::support::rerun::this_test;
use crate::support::small_disk::small_disk;

/// Tells this test, started again, that a small disk is mounted here.
const DISK: &str = "SWITCHBACK_TEST_SMALL_DISK";
const BANNER: &str = "▲ THE LOG CANNOT BE WRITTEN";

#[test]
fn a_step_does_not_execute_while_its_record_finds_no_room() {
    if let Some(disk) = std::env::var_os(DISK) {
        return on_a_small_disk(Path::new(&disk));
    }
    let disk = tempfile::tempdir().unwrap();
    let test = this_test(module_path!(), "a_step_does_not_execute_while_its_record_finds_no_room");
    let mut mounted =
        small_disk(disk.path(), "3m").expect("this test mounts a small disk: run it as root, or allow user namespaces");
    let ran = mounted.args(test).env(DISK, disk.path()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
}

fn on_a_small_disk(disk: &Path) {
    let elsewhere = tempfile::tempdir().unwrap();
    let ran = elsewhere.path().join("ran");
    let runbook = format!(
        "---\nrunbook: 1\ntype: failover\n---\n\n# Walk a region over\n\n## Do\n\n- [ ] **Leave a mark** <!-- id: mark \
         -->\n\n  ```bash run\n  echo ran >>{}\n  ```\n",
        ran.display()
    );
    let estate = Estate::bare(elsewhere.path(), disk.join("state"), &runbook);
    let mut ana = Console::open(&estate, "ana");
    ana.shows(&["i declare", "Walk a region over"]);
    ana.declares();
    ana.at("Leave a mark");

    let filler = disk.join("filler");
    fill(&filler, &estate);
    ana.starts();
    ana.shows(&[BANNER, "was not started"]);
    ana.press_until("\x1b", "the refusal is read", |screen| !screen.contains("was not started"));
    ana.press_for("x", "nothing executes while the log cannot be written");
    assert!(!ran.exists(), "it ran without a record");
    assert!(!estate.entries().iter().any(|entry| matches!(entry.event, Event::StepIntended { .. })));

    fs::remove_file(filler).unwrap();
    ana.waits("the banner is gone", |screen| !screen.contains(BANNER));
    ana.shows(&["the log could not be written at"]);
    ana.confirms("Leave a mark");
    assert_eq!(fs::read_to_string(ran).unwrap(), "ran\n");
    assert!(estate.login("mara", &["verify", "last"]).contains("is whole"));
    ana.quits_the_open_incident();
}

/// Takes all room that is left: what is free, what the log had in reserve, and the rest of the log's own last page.
fn fill(filler: &Path, estate: &Estate) {
    for length in [3000, 1000, 300, 30, 1] {
        loop {
            let mut file = File::options().create(true).append(true).open(filler).unwrap();
            while file.write_all(&[0; 4096]).is_ok() {}
            let held_reserve = reserve(estate).exists();
            if !estate.tried("raj", &["note", &"n".repeat(length)]).status.success() && !held_reserve {
                break;
            }
        }
    }
}

fn reserve(estate: &Estate) -> PathBuf {
    estate.incidents()[0].join("reserve")
}
