//! `backup-full`: each of its tasks, and what the panel says afterwards.

use std::io::{Seek, SeekFrom, Write};

use super::platform::Platform;

#[test]
fn every_task_does_what_it_says_and_the_panel_shows_it() {
    let platform = Platform::new();
    let first = platform.backup();
    assert_eq!((&first["kept"], &first["checksum"]), (&1.into(), &"unknown".into()), "{first}");

    let run = |task: &str, more: &[&str]| {
        let task = format!("TASK={task}");
        platform.run("backup-full", &[&["--set", &task], more].concat())
    };
    let full = run("full", &["--set", "REPO=2"]);
    full.completed();
    assert_eq!((full.state("full"), full.state("incremental")), ("succeeded", "not_applicable"));
    let copies = platform.backup();
    assert_eq!(copies["kept"], 2, "{copies}");
    assert_eq!(copies["destinations"][1]["status"], "ok", "the second repository has one, too: {copies}");

    run("incremental", &[]).completed();
    let newer = platform.backup();
    assert_eq!((&newer["detail"], &newer["kept"]), (&"incr".into(), &3.into()), "{newer}");

    run("verify", &[]).completed();
    assert_eq!(platform.backup()["checksum"], "verified");

    // A segment of the stored log is damaged: what is stored no longer fits its checksum.
    let pattern = platform.repository(1).join("backup/orders/*F/pg_data/base/**/*.gz").display().to_string();
    let stored = glob::glob(&pattern).unwrap().filter_map(Result::ok).max_by_key(|file| file.metadata().unwrap().len());
    let mut file = std::fs::OpenOptions::new().write(true).open(stored.unwrap()).unwrap();
    file.seek(SeekFrom::Start(2000)).unwrap();
    file.write_all(&[0xAB; 64]).unwrap();
    drop(file);
    let damaged = run("verify", &[]);
    assert_eq!((damaged.code, damaged.state("verify")), (1, "failed"), "{}", damaged.said);
    assert_eq!(platform.backup()["checksum"], "failed");

    run("full", &[]).completed();
    run("full", &[]).completed();
    run("expire", &[]).completed();
    let expired = platform.backup();
    assert_eq!(expired["kept"], 3, "two full ones in the first repository, one in the second: {expired}");
    run("info", &[]).completed();
}
