//! Whatever a log holds: it is scored without a panic, and folding it again gives the same score.

use proptest::prelude::*;

use super::*;
use crate::engine::replay;
use crate::log::Firing;

fn anything() -> impl Strategy<Value = (u64, u8)> {
    (0..5000_u64, 0..18_u8)
}

fn tell(told: &mut Told, second: u64, what: u8) {
    let inject = ["hello", "dark", "press", "none"][usize::try_from(second % 4).unwrap()];
    match what {
        0..=2 => told.fire(second, inject),
        3 | 4 => told.acknowledge(second, inject),
        5 => told.note(second, "the press"),
        6 => told.declare(second),
        7 => told.decide(second, second.is_multiple_of(2)),
        8 => told.fence(second),
        9 if told.state.incident.is_some() => told.start_run(second),
        10 if !told.state.runs.is_empty() => {
            told.execute(second, "promote", 5, (!second.is_multiple_of(3)).then_some(second % 90));
        }
        11 => told.recover(second, if second.is_multiple_of(2) { "1" } else { "2" }),
        12 => told.tell(second, "x", Event::TierRelapsed { tier: "1".into() }),
        13 => told.end(second, if second.is_multiple_of(5) { EndEx::Abandoned } else { EndEx::Finished }),
        14 => told.tell(second, "x", Event::InjectSkipped { inject: inject.into(), reason: String::new() }),
        15 => told.tell(second, "x", Event::IncidentClosed { reason: String::new() }),
        16 => {
            let rated = Event::ActionRated { expected: 9, rating: Rating::U, comment: "\u{1b}[2J".to_owned() };
            told.tell(second, "x", rated);
        }
        _ => {
            let fired = Event::InjectFired { inject: inject.into(), by: Firing::Facilitator, effect: Vec::new() };
            told.tell(second, "x", fired);
        }
    }
}

proptest! {
    #[test]
    fn any_log_has_one_score(events in prop::collection::vec(anything(), 0..40)) {
        let mut told = Told::begun();
        for (second, what) in events {
            tell(&mut told, second, what);
        }
        let score = scored(&told);
        prop_assert!(score.points <= 100);
        prop_assert!(score.outcome != Outcome::Passed || score.points == 100);
        prop_assert!(score.lines().iter().all(|line| !line.contains(char::is_control)));
        prop_assert_eq!(super::super::score(&replay(&told.state.entries)), Some(score));
    }
}
