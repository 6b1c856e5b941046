//! What a log may hold that must not pass for a good answer.

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::drill::{reached, scenario_at};
use crate::log::Counted;
use crate::scenario::{Choice, Milestone};
use crate::time::Timestamp;

fn counted(told: &mut Told, second: u64, counted: Counted) {
    let databases = BTreeMap::from([("orders-db".into(), counted)]);
    told.tell(second, "switchback", Event::WritesCounted { databases });
}

#[test]
fn what_was_taken_back_was_not_said() {
    let corrected = |text: &str| {
        let mut told = Told::begun();
        told.fire(600, "press");
        told.note(610, "Told the press");
        let supersedes = told.state.entries.last().unwrap().seq;
        told.tell(620, "ana", Event::Correction { supersedes, text: text.to_owned() });
        told.end(1800, EndEx::Finished);
        let action = scored(&told).actions.remove(2);
        (action.observed, action.observed_at)
    };
    assert_eq!(corrected("That was another call").0, Observed::Missed);
    assert_eq!(corrected("Told the press by phone"), (Observed::InTime, Some(Told::begun().at(610))));
}

#[test]
fn what_was_back_before_it_was_decided_was_not_brought_back_by_it() {
    let mut told = Told::begun();
    told.fire(120, "dark");
    told.declare(130);
    told.recover(200, "1");
    told.recover(210, "2");
    told.decide(300, true);
    told.end(1800, EndEx::Finished);
    let score = scored(&told);
    assert_eq!((verdict(&score, "RTO"), verdict(&score, "RTO execution")), (Verdict::Ok, Verdict::NotApplicable));
    assert!(score.lines().contains(&"· RTO execution: not applicable (target: 15 min)".to_owned()));
}

#[test]
fn what_is_lost_counts_whether_or_not_anybody_declared() {
    let lost = Counted { lost_writes: 900, lost_bytes: 360_000, lost: Duration::from_secs(90), diverged_writes: 0 };
    let mut told = Told::begun();
    told.fire(120, "dark");
    told.end(1800, EndEx::TimeOver);
    counted(&mut told, 1800, lost);
    assert_eq!(verdict(&scored(&told), "RPO orders-db"), Verdict::Missed);
}

#[test]
fn writes_on_one_side_only_are_told_of() {
    let apart = Counted { diverged_writes: 700, ..Counted::default() };
    let mut told = Told::played();
    told.end(1800, EndEx::Finished);
    counted(&mut told, 1800, apart);
    let said = "Two sides of orders-db took writes: 700 of them are on one side only, and have to be merged by hand.";
    assert_eq!(scored(&told).improvements, [said]);
}

#[test]
fn who_crosses_the_line_by_hand_has_decided() {
    let mut told = Told::begun_with(SCENARIO, |start| start.paper = true);
    told.declare(130);
    told.start_run(140);
    told.by_hand(150, "tell");
    let decided = Milestone::Decided(Choice::FailOver);
    assert_eq!(reached(&told.state, &decided), None);
    told.by_hand(160, "promote");
    assert_eq!(reached(&told.state, &decided), Some(told.at(160)));
}

#[test]
fn no_speed_that_a_log_claims_is_too_fast_to_be_told() {
    let told = Told::begun_with(SCENARIO, |start| start.speed = u32::MAX);
    assert_eq!(scenario_at(&told.state, Timestamp::MAX), Some(Timestamp::MAX));
}
