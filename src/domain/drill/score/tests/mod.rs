//! What makes a score, one rule at a time, on a log told by hand.

mod any_log;
mod rules;
mod traps;

use super::{Observed, Outcome, Score, score};
use crate::drill::told::{SCENARIO, Told};
use crate::log::{EndEx, Event, Lesson, LessonKind, Rating};
use crate::reading::Verdict;

fn scored(told: &Told) -> Score {
    score(&told.state).unwrap()
}

fn verdict(score: &Score, name: &str) -> Verdict {
    score.measures.iter().find(|measure| measure.name == name).unwrap().verdict
}

#[test]
fn a_good_answer_passes_and_says_what_it_measured() {
    let mut told = Told::played();
    assert_eq!(scored(&told).outcome, Outcome::Open, "it goes on");
    told.end(1800, EndEx::Finished);
    let score = scored(&told);
    assert_eq!(
        score.lines(),
        [
            "✓ Detection: 1 min 10 s (target: 2 min)",
            "✓ Decision: 1 min 10 s (target: 5 min)",
            "✓ RTO execution: 2 min 30 s (target: 15 min)",
            "✓ RTO: 4 min 50 s (target: 30 min)",
            "✓ RTO tier 1: 4 min 40 s (target: 15 min)",
            "✓ RTO tier 2: 4 min 50 s (target: 4 h)",
            "✓ RPO orders-db: 2 s … 41 s (target: 1 min)",
            "✓ RPO orders-db, tier 1: 2 s … 41 s (target: 1 min)",
            "✓ RPO orders-db, tier 2: 2 s … 41 s (target: 5 min)",
            "✓ Expected actions: 3 of 3 in time",
        ]
    );
    assert_eq!(score.headline(), "PASSED, 100 points, P (performed without challenges)");
    assert_eq!(score.improvements, [""; 0]);
    insta::assert_snapshot!(score.strengths.join("\n"));
}

#[test]
fn who_does_nothing_fails() {
    let mut told = Told::begun();
    told.fire(0, "hello");
    told.fire(120, "dark");
    told.fire(600, "press");
    told.end(3600, EndEx::TimeOver);
    let score = scored(&told);
    assert_eq!((score.outcome, score.points, score.rating), (Outcome::Failed, 0, Rating::U));
    insta::assert_snapshot!([score.lines(), score.improvements].concat().join("\n"));
}

#[test]
fn even_where_nothing_is_asked_for_somebody_has_to_do_something() {
    let idle = "title = \"Nothing\"\n[[inject]]\nid = \"dark\"\nat = \"1m\"\ntext = \"All is well\"\n";
    let mut told = Told::begun_with(idle, |_| {});
    told.fire(60, "dark");
    let mut noted = Told::begun_with(idle, |_| {});
    noted.fire(60, "dark");
    noted.acknowledge(70, "dark");
    for told in [&mut told, &mut noted] {
        told.end(600, EndEx::Finished);
    }
    assert_eq!((scored(&told).outcome, scored(&told).points), (Outcome::Failed, 0));
    assert_eq!((scored(&noted).outcome, scored(&noted).points), (Outcome::Passed, 100));
}

#[test]
fn a_wrong_action_costs_the_pass_and_a_quarter() {
    let mut told = Told::begun();
    told.fire(120, "dark");
    told.declare(130);
    told.start_run(140);
    told.execute(150, "promote", 5, Some(41));
    told.fence(160);
    told.recover(170, "1");
    told.fire(600, "press");
    told.note(601, "press");
    told.end(1800, EndEx::Finished);
    let score = scored(&told);
    assert_eq!((score.outcome, score.points, score.rating), (Outcome::Failed, 75, Rating::M));
    assert_eq!(score.wrong.len(), 1);
    assert!(score.lines().contains(&"✗ Wrong: The old side was not isolated before the promotion".to_owned()));
    assert!(score.improvements.iter().any(|text| text.starts_with("Wrong: The old side")), "{score:#?}");
}

#[test]
fn what_was_recorded_after_the_end_counts_for_ratings_and_lessons_alone() {
    let mut told = Told::begun();
    told.fire(120, "dark");
    told.fire(600, "press");
    told.end(3600, EndEx::TimeOver);
    let before = scored(&told);
    told.note(3700, "the press was told, I swear");
    told.tell(3701, "frieda", Event::ActionRated { expected: 0, rating: Rating::M, comment: "late".to_owned() });
    let lesson = Lesson { kind: LessonKind::Action, text: "buy a pager".to_owned(), owner: None, due: None };
    told.tell(3702, "frieda", Event::LessonRecorded { lesson: lesson.clone() });
    let after = scored(&told);
    assert_eq!((after.points, after.outcome, &after.measures), (before.points, before.outcome, &before.measures));
    assert_eq!((after.actions[0].rating, after.actions[0].comment.as_str()), (Some(Rating::M), "late"));
    assert_eq!(after.lessons, [lesson]);
}

#[test]
fn a_log_without_an_exercise_has_no_score() {
    assert_eq!(score(&crate::engine::State::default()), None);
}
