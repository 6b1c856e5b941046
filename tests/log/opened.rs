//! A log is opened after something went wrong with it.

use std::fs;
use std::io::Write;

use domain::log::{Event, Kind};
use switchback::runtime::journal::{
    AppendError, CreateError, Journal, OpenError, ReadLog, incidents, next_label, resolve,
};

use crate::support::log::{header, note, paths, texts};

fn written(home: &tempfile::TempDir, notes: &[&str]) -> std::path::PathBuf {
    let journal = Journal::create(&paths(home), header("INC-2026-0001")).unwrap();
    journal.append_blocking(None, notes.iter().map(|text| note(text)).collect()).unwrap();
    journal.place().dir().to_path_buf()
}

#[test]
fn a_torn_end_is_cut_and_kept_and_the_log_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let dir = written(&home, &["a", "b"]);
    fs::OpenOptions::new().append(true).open(dir.join("log.jsonl")).unwrap().write_all(b"{\"seq\":3,").unwrap();
    let (journal, entries, opened) = Journal::open(&dir).unwrap();
    assert_eq!(texts(&entries), ["a", "b"]);
    let repaired = opened.repaired.unwrap();
    assert_eq!(repaired.cut_bytes, 9);
    assert_eq!(fs::read(dir.join(repaired.kept_as)).unwrap(), b"{\"seq\":3,");
    journal.append_blocking(Some(entries[1].hash), vec![note("c")]).unwrap();
    assert_eq!(texts(&ReadLog::open(&dir).unwrap().1), ["a", "b", "c"]);
}

#[test]
fn a_torn_end_found_while_appending_is_cut_recorded_and_told() {
    let home = tempfile::tempdir().unwrap();
    let dir = written(&home, &["a"]);
    let (journal, entries, _) = Journal::open(&dir).unwrap();
    fs::OpenOptions::new().append(true).open(dir.join("log.jsonl")).unwrap().write_all(b"\0\0\0").unwrap();
    let refused = journal.append_blocking(Some(entries[0].hash), vec![note("b")]).unwrap_err();
    let AppendError::Conflict { newer } = refused else { panic!("{refused}") };
    assert!(matches!(newer[..], [ref entry] if matches!(entry.event, Event::LogRepaired { cut_bytes: 3, .. })));
    journal.append_blocking(Some(newer[0].hash), vec![note("b")]).unwrap();
    assert_eq!(texts(&ReadLog::open(&dir).unwrap().1), ["a", "log_repaired", "b"]);
}

#[test]
fn a_follower_takes_a_partial_last_line_for_one_in_progress() {
    let home = tempfile::tempdir().unwrap();
    let dir = written(&home, &["a"]);
    let (mut log, _) = ReadLog::open(&dir).unwrap();
    let whole = fs::read(dir.join("log.jsonl")).unwrap();
    fs::OpenOptions::new().append(true).open(dir.join("log.jsonl")).unwrap().write_all(b"{\"seq\":2").unwrap();
    assert_eq!(log.poll().unwrap(), []);
    assert!(log.unfinished().is_some());
    fs::write(dir.join("log.jsonl"), &whole).unwrap();
    assert_eq!(log.poll().unwrap(), []);
    assert_eq!(log.unfinished(), None);
}

#[test]
fn a_log_altered_in_the_middle_opens_read_only_and_says_where() {
    let home = tempfile::tempdir().unwrap();
    let dir = written(&home, &["promote", "b"]);
    let altered = fs::read_to_string(dir.join("log.jsonl")).unwrap().replace("promote", "demoted");
    fs::write(dir.join("log.jsonl"), &altered).unwrap();
    let (journal, entries, opened) = Journal::open(&dir).unwrap();
    assert_eq!(entries, []);
    assert!(opened.read_only_reason.unwrap().starts_with("line 2 "));
    assert!(matches!(journal.append_blocking(None, vec![note("c")]), Err(AppendError::ReadOnly { .. })));
    assert_eq!(fs::read_to_string(dir.join("log.jsonl")).unwrap(), altered);
}

#[test]
fn a_symbolic_link_in_the_place_of_the_log_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let dir = written(&home, &["a"]);
    let moved = home.path().join("elsewhere.jsonl");
    fs::rename(dir.join("log.jsonl"), &moved).unwrap();
    std::os::unix::fs::symlink(&moved, dir.join("log.jsonl")).unwrap();
    assert!(matches!(Journal::open(&dir), Err(OpenError::Io { .. })));
    assert!(matches!(ReadLog::open(&dir), Err(OpenError::Io { .. })));
}

#[test]
fn a_log_moved_away_while_open_is_appended_to_no_more() {
    let home = tempfile::tempdir().unwrap();
    let dir = written(&home, &["a"]);
    let (journal, entries, _) = Journal::open(&dir).unwrap();
    fs::rename(dir.join("log.jsonl"), home.path().join("elsewhere.jsonl")).unwrap();
    let refused = journal.append_blocking(Some(entries[0].hash), vec![note("b")]);
    assert!(matches!(refused, Err(AppendError::ReadOnly { .. })));
}

#[test]
fn incidents_are_found_by_id_beginning_label_and_last() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(&home);
    let year: domain::time::Timestamp = "2026-11-20T02:00:00Z".parse().unwrap();
    assert_eq!(next_label(&paths, Kind::Live, year).unwrap(), "INC-2026-0001");
    let first = header("INC-2026-0001");
    let second = domain::log::Header { created_at: year, ..header("INC-2026-0009") };
    let dirs = [first.clone(), second.clone()].map(|header| {
        let journal = Journal::create(&paths, header).unwrap();
        journal
            .append_blocking(None, vec![note("a note that says \",\"event\":{\"type\":\"incident_closed\"")])
            .unwrap();
        journal.place().dir().to_path_buf()
    });
    assert!(matches!(Journal::create(&paths, header("INC-2026-0009")), Err(CreateError::LabelTaken(_))));
    assert_eq!(next_label(&paths, Kind::Live, year).unwrap(), "INC-2026-0010");
    assert_eq!(next_label(&paths, Kind::Drill, year).unwrap(), "EX-2026-0001", "exercises are counted by themselves");
    let listed = incidents(&paths).unwrap();
    assert_eq!(
        listed.iter().map(|one| (one.id, one.closed)).collect::<Vec<_>>(),
        [(second.incident, false), (first.incident, false)]
    );
    assert_eq!(resolve(&paths, "last").unwrap(), dirs[1]);
    assert_eq!(resolve(&paths, "inc-2026-0001").unwrap(), dirs[0]);
    assert_eq!(resolve(&paths, &second.incident.to_string().to_lowercase()).unwrap(), dirs[1]);
    assert_eq!(resolve(&paths, dirs[0].to_str().unwrap()).unwrap(), dirs[0]);
    assert!(resolve(&paths, "nothing").unwrap_err().to_string().contains("`nothing`"));
    let (journal, entries, _) = Journal::open(&dirs[0]).unwrap();
    let close = domain::log::Draft { event: Event::IncidentClosed { reason: "over".to_owned() }, ..note("") };
    journal.append_blocking(Some(entries[0].hash), vec![close]).unwrap();
    assert!(incidents(&paths).unwrap()[1].closed);
}
