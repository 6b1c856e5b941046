use std::sync::Arc;
use std::time::Duration;

use super::testing::*;
use super::{AutomaticStatus, Board, Context, Outcome, Payload};
use crate::estate::SelfHealing;
use crate::ident::CheckId;
use crate::log::Kind;
use crate::replication::{CopiesReading, CopySource, Handover};

const HA: &str = "orders-ha@us-east-1";

fn board() -> Board {
    let mut estate = estate();
    estate.checks.push(check("orders-ha", EAST));
    let of = |name: &str, watches: &[&str], promise: u64| SelfHealing {
        name: name.to_owned(),
        watches: watches.iter().map(|check| CheckId::from(*check)).collect(),
        promise: Duration::from_secs(promise),
    };
    estate.self_healing = vec![
        of("database", &["orders-db@us-east-1", "orders-db@us-west-2"], 60),
        of("pods", &["api@us-east-1"], 30),
        of("patroni", &[HA], 300),
    ];
    Board::new(Arc::new(estate))
}

fn automatic(board: &Board, name: &str, second: f64) -> AutomaticStatus {
    let status = board.status(&Context::calm(Kind::Live), now(second));
    status.automatic.into_iter().find(|automatic| automatic.name == name).unwrap()
}

fn leader(second: f64, leader: Option<&str>, handovers: &[(f64, &str)]) -> Outcome {
    let handovers = handovers.iter().map(|(at, to)| Handover {
        at: now(*at).wall,
        to: Some((*to).to_owned()),
        timeline: None,
        because: None,
    });
    let copies = CopiesReading {
        source: CopySource::Patroni,
        text: format!("at {second}"),
        leader: leader.map(str::to_owned),
        handovers: handovers.collect(),
        ..CopiesReading::default()
    };
    let payload = Payload::Copies { copies: Box::new(copies) };
    if leader.is_some() { Outcome::Good { payload } } else { Outcome::Bad { why: "no leader".to_owned(), payload } }
}

#[test]
fn another_side_that_serves_after_the_first_went_dark_is_a_failover_with_its_times() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 20.0] {
        east_dark(&mut board, second, 100);
    }
    let dark = automatic(&board, "database", 21.0);
    assert_eq!((dark.serving, dark.failing_since, dark.overdue), (None, Some(now(0.0).wall), false));
    board.observe(&sample("orders-db@us-west-2", 24.0, server(primary(24.0, 120))));
    let healed = automatic(&board, "database", 25.0);
    let healing = &healed.recent[0];
    assert_eq!((healing.from.as_deref(), healing.to.as_str()), (Some(EAST), WEST));
    assert_eq!((healing.failed_at, healing.served_at), (Some(now(0.0).wall), now(24.0).wall));
    assert_eq!((healing.took, healing.kept, healing.settled), (Some(Duration::from_secs(24)), Some(true), true));
    assert_eq!(healed.serving.as_deref(), Some(WEST));
    let said = healed.sentence(healing);
    assert!(said.starts_with("database: failed over by itself from us-east-1 to us-west-2 at "), "{said}");
    assert!(said.ends_with("24s dark, inside its promise of 1m"), "{said}");
}

#[test]
fn what_is_dark_for_longer_than_promised_is_warned_of_and_told_when_it_is_back() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 20.0, 30.0, 40.0] {
        board.observe(&sample("api@us-east-1", second, bad()));
    }
    let status = board.status(&Context::calm(Kind::Live), now(41.0));
    assert!(status.alerts.iter().any(|alert| alert.rule == "self-healing-late"), "{:?}", status.alerts);
    board.observe(&sample("api@us-east-1", 50.0, good()));
    let back = automatic(&board, "pods", 51.0);
    assert_eq!((back.overdue, back.recent.len(), back.recent[0].kept), (false, 1, Some(false)));
    assert!(back.sentence(&back.recent[0]).contains("us-east-1 serves again"));
}

#[test]
fn one_look_that_failed_is_no_failover_and_an_unknown_one_is_none_either() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("api@us-east-1", 10.0, bad()));
    assert_eq!(automatic(&board, "pods", 11.0).failing_since, None);
    board.observe(&sample("api@us-east-1", 13.0, Outcome::Unknown { why: "credentials have expired".to_owned() }));
    board.observe(&sample("api@us-east-1", 20.0, good()));
    let pods = automatic(&board, "pods", 21.0);
    assert_eq!((pods.recent.len(), pods.serving.as_deref()), (0, Some(EAST)));
}

#[test]
fn what_nobody_watched_has_no_length() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-west-2", 3600.0, server(primary(3600.0, 120))));
    let healed = automatic(&board, "database", 3601.0);
    assert_eq!((healed.recent[0].failed_at, healed.recent[0].took, healed.recent[0].kept), (None, None, None));
}

#[test]
fn the_cluster_s_own_memory_tells_the_true_time_once() {
    let mut board = board();
    board.observe(&sample(HA, 0.0, leader(0.0, Some("pg1"), &[])));
    board.observe(&sample(HA, 10.0, leader(10.0, None, &[])));
    board.observe(&sample(HA, 20.0, leader(20.0, Some("pg2"), &[])));
    let seen = automatic(&board, "patroni", 20.5);
    assert_eq!((seen.recent.len(), seen.recent[0].settled), (1, false), "it may be written down any moment");
    board.observe(&sample(HA, 30.0, leader(30.0, Some("pg2"), &[(14.0, "pg2")])));
    let healed = automatic(&board, "patroni", 31.0);
    assert_eq!(healed.recent.len(), 1);
    assert_eq!((healed.recent[0].served_at, healed.recent[0].settled), (now(14.0).wall, true));
    assert_eq!(healed.recent[0].took, Some(Duration::from_secs(14)));
    // There and back between two looks.
    let memory = [(14.0, "pg2"), (33.0, "pg1"), (36.0, "pg2")];
    board.observe(&sample(HA, 40.0, leader(40.0, Some("pg2"), &memory)));
    let healed = automatic(&board, "patroni", 41.0);
    let moves: Vec<_> = healed.recent.iter().map(|healing| (healing.from.as_deref(), healing.to.as_str())).collect();
    assert_eq!(moves, [(Some("pg1"), "pg2"), (Some("pg2"), "pg1"), (Some("pg1"), "pg2")]);
    assert_eq!(healed.recent[2].took, None);
}

#[test]
fn what_happened_before_the_first_look_is_known_from_that_memory() {
    let mut board = board();
    board.observe(&sample(HA, 90_000.0, leader(0.0, Some("pg2"), &[(10.0, "pg1"), (89_000.0, "pg2")])));
    let healed = automatic(&board, "patroni", 90_001.0);
    assert_eq!(healed.recent.len(), 1, "the last 24 hours");
    assert_eq!((healed.recent[0].from.as_deref(), healed.recent[0].to.as_str()), (Some("pg1"), "pg2"));
}
