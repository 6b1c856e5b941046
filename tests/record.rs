//! The record of an incident, read by the real program: as sentences and lines, exported, verified, listed.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use domain::ident::{Hash, RegionId, RunId};
use domain::log::{Draft, Event, Header, Kind, Mode, Sev};
use domain::time::Timestamp;
use serde_json::Value;
use switchback::runtime::journal::{Journal, ReadLog};
use switchback::runtime::paths::Paths;
use tempfile::TempDir;

use crate::support::attempts::SWITCHBACK;
use crate::support::log::{header, note, paths};

const RUNBOOK: &str =
    "---\nrunbook: 1\ntitle: Regional failover\n---\n\n## Failover\n\n- [ ] Tell everybody <!-- id: tell -->\n";

fn opened(header: &Header, at: &str, title: &str) -> Draft {
    let at: Timestamp = at.parse().unwrap();
    let kind = header.kind;
    let event = Event::IncidentOpened {
        incident: header.incident,
        label: header.label.clone(),
        kind,
        severity: Sev(1),
        title: title.to_owned(),
        impact_at: at,
        impact_basis: "as declared".to_owned(),
        from: Some(RegionId::from("us-east-1")),
        to: Some(RegionId::from("us-west-2")),
        estate: "name = \"orders-platform\"\n".to_owned(),
    };
    Draft { occurred_at: at, kind, event, ..note("") }
}

fn incident(paths: &Paths, label: &str, kind: Kind, at: &str) -> Journal {
    let header = Header { kind, ..header(label) };
    let opened = opened(&header, at, "us-east-1 is down");
    let journal = Journal::create(paths, header).unwrap();
    journal.append_blocking(None, vec![opened]).unwrap();
    journal
}

/// After whatever stands there.
fn append(journal: &Journal, drafts: Vec<Draft>) {
    let (_, entries) = ReadLog::open(journal.place().dir()).unwrap();
    journal.append_blocking(entries.last().map(|entry| entry.hash), drafts).unwrap();
}

/// Ends with the test, however that ends.
struct Follower(Child);

impl Drop for Follower {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn walked(journal: &Journal) {
    let run = RunId(ulid::Ulid::from(7));
    let started = Event::RunStarted {
        parent: None,
        run,
        runbook: RUNBOOK.to_owned(),
        runbook_name: "regional-failover".to_owned(),
        runbook_hash: Hash::of(RUNBOOK.as_bytes()),
        mode: Mode::Forced,
        from: Some(RegionId::from("us-east-1")),
        to: Some(RegionId::from("us-west-2")),
        values: Default::default(),
    };
    let told = Event::StepDoneByHand {
        run,
        step: "tell".into(),
        evidence: "posted in #incidents".to_owned(),
        out_of_order: false,
    };
    append(journal, [started, told].map(|event| Draft { event, ..note("") }).into());
}

fn command(state: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(SWITCHBACK);
    command.arg("--state").arg(state).args(args).stdin(Stdio::null());
    command
}

fn switchback(home: &TempDir, args: &[&str]) -> Output {
    command(&paths(home).state, args).output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn lines_come_out_as_they_stand_in_the_file() {
    let home = tempfile::tempdir().unwrap();
    let journal = incident(&paths(&home), "INC-2026-0001", Kind::Live, "2026-11-20T02:00:00Z");
    append(&journal, vec![note("first | second"), note("a\u{202e}b")]);
    let file = fs::read_to_string(journal.place().log()).unwrap();
    let (head, entries) = file.split_once('\n').unwrap();
    assert_eq!(said(&switchback(&home, &["log", "--json"])), entries);
    assert_eq!(said(&switchback(&home, &["export", "last", "--format", "jsonl"])), file);
    assert!(head.contains("switchback_log"));
    let sentences = said(&switchback(&home, &["log", "INC-2026-0001"]));
    assert_eq!(sentences.lines().count(), 3);
    assert!(sentences.contains("first | second") && sentences.contains("a<U+202E>b"), "{sentences}");
}

#[test]
fn a_follower_prints_what_is_appended_meanwhile() {
    let home = tempfile::tempdir().unwrap();
    let journal = incident(&paths(&home), "INC-2026-0001", Kind::Live, "2026-11-20T02:00:00Z");
    let mut follower =
        Follower(command(&paths(&home).state, &["log", "last", "--follow"]).stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(follower.0.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("declares INC-2026-0001"));
    append(&journal, vec![note("the provider answers")]);
    assert!(lines.next().unwrap().unwrap().contains("the provider answers"));
    drop(lines);
    append(&journal, vec![note("nobody reads this")]);
    assert!(follower.0.wait().unwrap().success(), "a reader that goes away ends it quietly");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    let journal = incident(&paths(&home), "INC-2026-0001", Kind::Live, "2026-11-20T02:00:00Z");
    append(&journal, (0..40).map(|_| note(&"x".repeat(10_000))).collect());
    for args in [&["log"][..], &["log", "--json"], &["export"]] {
        let mut child =
            command(&paths(&home).state, args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0];
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut first).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()), "{args:?}");
    }
}

#[test]
fn an_altered_log_is_named_by_its_first_bad_line() {
    let home = tempfile::tempdir().unwrap();
    let journal = incident(&paths(&home), "INC-2026-0001", Kind::Live, "2026-11-20T02:00:00Z");
    append(&journal, vec![note("first"), note("second")]);
    assert!(said(&switchback(&home, &["verify"])).contains("is whole: 3 entries"));
    let copy = home.path().join("copy.jsonl");
    let exported = switchback(&home, &["export", "--format", "jsonl", "-o", copy.to_str().unwrap()]);
    assert!(exported.status.success());
    let altered = fs::read_to_string(&copy).unwrap().replace("first", "fIrst");
    fs::write(&copy, altered).unwrap();
    let verified = switchback(&home, &["verify", copy.to_str().unwrap(), "--json"]);
    assert_eq!(verified.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(
        (&answer["whole"], &answer["problem"]["line"], &answer["entries"]),
        (&false.into(), &3.into(), &1.into())
    );
    assert_eq!(answer["problem"]["entry"], 2);
    let said = String::from_utf8(switchback(&home, &["verify", copy.to_str().unwrap()]).stdout).unwrap();
    assert!(said.contains("is NOT whole: entry 2, at line 3 (byte "), "{said}");
    let exported = switchback(&home, &["export", copy.to_str().unwrap()]);
    assert_eq!(exported.status.code(), Some(1));
    assert!(String::from_utf8(exported.stdout).unwrap().contains("THE LOG IS DAMAGED: line 3"));
}

#[test]
fn an_export_is_its_owners_alone_and_the_same_each_time() {
    let home = tempfile::tempdir().unwrap();
    walked(&incident(&paths(&home), "INC-2026-0001", Kind::Lab, "2026-11-20T02:00:00Z"));
    let file = home.path().join("timeline.md");
    for _ in 0..2 {
        assert!(switchback(&home, &["export", "inc-2026-0001", "-o", file.to_str().unwrap()]).status.success());
    }
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let page = fs::read_to_string(&file).unwrap();
    assert_eq!(page, said(&switchback(&home, &["export"])));
    assert!(page.contains("| 1 | Tell everybody | done by hand |") && page.contains("posted in #incidents"), "{page}");
    assert!(page.contains("**LAB: "));
    let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "nothing is left beside it: {left:?}");
}

#[test]
fn the_ending_of_the_file_says_which_format_is_meant() {
    let home = tempfile::tempdir().unwrap();
    walked(&incident(&paths(&home), "INC-2026-0001", Kind::Drill, "2026-11-20T02:00:00Z"));
    for (name, begins) in [
        ("a.md", "# INC-2026-0001: "),
        ("a.html", "<!doctype html>"),
        ("a.csv", "\u{feff}incident,kind,entry,"),
        ("a.jsonl", "{\"switchback_log\":"),
        ("a.txt", "# INC-2026-0001: "),
    ] {
        let file = home.path().join(name);
        said(&switchback(&home, &["export", "-o", file.to_str().unwrap(), "--tz", "Asia/Kathmandu"]));
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with(begins), "{name}: {text}");
        assert_eq!(text.contains("EXERCISE EXERCISE EXERCISE"), !["a.csv", "a.jsonl"].contains(&name));
        assert_eq!(
            text.contains("2026-11-20 07:45:00 +05:45"),
            name != "a.jsonl",
            "{name}: local time stands beside UTC"
        );
    }
    assert!(said(&switchback(&home, &["verify", home.path().join("a.jsonl").to_str().unwrap()])).contains("is whole"));
    let wrong = switchback(&home, &["export", "--tz", "Asia/Katmandou"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean"));
    let whole = switchback(&home, &["export", "--format", "jsonl", "--redact", "public"]);
    assert_eq!((whole.status.code(), whole.stdout.len()), (Some(2), 0));
    let public = said(&switchback(&home, &["export", "--redact", "public"]));
    assert!(public.contains("Public edition") && !public.contains("posted in"), "{public}");
}

#[test]
fn an_export_replaces_nothing_but_an_earlier_export_of_the_same_incident() {
    let home = tempfile::tempdir().unwrap();
    let first = incident(&paths(&home), "INC-2026-0001", Kind::Live, "2026-11-20T02:00:00Z");
    incident(&paths(&home), "INC-2026-0002", Kind::Live, "2026-11-20T03:00:00Z");
    let file = home.path().join("report.html");
    let to = |label: &str, file: &Path| switchback(&home, &["export", label, "-o", file.to_str().unwrap()]);
    fs::write(&file, "<!doctype html><p>mine").unwrap();
    let refused = to("INC-2026-0001", &file);
    assert_eq!(refused.status.code(), Some(4), "{}", String::from_utf8_lossy(&refused.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), "<!doctype html><p>mine");
    for name in ["a.md", "a.html", "a.csv", "a.jsonl"] {
        let file = home.path().join(name);
        assert!(to("INC-2026-0001", &file).status.success());
        assert!(to("INC-2026-0001", &file).status.success(), "an earlier export of it is replaced");
        let kept = fs::read(&file).unwrap();
        assert_eq!(to("INC-2026-0002", &file).status.code(), Some(4), "that of another is not");
        assert_eq!(fs::read(&file).unwrap(), kept);
    }
    let log = first.place().log();
    let before = fs::read(&log).unwrap();
    let copy = home.path().join("a.jsonl");
    for source in ["INC-2026-0001", copy.to_str().unwrap()] {
        assert_eq!(to(source, &log).status.code(), Some(4), "a log is never written over");
    }
    assert_eq!(fs::read(&log).unwrap(), before);
    let link = home.path().join("link.md");
    std::os::unix::fs::symlink(home.path().join("a.md"), &link).unwrap();
    assert!(to("INC-2026-0001", &link).status.success());
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "a link stays one");
    assert_eq!(to("INC-2026-0001", Path::new("/dev/null")).status.code(), Some(4));
}

#[test]
fn incidents_are_listed_newest_first_and_last_is_of_an_estate_before_the_demonstration() {
    let home = tempfile::tempdir().unwrap();
    let estate = paths(&home);
    let demo = Paths { state: estate.state.join("demo"), ..estate.clone() };
    assert_eq!(switchback(&home, &["log"]).status.code(), Some(2));
    incident(&demo, "INC-2026-0001", Kind::Demo, "2026-11-21T02:00:00Z");
    assert!(said(&switchback(&home, &["log"])).contains("declares INC-2026-0001"));
    incident(&estate, "INC-2026-0002", Kind::Live, "2026-11-20T02:00:00Z");
    assert!(said(&switchback(&home, &["log"])).contains("declares INC-2026-0002"));
    let listed: Value = serde_json::from_str(&said(&switchback(&home, &["incidents", "--json"]))).unwrap();
    let labels: Vec<_> = listed.as_array().unwrap().iter().map(|row| (&row["label"], &row["kind"])).collect();
    assert_eq!(labels, [(&"INC-2026-0001".into(), &"demo".into()), (&"INC-2026-0002".into(), &"live".into())]);
    assert_eq!(said(&switchback(&home, &["incidents"])).lines().count(), 2);
}

#[test]
fn history_tells_failovers_and_what_is_not_known_is_null() {
    let home = tempfile::tempdir().unwrap();
    walked(&incident(&paths(&home), "INC-2026-0001", Kind::Live, "2026-11-20T02:00:00Z"));
    incident(&paths(&home), "INC-2026-0002", Kind::Live, "2026-11-21T02:00:00Z");
    let rows: Value = serde_json::from_str(&said(&switchback(&home, &["history", "--json"]))).unwrap();
    let [row] = rows.as_array().unwrap().as_slice() else { panic!("{rows}") };
    assert_eq!((&row["label"], &row["to"]), (&"INC-2026-0001".into(), &"us-west-2".into()));
    assert_eq!(row["rto"]["total_ms"], Value::Null);
    assert!(said(&switchback(&home, &["history"])).contains("us-east-1 ▸ us-west-2"));
}
