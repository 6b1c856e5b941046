use std::time::Duration;

use super::*;
use crate::log::Kind;
use crate::reading::testing::{EAST, WEST, bad, check, estate, now, sample};
use crate::reading::{Board, Context, Health, Outcome, Payload, ReplicationStatus, Status, Stream, TrendUnit};

const MASTER: &str = "cache@us-east-1";
const REPLICA: &str = "cache@us-west-2";

fn board() -> Board {
    let mut estate = estate();
    estate.checks.extend([check("cache", EAST), check("cache", WEST)]);
    Board::new(std::sync::Arc::new(estate))
}

fn look(board: &mut Board, check: &str, second: f64, copies: Vec<CopyReading>) {
    let copies =
        CopiesReading { source: CopySource::Redis, text: "a look".to_owned(), copies, ..CopiesReading::default() };
    board.observe(&sample(check, second, Outcome::Good { payload: Payload::Copies { copies: Box::new(copies) } }));
}

fn copy(member: &str, role: CopyRole, state: Stream, end: u64) -> CopyReading {
    let position = Some(CopyPosition { history: "a1".to_owned(), end });
    CopyReading { member: member.to_owned(), role, state, position, ..CopyReading::default() }
}

fn master(board: &mut Board, second: f64, end: u64) {
    look(board, MASTER, second, vec![copy("east", CopyRole::Primary, Stream::Streaming, end)]);
}

fn replica(board: &mut Board, second: f64, state: Stream, end: u64) {
    look(board, REPLICA, second, vec![copy("west", CopyRole::Standby, state, end)]);
}

fn status(board: &Board, second: f64) -> Status {
    board.status(&Context::calm(Kind::Live), now(second))
}

fn row(board: &Board, second: f64, member: &str) -> ReplicationStatus {
    let rows = status(board, second).replication;
    rows.into_iter().find(|row| row.member.as_deref() == Some(member)).unwrap()
}

#[test]
fn a_copy_in_another_region_is_compared_with_the_primary_that_another_check_reads() {
    let mut board = board();
    master(&mut board, 0.0, 100);
    replica(&mut board, 1.0, Stream::Streaming, 100);
    let west = row(&board, 2.0, "west");
    assert_eq!((west.database.as_str(), west.region.as_str(), west.source), ("cache", WEST, CopySource::Redis));
    assert_eq!((west.lag, west.not_received_bytes, west.role.as_str()), (Some(Duration::ZERO), Some(0), "standby"));
    master(&mut board, 10.0, 600);
    replica(&mut board, 11.0, Stream::Streaming, 350);
    let west = row(&board, 12.0, "west");
    assert_eq!(west.not_received_bytes, Some(250));
    let lag = west.lag.unwrap();
    assert!(lag > Duration::from_secs(1) && lag < Duration::from_secs(11), "{lag:?}");
    assert_eq!((west.trend.len(), west.trend_unit), (1, TrendUnit::Ms));
}

#[test]
fn offsets_that_stand_still_after_the_link_broke_are_no_zero_lag() {
    let mut board = board();
    master(&mut board, 0.0, 100);
    replica(&mut board, 1.0, Stream::Streaming, 100);
    replica(&mut board, 11.0, Stream::Absent, 100);
    let west = row(&board, 12.0, "west");
    assert_eq!((west.state, west.lag, west.not_received_bytes), (Stream::Absent, None, Some(0)));
    for second in [20.0, 30.0, 40.0] {
        board.observe(&sample(MASTER, second, bad()));
    }
    replica(&mut board, 41.0, Stream::Absent, 80);
    let west = row(&board, 42.0, "west");
    assert_eq!((west.state, west.not_received_bytes), (Stream::Frozen, Some(20)), "the last that was known");
    let east = row(&board, 42.0, "east");
    assert_eq!(
        (east.state, east.role.as_str(), east.notes[0].as_str()),
        (Stream::Frozen, "primary", "does not answer")
    );
}

#[test]
fn offsets_of_another_history_are_not_compared() {
    let mut board = board();
    master(&mut board, 0.0, 9000);
    let position = Some(CopyPosition { history: "b2".to_owned(), end: 10 });
    let stranger = CopyReading { position, ..copy("west", CopyRole::Standby, Stream::Streaming, 0) };
    look(&mut board, REPLICA, 1.0, vec![stranger]);
    let west = row(&board, 2.0, "west");
    assert_eq!((west.lag, west.not_received_bytes), (None, None));
}

#[test]
fn a_copy_that_does_not_answer_is_unknown_and_keeps_when_it_was_read() {
    let mut board = board();
    replica(&mut board, 0.0, Stream::Streaming, 100);
    for second in [10.0, 13.0, 16.0] {
        board.observe(&sample(REPLICA, second, bad()));
    }
    let west = row(&board, 17.0, "west");
    assert_eq!((west.state, west.role.as_str(), west.lag), (Stream::Unknown, "unknown", None));
    assert_eq!((west.measured_at, west.notes[0].as_str()), (Some(now(0.0).wall), "does not answer"));
    replica(&mut board, 20.0, Stream::Streaming, 100);
    assert_eq!(row(&board, 21.0, "west").state, Stream::Streaming);
    assert_eq!(row(&board, 90.0, "west").notes[0], "nothing newer was learned");
}

#[test]
fn lag_over_the_marks_degrades_and_warns_by_a_time_of_its_own() {
    let mut board = board();
    let metric = |seconds: u64| CopyReading {
        member: "orders-replica".to_owned(),
        role: CopyRole::Standby,
        state: Stream::Streaming,
        lag: Some(Duration::from_secs(seconds)),
        measured_at: Some(now(5.0).wall),
        ..CopyReading::default()
    };
    for (second, lag, rule) in [(10.0, 59, None), (20.0, 61, Some("warning")), (30.0, 301, Some("critical"))] {
        for step in 0..3 {
            look(&mut board, REPLICA, second + f64::from(step), vec![metric(lag)]);
        }
        let status = status(&board, second + 3.0);
        let lag = status.alerts.iter().filter(|alert| alert.rule == "replication-lag");
        let alerts: Vec<_> = lag.map(|alert| (alert.rule.as_str(), alert.severity.word())).collect();
        assert_eq!(alerts, rule.map(|word| ("replication-lag", word)).into_iter().collect::<Vec<_>>());
        let check = status.regions[1].checks.iter().find(|check| check.name.as_str() == REPLICA).unwrap();
        assert_eq!(check.status, if rule.is_some() { Health::Degraded } else { Health::Ok });
        assert_eq!(row(&board, second + 3.0, "orders-replica").measured_at, Some(now(5.0).wall));
    }
}

#[test]
fn what_a_member_says_of_itself_outweighs_what_another_says_of_it() {
    let mut board = board();
    let told = CopyReading { second_hand: true, ..copy("west", CopyRole::Standby, Stream::Streaming, 90) };
    look(&mut board, MASTER, 0.0, vec![copy("east", CopyRole::Primary, Stream::Streaming, 100), told]);
    assert_eq!(row(&board, 1.0, "west").region.as_str(), EAST);
    replica(&mut board, 1.0, Stream::Absent, 90);
    let rows = status(&board, 2.0).replication.into_iter().filter(|row| row.member.as_deref() == Some("west"));
    let rows: Vec<_> = rows.map(|row| (row.region.to_string(), row.state)).collect();
    assert_eq!(rows, [(WEST.to_owned(), Stream::Absent)]);
    assert!(status(&board, 2.0).alerts.iter().any(|alert| alert.rule == "standby-unhealthy"));
}
