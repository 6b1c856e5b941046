//! The record of an exercise, read by the real program: listed, told in history, exported, verified, found by its label.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use domain::drill::start_ex;
use domain::ident::IncidentId;
use domain::log::{Draft, EndEx, Event, Firing, Header, Kind, Sev, StartEx};
use domain::scenario::names;
use domain::time::Timestamp;
use serde_json::{Value, json};
use switchback::runtime::journal::{Journal, is_of, newest_open};
use switchback::runtime::learned::learned;
use switchback::runtime::past::PastReader;
use tempfile::TempDir;

use crate::support::attempts::SWITCHBACK;
use crate::support::log::{header, note, paths};

const SCENARIO: &str = "title = \"Dark $FROM\"\ncounts_as = [\"failover-drill\"]\n\
    [[inject]]\nid = \"dark\"\nat = \"1m\"\ntext = \"$FROM is dark\"\neffect = [\"down $FROM\"]\n\
    [[inject.expect]]\ntext = \"Say so\"\naction = \"noted \\\"dark\\\"\"\nwithin = \"5m\"\n\
    [targets]\ndetection = \"2m\"\n";
const ESTATE: &str = "name = \"orders-platform\"\n[regions.us-east-1]\nrole = \"primary\"\n";

fn at(second: i64) -> Timestamp {
    let start: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    Timestamp::from_second(start.as_second() + second).unwrap()
}

fn start(label: &str, automatic: bool) -> StartEx {
    let estate = domain::estate::parse(ESTATE).estate;
    StartEx {
        incident: IncidentId(ulid::Ulid::generate()),
        label: label.to_owned(),
        seed: 7,
        speed: 10,
        to: Some("us-west-2".into()),
        automatic,
        ..start_ex("dark", SCENARIO, names(&estate, None, None), &estate)
    }
}

/// On the scenario's clock; the machine's is that of the test.
fn exercise(home: &TempDir, label: &str, automatic: bool, more: Vec<(i64, Event)>) -> Journal {
    let start = start(label, automatic);
    let header = Header { kind: Kind::Drill, incident: start.incident, ..header(label) };
    let journal = Journal::create(&paths(home), header).unwrap();
    let told = [(0, Event::ExerciseStarted { exercise: Box::new(start) })].into_iter().chain(more);
    let draft = |(second, event)| Draft { occurred_at: at(second), kind: Kind::Drill, event, ..note("") };
    journal.append_blocking(None, told.map(draft).collect()).unwrap();
    journal
}

fn answered(said: &str) -> Vec<(i64, Event)> {
    let fired =
        Event::InjectFired { inject: "dark".into(), by: Firing::Schedule, effect: vec!["down us-east-1".to_owned()] };
    let noted = Event::NoteAdded { text: said.to_owned(), run: None, step: None };
    vec![(60, fired), (70, Event::InjectAcknowledged { inject: "dark".into() }), (90, noted)]
}

fn declared(header: &Header, kind: Kind) -> Event {
    Event::IncidentOpened {
        incident: header.incident,
        label: header.label.clone(),
        kind,
        severity: Sev(1),
        title: "orders fail".to_owned(),
        impact_at: at(0),
        impact_basis: String::new(),
        from: None,
        to: None,
        estate: ESTATE.to_owned(),
    }
}

fn ended(said: &str, why: EndEx) -> Vec<(i64, Event)> {
    let mut told = answered(said);
    told.push((600, Event::ExerciseEnded { why, text: String::new() }));
    told
}

fn switchback(state: &Path, args: &[&str]) -> Output {
    Command::new(SWITCHBACK).arg("--state").arg(state).args(args).stdin(Stdio::null()).output().unwrap()
}

fn said(home: &TempDir, args: &[&str]) -> String {
    let output = switchback(&paths(home).state, args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn rows(home: &TempDir, args: &[&str]) -> Vec<Value> {
    serde_json::from_str(&said(home, args)).unwrap()
}

#[test]
fn an_exercise_is_listed_by_its_scenario_and_is_over_with_its_end() {
    let home = tempfile::tempdir().unwrap();
    exercise(&home, "EX-2026-0001", false, ended("it is dark", EndEx::Finished));
    let mut closed = answered("it is dark");
    closed.push((100, Event::IncidentClosed { reason: "over".to_owned() }));
    let open = exercise(&home, "EX-2026-0002", false, closed);
    let listed = rows(&home, &["incidents", "--json"]);
    let shown: Vec<_> = listed.iter().map(|row| (&row["label"], &row["title"], &row["closed"])).collect();
    let title = json!("Dark us-east-1");
    assert_eq!(
        shown,
        [(&json!("EX-2026-0002"), &title, &json!(false)), (&json!("EX-2026-0001"), &title, &json!(true))]
    );
    let text = said(&home, &["incidents"]);
    assert!(text.contains("EX-2026-0002   drill not ended "), "{text}");
    assert!(text.contains("EX-2026-0001   drill ended "), "{text}");
    assert_eq!(newest_open(&paths(&home), Kind::Drill, "orders-platform").as_deref(), Some(open.place().dir()));
    assert!(!is_of(open.place().dir(), "another"));
}

#[test]
fn history_tells_how_it_went() {
    let home = tempfile::tempdir().unwrap();
    exercise(&home, "EX-2026-0001", false, ended("it is dark", EndEx::Finished));
    exercise(&home, "EX-2026-0002", true, ended("hm", EndEx::TimeOver));
    exercise(&home, "EX-2026-0003", false, answered("it is dark"));
    let text = said(&home, &["history"]);
    for line in [
        "passed, 100 points, P; seed 7, 10×",
        "failed, 50 points, M; seed 7, played by itself",
        "not ended; seed 7, 10×",
        "us-east-1 ▸ us-west-2  Dark us-east-1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let told = rows(&home, &["history", "--json"]);
    let passed = told.iter().find(|row| row["label"] == "EX-2026-0001").unwrap();
    assert_eq!(
        (&passed["exercise"]["outcome"], &passed["exercise"]["ended"], &passed["declared_at"]),
        (&json!("passed"), &json!("finished"), &Value::Null)
    );
}

#[test]
fn its_log_is_read_verified_and_found_by_its_label() {
    let home = tempfile::tempdir().unwrap();
    exercise(&home, "EX-2026-0001", false, ended("it is dark", EndEx::Finished));
    assert!(said(&home, &["log", "ex-2026-0001"]).contains("StartEx: Dark us-east-1"));
    assert!(said(&home, &["verify", "EX-2026-0001"]).contains("EX-2026-0001 (drill) is whole: 5 entries"));
    assert!(said(&home, &["export", "EX-2026-0001"]).contains("EX-2026-0001"));
}

#[test]
fn while_it_goes_on_its_log_gives_nothing_of_the_scenario_away() {
    let home = tempfile::tempdir().unwrap();
    let evaluated = Event::EvaluatorNoted { text: "nobody leads".to_owned(), inject: None };
    let going_on: Vec<_> = answered("it is dark").into_iter().chain([(95, evaluated)]).collect();
    let end = Event::ExerciseEnded { why: EndEx::Finished, text: String::new() };
    let over: Vec<_> = going_on.iter().cloned().chain([(600, end)]).collect();
    exercise(&home, "EX-2026-0001", false, going_on);
    exercise(&home, "EX-2026-0002", false, over);
    let players = said(&home, &["log", "EX-2026-0001"]);
    assert!(players.contains("us-east-1 is dark") && players.contains("evaluator's note"), "{players}");
    assert!(!players.contains("down us-east-1") && !players.contains("nobody leads"), "{players}");
    let afterwards = said(&home, &["log", "EX-2026-0002"]);
    assert!(afterwards.contains("inject dark") && !afterwards.contains("nobody leads"), "{afterwards}");
}

#[test]
fn who_acts_in_the_last_incident_acts_in_the_real_one_that_is_open() {
    let home = tempfile::tempdir().unwrap();
    let real = header("INC-2026-0001");
    let opened = declared(&real, Kind::Live);
    let journal = Journal::create(&paths(&home), real).unwrap();
    journal.append_blocking(None, vec![Draft { occurred_at: at(0), event: opened, ..note("") }]).unwrap();
    let label = header("EX-2026-0001");
    exercise(&home, "EX-2026-0001", false, vec![(60, declared(&label, Kind::Drill))]);
    assert!(said(&home, &["note", "the carrier was called"]).starts_with("INC-2026-0001"));
    assert!(said(&home, &["note", "in the exercise", "--incident", "EX-2026-0001"]).starts_with("EX-2026-0001"));
    said(&home, &["close", "over"]);
    assert!(said(&home, &["note", "in the exercise, too"]).starts_with("EX-2026-0001"));
}

#[test]
fn the_estate_remembers_what_was_played_to_its_end_by_the_clock_of_people() {
    let home = tempfile::tempdir().unwrap();
    exercise(&home, "EX-2026-0001", false, ended("it is dark", EndEx::Finished));
    exercise(&home, "EX-2026-0002", false, answered("it is dark"));
    exercise(&home, "EX-2026-0003", false, ended("it is dark", EndEx::Abandoned));
    let past = PastReader::new(paths(&home), "orders-platform", Kind::Live).read();
    let [held] = past.held.as_slice() else { panic!("{past:?}") };
    assert_eq!(
        (held.incident.as_str(), held.passed, held.counts_as[0].as_str()),
        ("EX-2026-0001", true, "failover-drill")
    );
    assert_ne!(held.at, at(600), "that is the clock of the scenario");
    assert_eq!((past.rehearsals.len(), past.trouble.as_deref()), (1, None));
    let elsewhere = PastReader::new(paths(&home), "another", Kind::Live).read();
    assert!(elsewhere.held.is_empty());
    assert_eq!(learned(&paths(&home), Kind::Drill), domain::objective::Learned::default());
}
