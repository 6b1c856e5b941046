//! An exercise that was held, as the estate remembers it.

use crate::engine::State;
use crate::log::Event;
use crate::readiness::Held;
use crate::time::Timestamp;

use super::score::{Outcome, Score, score};

/// Before there were exercises there were none: a time of before is made up, of a seed that a test gave.
const FIRST: i64 = 1_577_836_800;

/// What counts for the schedule and is told of: one that was played to its end at a time that was so. `None` of any other,
/// and of what is no exercise.
#[must_use]
pub fn held(state: &State) -> Option<Held> {
    let exercise = state.exercise.as_deref()?;
    let score = score(state)?;
    let passed = match score.outcome {
        Outcome::Passed => true,
        Outcome::Failed => false,
        Outcome::Open => return None,
    };
    let at = held_at(state).filter(|at| at.as_second() >= FIRST)?;
    Some(Held {
        incident: score.label.clone(),
        kind: exercise.kind(),
        scenario: score.scenario.clone(),
        title: score.title.clone(),
        counts_as: exercise.scenario.counts_as.clone(),
        automatic: score.automatic,
        at,
        passed,
        points: score.points,
        rto: score.measures.iter().find(|measure| measure.name == Score::RTO).and_then(|measure| measure.span),
        lost: worst_loss(&score),
    })
}

/// By the machine's clock, as far as it was there: the scenario's may have gone sixty times as fast. One that plays itself
/// takes no time, and has no other clock than the one of its seed.
fn held_at(state: &State) -> Option<Timestamp> {
    let exercise = state.exercise.as_deref()?;
    if exercise.start.automatic {
        return Some(exercise.started_at);
    }
    let end = state.entries.iter().find(|entry| matches!(entry.event, Event::ExerciseEnded { .. }))?;
    Some(end.recorded_at)
}

fn worst_loss(score: &Score) -> Option<String> {
    let lost = score.measures.iter().filter_map(|measure| measure.lost.as_ref());
    let worst = lost.max_by_key(|lost| (lost.at_most.is_none(), lost.at_most, lost.at_least))?;
    Some(worst.interval())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::drill::told::{ESTATE, SCENARIO, Told};
    use crate::log::{EndEx, Kind, StartEx};
    use crate::readiness::{Past, Rehearsal, Standing, Walk, WalkEnd};
    use crate::reading::{Board, Context};
    use crate::time::{Now, at_offset};

    fn played(change: impl FnOnce(&mut StartEx)) -> Told {
        let mut told = Told::begun_with(SCENARIO, change);
        told.play();
        told
    }

    fn ended(change: impl FnOnce(&mut StartEx)) -> Told {
        let mut told = played(change);
        told.end(1800, EndEx::Finished);
        told
    }

    fn past(told: &Told) -> Past {
        let held = held(&told.state);
        Past {
            rehearsals: Rehearsal::of(&told.state, held.as_ref()),
            walks: Walk::of(&told.state, held.as_ref()),
            held: held.into_iter().collect(),
            ..Past::default()
        }
    }

    /// What the live estate says of it, so long after it began.
    fn remembered(estate: &str, past: Past, later: u64) -> crate::reading::Status {
        let mut board = Board::new(Arc::new(crate::estate::parse(estate).estate));
        board.remember(Arc::new(past));
        let wall = at_offset(Told::begun().at(0), Duration::from_secs(later));
        board.status(&Context::calm(Kind::Live), Now { wall, boot: Duration::from_secs(later) })
    }

    #[test]
    fn what_was_played_to_its_end_is_remembered_with_what_it_measured() {
        let held = held(&ended(|_| {}).state).unwrap();
        assert_eq!((held.incident.as_str(), held.passed, held.points), ("EX-2026-0003", true, 100));
        assert_eq!(held.measured(), "100 points, RTO 4m50s, RPO 2s … 41s");
        assert_eq!(held.at, Told::begun().at(1800));
    }

    #[test]
    fn it_was_held_when_people_held_it_however_fast_the_scenario_went() {
        let fast = ended(|start| start.speed = 60);
        assert_eq!(held(&fast.state).unwrap().at, fast.at(30));
        let itself = ended(|start| start.automatic = true);
        assert_eq!(held(&itself.state).unwrap().at, itself.at(0), "it takes no time");
    }

    #[test]
    fn what_goes_on_was_broken_off_or_is_of_a_time_that_never_was_counts_for_nothing() {
        let mut told = played(|_| {});
        assert_eq!(past(&told), Past::default(), "it goes on");
        told.end(1800, EndEx::Abandoned);
        assert_eq!(past(&told), Past::default());
        let mut told = played(|_| {});
        told.end(1800, EndEx::RealWorld);
        assert_eq!(past(&told), Past::default());
        let made_up = Told::of_seed(7);
        assert_eq!(past(&made_up), Past::default());
    }

    #[test]
    fn it_is_the_test_that_its_scenario_says_it_is_and_its_walk_is_on_the_clock_of_people() {
        let past = past(&ended(|start| start.speed = 60));
        assert_eq!(past.rehearsals.len(), 2, "the runbook, and the exercise");
        assert_eq!((past.walks[0].end, past.walks[0].at), (WalkEnd::Completed, past.held[0].at));
        assert_eq!(past.walks[0].rto, Some(Duration::from_secs(290)), "from the impact in truth");
        let day = 86_400;
        let row = |later: u64| remembered(ESTATE, past.clone(), later).readiness.remove(0);
        let ok = row(41 * day);
        assert_eq!((ok.standing, ok.last.as_ref().unwrap().by.as_str()), (Standing::Ok, "EX-2026-0003"));
        assert_eq!(ok.last.unwrap().note.as_deref(), Some("100 points, RTO 4m50s, RPO 2s … 41s"));
        assert_eq!(row(91 * day).standing, Standing::Overdue);
    }

    #[test]
    fn a_failed_one_is_a_failed_test() {
        let mut told = Told::begun();
        told.fire(120, "dark");
        told.end(3600, EndEx::TimeOver);
        assert_eq!(remembered(ESTATE, past(&told), 7200).readiness[0].standing, Standing::Failed);
    }

    #[test]
    fn what_played_itself_proves_nothing_of_people_unless_that_is_enough() {
        let past = past(&ended(|start| start.automatic = true));
        assert_eq!(remembered(ESTATE, past.clone(), 7200).readiness[0].standing, Standing::Never);
        assert!(past.walks[0].automatic);
        let enough = format!("{ESTATE}automatic = true\n");
        let row = remembered(&enough, past, 7200).readiness.remove(0);
        assert_eq!(row.standing, Standing::Ok);
        assert!(row.last.unwrap().note.unwrap().ends_with("played by itself"));
    }

    #[test]
    fn the_estate_is_told_of_it_for_a_day() {
        let past = past(&ended(|_| {}));
        let told = |later: u64| {
            let alerts = remembered(ESTATE, past.clone(), later).alerts.into_iter();
            alerts.filter(|alert| alert.rule == "exercise-completed").collect::<Vec<_>>()
        };
        let alert = told(1801).remove(0);
        let text = "exercise EX-2026-0003 passed: Regional outage (100 points, RTO 4m50s, RPO 2s … 41s)";
        assert_eq!((alert.key.as_str(), alert.text.as_str()), ("exercise-completed:EX-2026-0003", text));
        assert_eq!(alert.severity, crate::reading::AlertSeverity::Info);
        assert_eq!((told(1800 + 86_399).len(), told(1800 + 86_400).len(), told(1799).len()), (1, 0, 0));
    }
}
