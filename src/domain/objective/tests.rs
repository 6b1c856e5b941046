use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{AtRisk, Learned, Phase, Quantiles, Row, TierWatch, availability, clocks, phases, remaining, rows};
use crate::engine::{Command, Incident, Recorded, Run, RunState, State, StepRun};
use crate::estate::{ClockStart, Estate, Objective, Target, TargetKind};
use crate::ident::{DatabaseId, Hash, IncidentId, RegionId, RunId, ServiceId, StepId, TierId};
use crate::log::{Kind, Mode, Sev};
use crate::reading::testing::{self, EAST, WEST, now};
use crate::reading::{Health, ReplicationStatus, ServiceStatus, Status, Stream, TrendUnit, Verdict};
use crate::replication::CopySource;

const PLAN: &str = "---
runbook: 1
title: Regional failover
---
# Regional failover

## During

- [ ] Stop writes <!-- id: stop -->

  Duration: 30s-60s

- [ ] Promote <!-- id: promote -->

  Duration: 30s

### Traffic (in parallel)

- [ ] DNS <!-- id: dns -->

  Duration: 60s

- [ ] Scale <!-- id: scale -->

  Duration: 2m

## Recovery to primary

- [ ] Rebuild <!-- id: rebuild -->

  Duration: 5h
";

fn at(second: f64) -> crate::time::Timestamp {
    now(second).wall
}

/// Impact at 0 s, declared at 60 s.
fn incident() -> Incident {
    Incident {
        id: IncidentId(ulid::Ulid::nil()),
        label: "INC-2026-0001".to_owned(),
        kind: Kind::Live,
        severity: Sev(1),
        title: "Regional outage of us-east-1".to_owned(),
        opened_at: at(60.0),
        impact_at: at(0.0),
        impact_basis: "last good sample".to_owned(),
        from: Some(RegionId::from(EAST)),
        to: Some(RegionId::from(WEST)),
        estate: Arc::new(testing::estate()),
        status: crate::log::IncidentStatus::default(),
        commander: None,
        decided_at: None,
        closed_at: None,
        recovered: BTreeMap::new(),
        recovery_point: BTreeMap::new(),
        no_return_at: None,
    }
}

fn run() -> Run {
    Run {
        id: RunId(ulid::Ulid::nil()),
        incident: "INC-2026-0001".to_owned(),
        estate: Arc::default(),
        kind: Kind::Live,
        parent: None,
        name: "regional-failover".to_owned(),
        runbook: Arc::new(crate::runbook::parse(Arc::from(PLAN), None)),
        hash: Hash::ZERO,
        mode: Mode::Forced,
        from: None,
        to: None,
        values: BTreeMap::new(),
        state: RunState::Running,
        steps: BTreeMap::new(),
        started_at: at(60.0),
        ended_at: None,
    }
}

fn state() -> State {
    State { incident: Some(incident()), runs: vec![run()], ..State::default() }
}

fn checkout(status: Health, since: f64) -> Status {
    let service = ServiceStatus {
        name: ServiceId::from("checkout"),
        tier: Some(TierId::from("1")),
        status,
        since: Some(at(since)),
        serving: None,
    };
    Status { services: vec![service], ..Status::default() }
}

fn tier(estate: &Estate, state: Option<&State>, status: &Status, second: f64) -> Row {
    rows(estate, state, status, &Learned::default(), at(second)).remove(0)
}

#[test]
fn the_rest_of_the_main_line_is_summed_and_parallel_groups_take_their_longest_step() {
    let mut state = state();
    let left = |state: &State| remaining(state, &Learned::default(), at(60.0)).unwrap();
    assert_eq!(left(&state).p90, Duration::from_secs(60 + 30 + 120));
    assert_eq!(left(&state).p50, Duration::from_secs(45 + 30 + 120));
    assert!(left(&state).estimated);
    let done = StepRun { recorded: Recorded::Succeeded, ..StepRun::default() };
    state.runs[0].steps.insert(StepId::from("stop"), done);
    assert_eq!(left(&state).p90, Duration::from_secs(30 + 120));
    state.runs[0].state = RunState::Completed;
    assert_eq!(remaining(&state, &Learned::default(), at(60.0)), None);
}

#[test]
fn durations_that_were_learned_replace_those_that_were_written() {
    let seconds = |p50, p90| Quantiles { p50: Duration::from_secs(p50), p90: Duration::from_secs(p90) };
    let learned = ["stop", "promote", "dns", "scale"]
        .map(|step| (("regional-failover".to_owned(), StepId::from(step)), seconds(5, 10)));
    let forecast = remaining(&state(), &Learned(learned.into()), at(60.0)).unwrap();
    assert_eq!(
        (forecast.p50, forecast.p90, forecast.estimated),
        (Duration::from_secs(15), Duration::from_secs(30), false)
    );
}

#[test]
fn both_clocks_run_from_their_own_starts() {
    let estate = testing::estate();
    let mut state = state();
    let status = checkout(Health::Down, 10.0);
    let before = clocks(&estate, &state, &status, &Learned::default(), at(80.0)).unwrap();
    assert_eq!((before.total.elapsed.as_secs(), before.execution), (80, None));
    let deadline = before.deadline.unwrap();
    assert_eq!((deadline.decide_by, deadline.spare.as_secs(), deadline.decided), (at(90.0), 10, false));
    state.incident.as_mut().unwrap().decided_at = Some(at(85.0));
    let after = clocks(&estate, &state, &status, &Learned::default(), at(100.0)).unwrap();
    assert_eq!(after.execution.unwrap().elapsed.as_secs(), 15);
    assert_eq!(after.projected_finish, Some(at(310.0)));
    assert_eq!(after.deadline, None, "tier 1 can no longer be met");
}

#[test]
fn an_rto_is_at_risk_by_projection_and_missed_by_the_clock() {
    let (estate, state, status) = (testing::estate(), state(), checkout(Health::Down, 10.0));
    let verdict = |second| tier(&estate, Some(&state), &status, second).rto_verdict;
    assert_eq!([verdict(80.0), verdict(100.0), verdict(301.0)], [Verdict::Ok, Verdict::AtRisk, Verdict::Missed]);
    assert_eq!(tier(&estate, Some(&state), &status, 100.0).projected, Some(Duration::from_secs(310)));
}

#[test]
fn a_clock_may_start_at_the_declaration_or_the_decision() {
    let (mut estate, state, status) = (testing::estate(), state(), checkout(Health::Down, 10.0));
    estate.tiers[0].from = ClockStart::Declared;
    assert_eq!(tier(&estate, Some(&state), &status, 100.0).clock.unwrap().elapsed.as_secs(), 40);
    estate.tiers[0].from = ClockStart::Decided;
    assert_eq!(tier(&estate, Some(&state), &status, 100.0).clock, None);
}

#[test]
fn a_tier_recovers_when_its_services_have_held_and_at_the_time_they_became_ok() {
    let (estate, mut state, mut watch) = (testing::estate(), state(), TierWatch::default());
    let mut told =
        |state: &State, health, since, second| watch.observe(&estate, state, &checkout(health, since), now(second));
    assert_eq!(told(&state, Health::Down, 10.0, 100.0), []);
    assert_eq!(told(&state, Health::Ok, 200.0, 259.0), [], "not held yet");
    let recover = Command::TierRecover { tier: TierId::from("1"), recovered_at: at(200.0) };
    assert_eq!(told(&state, Health::Ok, 200.0, 260.0), [recover]);
    assert_eq!(told(&state, Health::Ok, 200.0, 261.0), [], "told once");
    state.incident.as_mut().unwrap().recovered.insert(TierId::from("1"), at(200.0));
    assert_eq!(told(&state, Health::Degraded, 262.0, 263.0), [], "slow is not broken again");
    assert_eq!(told(&state, Health::Down, 270.0, 271.0), [Command::TierRelapse { tier: TierId::from("1") }]);
    assert_eq!(tier(&estate, Some(&state), &checkout(Health::Ok, 200.0), 999.0).clock.unwrap().elapsed.as_secs(), 200);
    assert_eq!(tier(&estate, Some(&state), &checkout(Health::Ok, 200.0), 999.0).rto_verdict, Verdict::Ok);
}

#[test]
fn closing_during_the_outage_recovers_nothing() {
    let (mut estate, mut state) = (testing::estate(), state());
    estate.targets = vec![Target {
        name: "Database".to_owned(),
        kind: TargetKind::Component,
        rto: Objective::Within(Duration::from_secs(900)),
        rpo: Objective::NotApplicable,
        databases: Vec::new(),
    }];
    let verdicts = |state: &State, status: &Status| -> Vec<_> {
        let rows = rows(&estate, Some(state), status, &Learned::default(), at(2000.0));
        rows.iter().map(|row| (row.rto_verdict, row.clock.unwrap().unrecovered)).collect()
    };
    state.incident.as_mut().unwrap().closed_at = Some(at(120.0));
    for status in [checkout(Health::Down, 10.0), checkout(Health::Ok, 130.0)] {
        assert_eq!(verdicts(&state, &status), [(Verdict::Unknown, true), (Verdict::Unknown, true)]);
        let total = clocks(&estate, &state, &status, &Learned::default(), at(2000.0)).unwrap().total;
        assert_eq!((total.elapsed.as_secs(), total.unrecovered), (120, true));
    }
    let down = checkout(Health::Down, 10.0);
    state.incident.as_mut().unwrap().closed_at = Some(at(301.0));
    assert_eq!(verdicts(&state, &down), [(Verdict::Missed, true), (Verdict::Unknown, true)]);
    state.incident.as_mut().unwrap().recovered.insert(TierId::from("1"), at(200.0));
    assert_eq!(verdicts(&state, &down), [(Verdict::Ok, false), (Verdict::Ok, false)]);
}

#[test]
fn a_tier_that_was_never_hit_has_no_clock() {
    let (estate, state) = (testing::estate(), state());
    let unhurt = checkout(Health::Ok, 0.0);
    assert_eq!(TierWatch::default().observe(&estate, &state, &unhurt, now(300.0)), []);
    let row = tier(&estate, Some(&state), &unhurt, 300.0);
    assert_eq!((row.clock, row.rto_verdict), (None, Verdict::Ok));
}

fn replica(state: Stream, lag: Option<u64>, not_received: u64, at_risk: Option<AtRisk>) -> Status {
    let row = ReplicationStatus {
        database: DatabaseId::from("orders-db"),
        region: RegionId::from(WEST),
        state,
        not_received_bytes: Some(not_received),
        not_replayed_bytes: None,
        lag: lag.map(Duration::from_secs),
        measured_at: Some(at(0.0)),
        role: "standby".to_owned(),
        timeline: None,
        system_id: None,
        notes: Vec::new(),
        split_brain: false,
        at_risk,
        trend: Vec::new(),
        trend_unit: TrendUnit::Ms,
        source: CopySource::Sql,
        member: None,
    };
    Status { replication: vec![row], ..checkout(Health::Down, 10.0) }
}

fn at_risk(least: u64, most: Option<u64>) -> AtRisk {
    AtRisk {
        bytes_at_least: Some(16_384),
        at_least: Duration::from_secs(least),
        at_most: most.map(Duration::from_secs),
        basis: String::new(),
        as_of: at(0.0),
    }
}

#[test]
fn before_promotion_an_rpo_is_at_risk_by_what_could_be_lost() {
    let (mut estate, state) = (testing::estate(), state());
    let verdict = |estate: &Estate, status: &Status, second| tier(estate, Some(&state), status, second).rpo_verdict;
    assert_eq!(verdict(&estate, &replica(Stream::Streaming, Some(1), 900, None), 1.0), Verdict::Ok);
    assert_eq!(verdict(&estate, &replica(Stream::Streaming, Some(61), 900, None), 1.0), Verdict::AtRisk);
    assert_eq!(verdict(&estate, &replica(Stream::Absent, None, 0, None), 1.0), Verdict::AtRisk);
    assert_eq!(verdict(&estate, &replica(Stream::Unknown, None, 0, None), 1.0), Verdict::Unknown);
    let open = replica(Stream::Frozen, Some(2), 900, Some(at_risk(1, None)));
    assert_eq!(verdict(&estate, &open, 50.0), Verdict::Ok, "seen 50 s ago: at most 52 s are lost so far");
    assert_eq!(verdict(&estate, &open, 100.0), Verdict::AtRisk, "an old side that is not fenced may write on");
    let fenced = replica(Stream::Frozen, Some(2), 900, Some(at_risk(1, Some(41))));
    assert_eq!(verdict(&estate, &fenced, 9999.0), Verdict::Ok);
    estate.tiers[0].rpo = Objective::Within(Duration::ZERO);
    assert_eq!(verdict(&estate, &fenced, 100.0), Verdict::AtRisk);
    estate.tiers[0].rpo = Objective::NotApplicable;
    assert_eq!(verdict(&estate, &fenced, 100.0), Verdict::NotApplicable);
}

#[test]
fn at_promotion_the_recovery_point_is_frozen() {
    let (estate, mut state) = (testing::estate(), state());
    let mut frozen = |least, most| {
        let incident = state.incident.as_mut().unwrap();
        incident.recovery_point.insert(DatabaseId::from("orders-db"), at_risk(least, most));
        tier(&estate, Some(&state), &replica(Stream::Streaming, Some(0), 0, None), 500.0)
    };
    assert_eq!(frozen(1, Some(41)).rpo_verdict, Verdict::Ok);
    assert_eq!(frozen(61, Some(90)).rpo_verdict, Verdict::Missed);
    assert_eq!(frozen(1, Some(90)).rpo_verdict, Verdict::AtRisk);
    let open = frozen(1, None);
    assert_eq!((open.rpo_verdict, open.frozen, open.at_risk), (Verdict::AtRisk, true, Some(at_risk(1, None))));
}

#[test]
fn without_an_incident_targets_say_whether_anything_is_wrong() {
    let estate = testing::estate();
    let verdict = |health| tier(&estate, None, &checkout(health, 0.0), 10.0).rto_verdict;
    assert_eq!(verdict(Health::Ok), Verdict::Ok);
    assert_eq!(verdict(Health::Down), Verdict::AtRisk);
    assert_eq!(verdict(Health::Stale), Verdict::Unknown);
    assert_eq!(tier(&estate, None, &Status::default(), 10.0).rto_verdict, Verdict::Unknown);
}

#[test]
fn components_and_scenarios_have_rows_of_their_own() {
    let mut estate = testing::estate();
    let target = |name: &str, kind, rto| Target {
        name: name.to_owned(),
        kind,
        rto: Objective::Within(Duration::from_secs(rto)),
        rpo: Objective::NotApplicable,
        databases: Vec::new(),
    };
    estate.targets = vec![
        target("Database", TargetKind::Component, 50),
        target("Regional outage", TargetKind::Scenario, 900),
        target("Application crash", TargetKind::Scenario, 5),
    ];
    let rows = rows(&estate, Some(&state()), &checkout(Health::Down, 10.0), &Learned::default(), at(100.0));
    let verdicts: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.rto_verdict)).collect();
    assert_eq!(
        verdicts[1..],
        [("Database", Verdict::Missed), ("Regional outage", Verdict::Ok), ("Application crash", Verdict::Unknown)]
    );
}

#[test]
fn phases_and_the_availability_budget_are_measured_from_the_log() {
    let mut estate = testing::estate();
    estate.phases.detection = Some(Duration::from_secs(30));
    estate.availability = Some(0.999);
    let mut state = state();
    let incident = state.incident.as_mut().unwrap();
    incident.decided_at = Some(at(90.0));
    incident.recovered.insert(TierId::from("1"), at(300.0));
    let status = checkout(Health::Ok, 300.0);
    let spent = phases(&estate, &state, &status, at(400.0));
    let seconds: Vec<_> = spent.iter().map(|phase| phase.clock.map(|clock| clock.elapsed.as_secs())).collect();
    assert_eq!(seconds, [Some(60), Some(30), Some(210), Some(100)]);
    assert!(spent[0].over() && spent[0].phase == Phase::Detection);
    let availability = availability(&estate, Some(&state), &status, at(400.0)).unwrap();
    assert_eq!((availability.budget.as_secs(), availability.consumed.as_secs()), (2592, 300));
}
