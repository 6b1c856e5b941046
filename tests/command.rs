//! Command, decisions and tasks of a real log: without a screen, and between two consoles.

use domain::engine::State;
use domain::log::Event;
use domain::report::{entry_sentence, marks};
use tempfile::TempDir;

use crate::support::console::Console;
use crate::support::estate::Estate;
use crate::support::wait::until;

const RUNBOOK: &str = "---\nrunbook: 1\n---\n\n# Walk a region over\n\n## Do\n\n\
                       - [ ] **Call the provider** <!-- id: call -->\n";

fn estate() -> (TempDir, Estate) {
    let folder = tempfile::tempdir().unwrap();
    let estate = Estate::bare(folder.path(), folder.path().join("state"), RUNBOOK);
    (folder, estate)
}

fn commander(state: &State) -> String {
    state.open().unwrap().commander.as_ref().unwrap().to_string()
}

/// What the program answers: its exit code, and what it says is wrong.
fn refused(estate: &Estate, person: &str, act: &[&str]) -> (Option<i32>, String) {
    let output = estate.tried(person, act);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn command_is_handed_over_without_a_screen() {
    let (_folder, estate) = estate();
    estate.login("mara", &["declare", "It burns", "--runbook", "walk"]);
    let (code, why) = refused(&estate, "raj", &["role", "commander"]);
    assert_eq!(code, Some(4));
    assert!(why.contains("mara is in command"), "{why}");
    assert_eq!(refused(&estate, "raj", &["accept"]).0, Some(4), "nothing was offered");
    let (code, why) = refused(&estate, "raj", &["role", "comander"]);
    assert!(code == Some(2) && why.contains("did you mean `commander`?"), "{why}");

    estate.login("mara", &["handoff", "raj"]);
    let state = estate.replayed();
    assert_eq!(commander(&state), "mara", "command stays until it is accepted");
    let brief = state.lead.offer.as_ref().unwrap().brief.clone();
    assert!(brief.contains("It burns") && brief.contains("NEXT\n- Call the provider"), "{brief}");
    assert_eq!(refused(&estate, "ana", &["accept"]).0, Some(4), "it was not offered to ana");
    estate.login("raj", &["accept"]);
    assert_eq!(commander(&estate.replayed()), "raj");

    estate.login("raj", &["handoff", "mara"]);
    estate.login("raj", &["accept", "--spoken-by", "mara"]);
    assert_eq!(commander(&estate.replayed()), "mara");
    estate.login("ana", &["role", "commander", "--reason", "mara does not answer"]);
    assert_eq!(commander(&estate.replayed()), "ana");
    assert_eq!(refused(&estate, "ana", &["role", "commander", "--release"]).0, Some(4));
}

#[test]
fn a_decision_is_proposed_objected_to_and_taken_by_who_commands() {
    let (_folder, estate) = estate();
    estate.login("mara", &["declare", "It burns"]);
    let said = estate.login("ana", &["propose", "fail over to us-west-2", "--failover"]);
    let proposal = said.lines().next().unwrap().strip_prefix("proposal ").unwrap();
    estate.login("raj", &["object", "the lag is unknown"]);
    assert_eq!(refused(&estate, "ana", &["decide", "--proposal", proposal]).0, Some(4));
    estate.login("mara", &["decide", "--proposal", proposal]);
    let state = estate.replayed();
    let last = entry_sentence(&state, state.entries.last().unwrap()).to_string();
    assert_eq!(
        last,
        "decides to fail over, as proposed by ana, over the objection of raj (the lag is unknown): fail over to us-west-2"
    );
    assert!(state.open().unwrap().decided_at.is_some());
}

#[test]
fn tasks_have_owners_and_what_nobody_did_is_said() {
    let (_folder, estate) = estate();
    estate.login("mara", &["declare", "It burns"]);
    let said = estate.login("mara", &["task", "add", "call the provider", "--due", "20m"]);
    let task = said.lines().next().unwrap().strip_prefix("task ").unwrap();
    estate.login("ana", &["task", "assign", task]);
    let listed = estate.login("raj", &["task", "list"]);
    assert!(listed.contains("ana") && listed.contains("call the provider  due "), "{listed}");
    estate.login("ana", &["task", "done", task, "ticket 4711"]);
    assert_eq!(estate.login("raj", &["task", "list"]), "No task is open.\n");
    assert_eq!(refused(&estate, "ana", &["task", "done", task]).0, Some(4));

    assert_eq!(estate.tried("raj", &["forgotten"]).status.code(), Some(0), "a fresh incident waits for nobody");
    estate.login("mara", &["handoff", "raj"]);
    let waits = estate.tried("raj", &["forgotten", "--json"]);
    assert_eq!(waits.status.code(), Some(1));
    let waits: serde_json::Value = serde_json::from_slice(&waits.stdout).unwrap();
    assert_eq!(waits[0]["text"], "raj has not accepted command yet: mara still commands");
    assert_eq!((&waits[0]["urgency"], &waits[0]["until"]), (&"soon".into(), &serde_json::Value::Null));
}

#[test]
fn a_late_note_says_that_it_is_late_and_nothing_is_noted_ahead_of_time() {
    let (_folder, estate) = estate();
    estate.login("mara", &["declare", "It burns"]);
    estate.login("ana", &["note", "the first page came", "--at", "9m ago"]);
    let state = estate.replayed();
    let late = state.entries.iter().rfind(|entry| matches!(entry.event, Event::NoteAdded { .. })).unwrap();
    assert!(marks(&state, late)[0].starts_with("late entry"), "{:?}", marks(&state, late));
    estate.login("ana", &["correct", &late.seq.to_string(), "it was the second page"]);
    assert!(estate.replayed().superseded.contains_key(&late.seq));
    assert_eq!(refused(&estate, "ana", &["note", "soon", "--at", "2999-01-01T00:00:00Z"]).0, Some(4));
    assert_eq!(refused(&estate, "ana", &["note", "soon", "--at", "tomorrow"]).0, Some(2));
}

#[test]
fn the_brief_is_one_page_of_short_lines() {
    let (_folder, estate) = estate();
    estate.login("mara", &["declare", "It burns", "--runbook", "walk"]);
    estate.login("mara", &["solo", "everybody is asleep"]);
    let brief = estate.login("raj", &["brief"]);
    assert!(brief.contains("mara works alone: everybody is asleep"), "{brief}");
    assert!(brief.contains("- commander mara since "), "{brief}");
    assert!(brief.lines().all(|line| line.chars().count() <= 72), "{brief}");
    estate.login("raj", &["role", "operator"]);
    assert!(!estate.login("raj", &["brief"]).contains("alone"));
}

#[test]
fn between_two_consoles_command_moves_only_when_it_is_accepted() {
    let (_folder, estate) = estate();
    let mut mara = Console::open(&estate, "mara");
    mara.declares();
    mara.shows(&["IC mara"]);
    let mut raj = Console::open(&estate, "raj");
    raj.shows(&["IC mara"]);

    // Who has joined is proposed: the name is written anew, whether mara's console has heard of it yet or not.
    mara.press_for("h", "Hand command over");
    mara.press("\u{15}");
    mara.types("raj");
    mara.press_until("\r", "the offer is made", |screen| screen.contains("IC mara ▸ raj?"));
    raj.shows(&["Command is offered to you", "SITUATION", "mara offers you command"]);
    assert_eq!(commander(&estate.replayed()), "mara", "an offer moves nothing");
    raj.press_until("\u{1b}", "it is left for later", |screen| !screen.contains("offers you command"));
    raj.shows(&["IC mara ▸ you: h"]);
    assert_eq!(commander(&estate.replayed()), "mara", "nor does looking at it");

    raj.press_for("h", "mara offers you command");
    raj.press_until("y", "raj commands", |screen| screen.contains("IC raj"));
    mara.shows(&["IC raj"]);
    until("it is in the log", || commander(&estate.replayed()) == "raj");
    // Who is not in command any more gives nothing away.
    mara.press_for("h", "raj is in command");
    let accepted = estate.entries().into_iter().filter(|entry| matches!(entry.event, Event::HandoffAccepted { .. }));
    let by: Vec<_> = accepted.map(|entry| (entry.actor.name.to_string(), entry.event)).collect();
    assert!(matches!(&by[..], [(by, Event::HandoffAccepted { spoken: false, .. })] if by == "raj"), "{by:?}");
}

#[test]
fn from_a_console_that_is_gone_command_is_taken_with_a_reason() {
    let (_folder, estate) = estate();
    let mut mara = Console::open(&estate, "mara");
    mara.declares();
    mara.shows(&["IC mara"]);
    mara.killed();
    let mut raj = Console::open(&estate, "raj");
    raj.shows(&["IC mara"]);
    raj.palette("take command", "mara is in command and has not offered it");
    raj.types("her console is gone");
    raj.press_until("\r", "raj commands", |screen| screen.contains("IC raj"));
    let state = estate.replayed();
    let taken = state.entries.iter().rfind(|entry| matches!(entry.event, Event::CommandTaken { .. })).unwrap();
    assert_eq!(entry_sentence(&state, taken).to_string(), "raj takes command: her console is gone");
}
