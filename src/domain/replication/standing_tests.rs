use std::time::Duration;

use super::{Receiver, Sender};
use crate::ident::{DatabaseId, RegionId};
use crate::log::Kind;
use crate::reading::testing::*;
use crate::reading::{Board, Context, ReplicationStatus, Stream};
use crate::time::{Timestamp, at_offset};

fn standing(board: &Board, region: &str, second: f64) -> ReplicationStatus {
    let status = board.status(&Context::calm(Kind::Live), now(second));
    let (database, region) = (DatabaseId::from("orders-db"), RegionId::from(region));
    status.replication.into_iter().find(|row| row.database == database && row.region == region).unwrap()
}

fn west(board: &Board, second: f64) -> ReplicationStatus {
    standing(board, WEST, second)
}

#[test]
fn an_idle_primary_is_no_lag_however_long_it_idles() {
    let mut board = board();
    for second in [0.0, 10.0, 20.0, 600.0, 610.0] {
        healthy(&mut board, second, 100);
    }
    let row = west(&board, 610.5);
    assert_eq!((row.state, row.lag, row.not_received_bytes), (Stream::Streaming, Some(Duration::ZERO), Some(0)));
}

#[test]
fn a_standby_that_nothing_feeds_has_no_zero_lag() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-west-2", 10.0, server(standby(10.0, 100, None))));
    let row = west(&board, 10.5);
    assert_eq!((row.state, row.lag), (Stream::Absent, None));
    assert_eq!(row.notes, ["nothing feeds it"]);
}

#[test]
fn lag_is_the_time_since_the_primary_passed_what_the_standby_holds() {
    let mut board = board();
    for step in 0..12 {
        let second = f64::from(step) * 10.0;
        board.observe(&sample("orders-db@us-east-1", second, server(primary(second, 100 * step as u64))));
    }
    board.observe(&sample("orders-db@us-west-2", 111.0, server(standby(111.0, 350, Some(1100)))));
    let row = west(&board, 111.0);
    assert_eq!(row.not_received_bytes, Some(750));
    assert_eq!(row.lag.map(|lag| lag.as_secs()), Some(76), "it was at 350 about 35 s in");
}

#[test]
fn with_the_primary_gone_the_last_figures_stand_with_their_age() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-east-1", 10.0, server(primary(10.0, 900))));
    for second in [20.0, 23.0, 26.0, 36.0] {
        east_dark(&mut board, second, 100);
    }
    let row = west(&board, 36.5);
    assert_eq!((row.state, row.not_received_bytes), (Stream::Frozen, Some(800)));
    assert_eq!(row.measured_at, Some(at_offset(now(10.0).wall, Duration::from_millis(12))));
    assert_eq!(row.notes, ["sender gone"]);
    let at_risk = row.at_risk.unwrap();
    assert_eq!((at_risk.bytes_at_least, at_risk.at_most), (Some(800), None));
    assert_eq!(standing(&board, EAST, 36.5).state, Stream::Frozen);
}

#[test]
fn a_missing_privilege_is_unknown_and_not_zero() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let mut hidden = standby(5.0, 100, Some(100));
    hidden.receiver = Some(Receiver::default());
    board.observe(&sample("orders-db@us-west-2", 5.0, server(hidden)));
    let row = west(&board, 5.5);
    assert_eq!((row.state, row.lag), (Stream::Unknown, None));
    assert!(row.notes[0].contains("pg_monitor"), "{:?}", row.notes);
    let mut blind = primary(6.0, 100);
    blind.senders = None;
    board.observe(&sample("orders-db@us-east-1", 6.0, server(blind)));
    assert!(standing(&board, EAST, 6.5).notes[0].contains("pg_monitor"));
}

#[test]
fn a_half_open_link_is_unknown() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let mut silent = standby(60.0, 100, Some(100));
    if let Some(receiver) = &mut silent.receiver {
        receiver.last_message_at = Some(now(10.0).wall);
    }
    board.observe(&sample("orders-db@us-east-1", 60.0, server(primary(60.0, 100))));
    board.observe(&sample("orders-db@us-west-2", 60.5, server(silent)));
    let row = west(&board, 61.0);
    assert_eq!((row.state, row.lag), (Stream::Unknown, None));
    assert!(row.notes[0].contains("half open"), "{:?}", row.notes);
}

#[test]
fn paused_replay_is_said_and_is_not_loss() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let mut paused = standby(1.0, 100, Some(100));
    paused.replay_paused = Some(true);
    paused.replayed = Some(super::Lsn(40));
    board.observe(&sample("orders-db@us-west-2", 1.0, server(paused)));
    let row = west(&board, 1.5);
    assert_eq!((row.not_received_bytes, row.not_replayed_bytes), (Some(0), Some(60)));
    assert_eq!(row.notes, ["replay paused"]);
}

#[test]
fn of_two_connections_with_one_name_the_newest_counts() {
    let mut board = board();
    let sender = |second: i64, state: &str| Sender {
        name: "west".to_owned(),
        state: Some(state.to_owned()),
        backend_start: Timestamp::from_second(second).ok(),
        ..Sender::default()
    };
    let mut reading = primary(0.0, 100);
    reading.senders = Some(vec![sender(20, "catchup"), sender(10, "streaming")]);
    board.observe(&sample("orders-db@us-east-1", 0.0, server(reading)));
    let row = standing(&board, EAST, 0.5);
    assert_eq!(row.state, Stream::Unknown, "the streaming one is the dead one");
    assert_eq!(row.notes, ["2 connections named west: only the newest counts"]);
}

#[test]
fn a_primary_without_standbys_is_not_protected() {
    let mut board = board();
    board.observe(&sample("orders-db@us-east-1", 0.0, server(primary(0.0, 100))));
    let row = standing(&board, EAST, 0.5);
    assert_eq!((row.state, row.notes[0].as_str()), (Stream::Absent, "no standby connected: not protected"));
}

#[test]
fn another_system_identifier_is_another_cluster_and_no_split_brain() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let mut other = primary(5.0, 900);
    other.system_id = Some("8".to_owned());
    board.observe(&sample("orders-db@us-west-2", 5.0, server(other)));
    assert!(!west(&board, 5.5).split_brain);
    let mut stranger = standby(6.0, 50, None);
    stranger.system_id = Some("8".to_owned());
    board.observe(&sample("orders-db@us-west-2", 6.0, server(stranger)));
    let row = west(&board, 6.5);
    assert!(row.notes[0].contains("not the same cluster"), "{:?}", row.notes);
    assert_eq!((row.lag, row.at_risk), (None, None));
}

#[test]
fn both_sides_of_a_split_brain_say_so() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-west-2", 5.0, server(primary(5.0, 120))));
    board.observe(&sample("orders-db@us-east-1", 5.2, server(primary(5.2, 120))));
    assert_eq!(standing(&board, EAST, 5.5).notes[0], "SPLIT BRAIN: us-east-1 and us-west-2 accept writes");
    assert!(west(&board, 5.5).split_brain);
}
