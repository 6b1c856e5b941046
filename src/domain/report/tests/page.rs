//! The page of a whole failover.

use super::page_of;
use super::story::{RUN, Story};
use crate::engine::replay;
use crate::execution::End;
use crate::log::{Event, Kind};
use crate::reading::Verdict;
use crate::report::{Page, Point, Source, exceptions, metrics};

#[test]
fn a_failover_reads_from_impact_to_the_last_hash() {
    insta::assert_snapshot!(page_of(&Story::failover(Kind::Live).state));
}

#[test]
fn the_same_log_gives_the_same_bytes() {
    let story = Story::failover(Kind::Live);
    let replayed = replay(&story.state.entries);
    assert_eq!(page_of(&story.state), page_of(&replayed));
}

#[test]
fn every_step_of_the_runbook_is_in_the_page_with_times_actor_and_evidence() {
    let story = Story::failover(Kind::Live);
    let page = page_of(&story.state);
    let run = story.state.run(RUN).unwrap();
    for (number, step) in (1..).zip(run.runbook.steps()) {
        let row = page.lines().find(|line| line.starts_with(&format!("| {number} | {}", step.title)));
        let row = row.unwrap_or_else(|| panic!("{} is missing", step.title));
        let record = run.record(&step.id);
        if let (Some(started), Some(by)) = (record.started_at, &record.by) {
            assert!(row.contains(&started.strftime("%Y-%m-%d %H:%M:%S").to_string()), "{row}");
            assert!(row.contains(by.as_str()), "{row}");
        }
    }
    for evidence in
        ["posted in #incidents", "no writes in the access log", "02:10:15.000Z: capacity is enough", "exit 7"]
    {
        assert!(page.contains(evidence), "{evidence}");
    }
}

#[test]
fn figures_lie_between_the_points_they_name() {
    let story = Story::failover(Kind::Live);
    let metrics = metrics(&story.state).unwrap();
    let seconds = |from, to| metrics.between(from, to).map(|span| span.as_secs());
    assert_eq!(seconds(Point::Impact, Point::Detected), Some(31));
    assert_eq!(seconds(Point::Declared, Point::Decided), Some(28));
    assert_eq!(seconds(Point::Decided, Point::TrafficMoved), Some(104));
    assert_eq!(seconds(Point::Impact, Point::Recovered), Some(195));
    assert_eq!(metrics.approvals_took.as_secs(), 18);
    let verdicts: Vec<_> = metrics.tiers.iter().map(|tier| tier.verdict).collect();
    assert_eq!(verdicts, [Verdict::Ok, Verdict::Unknown], "nothing is known of a tier whose recovery nobody recorded");
    let verdicts: Vec<_> = metrics.losses.iter().map(|loss| loss.verdict).collect();
    assert_eq!(verdicts, [Verdict::Missed, Verdict::Ok]);
}

#[test]
fn an_incident_closed_during_the_outage_has_no_recovery() {
    let mut story = Story::new(Kind::Live);
    story.open("us-east-1 is down");
    story.tell(60, "mara", Event::ServingChanged { subject: "checkout".to_owned(), from: None, to: None });
    story.tell(70, "mara", Event::IncidentClosed { reason: "enough".to_owned() });
    let measured = metrics(&story.state).unwrap();
    assert_eq!((measured.point(Point::Recovered), measured.tiers[0].verdict), (None, Verdict::Unknown));
    assert!(page_of(&story.state).contains("| recovered | unknown | none seen before it was closed |"));

    let mut late = Story::new(Kind::Live);
    late.open("us-east-1 is down");
    late.tell(60, "mara", Event::ServingChanged { subject: "checkout".to_owned(), from: None, to: None });
    late.tell(900, "mara", Event::IncidentClosed { reason: "enough".to_owned() });
    assert_eq!(metrics(&late.state).unwrap().tiers[0].verdict, Verdict::Missed);
}

#[test]
fn what_was_put_right_later_stays_an_exception() {
    let story = Story::failover(Kind::Live);
    let words: Vec<_> = exceptions(&story.state).iter().map(|exception| exception.word).collect();
    assert_eq!(words, ["timed out", "settled by a person", "failed", "skipped"]);
}

#[test]
fn an_intent_without_an_outcome_is_told() {
    let mut story = Story::new(Kind::Live);
    story.open("us-east-1 is down");
    story.start(64, super::story::RUNBOOK);
    story.intend(70, "stop");
    let page = page_of(&story.state);
    assert!(page.contains("left open |  | Stop writes, attempt 1: intended, and no outcome is recorded"), "{page}");
    story.finish(80, "stop", 1, End::Succeeded { exit: None });
    assert!(!page_of(&story.state).contains("no outcome is recorded"));
}

#[test]
fn an_exercise_says_so_under_every_heading() {
    let page = page_of(&Story::failover(Kind::Drill).state);
    let headings = page.lines().filter(|line| line.starts_with("# ") || line.starts_with("## ")).count();
    assert_eq!(page.matches("**EXERCISE EXERCISE EXERCISE**").count(), headings);
    assert!(!page_of(&Story::failover(Kind::Live).state).contains("EXERCISE"));
}

#[test]
fn a_damaged_log_is_called_damaged_on_page_one_and_at_the_end() {
    let page = Page::of(&Source::new(&Story::failover(Kind::Live).state).damaged(Some("line 9 (byte 812): altered")))
        .markdown();
    assert_eq!(page.matches("line 9 (byte 812): altered").count(), 2);
    assert!(page.lines().nth(2).unwrap().starts_with("**THE LOG IS DAMAGED"), "{page}");
}

#[test]
fn an_empty_log_makes_a_page_too() {
    assert!(page_of(&crate::engine::State::default()).contains("| Entries | 0 |"));
}

#[test]
fn a_task_that_is_still_open_is_an_action_item_and_one_that_is_done_is_none() {
    let mut story = Story::new(Kind::Live);
    story.open("us-east-1 is down");
    for (second, text) in [(70, "renew the certificate"), (71, "call the provider")] {
        let owner = Some("raj".into());
        story.tell(second, "mara", Event::TaskAdded { text: text.to_owned(), owner, due: None });
    }
    let task = story.state.entries.len() as u64;
    story.tell(80, "raj", Event::TaskEnded { task, done: true, text: String::new() });
    let page = page_of(&story.state);
    let actions = page.split("## Action items").nth(1).unwrap();
    assert!(actions.contains("| 3 | renew the certificate | raj |  | mara |"), "{actions}");
    assert!(!actions.contains("call the provider"), "{actions}");
}

#[test]
fn a_decision_that_was_proposed_names_who_proposed_it_and_who_objected() {
    let mut story = Story::new(Kind::Live);
    story.open("us-east-1 is down");
    story.tell(70, "ana", Event::DecisionProposed { text: "go west".to_owned(), failover: true });
    let proposal = story.state.entries.len() as u64;
    let text = "too early".to_owned();
    story.tell(71, "mara", Event::ObjectionRaised { proposal, by: "raj".into(), text });
    let (text, proposal) = ("go west".to_owned(), Some(proposal));
    story.tell(72, "mara", Event::DecisionRecorded { text, failover: true, proposal });
    let page = page_of(&story.state);
    let decisions = page.split("## Decisions").nth(1).unwrap();
    let decided = decisions.lines().find(|line| line.contains("decides to fail over")).unwrap();
    assert!(decided.contains("as proposed by ana, over the objection of raj"), "{decided}");
    assert!(decided.contains("mara@bastion"), "{decided}");
}
