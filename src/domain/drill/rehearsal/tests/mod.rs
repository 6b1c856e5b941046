//! The scripted commander in front of the demonstration estate.

use super::*;
use crate::drill::{demo_estate, reached, start_ex};
use crate::log::{Chain, EndEx, Event, StartEx, Tail};
use crate::scenario::{Choice, Milestone, names};

const OUTAGE: &str = r#"
title = "Regional outage"
lasts = "2h"

[[inject]]
id = "dark"
at = "2m"
from = "monitoring"
channel = "pager"
text = "$FROM does not answer"
effect = ["down $FROM"]

[[expect]]
text = "The public hears of it"
action = "told public"
after = "declared"
within = "5m"

[targets]
total = "40m"

[play]
declares = "inject dark acknowledged"
severity = 1
decides = "to fail over"
because = "$FROM is gone"
fence = "its instances are stopped"

[[play.runbook]]
runbook = "regional-failover"
"#;

fn kit() -> Kit {
    let estate = demo_estate();
    let start = StartEx {
        label: "EX-1970-0001".to_owned(),
        automatic: true,
        ..start_ex("outage", OUTAGE, names(&estate, None, None), &estate)
    };
    let mut kit = Kit::new(estate, start, "switchback 0.1.0");
    let failover = include_str!("../../../../../runbooks/regional-failover.md");
    kit.runbooks.insert("regional-failover".to_owned(), failover.into());
    kit
}

fn played(seed: u64, manner: Manner) -> Played {
    let kit = kit();
    Rehearsal::new(&kit, seed, Ink::Log).play(Commander::new(manner), Until::EndEx)
}

fn story(played: &Played) -> String {
    let line = |entry: &std::sync::Arc<crate::log::Entry>| {
        let event = serde_json::to_value(&entry.event).unwrap();
        let mut text = event.to_string();
        text.truncate(220);
        format!("{} {} {text}", crate::time::clock(entry.occurred_at), entry.actor.name)
    };
    played.state.entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_regional_outage_plays_itself_to_its_end() {
    let played = played(7, Manner::Expected);
    for milestone in [
        Milestone::Acknowledged("dark".into()),
        Milestone::Declared,
        Milestone::Told("public".into()),
        Milestone::Decided(Choice::FailOver),
        Milestone::Promoted(None),
        Milestone::Serving("payments".to_owned(), "us-west-2".into()),
        Milestone::Recovered(None),
        Milestone::Closed,
    ] {
        assert!(reached(&played.state, &milestone).is_some(), "{milestone}\n{}", story(&played));
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let (once, again, other) = (played(7, Manner::Expected), played(7, Manner::Expected), played(8, Manner::Expected));
    assert!(once.log == again.log, "the same seed");
    assert!(once.log != other.log, "another seed");
    let mut chain = Chain::new();
    let scanned = chain.scan(&once.log);
    assert_eq!((scanned.tail, scanned.good), (Tail::Whole, once.log.len()));
    let folded = crate::engine::replay(&scanned.entries.into_iter().map(std::sync::Arc::new).collect::<Vec<_>>());
    let recovered = |state: &State| reached(state, &Milestone::Recovered(None));
    assert_eq!(recovered(&folded), recovered(&once.state));
}

#[test]
fn nobody_fails_over_where_nobody_does_anything() {
    let played = played(7, Manner::Nothing);
    let told: Vec<_> = played.state.entries.iter().map(|entry| &entry.event).collect();
    assert!(matches!(
        told.as_slice(),
        [
            Event::ExerciseStarted { .. },
            Event::InjectFired { .. },
            Event::ExerciseEnded { why: EndEx::TimeOver, .. },
            Event::WritesCounted { .. }
        ]
    ));
}

#[test]
fn without_ink_it_is_the_same_exercise() {
    let kit = kit();
    let play = |ink, until| Rehearsal::new(&kit, 7, ink).play(Commander::new(Manner::Expected), until);
    let (written, unwritten) = (play(Ink::Log, Until::EndEx), play(Ink::None, Until::Recovered));
    assert!(unwritten.log.is_empty());
    let at = |played: &Played, milestone: &Milestone| {
        reached(&played.state, milestone).map(crate::time::Timestamp::as_millisecond)
    };
    for milestone in [Milestone::Declared, Milestone::Promoted(None), Milestone::Recovered(None)] {
        assert_eq!(at(&written, &milestone), at(&unwritten, &milestone), "{milestone}");
    }
    assert_eq!(at(&unwritten, &Milestone::Closed), None, "nothing after the recovery");
}

#[test]
fn many_exercises_tell_how_the_recovery_time_is_spread() {
    let kit = kit();
    let play = |seed| Rehearsal::new(&kit, seed, Ink::None).play(Commander::new(Manner::Expected), Until::Recovered);
    let samples: Vec<Sampled> = (0..12).map(|seed| Sampled::of(&play(seed))).collect();
    let spread = Spread::of(&samples);
    let rto = spread.rto.unwrap();
    assert_eq!((spread.runs, spread.recovered), (12, 12));
    assert!(rto.least < rto.p50 && rto.p50 < rto.p90 && rto.p90 <= rto.most, "{rto:?}");
    assert_eq!(spread.histogram.iter().map(|bin| bin.count).sum::<usize>(), 12);
    let shares: f64 = spread.costs.iter().map(|cost| cost.share).sum();
    assert!((0.98..1.02).contains(&shares), "{:?}", spread.costs);
    assert!(spread.costs.iter().any(|cost| cost.on == CostOf::DnsTtl && !cost.mean.is_zero()), "{:?}", spread.costs);
    assert_eq!(spread.targets.iter().map(|target| target.of).max(), Some(12), "{:?}", spread.targets);
    assert!(spread.sentence().starts_with("P(RTO ≤ 40m) = "), "{}", spread.sentence());
    assert!(spread.sentence().contains("what costs most"), "{}", spread.sentence());
}
