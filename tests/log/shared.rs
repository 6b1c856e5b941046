//! Several consoles of one machine append to one log.

use std::os::unix::fs::PermissionsExt;

use switchback::runtime::journal::{AppendError, Journal, Presence, ReadLog, Recorder, consoles};

use crate::support::log::{header, note, paths, texts};

#[test]
fn consoles_that_race_share_one_chain_without_a_gap() {
    const CONSOLES: usize = 4;
    const NOTES: usize = 25;
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    let dir = journal.place().dir().to_path_buf();
    std::thread::scope(|scope| {
        for console in 0..CONSOLES {
            let dir = &dir;
            scope.spawn(move || {
                let (journal, _, _) = Journal::open(dir).unwrap();
                let mut head = None;
                for number in 0..NOTES {
                    let mut waiting = vec![note(&format!("{console} {number}"))];
                    while let Some(draft) = waiting.pop() {
                        match journal.append_blocking(head, vec![draft.clone()]) {
                            Ok(entries) => head = Some(entries[0].hash),
                            Err(AppendError::Conflict { newer }) => {
                                head = Some(newer.last().unwrap().hash);
                                waiting.push(draft);
                            }
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
            });
        }
    });
    let (log, entries) = ReadLog::open(&dir).unwrap();
    assert_eq!((log.problem(), log.unfinished()), (None, None));
    let mut found = texts(&entries);
    found.sort();
    let mut told: Vec<_> =
        (0..CONSOLES).flat_map(|console| (0..NOTES).map(move |number| format!("{console} {number}"))).collect();
    told.sort();
    assert_eq!(found, told);
}

#[test]
fn a_console_that_is_behind_is_told_what_it_missed_and_nothing_of_it_is_written() {
    let home = tempfile::tempdir().unwrap();
    let first = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    let (second, _, _) = Journal::open(first.place().dir()).unwrap();
    let a = first.append_blocking(None, vec![note("a")]).unwrap();
    first.append_blocking(Some(a[0].hash), vec![note("b"), note("c")]).unwrap();
    let refused = second.append_blocking(Some(a[0].hash), vec![note("late")]).unwrap_err();
    let AppendError::Conflict { newer } = refused else { panic!("{refused}") };
    assert_eq!(texts(&newer), ["b", "c"]);
    let (_, entries) = ReadLog::open(first.place().dir()).unwrap();
    assert_eq!(texts(&entries), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_follower_sees_entries_as_they_come() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    let (mut log, entries) = ReadLog::open(journal.place().dir()).unwrap();
    assert_eq!(entries, []);
    let first = journal.append(None, vec![note("a")]).await.unwrap();
    assert_eq!(log.next().await.unwrap(), first);
    let waiting = tokio::spawn(async move { log.next().await.unwrap() });
    let second = journal.append(Some(first[0].hash), vec![note("b"), note("c")]).await.unwrap();
    assert_eq!(waiting.await.unwrap(), second);
}

#[test]
fn one_console_at_a_time_is_the_recorder_and_each_is_counted() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    let place = journal.place();
    let here = Presence::announce(place).unwrap();
    let there = Presence::announce(place).unwrap();
    std::fs::write(place.consoles().join("1-killed"), "").unwrap();
    assert_eq!(consoles(place).len(), 2);
    drop(there);
    assert_eq!(consoles(place).len(), 1);
    drop(here);
    let recorder = Recorder::try_become(place).unwrap().unwrap();
    assert!(Recorder::try_become(place).unwrap().is_none());
    drop(recorder);
    assert!(Recorder::try_become(place).unwrap().is_some());
}

#[test]
fn the_log_is_for_its_owner_only() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(journal.place().dir().to_path_buf()), 0o700);
    assert_eq!(mode(journal.place().attempts()), 0o700);
    assert_eq!(mode(journal.place().log()), 0o600);
}
