//! When leaving a region is recommended, when it is withheld, and what is said for either.

use std::sync::Arc;
use std::time::Duration;

use super::Failover;
use crate::estate::{Estate, Objective, Tier};
use crate::ident::{RegionId, TierId};
use crate::log::Kind;
use crate::readiness::Past;
use crate::reading::testing::*;
use crate::reading::{Advice, Board, Context, Outcome, Payload, Recommendation, Status};

fn status(board: &Board, second: f64) -> Status {
    board.status(&Context::calm(Kind::Live), now(second))
}

fn advised(board: &Board, second: f64) -> Recommendation {
    status(board, second).recommendation
}

/// The eastern region is dark since the look at 10 s; the last look is the one at 26 s.
fn dark(mut board: Board) -> Board {
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 13.0, 16.0, 26.0] {
        east_dark(&mut board, second, 100);
    }
    board
}

fn edge_points_east(board: &mut Board, second: f64) {
    for second in [second - 0.2, second] {
        let serving = Payload::Serving { region: RegionId::from(EAST) };
        board.observe(&sample("edge", second, Outcome::Good { payload: serving }));
    }
}

fn failed_over(ago: u64) -> Arc<Past> {
    let at = now(26.0).wall.checked_sub(Duration::from_secs(ago)).unwrap();
    Arc::new(Past { failover: Some(Failover { at, to: Some(RegionId::from(EAST)) }), ..Past::default() })
}

#[test]
fn the_evidence_tells_what_failed_where_to_go_and_what_it_would_cost() {
    let mut estate = estate();
    estate.tiers.push(Tier {
        id: TierId::from("0"),
        rpo: Objective::Within(Duration::ZERO),
        ..estate.tiers[0].clone()
    });
    estate.services.push(crate::estate::Service { tier: Some(TierId::from("0")), ..estate.services[0].clone() });
    let board = dark(Board::new(Arc::new(estate)));
    let status = status(&board, 26.0);
    let because = &status.recommendation.because;
    assert_eq!(because[0], "us-east-1: 2 of 2 checks failed for 16s");
    assert!(
        because[1]
            .starts_with("us-west-2: healthy, orders-db lag ≥ 0s when its primary was last seen 25s ago, inside every RPO except that of Tier 0, priority"),
        "{because:?}"
    );
    assert_eq!(because[2..], ["seen from this machine only"]);
    let cost = status.regions[1].cost.as_ref().unwrap();
    assert_eq!((&cost.kept[..], &cost.at_risk[..]), (&["Tier 1".to_owned()][..], &["Tier 0".to_owned()][..]));
    assert_eq!(status.regions[0].cost, None, "nobody fails over to what is down");
}

#[test]
fn what_a_dark_side_may_have_written_since_counts_against_the_objective() {
    let mut board = dark(board());
    for second in [36.0, 46.0, 56.0, 66.0, 76.0] {
        east_dark(&mut board, second, 100);
    }
    let because = advised(&board, 77.0).because;
    assert!(because[1].contains("outside the RPO of Tier 1"), "{because:?}");
}

#[test]
fn a_failure_that_is_not_believed_yet_is_named() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    east_dark(&mut board, 10.0, 100);
    let advised = advised(&board, 10.5);
    assert_eq!(advised.advice, Advice::None);
    assert_eq!(advised.because[0], "us-east-1 is ok");
    assert!(advised.because[1].ends_with("yet: api@us-east-1, orders-db@us-east-1"), "{advised:?}");
}

#[test]
fn soon_after_a_failover_another_is_withheld_while_anything_serves() {
    let mut board = dark(board());
    edge_points_east(&mut board, 26.4);
    assert!(advised(&board, 26.4).failover, "there was none before");
    board.remember(failed_over(1226));
    let advised = advised(&board, 26.4);
    assert!(!advised.failover, "{advised:?}");
    let why = advised.withheld.as_deref().unwrap();
    assert_eq!(why, "a failover to us-east-1 ended 20m26s ago: another waits 39m33s longer, unless nothing serves");
    assert_eq!(advised.withheld_until, Some(now(2400.0).wall));
    assert_eq!(advised.to, Some(RegionId::from(WEST)), "where one would go is told all the same");
}

#[test]
fn where_nothing_serves_nobody_waits_for_the_cool_down() {
    let mut board = dark(board());
    board.remember(failed_over(1226));
    let advised = advised(&board, 26.0);
    assert!(advised.failover && advised.withheld.is_none(), "{advised:?}");
    assert!(advised.because.iter().any(|line| line.contains("nothing is seen to serve")), "{advised:?}");
}

#[test]
fn the_cool_down_ends() {
    let mut board = dark(board());
    edge_points_east(&mut board, 26.4);
    board.remember(failed_over(3600));
    assert!(advised(&board, 26.4).failover);
}

#[test]
fn a_failover_that_only_the_readings_saw_counts_as_well() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-west-2", 2.0, server(primary(2.0, 120))));
    board.observe(&sample("orders-db@us-east-1", 10.0, bad()));
    board.observe(&sample("orders-db@us-west-2", 12.0, server(primary(12.0, 130))));
    assert_eq!(board.moved, Some(Failover { at: now(12.0).wall, to: Some(RegionId::from(WEST)) }));
}

#[test]
fn nothing_is_recommended_before_its_time() {
    let mut estate = estate();
    estate.policy.recommend_after = Duration::from_secs(30);
    let mut board = dark(Board::new(Arc::new(estate)));
    let early = advised(&board, 26.0);
    assert_eq!(early.withheld.as_deref(), Some("us-east-1 is down for 10s, less than 30s"));
    assert_eq!((early.failover, early.withheld_until), (false, Some(now(46.0).wall)));
    east_dark(&mut board, 36.0, 100);
    east_dark(&mut board, 46.0, 100);
    assert!(advised(&board, 46.5).failover);
}

#[test]
fn a_region_that_only_flapping_checks_call_down_is_left_alone() {
    let mut board = board();
    let mut second = 0.0;
    for round in 0..12 {
        second = f64::from(round) * 10.0;
        if round % 2 == 0 {
            east_dark(&mut board, second, 100)
        } else {
            healthy(&mut board, second, 100)
        };
    }
    for _ in 0..3 {
        second += 3.0;
        east_dark(&mut board, second, 100);
    }
    let advised = advised(&board, second);
    assert!(!advised.failover && advised.from == Some(RegionId::from(EAST)), "{advised:?}");
    let why = advised.withheld.unwrap_or_default();
    assert!(why.starts_with("api@us-east-1, orders-db@us-east-1 answers and fails by turns"), "{why}");
}

/// Ranks by name.
fn ranks(estate: Estate) -> Vec<(String, Option<u32>)> {
    let mut board = Board::new(Arc::new(estate));
    healthy(&mut board, 0.0, 100);
    for name in ["eu-west-1", "ap-south-1", "sa-east-1"] {
        board.observe(&sample(&format!("api@{name}"), 0.0, good()));
    }
    let mut ranks: Vec<_> =
        status(&board, 1.0).regions.into_iter().map(|region| (region.name.to_string(), region.candidate)).collect();
    ranks.sort();
    ranks
}

#[test]
fn the_order_of_the_file_decides_nothing_where_priorities_are_written() {
    let mut one = estate();
    for (name, priority) in [("eu-west-1", 2), ("ap-south-1", 2), ("sa-east-1", 1)] {
        one.regions.push(crate::estate::Region { id: RegionId::from(name), priority, ..one.regions[1].clone() });
        one.checks.push(check("api", name));
    }
    let expected = [("ap-south-1", Some(2)), ("eu-west-1", Some(3)), ("sa-east-1", Some(1)), ("us-east-1", None)];
    let named = |ranks: Vec<(String, Option<u32>)>| ranks.into_iter().take(4).collect::<Vec<_>>();
    let expected: Vec<_> = expected.map(|(name, rank)| (name.to_owned(), rank)).into();
    assert_eq!(named(ranks(one.clone())), expected);
    one.regions.reverse();
    assert_eq!(named(ranks(one)), expected);
}
