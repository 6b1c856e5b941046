use std::time::Duration;

use super::testing::*;
use super::{Advice, Change, Context, Health, Source};
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
fn what_fails_often_is_down_although_it_answers_between() {
    let mut estate = estate();
    estate.checks[0].fail_when = crate::estate::FailWhen::new(4, 8);
    let mut board = super::Board::new(std::sync::Arc::new(estate));
    let look = |board: &mut super::Board, step: u32, outcome| {
        let second = f64::from(step) * 10.0;
        board.observe(&sample("api@us-east-1", second, outcome));
        board.status(&Context::calm(Kind::Live), now(second)).regions[0].checks[0].clone()
    };
    // Every other look fails: never two in a row, four among eight at the eighth.
    for step in 0..7 {
        let seen = look(&mut board, step, if step % 2 == 0 { good() } else { bad() });
        assert_eq!((seen.status, seen.suspect), (Health::Ok, step > 0), "look {step}");
    }
    let failed = look(&mut board, 7, bad());
    assert_eq!(failed.status, Health::Down);
    assert_eq!(failed.error.as_deref(), Some("timeout 2s; 4 of the last 8 looks failed"));
    let between = look(&mut board, 8, good());
    assert_eq!((between.status, between.error.as_deref()), (Health::Down, Some("4 of the last 8 looks failed")));
    // A second success in a row drops the oldest failure out of the eight.
    let recovered = look(&mut board, 9, good());
    assert_eq!((recovered.status, recovered.error), (Health::Ok, None));
}

#[test]
fn of_fewer_results_than_the_window_only_those_that_were_seen_count() {
    let mut estate = estate();
    estate.checks[0].fail_when = crate::estate::FailWhen::new(64, 64);
    estate.checks[0].fail_after = 1000;
    let mut board = super::Board::new(std::sync::Arc::new(estate));
    let check = board.estate().checks[0].clone();
    for step in 0..64_u32 {
        assert_ne!(board.check_health(&check, now(f64::from(step) * 10.0)), Health::Down, "look {step}");
        board.observe(&sample("api@us-east-1", f64::from(step) * 10.0, bad()));
    }
    assert_eq!(board.check_health(&check, now(640.0)), Health::Down);
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
    assert!(recommendation.because[1].starts_with("us-west-2: healthy, orders-db lag ≥ 0s when"), "{recommendation:?}");
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

/// What our own network is seen to do in a look that begins at `second`.
fn network(board: &mut super::Board, second: f64, outcome: super::Outcome) -> Vec<Change> {
    let mut seen = sample("x", second, outcome);
    seen.source = Source::Connectivity;
    board.observe(&seen)
}

#[test]
fn checks_that_fail_before_the_network_is_known_to_be_gone_turn_nothing_red() {
    let mut board = board();
    network(&mut board, 0.0, good());
    healthy(&mut board, 0.0, 100);
    // Three failures of everything, quicker than the network is asked.
    for second in [2.0, 3.0, 4.0] {
        assert_eq!(east_dark(&mut board, second, 100), vec![]);
    }
    assert!(board.doubts());
    assert_eq!(network(&mut board, 5.0, bad()), vec![Change::Blind { blind: true, at: now(5.0).wall }]);
    let status = board.status(&Context::calm(Kind::Live), now(5.0));
    assert!(status.blind && !status.recommendation.failover && !board.doubts());
    assert!(status.regions.iter().all(|region| region.status == Health::Ok));
    assert_eq!(network(&mut board, 10.0, good()), vec![Change::Blind { blind: false, at: now(10.0).wall }]);
    healthy(&mut board, 11.0, 110);
    assert!(!board.status(&Context::calm(Kind::Live), now(11.0)).blind);
}

#[test]
fn a_failure_counts_once_the_network_has_worked_after_it() {
    let mut board = board();
    network(&mut board, 0.0, good());
    healthy(&mut board, 0.0, 100);
    let mut changes = Vec::new();
    for second in [10.0, 13.0, 16.0] {
        assert_eq!(region_changes(&east_dark(&mut board, second, 100)), vec![]);
        assert_eq!(board.next_interval(&CheckId::from("api@us-east-1")).as_secs(), 3, "it is asked again soon");
        changes.extend(network(&mut board, second + 0.1, good()));
    }
    assert!(region_changes(&changes).contains(&(EAST.to_owned(), Health::Down)));
}

#[test]
fn a_network_that_is_not_heard_of_hides_no_outage() {
    let mut board = board();
    network(&mut board, 0.0, good());
    healthy(&mut board, 20.0, 100);
    let changes: Vec<_> = [30.0, 33.0, 36.0].iter().flat_map(|second| east_dark(&mut board, *second, 100)).collect();
    assert!(region_changes(&changes).contains(&(EAST.to_owned(), Health::Down)));
}

fn splits(changes: &[Change]) -> usize {
    changes.iter().filter(|change| matches!(change, Change::SplitBrain { regions, .. } if regions.len() == 2)).count()
}

#[test]
fn two_writers_of_one_cluster_are_a_split_brain_told_once() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let mut look = |check: &str, second| board.observe(&sample(check, second, server(primary(second, 120))));
    assert_eq!(splits(&look("orders-db@us-west-2", 10.0)), 0, "the other was last asked before");
    assert_eq!(splits(&look("orders-db@us-east-1", 11.0)), 1);
    assert_eq!(splits(&look("orders-db@us-west-2", 20.0)), 0);
}

#[test]
fn a_switchover_is_no_split_brain_and_the_new_side_serves_at_once() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let promoted = board.observe(&sample("orders-db@us-west-2", 2.0, server(primary(2.0, 120))));
    let stopped = board.observe(&sample("orders-db@us-east-1", 10.0, bad()));
    let confirmed = board.observe(&sample("orders-db@us-west-2", 12.0, server(primary(12.0, 130))));
    assert_eq!(splits(&promoted) + splits(&stopped) + splits(&confirmed), 0);
    assert!(confirmed.iter().any(|change| matches!(change, Change::Serving { subject, to, .. }
        if subject == "orders-db" && *to == Some(RegionId::from(WEST)))));
}

#[test]
fn a_standby_far_behind_is_degraded() {
    let mut board = board();
    for step in 0..20_u32 {
        let second = f64::from(step) * 10.0;
        board.observe(&sample("orders-db@us-east-1", second, server(primary(second, u64::from(step) * 100 + 100))));
        board.observe(&sample("orders-db@us-west-2", second + 0.1, server(standby(second + 0.1, 150, Some(9999)))));
    }
    let status = board.status(&Context::calm(Kind::Live), now(191.0));
    let check = status.regions[1].checks.iter().find(|check| check.name.as_str() == "orders-db@us-west-2").unwrap();
    assert_eq!(check.status, Health::Degraded);
    assert!(check.error.as_deref().is_some_and(|why| why.ends_with(" behind")), "{:?}", check.error);
}

#[test]
fn where_two_may_write_traffic_leaves_the_one_that_fails() {
    let mut estate = estate();
    for region in &mut estate.regions {
        region.role = crate::estate::RegionRole::Active;
    }
    let mut board = super::Board::new(std::sync::Arc::new(estate));
    let poll =
        |board: &mut super::Board, check: &str, second: f64, outcome| board.observe(&sample(check, second, outcome));
    for region in [EAST, WEST] {
        poll(&mut board, &format!("orders-db@{region}"), 0.0, server(primary(0.0, 100)));
        poll(&mut board, &format!("api@{region}"), 0.0, good());
    }
    let status = board.status(&Context::calm(Kind::Live), now(1.0));
    assert!(status.regions.iter().all(|region| region.serving == Some(true)));
    assert!(!status.recommendation.failover && status.replication.iter().all(|row| !row.split_brain));
    for second in [10.0, 13.0, 16.0] {
        poll(&mut board, "orders-db@us-west-2", second, bad());
        poll(&mut board, "api@us-west-2", second, bad());
        poll(&mut board, "orders-db@us-east-1", second, server(primary(second, 200)));
        poll(&mut board, "api@us-east-1", second, good());
    }
    let recommendation = board.status(&Context::calm(Kind::Live), now(17.0)).recommendation;
    assert_eq!((recommendation.failover, recommendation.advice), (false, Advice::MoveTraffic), "{recommendation:?}");
    assert_eq!((recommendation.from, recommendation.to), (Some(RegionId::from(WEST)), Some(RegionId::from(EAST))));
}

#[test]
fn clocks_far_apart_are_shown() {
    let mut board = board();
    let mut skewed = sample("api@us-east-1", 0.0, good());
    skewed.clock_skew_ms = Some(-3500);
    board.observe(&skewed);
    let status = board.status(&Context::calm(Kind::Live), now(1.0));
    assert_eq!(status.clock_skew_ms, Some(-3500));
    assert_eq!(status.clock_skew().as_deref(), Some("the clock of api@us-east-1 is 3.5s behind ours"));
}

#[test]
fn a_service_that_nothing_points_to_is_served_where_the_databases_accept_writes() {
    let mut estate = estate();
    estate.services[0].serving = None;
    estate.services[0].databases.clear();
    let mut board = super::Board::new(std::sync::Arc::new(estate));
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 13.0, 16.0] {
        east_dark(&mut board, second, 100);
    }
    let service =
        |board: &super::Board, second| board.status(&Context::calm(Kind::Live), now(second)).services.remove(0);
    assert_eq!((service(&board, 16.5).status, service(&board, 16.5).serving), (Health::Down, None));
    board.observe(&sample("orders-db@us-west-2", 17.0, server(primary(17.0, 120))));
    let moved = service(&board, 17.5);
    assert_eq!((moved.status, moved.serving), (Health::Ok, Some(RegionId::from(WEST))));
    assert_eq!(moved.since, Some(now(17.0).wall));
}

#[test]
fn a_name_that_does_not_answer_is_not_taken_to_follow_the_writes() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 13.0, 16.0] {
        east_dark(&mut board, second, 100);
    }
    board.observe(&sample("orders-db@us-west-2", 17.0, server(primary(17.0, 120))));
    let service = board.status(&Context::calm(Kind::Live), now(17.5)).services.remove(0);
    assert_eq!((service.status, service.serving), (Health::Down, None));
}
