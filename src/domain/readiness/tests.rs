//! What counts as done, and what is due when.

use std::time::Duration;

use super::*;
use crate::estate::{Estate, ScheduledTest, TestKind};
use crate::ident::{PersonId, TestId};
use crate::log::Kind;
use crate::time::Timestamp;

const DAY: u64 = 86_400;

fn day(day: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
}

fn test(kind: TestKind) -> ScheduledTest {
    ScheduledTest {
        name: TestId::from("monthly"),
        kind,
        every: Duration::from_secs(30 * DAY),
        takes: None,
        runbook: Some("regional-failover".to_owned()),
        scenario: None,
        service: None,
        backup: None,
        automatic: false,
        owner: None,
    }
}

fn record(at: i64, result: TestResult) -> TestRecord {
    let (test, by) = (TestId::from("monthly"), PersonId::from("mara"));
    TestRecord { test, at: day(at), recorded_at: day(at), by, result, note: None }
}

fn rehearsal(at: i64, kind: Kind) -> Rehearsal {
    Rehearsal {
        incident: "INC-2027-0001".to_owned(),
        kind,
        title: "Regional outage, exercised".to_owned(),
        runbook: Some("regional-failover".to_owned()),
        counts_as: Vec::new(),
        automatic: false,
        at: day(at),
        passed: true,
        measured: None,
    }
}

fn row(test: ScheduledTest, past: Option<&Past>, now: i64) -> ReadinessStatus {
    let estate = Estate { tests: vec![test], ..Estate::default() };
    readiness(&estate, past, &[], day(now)).remove(0)
}

fn standing(past: &Past, now: i64) -> Standing {
    row(test(TestKind::Drill), Some(past), now).standing
}

#[test]
fn a_test_is_ok_then_due_then_overdue() {
    let past = Past { records: vec![record(0, TestResult::Pass)], ..Past::default() };
    assert_eq!(standing(&past, 1), Standing::Ok);
    assert_eq!(standing(&past, 26), Standing::Ok);
    assert_eq!(standing(&past, 28), Standing::Due);
    assert_eq!(standing(&past, 31), Standing::Overdue);
    assert_eq!(row(test(TestKind::Drill), Some(&past), 1).due_at, Some(day(30)));
    assert_eq!(standing(&Past::default(), 1), Standing::Never);
}

#[test]
fn the_newest_counts_whoever_tells_of_it() {
    let mut past = Past { records: vec![record(0, TestResult::Pass), record(5, TestResult::Fail)], ..Past::default() };
    assert_eq!(standing(&past, 6), Standing::Failed);
    past.rehearsals = vec![rehearsal(8, Kind::Drill), rehearsal(2, Kind::Lab)];
    let row = row(test(TestKind::Drill), Some(&past), 9);
    let last = row.last.unwrap();
    assert_eq!(
        (row.standing, last.at, last.proof, last.by.as_str()),
        (Standing::Ok, day(8), Proof::Incident, "INC-2027-0001")
    );
}

#[test]
fn what_was_only_simulated_or_talked_about_proves_no_restore() {
    let counted = |kind, of: Kind| {
        let past = Past { rehearsals: vec![rehearsal(0, of)], ..Past::default() };
        row(test(kind), Some(&past), 1).last.is_some()
    };
    assert!(!counted(TestKind::RestoreTest, Kind::Drill) && counted(TestKind::RestoreTest, Kind::Lab));
    assert!(!counted(TestKind::Drill, Kind::Paper) && counted(TestKind::Tabletop, Kind::Paper));
}

#[test]
fn a_scenario_is_found_in_the_title() {
    let mut test =
        ScheduledTest { runbook: None, scenario: Some("regional-outage".to_owned()), ..test(TestKind::Drill) };
    let past = Past { rehearsals: vec![rehearsal(0, Kind::Drill)], ..Past::default() };
    assert!(row(test.clone(), Some(&past), 1).last.is_some());
    test.scenario = Some("cache-failure".to_owned());
    assert!(row(test, Some(&past), 1).last.is_none());
}

#[test]
fn a_time_in_the_future_proves_nothing() {
    let past = Past { records: vec![record(9, TestResult::Pass)], ..Past::default() };
    assert_eq!(standing(&past, 1), Standing::Never);
}

#[test]
fn what_could_not_be_read_makes_it_unknown_unless_enough_is_known() {
    let trouble = Some("cannot read tests.jsonl".to_owned());
    let unread = row(test(TestKind::Drill), None, 1);
    assert_eq!((unread.standing, unread.error.is_some()), (Standing::Unknown, true));
    let past = Past { trouble: trouble.clone(), ..Past::default() };
    assert_eq!(row(test(TestKind::Drill), Some(&past), 1).error, trouble);
    let past = Past { records: vec![record(0, TestResult::Pass)], trouble, ..Past::default() };
    assert_eq!(standing(&past, 1), Standing::Ok);
    assert_eq!(standing(&past, 40), Standing::Unknown);
}
