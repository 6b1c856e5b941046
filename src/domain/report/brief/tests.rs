use super::*;
use crate::log::{Event, Kind};
use crate::objective::Learned;
use crate::people::Role;
use crate::report::tests::story::{RUNBOOK, Story};

fn text(story: &Story, second: u64) -> String {
    let learned = Learned::default();
    let seen = Seen { state: &story.state, status: None, learned: &learned, now: story.at(second) };
    Brief::of(&seen).unwrap().text()
}

/// In the middle of a failover: half of it done, a second name missing, a proposal and a task open.
fn midway(kind: Kind) -> Story {
    let mut story = Story::new(kind);
    story.open("us-east-1 is down");
    story.start(64, RUNBOOK);
    let decided = Event::DecisionRecorded { text: "nothing answers".to_owned(), failover: true, proposal: None };
    story.tell(90, "mara", decided);
    story.by_hand(95, "tell", "posted");
    story.by_hand(100, "wait", "");
    story.verified(102, "wait", 0, true);
    story.tell(103, "raj", Event::CommandTaken { by: "raj".into(), role: Role::DataOwner, reason: None });
    story.tell(
        104,
        "ana",
        Event::DecisionProposed { text: "promote without waiting for raj".to_owned(), failover: false },
    );
    let (proposal, words) = (story.state.entries.len() as u64, "he is two minutes away".to_owned());
    story.tell(105, "zoe", Event::ObjectionRaised { proposal, by: "zoe".into(), text: words });
    let due = Some(story.at(400));
    let text = "ask the provider when the power comes back".to_owned();
    story.tell(106, "mara", Event::TaskAdded { text, owner: Some("ana".into()), due });
    story.intend(110, "stop");
    story
}

#[test]
fn a_brief_holds_what_the_next_commander_has_to_know() {
    insta::assert_snapshot!("midway", text(&midway(Kind::Live), 150));
}

#[test]
fn a_brief_of_an_incident_that_is_over_says_so() {
    insta::assert_snapshot!("over", text(&Story::failover(Kind::Live), 400));
}

#[test]
fn a_brief_of_what_was_closed_half_way_has_nothing_that_comes_next() {
    let mut story = midway(Kind::Live);
    assert!(text(&story, 150).contains("NEXT"));
    story.tell(160, "mara", Event::IncidentClosed { reason: "the region is back".to_owned() });
    assert!(!text(&story, 200).contains("NEXT"));
}

#[test]
fn lines_are_short_enough_for_a_chat_and_what_was_no_incident_says_so_at_both_ends() {
    let text = text(&midway(Kind::Drill), 150);
    assert!(text.lines().all(|line| line.chars().count() <= 72), "{text}");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("EXERCISE EXERCISE EXERCISE"));
    assert_eq!(lines.next_back(), Some("EXERCISE EXERCISE EXERCISE"));
}

#[test]
fn nothing_that_people_or_files_write_reaches_a_chat_with_control_characters() {
    let mut story = midway(Kind::Live);
    let text_of = "stay\u{1b}[2J\nRISKS\n- none".to_owned();
    story.tell(120, "ana", Event::DecisionProposed { text: text_of, failover: false });
    let text = text(&story, 150);
    assert!(!text.contains('\u{1b}') && !text.contains("\nRISKS\n- none"), "{text}");
}
