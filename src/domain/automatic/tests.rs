use super::*;
use crate::estate::AutomaticMode;
use crate::reading::{CheckStatus, Recommendation};

fn settings() -> Automatic {
    Automatic {
        runbook: "regional-failover".to_owned(),
        mode: AutomaticMode::Act,
        after: Duration::from_secs(60),
        to: None,
        cool_down: Duration::from_secs(3600),
    }
}

fn at(second: u64) -> Now {
    let wall = Timestamp::from_second(1_795_000_000 + i64::try_from(second).unwrap()).unwrap();
    Now { wall, boot: Duration::from_secs(1000 + second) }
}

fn check(name: &str, status: Health) -> CheckStatus {
    CheckStatus {
        name: name.into(),
        kind: "http".to_owned(),
        status,
        since: None,
        value: None,
        error: None,
        measured_at: None,
        age: None,
        latency: None,
        flapping: false,
        suspect: false,
        critical: true,
        trend: Vec::new(),
    }
}

fn region(name: &str, status: Health, candidate: Option<u32>) -> RegionStatus {
    RegionStatus {
        name: name.into(),
        role: "standby".to_owned(),
        serving: Some(candidate.is_none()),
        was_serving: false,
        status,
        since: None,
        last_good: None,
        candidate,
        candidate_because: Vec::new(),
        cost: None,
        latency: None,
        checks: vec![check(&format!("api@{name}"), status)],
    }
}

/// A failover from east to west is recommended.
fn recommended(now: Now) -> Status {
    Status {
        at: now.wall,
        regions: vec![
            region("east", Health::Down, None),
            region("west", Health::Ok, Some(1)),
            region("north", Health::Ok, Some(2)),
        ],
        recommendation: Recommendation {
            failover: true,
            from: Some("east".into()),
            to: Some("west".into()),
            because: vec!["east: 3 of 3 checks failed for 92s".to_owned()],
            ..Recommendation::default()
        },
        ..Status::default()
    }
}

fn free() -> Standing {
    Standing::default()
}

fn withheld(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Withheld { why } => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_is_time_once_it_was_recommended_for_so_long_without_interruption() {
    let mut watch = Watch::new(settings());
    assert!(matches!(watch.see(&recommended(at(0)), &free(), at(0)), Verdict::Held { .. }));
    assert!(matches!(watch.see(&recommended(at(59)), &free(), at(59)), Verdict::Held { .. }));
    let Verdict::Due(due) = watch.see(&recommended(at(60)), &free(), at(60)) else { panic!() };
    assert_eq!((due.from.as_str(), due.to.as_str()), ("east", "west"));
    assert_eq!(due.because, ["east: 3 of 3 checks failed for 92s", "recommended for 1m without interruption"]);
}

#[test]
fn every_interruption_begins_anew() {
    let calm = |now: Now| Status { at: now.wall, ..Status::default() };
    let blind = |now: Now| Status { blind: true, ..recommended(now) };
    let elsewhere = |now: Now| {
        let mut status = recommended(now);
        status.recommendation.to = Some("north".into());
        status
    };
    let dark = |now: Now| {
        let mut status = recommended(now);
        status.regions[0].checks.push(check("db@east", Health::Stale));
        status
    };
    let old = |_: Now| recommended(at(0));
    for (name, interrupted) in [
        ("calm", &calm as &dyn Fn(Now) -> Status),
        ("blind", &blind),
        ("elsewhere", &elsewhere),
        ("dark", &dark),
        ("old", &old),
    ] {
        let mut watch = Watch::new(settings());
        watch.see(&recommended(at(0)), &free(), at(0));
        watch.see(&interrupted(at(30)), &free(), at(30));
        assert!(matches!(watch.see(&recommended(at(89)), &free(), at(89)), Verdict::Held { .. }), "{name}");
        assert!(matches!(watch.see(&recommended(at(149)), &free(), at(149)), Verdict::Due(_)), "{name}");
    }
}

#[test]
fn whatever_forbids_it_says_why() {
    let acted = Some(at(0).wall);
    for (standing, why) in [
        (Standing { follows: true, ..free() }, "another watcher"),
        (Standing { open: Some("INC-2026-0007".to_owned()), ..free() }, "INC-2026-0007 is open"),
        (Standing { acted_at: acted, ..free() }, "--rearm lets it act once more"),
        (Standing { acted_at: acted, rearmed: true, ..free() }, "it rests until"),
    ] {
        let mut watch = Watch::new(settings());
        watch.see(&recommended(at(0)), &standing, at(0));
        let verdict = watch.see(&recommended(at(61)), &standing, at(61));
        assert!(withheld(&verdict).contains(why), "{verdict:?}");
    }
    let rested = Standing { acted_at: acted, rearmed: true, ..free() };
    let mut watch = Watch::new(settings());
    watch.see(&recommended(at(3600)), &rested, at(3600));
    assert!(matches!(watch.see(&recommended(at(3661)), &rested, at(3661)), Verdict::Due(_)));
}

#[test]
fn doubt_about_the_side_that_is_left_is_no_evidence() {
    for doubtful in [Health::Unknown, Health::Stale] {
        let mut watch = Watch::new(settings());
        let mut status = recommended(at(0));
        status.regions[0].checks.push(check("db@east", doubtful));
        assert_eq!(withheld(&watch.see(&status, &free(), at(0))), "not known of east: db@east");
    }
    let mut watch = Watch::new(settings());
    assert_eq!(withheld(&watch.see(&recommended(at(0)), &free(), at(60))), "the readings are 1m old");
    let mut status = recommended(at(0));
    status.recommendation =
        Recommendation { failover: false, withheld: Some("cool-down".to_owned()), ..status.recommendation };
    assert_eq!(withheld(&watch.see(&status, &free(), at(0))), "cool-down");
}

#[test]
fn it_goes_where_it_is_told_to_or_not_at_all() {
    let told = |to: &str| Watch::new(Automatic { to: Some(to.into()), after: Duration::ZERO, ..settings() });
    let Verdict::Due(due) = told("north").see(&recommended(at(0)), &free(), at(0)) else { panic!() };
    assert_eq!(due.to.as_str(), "north");
    let mut status = recommended(at(0));
    status.regions[2].candidate = None;
    assert_eq!(withheld(&told("north").see(&status, &free(), at(0))), "north, where it is to go, cannot take over");
}

mod promotions {
    use super::*;
    use crate::drill::demo_estate;
    use crate::dry_run::{begin, start_east_to_west, unopened};
    use crate::engine::{Fence, FenceObserved, FenceStatement, State};
    use crate::ident::{IncidentId, PersonId, RunId};
    use crate::log::Kind;
    use crate::people::Actor;
    use crate::reading::Board;

    const PROMOTE: &str = "---\nrunbook: 1\n---\n\n## Do\n\n- [ ] **Promote** <!-- id: promote -->\n\n  On: orders-db@$TO; Point of no return: yes; Undo: rebuild\n\n  ```check guard\n  fenced orders-db@$FROM\n  ```\n\n  ```sql run\n  SELECT pg_promote(true, 60);\n  ```\n";

    fn wants(runbook: &str, fence: Option<Fence>) -> Option<String> {
        let (estate, actor) = (demo_estate(), Actor::claimed("automatic", "ops-1"));
        let state = unopened(IncidentId(ulid::Ulid::from_parts(1, 1)), "INC-1", &estate, Kind::Live, at(0));
        let start = start_east_to_west(runbook);
        let (mut state, run): (State, RunId) = begin(state, start, &Board::new(estate), &actor, at(0)).unwrap();
        state.fences.extend(fence.map(|fence| (("orders-db".into(), "us-east-1".into()), fence)));
        let run = state.run(run).unwrap();
        wants_a_person(&state, run, run.runbook.steps().next().unwrap())
    }

    fn proof() -> Option<Fence> {
        let evidence = "write refused: 25006".to_owned();
        let observed = FenceObserved { evidence, vantages: 1, zero_loss: false, at: at(0).wall };
        Some(Fence { observed: Some(observed), ..Fence::default() })
    }

    #[test]
    fn a_promotion_wants_proof_and_no_statement_is_one() {
        assert!(wants(PROMOTE, None).unwrap().contains("nothing proves that orders-db@us-east-1"));
        let how = "instances stopped".to_owned();
        let statement = FenceStatement { how, by: PersonId::new("mara"), at: at(0).wall };
        let stated = Fence { statement: Some(statement), ..Fence::default() };
        assert!(wants(PROMOTE, Some(stated)).is_some());
        assert_eq!(wants(PROMOTE, proof()), None);
    }

    #[test]
    fn a_promotion_that_its_author_did_not_mark_or_guard_wants_a_person() {
        let unmarked = PROMOTE.replace("; Point of no return: yes; Undo: rebuild", "");
        assert!(wants(&unmarked, None).is_some());
        assert_eq!(wants(&unmarked, proof()), None);
        let unguarded = PROMOTE.replace("fenced orders-db@$FROM", "us-west-2 ok");
        assert!(wants(&unguarded, proof()).unwrap().contains("no guard of it says"));
        let approved = PROMOTE.replace("Undo: rebuild", "Undo: rebuild; Approval: data-owner");
        assert_eq!(wants(&approved, proof()).unwrap(), "data-owner has to approve it");
        assert_eq!(wants("---\nrunbook: 1\n---\n\n## Do\n\n- [ ] **Tell** <!-- id: tell -->\n", None), None);
    }
}
