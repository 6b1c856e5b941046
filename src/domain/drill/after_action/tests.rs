//! The report of an exercise: its result first, whoever declared or did not, and nothing of it outside.

use super::record;
use crate::drill::told::{SCENARIO, Told};
use crate::log::{EndEx, Event, Lesson, LessonKind, Rating};
use crate::report::{Published, Source};

fn markdown(told: &Told) -> String {
    record(&Source::new(&told.state)).markdown()
}

fn headings(markdown: &str) -> Vec<&str> {
    markdown.lines().filter_map(|line| line.strip_prefix("## ")).collect()
}

fn with_a_hotwash() -> Told {
    let mut told = Told::played();
    told.end(1800, EndEx::Finished);
    let rated = Event::ActionRated { expected: 1, rating: Rating::S, comment: "a long debate".to_owned() };
    told.tell(1900, "frieda", rated);
    told.tell(1901, "frieda", Event::EvaluatorNoted { text: "calm".to_owned(), inject: Some("dark".into()) });
    for (kind, text) in [
        (LessonKind::Strength, "One voice on the bridge"),
        (LessonKind::Improvement, "Nobody | knew the <press> contact"),
        (LessonKind::Action, "Write the press contact down"),
    ] {
        let due = (kind == LessonKind::Action).then(|| "2026-12-01T00:00:00Z".parse().unwrap());
        let owner = due.map(|_| "raj".into());
        told.tell(1950, "frieda", Event::LessonRecorded { lesson: Lesson { kind, text: text.to_owned(), owner, due } });
    }
    told
}

#[test]
fn a_played_exercise_reads_from_its_result_to_its_last_hash() {
    insta::assert_snapshot!(markdown(&with_a_hotwash()));
}

#[test]
fn the_result_and_what_it_was_stand_on_page_one_under_exercise() {
    let told = with_a_hotwash();
    let text = markdown(&told);
    let first = text.split("\n## ").next().unwrap();
    for said in ["EXERCISE EXERCISE EXERCISE", "PASSED, 100 points", "EX-2026-0003", "Recovery time", "regional-outage"]
    {
        assert!(first.contains(said), "{said}\n{first}");
    }
    let html = record(&Source::new(&told.state)).html();
    assert!(html.contains("EXERCISE EXERCISE EXERCISE") && html.contains("<svg"), "the chart is there");
    assert_eq!(html, record(&Source::new(&told.state)).html());
}

#[test]
fn one_in_which_nobody_declared_has_a_report_too() {
    let mut told = Told::begun();
    told.fire(120, "dark");
    told.end(3600, EndEx::TimeOver);
    let text = markdown(&told);
    assert!(text.contains("FAILED, 0 points") && text.contains("EXERCISE EXERCISE EXERCISE"), "{text}");
    assert!(text.contains("switchback verify EX-2026-0003"), "{text}");
    assert!(text.contains("None: no runbook was walked."), "{text}");
    assert!(!headings(&text).contains(&"Incident as declared"), "{:?}", headings(&text));
    let id = told.state.id().unwrap().to_string();
    assert!(text.contains(&id) && Source::new(&told.state).csv().contains(&id));
}

#[test]
fn times_of_a_fast_scenario_are_its_own_and_none_of_them_is_late() {
    let mut told = Told::begun_with(SCENARIO, |start| start.speed = 60);
    told.wall = told.at(86_400);
    told.play();
    told.end(1800, EndEx::Finished);
    let text = markdown(&told);
    assert!(!text.contains("late entry"), "{text}");
    told.tell(300, "ana", Event::NoteAdded { text: "I forgot".to_owned(), run: None, step: None });
    assert_eq!(markdown(&told).matches("late entry").count(), 1);
}

#[test]
fn on_paper_and_by_itself_it_says_what_nobody_did() {
    let told = |paper, automatic| {
        let mut told = Told::begun_with(SCENARIO, |start| {
            start.paper = paper;
            start.automatic = automatic;
        });
        told.play();
        told.end(1800, EndEx::Finished);
        markdown(&told)
    };
    assert!(told(true, false).contains("PAPER: nothing was executed"));
    assert!(told(false, true).contains("a scripted commander, and no people"));
}

#[test]
fn readers_outside_get_no_score() {
    let told = with_a_hotwash();
    let public = Published::of(&told.state);
    let text = record(&Source::published(&public)).markdown();
    assert!(text.contains("EXERCISE EXERCISE EXERCISE"));
    for withheld in ["PASSED", "press contact", "a long debate", "One voice"] {
        assert!(!text.contains(withheld), "{withheld}\n{text}");
    }
}
