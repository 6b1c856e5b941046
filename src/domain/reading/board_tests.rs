use std::time::Duration;

use super::testing::*;
use super::{Change, Context, Health, Outcome, Payload, Source};
use crate::ident::{CheckId, RegionId};
use crate::log::Kind;

fn region_changes(changes: &[Change]) -> Vec<(String, Health)> {
    changes
        .iter()
        .filter_map(|change| match change {
            Change::Region { region, to, .. } => Some((region.to_string(), *to)),
            _ => None,
        })
        .collect()
}

#[test]
fn three_failures_make_down_and_two_successes_ok() {
    let mut board = board();
    let check = CheckId::from("api@us-east-1");
    let health = |board: &super::Board, second: f64| {
        let estate = std::sync::Arc::clone(board.estate());
        board.check_health(estate.check(&check).unwrap(), now(second))
    };
    board.observe(&sample("api@us-east-1", 0.0, good()));
    assert_eq!(health(&board, 0.0), Health::Ok, "the first answer tells");
    for (second, expected) in [(10.0, Health::Ok), (13.3, Health::Ok), (16.6, Health::Down)] {
        board.observe(&sample("api@us-east-1", second, bad()));
        assert_eq!(health(&board, second), expected);
    }
    board.observe(&sample("api@us-east-1", 26.6, good()));
    assert_eq!(health(&board, 26.6), Health::Down, "one success is not enough");
    board.observe(&sample("api@us-east-1", 30.0, good()));
    assert_eq!(health(&board, 30.0), Health::Ok);
}

#[test]
fn degraded_needs_the_same_counts() {
    let mut board = board();
    let check = board.estate().check(&CheckId::from("api@us-east-1")).unwrap().clone();
    board.observe(&sample("api@us-east-1", 0.0, good()));
    for (second, expected) in [(10.0, Health::Ok), (20.0, Health::Ok), (30.0, Health::Degraded)] {
        board.observe(&sample("api@us-east-1", second, soft()));
        assert_eq!(board.check_health(&check, now(second)), expected);
    }
}

#[test]
fn after_the_first_failure_it_is_asked_again_sooner() {
    let mut board = board();
    let check = CheckId::from("api@us-east-1");
    assert_eq!(board.next_interval(&check), Duration::from_secs(10));
    board.observe(&sample("api@us-east-1", 0.0, good()));
    board.observe(&sample("api@us-east-1", 10.0, bad()));
    assert_eq!(board.next_interval(&check).as_secs(), 3);
    assert!(board.status(&Context::calm(Kind::Live), now(10.0)).regions[0].checks[0].suspect);
    board.observe(&sample("api@us-east-1", 13.0, bad()));
    board.observe(&sample("api@us-east-1", 16.0, bad()));
    assert_eq!(board.next_interval(&check), Duration::from_secs(10), "the state is hard again");
}

#[test]
fn a_reading_three_intervals_old_is_stale_by_the_boot_clock() {
    let mut board = board();
    let check = board.estate().check(&CheckId::from("api@us-east-1")).unwrap().clone();
    board.observe(&sample("api@us-east-1", 0.0, good()));
    assert_eq!(board.check_health(&check, now(29.0)), Health::Ok);
    assert_eq!(board.check_health(&check, now(31.0)), Health::Stale);
    let wall_was_set = crate::time::Now { wall: now(9000.0).wall, boot: now(5.0).boot };
    assert_eq!(board.check_health(&check, wall_was_set), Health::Ok);
}

#[test]
fn what_was_so_before_a_long_gap_says_nothing_about_now() {
    let mut board = board();
    let check = board.estate().check(&CheckId::from("api@us-east-1")).unwrap().clone();
    board.observe(&sample("api@us-east-1", 0.0, good()));
    board.observe(&sample("api@us-east-1", 4000.0, bad()));
    assert_eq!(board.check_health(&check, now(4000.0)), Health::Unknown);
}

#[test]
fn samples_of_an_earlier_boot_age_by_the_wall_clock() {
    let mut board = board();
    board.observe(&sample("api@us-east-1", 0.0, good()).of_earlier_boot());
    let check = board.estate().check(&CheckId::from("api@us-east-1")).unwrap().clone();
    assert_eq!(board.check_health(&check, now(20.0)), Health::Ok);
    assert_eq!(board.check_health(&check, now(40.0)), Health::Stale);
}

#[test]
fn a_region_goes_down_once_and_says_why() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let mut changes = Vec::new();
    for second in [10.0, 13.0, 16.0, 19.0] {
        changes.extend(east_dark(&mut board, second, 100));
    }
    let downs: Vec<_> = region_changes(&changes).into_iter().filter(|(_, to)| *to == Health::Down).collect();
    assert_eq!(downs, [(EAST.to_owned(), Health::Down)]);
    assert_eq!(board.last_good(&RegionId::from(EAST)), Some(now(0.0).wall));
}

#[test]
fn a_dark_region_that_served_is_to_be_failed_over_with_the_evidence() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 13.0, 16.0, 26.0] {
        east_dark(&mut board, second, 100);
    }
    let status = board.status(&Context::calm(Kind::Live), now(26.0));
    let recommendation = &status.recommendation;
    assert!(recommendation.failover, "{recommendation:?}");
    assert_eq!(recommendation.from, Some(RegionId::from(EAST)));
    assert_eq!(recommendation.to, Some(RegionId::from(WEST)));
    assert_eq!(recommendation.because[0], "us-east-1: 2 of 2 checks failed for 16s");
    assert!(recommendation.because[1].starts_with("us-west-2: healthy, orders-db lag 0s"), "{recommendation:?}");
    let east = &status.regions[0];
    assert_eq!((east.serving, east.was_serving, east.candidate), (None, true, None));
    assert_eq!(status.services[0].status, Health::Down);
}

#[test]
fn nothing_is_recommended_while_all_is_well_and_the_serving_side_is_the_observed_one() {
    let mut board = board();
    let changes = healthy(&mut board, 0.0, 100);
    assert!(changes.iter().any(|change| matches!(change, Change::Serving { subject, to, .. }
        if subject == "checkout" && *to == Some(RegionId::from(EAST)))));
    let status = board.status(&Context::calm(Kind::Live), now(1.0));
    assert!(!status.recommendation.failover);
    assert_eq!(status.regions.iter().map(|region| region.serving).collect::<Vec<_>>(), [Some(true), Some(false)]);
    assert_eq!(status.regions[1].candidate, Some(1));
    assert_eq!(status.regions[0].candidate, None);
}

#[test]
fn without_our_own_network_nothing_turns_red() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let mut offline = sample("x", 5.0, bad());
    offline.source = Source::Connectivity;
    assert_eq!(board.observe(&offline), vec![Change::Blind { blind: true, at: now(5.0).wall }]);
    for second in [10.0, 13.0, 16.0, 19.0, 29.0] {
        assert_eq!(region_changes(&east_dark(&mut board, second, 100)), vec![]);
    }
    let status = board.status(&Context::calm(Kind::Live), now(29.0));
    assert!(status.blind && !status.recommendation.failover);
    assert_eq!(status.regions[0].status, Health::Ok);
}

#[test]
fn two_writers_of_one_cluster_are_a_split_brain_told_once() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let promoted = || Outcome::Good { payload: Payload::Server { server: Box::new(primary(10.0, 120)) } };
    let changes = board.observe(&sample("orders-db@us-west-2", 10.0, promoted()));
    assert!(changes.iter().any(|change| matches!(change, Change::SplitBrain { regions, .. } if regions.len() == 2)));
    let again = board.observe(&sample("orders-db@us-west-2", 11.0, promoted()));
    assert!(!again.iter().any(|change| matches!(change, Change::SplitBrain { .. })));
}

#[test]
fn clocks_far_apart_are_shown() {
    let mut board = board();
    let mut skewed = sample("api@us-east-1", 0.0, good());
    skewed.clock_skew_ms = Some(-3500);
    board.observe(&skewed);
    assert_eq!(board.status(&Context::calm(Kind::Live), now(1.0)).clock_skew_ms, Some(-3500));
}
