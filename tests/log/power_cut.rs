//! The power is cut before every single operation on the disk, and every state that may leave is opened again.

use std::path::Path;
use std::sync::Arc;

use domain::log::Entry;
use switchback::runtime::journal::{OpenError, Place, Writer};

use crate::support::log::{header, note, texts};
use crate::support::sim_disk::SimDisk;

const DIR: &str = "/state/incidents/one";

/// One console's work, until it is over or the power is; what it was told is on disk.
fn work(disk: &SimDisk, acknowledged: &mut Vec<Entry>, created: &mut bool) {
    let Ok(mut writer) = Writer::create(Arc::new(disk.clone()), Place::new(DIR), &header("INC-2026-0001")) else {
        return;
    };
    *created = true;
    for drafts in [vec![note("a")], vec![note("b"), note("c")], vec![note("d")]] {
        match writer.append(acknowledged.last().map(|entry| entry.hash), &drafts) {
            Ok(entries) => acknowledged.extend(entries),
            Err(_) => return,
        }
    }
}

#[test]
fn whatever_a_power_cut_leaves_every_acknowledged_entry_is_there_and_the_log_goes_on() {
    let mut restarts = 0;
    for at in 0.. {
        let disk = SimDisk::default();
        disk.cut_at(at);
        let (mut acknowledged, mut created) = (Vec::new(), false);
        work(&disk, &mut acknowledged, &mut created);
        for left in disk.after_power_cut() {
            restarts += 1;
            let left = Arc::new(left);
            let (mut writer, entries, opened) = match Writer::open(left.clone(), &Place::new(DIR)) {
                Ok(opened) => opened,
                Err(OpenError::Io { .. } | OpenError::Unfinished { .. }) if !created => continue,
                Err(other) => panic!("cut before operation {at}: {other}"),
            };
            assert_eq!(opened.read_only_reason, None, "cut before operation {at}");
            assert_eq!(entries[..acknowledged.len()], acknowledged, "cut before operation {at}");
            assert_eq!(texts(&entries), ["a", "b", "c", "d"][..entries.len()], "cut before operation {at}");
            let more = writer.append(entries.last().map(|entry| entry.hash), &[note("on")]).unwrap();
            assert_eq!(more[0].seq, entries.len() as u64 + 1);
            let (_, again, opened) = Writer::open(left, &Place::new(DIR)).unwrap();
            assert_eq!((again.len(), opened.repaired), (entries.len() + 1, None));
        }
        if !disk.is_off() {
            break;
        }
    }
    assert!(restarts > 1000, "{restarts}");
}

#[test]
fn a_power_cut_while_a_torn_end_is_mended_loses_neither_entries_nor_the_torn_bytes() {
    let log = Path::new(DIR).join("log.jsonl");
    let before = SimDisk::default();
    let (mut acknowledged, mut created) = (Vec::new(), false);
    work(&before, &mut acknowledged, &mut created);
    let mut bytes = before.contents(&log).unwrap();
    let whole = bytes.len();
    bytes.extend(b"{\"seq\":5,\"occurred");
    for at in 0.. {
        let disk = SimDisk::default();
        disk.place(&log, &bytes);
        disk.cut_at(at);
        let opened = Writer::open(Arc::new(disk.clone()), &Place::new(DIR));
        for left in disk.after_power_cut() {
            let torn = &bytes[whole..];
            let kept = left.names().iter().any(|name| left.contents(name).unwrap() == torn);
            let still_there = left.contents(&log).unwrap() == bytes;
            assert!(kept || still_there, "cut before operation {at}");
            let (_, entries, found) = Writer::open(Arc::new(left), &Place::new(DIR)).unwrap();
            assert_eq!((entries, found.read_only_reason), (acknowledged.clone(), None));
        }
        if !disk.is_off() {
            assert!(opened.unwrap().2.repaired.is_some());
            break;
        }
    }
}
