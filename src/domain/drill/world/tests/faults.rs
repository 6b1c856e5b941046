//! Steps that go wrong by themselves, changes that cannot be made, times that differ.

use super::*;
use crate::execution::WriteAnswer;
use crate::objective::Quantiles;

fn fault(on: &str, does: FaultDoes) -> Fault {
    Fault { on: FaultOn::read(on), does, times: None, until: None }
}

fn stage(faults: Vec<Fault>) -> Stage {
    let stage = Stage::healthy();
    Stage { world: stage.world.with_faults(faults), ..stage }
}

fn end(stage: &mut Stage, block: &Resolved) -> End {
    stage.world.perform(block, Duration::from_secs(10), stage.now).end
}

const DONE: End = End::Succeeded { exit: Some(0) };

fn promote() -> Resolved {
    block(Lang::Sql, "SELECT pg_promote(true, 60);", Some(("orders-db", "us-west-2")))
}

fn writable(stage: &Stage) -> bool {
    stage.world.try_write(&"orders-db".into(), &"us-west-2".into()) == WriteAnswer::Accepted
}

#[test]
fn a_promotion_that_times_out_the_first_time_works_the_second() {
    let mut stage = stage(vec![Fault { times: Some(1), ..fault("promote", FaultDoes::TimesOut) }]);
    let first = stage.world.perform(&promote(), Duration::from_secs(10), stage.now);
    assert_eq!((first.end, first.takes), (End::TimedOut, Duration::from_secs(90)));
    stage.pass(95);
    assert!(!writable(&stage));
    assert_eq!(end(&mut stage, &promote()), DONE);
    stage.pass(5);
    assert!(writable(&stage));
}

#[test]
fn a_smoke_test_fails_until_the_names_are_moved() {
    let until = Until::read("serving all us-west-2").unwrap();
    let fails = FaultDoes::Fails("smoke test: 502 from the edge".to_owned());
    let mut stage = stage(vec![Fault { until: Some(until), ..fault("smoke", fails) }]);
    let smoke = Resolved { step: "smoke".into(), ..block(Lang::Bash, "./smoke-test", None) };
    for _ in 0..3 {
        assert!(matches!(end(&mut stage, &smoke), End::Failed { why, .. } if why.contains("502 from the edge")));
        stage.pass(5);
    }
    assert_eq!(end(&mut stage, &block(Lang::Bash, "./smoke-test", None)), DONE, "another step");
    stage.order("serve all us-west-2");
    stage.pass(20);
    assert_eq!(end(&mut stage, &smoke), DONE);
}

#[test]
fn what_is_not_known_may_have_worked() {
    let mut stage = stage(vec![fault("promote", FaultDoes::Unknown)]);
    assert!(matches!(end(&mut stage, &promote()), End::Unknown { .. }));
    stage.pass(5);
    assert!(writable(&stage));
}

#[test]
fn faults_end_by_an_order_by_their_place_and_when_all_is_healed() {
    let fails = || FaultDoes::Fails("no".to_owned());
    for ends in ["dns works", "heal all", ""] {
        let until = Until::read("dns works").unwrap();
        let mut stage = stage(vec![Fault { until: Some(until), ..fault("route53", fails()) }]);
        let names = || block(Lang::World, "serve all us-west-2", None);
        assert!(matches!(end(&mut stage, &names()), End::Failed { .. }));
        match ends {
            "" => stage.world.end_fault(0),
            order => stage.order(order),
        }
        assert_eq!(end(&mut stage, &names()), DONE, "{ends}");
    }
}

#[test]
fn verifies_and_write_tests_go_wrong_too() {
    let ask = || question(block(Lang::Sql, "SELECT 1", Some(("orders-db", "us-west-2"))));
    for (does, passed) in [
        (FaultDoes::Fails("no".to_owned()), Some(false)),
        (FaultDoes::TimesOut, Some(false)),
        (FaultDoes::Unknown, None),
        (FaultDoes::Slow(3.0), Some(true)),
    ] {
        let stage = stage(vec![Fault { times: Some(1), ..fault("any verify", does.clone()) }]);
        assert_eq!(stage.world.answer(&ask()).passed, passed, "{does:?}");
        assert_eq!(stage.world.answer(&ask()).passed, Some(true), "it was once");
    }
    let stage = stage(vec![Fault { times: Some(1), ..fault("write test", FaultDoes::TimesOut) }]);
    let write = || stage.world.try_write(&"orders-db".into(), &"us-east-1".into());
    assert!(matches!((write(), write()), (WriteAnswer::NoAnswer { .. }, WriteAnswer::Accepted)));
}

#[test]
fn what_is_slow_takes_its_multiple() {
    let mut stage = stage(vec![fault("any run", FaultDoes::Slow(4.0))]);
    let takes = |stage: &mut Stage| {
        stage.world.perform(&block(Lang::Bash, "x", None), Duration::from_secs(10), stage.now).takes
    };
    assert_eq!(takes(&mut stage), Duration::from_secs(40));
    for odd in [f64::NAN, f64::INFINITY] {
        let mut stage = self::stage(vec![fault("any run", FaultDoes::Slow(odd))]);
        assert_eq!(takes(&mut stage), Duration::from_secs(10));
    }
}

#[test]
fn a_line_that_ends_a_fault_is_a_question_or_an_order() {
    assert!(matches!(Until::read("lag orders-db@us-west-2 < 5s"), Ok(Until::Holds(_))));
    assert!(matches!(Until::read("scale us-west-2 100%"), Ok(Until::Done(_))));
    assert!(Until::read("whenever").unwrap_err().contains("does nothing to the simulated world"));
    assert!(Until::read("").unwrap_err().contains("write one line"));
    assert!(Until::read("payments ok\norders ok").unwrap_err().contains("write one line"));
}

#[test]
fn changes_need_what_they_are_made_through() {
    let failed = |stage: &mut Stage, block: &Resolved| match end(stage, block) {
        End::Failed { why, .. } => why,
        other => format!("{other:?}"),
    };
    let mut stage = Stage::healthy();
    let names = block(Lang::World, "serve all us-west-2", None);
    let shell = block(Lang::Bash, "kubectl --context us-west-2 scale deployment orders --replicas 9", None);
    stage.order("dns fails");
    assert!(failed(&mut stage, &names).contains("ServiceUnavailable"));
    let batch = block(Lang::Route53, "zone: Z1\nname: payments.example.com", None);
    assert!(failed(&mut stage, &batch).contains("ServiceUnavailable"));
    assert_eq!(end(&mut stage, &shell), DONE);
    stage.pass(30);
    assert_eq!(stage.service("payments").1.as_deref(), Some("us-east-1"), "it goes on being answered");
    stage.order("dns works\ncredentials fail in us-west-2");
    assert!(failed(&mut stage, &shell).contains("ExpiredToken"));
    assert_eq!(end(&mut stage, &block(Lang::Bash, "kubectl --context us-east-1 get pods", None)), DONE);
    assert_eq!(end(&mut stage, &promote()), DONE, "a database has logins of its own");
    assert!(failed(&mut stage, &names).contains("ExpiredToken"));
    assert_eq!(end(&mut stage, &block(Lang::World, "credentials work", None)), DONE);
    stage.pass(15);
    assert_eq!(end(&mut stage, &shell), DONE);
}

#[test]
fn times_lie_between_what_half_and_what_nine_of_ten_took() {
    let quantiles = Quantiles { p50: Duration::from_secs(60), p90: Duration::from_secs(150) };
    let takes = |seed: u64, step: &str, spread: f64| {
        let mut world = World::new(&demo_estate(), seed).with_spread(spread);
        world.advance(start());
        let timeout = Duration::from_secs(3600);
        let block = Resolved { step: step.into(), timeout, ..block(Lang::Bash, "x", None) };
        world.perform_within(&block, quantiles, start()).takes
    };
    assert_eq!(takes(1, "a", 0.0), quantiles.p50, "unless they are spread it is the middle");
    assert_eq!(takes(1, "a", 0.5), takes(1, "a", 0.5));
    assert_ne!(takes(1, "a", 0.5), takes(1, "b", 0.5));
    let mut all: Vec<Duration> = (0..500).map(|seed| takes(seed, "a", 0.5)).collect();
    all.sort();
    assert!((50..70).contains(&all[250].as_secs()), "{:?}", all[250]);
    assert!((125..180).contains(&all[450].as_secs()), "{:?}", all[450]);
    assert!(all[0] > Duration::from_secs(5) && all[499] < Duration::from_secs(400), "{:?} {:?}", all[0], all[499]);
    let far = Quantiles { p50: Duration::from_millis(1), p90: Duration::from_secs(86_400 * 365) };
    for seed in 0..200 {
        let mut world = World::new(&demo_estate(), seed).with_spread(1.0);
        let takes = world.perform_within(&block(Lang::Bash, "x", None), far, start()).takes;
        assert!(takes <= far.p90 * 5, "{takes:?}");
    }
    let mut world = World::new(&demo_estate(), 4).with_spread(0.5);
    world.advance(start());
    let one = world.perform(&block(Lang::Bash, "x", None), Duration::from_secs(60), start()).takes;
    assert!((20..150).contains(&one.as_secs()), "{one:?}");
}
