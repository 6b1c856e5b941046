//! The disk refuses: it is full, or it does not confirm what it was given.

use std::path::Path;
use std::sync::Arc;

use switchback::runtime::clock;
use switchback::runtime::journal::{AppendError, Journal, Place, ReadLog, Writer};

use crate::support::log::{header, note, paths, texts};
use crate::support::sim_disk::SimDisk;

const DIR: &str = "/state/incidents/one";

fn created(disk: &SimDisk) -> Writer {
    Writer::create(Arc::new(disk.clone()), Place::new(DIR), &header("INC-2026-0001")).unwrap()
}

#[test]
fn a_failed_sync_ends_the_writer_and_warns_the_next_console() {
    for batch in 0..2 {
        let disk = SimDisk::default();
        let mut writer = created(&disk);
        let first = writer.append(None, &[note("a")]).unwrap();
        disk.fail_sync(batch);
        let refused = writer.append(Some(first[0].hash), &[note("b"), note("c")]);
        assert!(matches!(refused, Err(AppendError::Poisoned { .. })));
        // The next sync would succeed, and mean nothing.
        let refused = writer.append(Some(first[0].hash), &[note("d")]);
        assert!(matches!(refused, Err(AppendError::Poisoned { .. })));
        let (mut next, entries, opened) = Writer::open(Arc::new(disk), &Place::new(DIR)).unwrap();
        assert_eq!(entries, first);
        assert!(opened.read_only_reason.unwrap().contains("did not confirm"));
        assert!(matches!(next.append(Some(first[0].hash), &[note("d")]), Err(AppendError::Poisoned { .. })));
    }
}

#[test]
fn a_console_beside_one_whose_sync_failed_stops_too() {
    let disk = SimDisk::default();
    let mut failing = created(&disk);
    let first = failing.append(None, &[note("a")]).unwrap();
    let (mut beside, _, _) = Writer::open(Arc::new(disk.clone()), &Place::new(DIR)).unwrap();
    disk.fail_sync(0);
    failing.append(Some(first[0].hash), &[note("b")]).unwrap_err();
    assert!(matches!(beside.append(Some(first[0].hash), &[note("c")]), Err(AppendError::Poisoned { .. })));
}

#[test]
fn after_another_boot_the_mark_of_a_failed_sync_is_taken_away() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    let entries = journal.append_blocking(None, vec![note("a"), note("b")]).unwrap();
    let text = std::fs::read_to_string(journal.place().log()).unwrap();
    let end: usize = text.split_inclusive('\n').take(2).map(str::len).sum();
    let mark = |boot: &str| {
        serde_json::json!({"at": "2026-11-20T02:00:00Z", "boot": boot, "seq": 1, "head": entries[0].hash,
            "end": end, "why": "input/output error"})
    };
    let path = journal.place().dir().join("poisoned.json");
    std::fs::write(&path, mark(&clock::boot_id()).to_string()).unwrap();
    let (_, believed, opened) = Journal::open(journal.place().dir()).unwrap();
    assert_eq!((texts(&believed), opened.read_only_reason.is_some()), (vec!["a".to_owned()], true));
    assert_eq!(texts(&ReadLog::open(journal.place().dir()).unwrap().1), ["a"]);
    std::fs::write(&path, mark("another").to_string()).unwrap();
    let (_, believed, opened) = Journal::open(journal.place().dir()).unwrap();
    assert_eq!((texts(&believed).len(), opened.read_only_reason), (2, None));
    assert!(!path.exists());
}

#[test]
fn a_full_disk_leaves_the_log_whole_and_room_to_record_it() {
    let disk = SimDisk::default();
    let mut writer = created(&disk);
    let first = writer.append(None, &[note("a")]).unwrap();
    let before = disk.contents(&Path::new(DIR).join("log.jsonl")).unwrap();
    disk.set_room(700);
    let refused = writer.append(Some(first[0].hash), &[note("b"), note(&"c".repeat(600))]);
    assert!(matches!(refused, Err(AppendError::Full { reserve_released: true })));
    assert_eq!(disk.contents(&Path::new(DIR).join("log.jsonl")).unwrap(), before);
    let told = writer.append(Some(first[0].hash), &[note("the disk is full")]).unwrap();
    disk.set_room(0);
    let refused = writer.append(Some(told[0].hash), &[note("d")]);
    assert!(matches!(refused, Err(AppendError::Full { reserve_released: false })));
    disk.set_room(10_000);
    writer.append(Some(told[0].hash), &[note("e")]).unwrap();
    let (_, entries, opened) = Writer::open(Arc::new(disk), &Place::new(DIR)).unwrap();
    assert_eq!((texts(&entries), opened.repaired), (["a", "the disk is full", "e"].map(String::from).to_vec(), None));
}

#[test]
fn a_short_write_that_cannot_be_taken_back_is_mended_by_the_next_holder_of_the_lock() {
    let disk = SimDisk::default();
    let mut writer = created(&disk);
    let first = writer.append(None, &[note("a")]).unwrap();
    disk.set_room(50);
    disk.fail_truncate();
    writer.append(Some(first[0].hash), &[note("b")]).unwrap_err();
    let left = disk.after_power_cut().pop().unwrap();
    let (_, entries, opened) = Writer::open(Arc::new(left), &Place::new(DIR)).unwrap();
    assert_eq!((texts(&entries), opened.read_only_reason), (vec!["a".to_owned()], None));
}
