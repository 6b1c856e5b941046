//! A console is killed while it appends, hundreds of times: what it was told is on disk stays there.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use domain::ident::Hash;
use domain::log::{Draft, Event};
use switchback::runtime::journal::{Journal, ReadLog};

use crate::support::log::{header, note, paths};
use crate::support::rerun::this_test;

/// Tells this test, started again as a process of its own, to append to the log in that folder until it is killed.
const APPEND_TO: &str = "SWITCHBACK_TEST_APPEND_TO";
const KILLS: usize = 300;
/// Each log is opened and verified again after each kill, so it should not grow long.
const KILLS_PER_LOG: usize = 30;

#[test]
fn no_acknowledged_entry_is_lost_however_often_its_writer_is_killed() {
    if let Some(dir) = std::env::var_os(APPEND_TO) {
        append_until_killed(Path::new(&dir));
    }
    let home = tempfile::tempdir().unwrap();
    let mut told = 0;
    for number in 0..KILLS / KILLS_PER_LOG {
        let journal = Journal::create(&paths(&home), header(&format!("INC-2026-{number:04}"))).unwrap();
        let dir = journal.place().dir().to_path_buf();
        drop(journal);
        let mut acknowledged = Vec::new();
        for kill in 0..KILLS_PER_LOG {
            acknowledged.extend(kill_after(&dir, kill % 7));
            let (log, entries) = ReadLog::open(&dir).unwrap();
            assert_eq!(log.problem(), None);
            for (seq, hash) in &acknowledged {
                assert_eq!(entries.get(seq - 1).map(|entry| entry.hash), Some(*hash), "entry {seq}");
            }
        }
        told += acknowledged.len();
    }
    assert!(told >= KILLS, "{told}");
}

/// Starts an appending process and kills it once it was told of `acknowledgements` entries, wherever it is by then;
/// gives all it was told of.
fn kill_after(dir: &Path, acknowledgements: usize) -> Vec<(usize, Hash)> {
    let [test, words @ ..] =
        this_test(module_path!(), "no_acknowledged_entry_is_lost_however_often_its_writer_is_killed");
    let mut console = Command::new(test).args(words).env(APPEND_TO, dir).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(console.stdout.take().unwrap()).lines().map_while(Result::ok).filter_map(|line| {
        let (_, told) = line.split_once("acknowledged ")?;
        let (seq, hash) = told.split_once(' ')?;
        Some((seq.parse().ok()?, Hash::parse(hash)?))
    });
    let mut acknowledged: Vec<_> = lines.by_ref().take(acknowledgements).collect();
    console.kill().unwrap();
    acknowledged.extend(lines);
    console.wait().unwrap();
    acknowledged
}

fn append_until_killed(dir: &Path) -> ! {
    let (journal, entries, opened) = Journal::open(dir).unwrap();
    let mut head = entries.last().map(|entry| entry.hash);
    let mut append = |draft: Draft| {
        let entry = journal.append_blocking(head, vec![draft]).unwrap().remove(0);
        head = Some(entry.hash);
        println!("acknowledged {} {}", entry.seq, entry.hash);
    };
    if let Some(repaired) = opened.repaired {
        let event = Event::LogRepaired { cut_bytes: repaired.cut_bytes, kept_as: repaired.kept_as };
        append(Draft { event, ..note("") });
    }
    loop {
        append(note(&"a line of some length. ".repeat(120)));
    }
}
