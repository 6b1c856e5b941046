//! A log is copied as it grows, and goes on from the copy.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::estate::Mirror as Target;
use domain::execution::{End, Resolved};
use domain::ident::StepId;
use domain::log::{Draft, Entry, Event};
use switchback::runtime::exec::{AttemptId, Settlement, not_started};
use switchback::runtime::journal::{
    AdoptError, AppendError, Journal, Mirror, MirrorStatus, ReadLog, adopt, continue_at, incidents, resolve, verify,
};

use crate::support::attempts::{block, live};
use crate::support::log::{header, note, paths, texts};
use crate::support::wait::until;

fn incident(home: &tempfile::TempDir) -> (Journal, Vec<Entry>) {
    let journal = Journal::create(&paths(home), header("INC-2026-0001")).unwrap();
    let entries = journal.append_blocking(None, vec![note("a"), note("b")]).unwrap();
    (journal, entries)
}

fn copied(mirror: &Mirror, seq: u64) -> MirrorStatus {
    until("the mirror holds everything", || mirror.status().seq == seq && mirror.status().failed.is_none());
    mirror.status()
}

fn failed(mirror: &Mirror) -> String {
    until("the mirror says that it failed", || mirror.status().failed.is_some());
    mirror.status().failed.unwrap()
}

#[test]
fn a_mirror_catches_up_and_follows() {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (journal, entries) = incident(&home);
    let folder = other.path().join("mirror").to_str().unwrap().to_owned();
    let mirror = Mirror::start(journal.place(), &Target::Path(folder.clone())).unwrap();
    assert!(copied(&mirror, 2).complete_at.is_some());
    drop(mirror);
    let more = journal.append_blocking(Some(entries[1].hash), vec![note("c")]).unwrap();
    // Taken up again where it stands; and what is appended last is copied before leaving.
    let mirror = Mirror::start(journal.place(), &Target::Path(folder.clone())).unwrap();
    copied(&mirror, 3);
    journal.append_blocking(Some(more[0].hash), vec![note("d")]).unwrap();
    drop(mirror);
    let copy = Path::new(&folder).join(format!("{}.jsonl", journal.header().incident));
    assert_eq!(fs::read(copy).unwrap(), fs::read(journal.place().log()).unwrap());
}

#[test]
fn a_mirror_command_is_given_the_lines_and_the_end_of_its_input() {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (journal, _) = incident(&home);
    let copy = other.path().join("copy").to_str().unwrap().to_owned();
    let words = ["sh", "-c", "cat > \"$0\"", &copy].map(str::to_owned).to_vec();
    let mirror = Mirror::start(journal.place(), &Target::Command(words)).unwrap();
    copied(&mirror, 2);
    drop(mirror);
    assert_eq!(fs::read(copy).unwrap(), fs::read(journal.place().log()).unwrap());
}

#[test]
fn a_mirror_that_fails_says_why_and_appending_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let (journal, entries) = incident(&home);
    for target in [Target::Path("/proc/nowhere".to_owned()), Target::Command(vec!["false".to_owned()])] {
        let mirror = Mirror::start(journal.place(), &target).unwrap();
        assert_ne!(failed(&mirror), "");
    }
    journal.append_blocking(Some(entries[1].hash), vec![note("c")]).unwrap();
}

#[test]
fn a_mirror_never_writes_into_another_log() {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (journal, _) = incident(&home);
    let copy = other.path().join(format!("{}.jsonl", journal.header().incident));
    fs::write(&copy, "another's\n").unwrap();
    let target = Target::Path(other.path().to_str().unwrap().to_owned());
    let mirror = Mirror::start(journal.place(), &target).unwrap();
    assert!(failed(&mirror).contains("something else"));
    assert_eq!(fs::read_to_string(copy).unwrap(), "another's\n");
}

#[test]
fn an_incident_goes_on_from_a_copy_on_another_machine() {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (journal, entries) = incident(&home);
    let copy = other.path().join("copy.jsonl");
    let mut bytes = fs::read(journal.place().log()).unwrap();
    bytes.extend(b"{\"seq\":3,\"occ");
    fs::write(&copy, bytes).unwrap();
    let adopted = adopt(&copy, &paths(&other)).unwrap();
    assert_eq!((adopted.head, adopted.seq), (Some(entries[1].hash), 2));
    assert!(adopted.problem.is_some());
    let (there, known, opened) = Journal::open(adopted.place.dir()).unwrap();
    assert_eq!((known, opened.repaired, opened.read_only_reason), (entries, None, None));
    there.append_blocking(adopted.head, vec![note("c")]).unwrap();
    assert!(verify(adopted.place.dir()).unwrap().whole());
    assert!(matches!(adopt(&copy, &paths(&other)), Err(AdoptError::Sound(_))));
}

#[test]
fn a_copy_takes_the_place_of_a_damaged_log_and_the_damaged_one_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let (journal, _) = incident(&home);
    let dir = journal.place().dir().to_path_buf();
    let copy = home.path().join("copy.jsonl");
    fs::copy(journal.place().log(), &copy).unwrap();
    let damaged = fs::read_to_string(dir.join("log.jsonl")).unwrap().replace("\"a\"", "\"x\"");
    fs::write(dir.join("log.jsonl"), &damaged).unwrap();
    let adopted = adopt(&copy, &paths(&home)).unwrap();
    assert_eq!(fs::read_to_string(dir.join("log.jsonl")).unwrap(), damaged);
    assert_eq!(resolve(&paths(&home), "INC-2026-0001").unwrap(), adopted.place.dir());
    assert_eq!(incidents(&paths(&home)).unwrap().len(), 1);
}

#[test]
fn a_log_goes_on_in_another_folder_with_its_attempts_and_the_old_one_is_closed_to_appends() {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (journal, entries) = incident(&home);
    let claim = Path::new("one/claim");
    fs::create_dir(journal.place().attempts().join("one")).unwrap();
    fs::write(journal.place().attempts().join(claim), "claimed").unwrap();
    let (there, known) = continue_at(journal.place().dir(), other.path()).unwrap();
    assert_eq!(known, entries);
    assert_eq!(fs::read_to_string(there.place().attempts().join(claim)).unwrap(), "claimed");
    let refused = journal.append_blocking(Some(entries[1].hash), vec![note("c")]);
    assert!(matches!(refused, Err(AppendError::ReadOnly { .. })));
    there.append_blocking(Some(entries[1].hash), vec![note("c")]).unwrap();
    assert_eq!(texts(&ReadLog::open(there.place().dir()).unwrap().1), ["a", "b", "c"]);
    assert_eq!(resolve(&paths(&home), "last").unwrap(), there.place().dir());
    assert!(Journal::open(journal.place().dir()).unwrap().2.read_only_reason.unwrap().contains("continued at"));
}

#[test]
fn what_was_intended_before_a_log_was_adopted_is_unknown_and_not_unstarted() {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (journal, entries) = incident(&home);
    let [ended, open] = ["ended", "open"].map(|step| Resolved { step: StepId::from(step), ..block("true") });
    let intended = [&ended, &open].map(|resolved| Draft { event: intended(resolved), ..note("") });
    let more = journal.append_blocking(Some(entries[1].hash), intended.to_vec()).unwrap();
    let Resolved { run, step, part, attempt, .. } = ended;
    let outcome = not_started("a test");
    let event = Event::StepFinished { run, step, part, attempt, outcome };
    journal.append_blocking(Some(more[1].hash), vec![Draft { event, ..note("") }]).unwrap();
    let adopted = adopt(&journal.place().log(), &paths(&other)).unwrap();
    let settled = live(adopted.place.dir()).settle(&AttemptId::of(&open)).unwrap();
    let Settlement::Finished(outcome) = settled else { panic!("it runs") };
    assert!(matches!(outcome.end, End::Unknown { .. }), "{:?}", outcome.end);
    let folders = fs::read_dir(adopted.place.attempts()).unwrap().count();
    assert_eq!(folders, 1);
}

fn intended(resolved: &Resolved) -> Event {
    Event::StepIntended {
        resolved: Box::new(resolved.clone()),
        confirmed_by: "mara".into(),
        authorised_by: None,
        guards: Vec::new(),
        at_risk: BTreeMap::new(),
        out_of_order: false,
    }
}
