//! `backup-verification`: a backup is good when it was restored.

use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::platform::Platform;

#[test]
fn a_backup_is_restored_counted_asked_and_written_down() {
    let platform = Platform::new();
    assert!(platform.backup()["restore_tested"].is_null(), "nobody restored it yet");
    platform.run("backup-verification", &[]).completed();

    let ledger = platform.ledger();
    let [line] = ledger.as_slice() else { panic!("{ledger:?}") };
    assert_eq!((&line["backup"], &line["passed"], &line["by"]), (&"orders-db".into(), &true.into(), &"mara".into()));
    assert_eq!(line["detail"], "1 tables, 10000 rows");
    let backup = platform.backup();
    assert_eq!(backup["restore_test"]["at"], line["at"], "the panel says so: {backup}");
    assert!(backup["restore_tested"].is_string(), "{backup}");

    assert!(!platform.scratch().exists(), "the scratch cluster is gone");
    assert_eq!(platform.server.sql("SELECT count(*) FROM orders"), "10000", "the original was not touched");
    assert!(platform.ssh.hosts().iter().all(|host| host == "scratch.example"), "{:?}", platform.ssh.hosts());
}

#[test]
fn a_backup_that_is_damaged_fails_and_is_written_down_as_failed() {
    let platform = Platform::new();
    let mut file = std::fs::OpenOptions::new().write(true).open(largest(&platform)).unwrap();
    file.seek(SeekFrom::Start(2000)).unwrap();
    file.write_all(&[0xAB; 64]).unwrap();
    drop(file);

    let ended = platform.run("backup-verification", &[]);
    assert_eq!((ended.code, ended.state("restore")), (1, "failed"), "{}", ended.said);
    assert_eq!(ended.state("record"), "pending", "{}", ended.said);
    let ledger = platform.ledger();
    let [line] = ledger.as_slice() else { panic!("{ledger:?}") };
    assert_eq!(line["passed"], false, "{line}");
    assert!(line["detail"].as_str().unwrap().starts_with("it could not be restored: INC-"), "{line}");
    assert!(platform.backup()["restore_tested"].is_null(), "a failed test is no test that passed");
}

#[test]
fn data_that_came_back_old_fails_the_smoke_test() {
    let platform = Platform::new();
    let stale = "SMOKE=SELECT min(id) > 1 FROM orders";
    let ended = platform.run("backup-verification", &["--set", stale]);
    assert_eq!((ended.code, ended.state("smoke")), (1, "failed"), "{}", ended.said);
    let ledger = platform.ledger();
    assert!(ledger[0]["detail"].as_str().unwrap().starts_with("smoke test says f: INC-"), "{ledger:?}");

    assert!(platform.scratch().join("data/postmaster.pid").exists(), "it stays for a look");
    platform.undo("backup-verification", "restore", &[]);
    assert!(!platform.scratch().exists());
}

/// The largest file of the first repository's backup: a table's.
fn largest(platform: &Platform) -> PathBuf {
    let pattern = platform.repository(1).join("backup/orders/*F/pg_data/base/**/*.gz").display().to_string();
    let files = glob::glob(&pattern).unwrap().filter_map(Result::ok);
    files.max_by_key(|file| std::fs::metadata(file).unwrap().len()).unwrap()
}
