use std::time::Duration;

use super::{Promotion, evaluate, implicit_guards};
use crate::engine::{Fence, FenceObserved, FenceStatement, LossAccepted, Override, State, StepRun};
use crate::execution::{GuardResult, GuardVerdict};
use crate::ident::{BackupId, DatabaseId, PersonId, RegionId};
use crate::log::Mode;
use crate::reading::testing::*;
use crate::reading::{Board, Health};
use crate::runbook::CheckLine;

fn ask(line: &CheckLine, board: &Board, second: f64) -> GuardResult {
    evaluate(line, board, &State::default(), None, now(second))
}

fn is(name: &str, health: Health, held: Option<u64>) -> CheckLine {
    CheckLine::Is { name: name.to_owned(), health, held: held.map(Duration::from_secs) }
}

fn orders() -> DatabaseId {
    DatabaseId::from("orders-db")
}

fn lag(seconds: u64) -> CheckLine {
    CheckLine::Lag { database: orders(), region: RegionId::from(WEST), below: Duration::from_secs(seconds) }
}

fn loss(seconds: u64) -> CheckLine {
    CheckLine::Loss { database: orders(), region: RegionId::from(WEST), at_most: Duration::from_secs(seconds) }
}

fn fenced() -> CheckLine {
    CheckLine::Fenced { database: orders(), region: RegionId::from(EAST) }
}

fn with_fence(fence: Fence) -> State {
    let mut state = State::default();
    state.fences.insert((orders(), RegionId::from(EAST)), fence);
    state
}

fn stated(second: f64) -> Option<FenceStatement> {
    let how = "instances stopped".to_owned();
    Some(FenceStatement { how, by: PersonId::from("ana"), at: now(second).wall })
}

fn observed(second: f64, zero_loss: bool) -> Option<FenceObserved> {
    let evidence = "ERROR 25006 read-only".to_owned();
    Some(FenceObserved { evidence, vantages: 2, zero_loss, at: now(second).wall })
}

/// East polled at 0 and 10 s, dark from 20 s on; the standby holds what was there at 10 s but 60 bytes.
fn dark() -> Board {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-east-1", 10.0, server(primary(10.0, 160))));
    for second in [20.0, 23.0, 26.0, 36.0] {
        east_dark(&mut board, second, 100);
    }
    board
}

#[test]
fn a_stale_reading_never_passes() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for line in [is("api@us-west-2", Health::Ok, None), is(WEST, Health::Ok, None), is("checkout", Health::Ok, None)] {
        assert_eq!(ask(&line, &board, 5.0).verdict, GuardVerdict::Pass, "{line}");
        assert_eq!(ask(&line, &board, 60.0).verdict, GuardVerdict::Unknown, "{line}");
    }
    assert_eq!(ask(&lag(300), &board, 5.0).verdict, GuardVerdict::Pass);
    assert_eq!(ask(&lag(300), &board, 60.0).verdict, GuardVerdict::Unknown);
}

#[test]
fn what_was_never_read_never_passes() {
    let board = board();
    let backup = CheckLine::Backup { name: BackupId::from("orders"), below: Duration::from_secs(9999) };
    let serving = CheckLine::Serving { name: "checkout".to_owned(), region: RegionId::from(EAST) };
    for line in [is(EAST, Health::Ok, None), lag(300), loss(300), backup, serving, is("nobody", Health::Ok, None)] {
        assert_eq!(ask(&line, &board, 0.0).verdict, GuardVerdict::Unknown, "{line}");
    }
}

#[test]
fn nothing_passes_while_our_own_network_is_down() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let mut offline = sample("x", 1.0, bad());
    offline.source = crate::reading::Source::Connectivity;
    board.observe(&offline);
    assert_eq!(ask(&is(WEST, Health::Ok, None), &board, 2.0).verdict, GuardVerdict::Unknown);
    assert_eq!(ask(&lag(300), &board, 2.0).verdict, GuardVerdict::Unknown);
}

#[test]
fn ok_for_two_minutes_takes_two_minutes() {
    let mut board = board();
    for step in 0..14 {
        healthy(&mut board, f64::from(step) * 10.0, 100);
    }
    let line = is("api@us-west-2", Health::Ok, Some(120));
    assert_eq!(ask(&line, &board, 119.0).verdict, GuardVerdict::Fail);
    assert_eq!(ask(&line, &board, 131.0).verdict, GuardVerdict::Pass);
    assert_eq!(ask(&is(WEST, Health::Ok, Some(120)), &board, 131.0).verdict, GuardVerdict::Pass);
}

#[test]
fn a_gap_in_the_readings_starts_the_two_minutes_anew() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    healthy(&mut board, 600.0, 100);
    for line in [is("api@us-west-2", Health::Ok, Some(120)), is(WEST, Health::Ok, Some(120))] {
        assert_eq!(ask(&line, &board, 601.0).verdict, GuardVerdict::Fail, "{line}");
    }
}

#[test]
fn while_flapping_ok_for_a_time_is_false() {
    let mut board = board();
    for step in 0..20 {
        let outcome = if step % 2 == 0 { good() } else { bad() };
        board.observe(&sample("api@us-west-2", f64::from(step) * 10.0, outcome));
    }
    let result = ask(&is("api@us-west-2", Health::Ok, Some(60)), &board, 191.0);
    assert_eq!((result.verdict, result.seen.as_str()), (GuardVerdict::Fail, "ok, but flapping"));
    assert_eq!(ask(&is("api@us-west-2", Health::Ok, None), &board, 191.0).verdict, GuardVerdict::Pass);
}

#[test]
fn lag_is_for_live_readings_only() {
    let result = ask(&lag(300), &dark(), 36.5);
    assert_eq!(result.verdict, GuardVerdict::Unknown, "frozen is not live: {}", result.seen);
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-east-1", 10.0, bad()));
    assert_eq!(ask(&lag(300), &board, 10.5).verdict, GuardVerdict::Unknown, "the primary just failed to answer");
}

#[test]
fn a_standby_that_nothing_feeds_does_not_pass_as_without_lag() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-west-2", 5.0, server(standby(5.0, 100, None))));
    assert_eq!(ask(&lag(300), &board, 5.5).verdict, GuardVerdict::Unknown);
}

#[test]
fn loss_passes_only_when_the_upper_bound_is_inside() {
    let board = dark();
    assert_eq!(ask(&loss(300), &board, 36.5).verdict, GuardVerdict::Ask, "not fenced: no upper bound");
    let state = with_fence(Fence { statement: stated(30.0), ..Fence::default() });
    let passes = |seconds| evaluate(&loss(seconds), &board, &state, None, now(36.5));
    assert_eq!(passes(300).verdict, GuardVerdict::Pass, "{}", passes(300).seen);
    assert_eq!(passes(5).verdict, GuardVerdict::Ask, "{}", passes(5).seen);
}

#[test]
fn an_accepted_loss_counts_until_the_interval_gets_worse() {
    let mut board = dark();
    let at_risk = board.at_risk(&orders(), &RegionId::from(WEST), None, now(36.5));
    let accepted = LossAccepted {
        database: orders(),
        region: RegionId::from(WEST),
        at_risk,
        by: PersonId::from("mara"),
        at: now(37.0).wall,
    };
    let step = StepRun { loss_accepted: vec![accepted], ..StepRun::default() };
    let state = State::default();
    let result = evaluate(&loss(300), &board, &state, Some(&step), now(38.0));
    assert_eq!(result.verdict, GuardVerdict::Overridden);
    assert!(result.seen.contains("accepted by mara"), "{}", result.seen);
    board.observe(&sample("orders-db@us-east-1", 40.0, server(primary(40.0, 5000))));
    for second in [50.0, 53.0, 56.0, 66.0] {
        east_dark(&mut board, second, 100);
    }
    assert_eq!(evaluate(&loss(300), &board, &state, Some(&step), now(66.5)).verdict, GuardVerdict::Ask);
}

#[test]
fn a_refused_connection_is_no_fence() {
    let result = ask(&fenced(), &dark(), 36.5);
    assert_eq!(result.verdict, GuardVerdict::Fail);
    assert_eq!(result.seen, "no fence evidence: a refused connection is not evidence");
}

#[test]
fn a_fence_is_a_refused_write_or_a_statement_and_a_write_seen_revokes_both() {
    let board = dark();
    let look = |fence: Fence| evaluate(&fenced(), &board, &with_fence(fence), None, now(40.0));
    let refused = look(Fence { observed: observed(30.0, false), ..Fence::default() });
    assert_eq!(refused.verdict, GuardVerdict::Pass);
    assert!(refused.seen.starts_with("write refused from 2 places"), "{}", refused.seen);
    let statement = look(Fence { statement: stated(30.0), ..Fence::default() });
    assert_eq!(statement.verdict, GuardVerdict::Pass);
    assert!(statement.seen.starts_with("by statement: ana, instances stopped"), "{}", statement.seen);
    let revoked = look(Fence {
        observed: observed(30.0, true),
        statement: stated(31.0),
        revoked: Some((now(35.0).wall, "order 991 accepted".to_owned())),
    });
    assert_eq!(revoked.verdict, GuardVerdict::Fail);
    assert!(revoked.seen.contains("order 991"), "{}", revoked.seen);
}

#[test]
fn a_fence_seen_while_the_server_still_answers_as_a_primary_says_so() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let state = with_fence(Fence { statement: stated(1.0), ..Fence::default() });
    assert!(evaluate(&fenced(), &board, &state, None, now(2.0)).seen.ends_with("it still answers as a primary"));
}

#[test]
fn an_override_lets_one_named_guard_through_and_shows() {
    let entry = Override {
        text: None,
        guard: fenced().to_string(),
        seen: String::new(),
        reason: "building burnt down".to_owned(),
        authority: PersonId::from("raj"),
        at: now(30.0).wall,
    };
    let step = StepRun { overrides: vec![entry], ..StepRun::default() };
    let (board, state) = (dark(), State::default());
    let result = evaluate(&fenced(), &board, &state, Some(&step), now(36.5));
    assert_eq!(result.verdict, GuardVerdict::Overridden);
    assert!(result.seen.contains("overridden by raj: building burnt down"), "{}", result.seen);
    assert_eq!(evaluate(&lag(5), &board, &state, Some(&step), now(36.5)).verdict, GuardVerdict::Unknown);
}

#[test]
fn the_serving_side_is_the_one_observed() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for name in ["checkout", "orders-db", "all"] {
        let line = |region: &str| CheckLine::Serving { name: name.to_owned(), region: RegionId::from(region) };
        assert_eq!(ask(&line(EAST), &board, 1.0).verdict, GuardVerdict::Pass);
        assert_eq!(ask(&line(WEST), &board, 1.0).verdict, GuardVerdict::Fail);
    }
}

fn promote(board: &Board, state: &State, mode: Mode, second: f64) -> Vec<GuardResult> {
    let promotion = Promotion { database: &orders(), target: &RegionId::from(WEST), mode };
    implicit_guards(board, state, None, promotion, now(second))
}

#[test]
fn a_promotion_in_the_dark_meets_its_implicit_guards() {
    for result in promote(&dark(), &State::default(), Mode::Forced, 36.5) {
        assert_eq!(result.verdict, GuardVerdict::Pass, "{}: {}", result.name, result.seen);
    }
}

#[test]
fn forcing_beside_a_healthy_primary_is_loud_and_planned_is_not() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    let verdicts = |mode| promote(&board, &State::default(), mode, 1.0);
    let loud: Vec<_> = verdicts(Mode::Forced).into_iter().filter(|result| !result.verdict.lets_through()).collect();
    assert_eq!(loud.len(), 1);
    assert!(loud[0].seen.contains("LOOKS HEALTHY"), "{}", loud[0].seen);
    assert!(verdicts(Mode::Planned).iter().all(|result| result.verdict.lets_through()));
}

#[test]
fn a_server_of_another_cluster_is_never_promoted() {
    let mut board = dark();
    let mut stranger = standby(37.0, 100, None);
    stranger.system_id = Some("8".to_owned());
    board.observe(&sample("orders-db@us-west-2", 37.0, server(stranger)));
    let results = promote(&board, &State::default(), Mode::Forced, 37.5);
    let identity = results.iter().find(|result| result.name.contains("same cluster")).unwrap();
    assert_eq!(identity.verdict, GuardVerdict::Fail, "{}", identity.seen);
}

#[test]
fn what_already_accepts_writes_is_not_promoted_again() {
    let mut board = dark();
    board.observe(&sample("orders-db@us-west-2", 37.0, server(primary(37.0, 200))));
    let failed = promote(&board, &State::default(), Mode::Forced, 37.5);
    let failed: Vec<_> =
        failed.iter().filter(|result| !result.verdict.lets_through()).map(|it| it.name.as_str()).collect();
    assert_eq!(failed, ["orders-db@us-west-2 in recovery", "orders-db@us-west-2 not the side that serves"]);
}
