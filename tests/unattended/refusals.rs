//! Everything that a run is refused for, with its exit code and before anything was opened.

use std::fs;
use std::process::Command;

use domain::log::Event;

use super::{Stage, code, said, step};
use crate::support::wait::until;

#[test]
fn each_refusal_has_its_exit_code_says_what_would_help_and_opens_nothing() {
    let stage = Stage::new(&step("one", "echo one >>HERE/ran"));
    for (words, expected, says) in [
        (&["walk"][..], 4, "--yes answers ordinary confirmations"),
        (&["walk", "--yes", "--read-only"], 4, "--read-only: nothing executes"),
        (&["walk", "--yes", "--start-at", "one"], 4, "--start-at goes into the log with a reason"),
        (&["walk", "--yes", "--accept-loss"], 4, "--accept-loss goes into the log with a reason"),
        (&["walk", "--yes", "--start-at", "oen", "--reason", "why"], 2, "did you mean `one`?"),
        (&["walk", "--yes", "--approve", "one"], 2, "write STEP=NAME"),
        (&["walk", "--yes", "--approve", "oen=raj"], 2, "the runbook has no step `oen`"),
        (&["walk", "--yes", "--to", "mars"], 2, "its regions are us-east-1, us-west-2"),
        (&["walk", "--dry-run", "--from", "us-east"], 2, "did you mean `us-east-1`?"),
        (&["walk", "--yes", "--from", "us-east-1", "--to", "us-east-1"], 2, "the region that is left"),
        (&["walk", "--yes", "--set", "A"], 2, "write NAME=VALUE"),
        (&["walk", "--yes", "--set", "A=1"], 2, "there is no variable `A`"),
        (&["wlak", "--yes"], 3, "there is no runbook `wlak`"),
        (&["walk", "--yes", "--incident", "INC-1999-0001"], 2, "INC-1999-0001"),
        (&["walk", "--yes", "--on-demand"], 2, "--dry-run"),
    ] {
        let act: Vec<&str> = ["run"].iter().chain(words).copied().collect();
        let output = stage.estate.tried("cron", &act);
        assert_eq!(code(&output), expected, "{words:?}: {}", said(&output));
        assert!(said(&output).contains(says), "{words:?} does not say `{says}`: {}", said(&output));
        assert!(!stage.estate.state.join("incidents").exists(), "{words:?} opened an incident");
    }
    assert_eq!(stage.trace("ran"), None);
}

#[test]
fn a_runbook_with_a_broken_step_is_not_begun() {
    let broken = "- [ ] **Broken** <!-- id: broken -->\n\n  ```bash run timout=5m\n  true\n  ```\n";
    let stage = Stage::new(&format!("{}{broken}", step("one", "echo one >>HERE/ran")));
    let output = stage.run(&["--yes"]);
    assert_eq!(code(&output), 3, "{}", said(&output));
    assert!(said(&output).contains("`Broken` cannot run here"), "{}", said(&output));
    assert!(stage.trace("ran").is_none() && !stage.estate.state.join("incidents").exists());
    // Where it does not apply it is in nobody's way.
    let elsewhere = broken.replace("-->\n", "-->\n\n  When: MODE = planned\n");
    let stage = Stage::new(&format!("{}{elsewhere}", step("one", "echo one >>HERE/ran")));
    assert_eq!(code(&stage.run(&["--yes"])), 0);
}

#[test]
fn a_missing_approval_stops_before_the_step_and_a_named_one_is_recorded_as_spoken() {
    let asks = step("ask", "echo ask >>HERE/ran").replace("-->\n", "-->\n\n  Approval: data-owner\n");
    let stage = Stage::new(&format!("{}{asks}", step("one", "echo one >>HERE/ran")));
    let output = stage.run(&["--yes"]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("data-owner has to approve it: --approve ask=NAME"), "{}", said(&output));
    let on = said(&output).lines().find(|line| line.starts_with("To go on: ")).map(str::to_owned).unwrap();
    assert!(on.ends_with(" --approve ask=NAME") && on.contains(" --incident INC-"), "{on}");
    assert!(!said(&output).contains("this run opens one more"), "{}", said(&output));
    assert_eq!(stage.trace("ran").as_deref(), Some("one\n"));
    let output = stage.run(&["--yes", "--incident", "last", "--approve", "ask=raj"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(stage.estate.login("ana", &["log", "last"]).contains("raj"), "by whom it was approved is in the log");
    assert_eq!(stage.trace("ran").as_deref(), Some("one\nask\n"));
    // It is not closed yet.
    let other = stage.run(&["--yes", "--approve", "ask=raj", "--reason", "another"]);
    assert!(said(&other).contains("this run opens one more"), "{}", said(&other));
}

#[test]
fn a_guard_that_says_that_a_step_is_not_needed_leaves_it_out_with_that_reason() {
    let guarded = "- [ ] **Maybe** <!-- id: maybe -->\n\n  ```bash guard else=skip\n  echo not needed here; false\n  ```\n\n  \
                   ```bash run\n  echo maybe >>HERE/ran\n  ```\n\n";
    let stage = Stage::new(&format!("{guarded}{}", step("two", "echo two >>HERE/ran")));
    let output = stage.run(&["--yes"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(said(&output).contains("says that it is not needed"), "{}", said(&output));
    assert_eq!(stage.trace("ran").as_deref(), Some("two\n"));
}

#[test]
fn a_guard_that_is_not_met_stops_with_what_was_seen() {
    let guarded = "- [ ] **Guarded** <!-- id: guarded -->\n\n  ```bash guard\n  echo the gate is shut; false\n  ```\n\n  \
                   ```bash run\n  echo ran >>HERE/ran\n  ```\n\n";
    let stage = Stage::new(guarded);
    let output = stage.run(&["--yes"]);
    assert_eq!((code(&output), stage.trace("ran")), (4, None), "{}", said(&output));
    assert!(said(&output).contains("the gate is shut"), "{}", said(&output));
}

#[test]
fn a_manual_step_whose_guard_is_not_met_or_that_nobody_approved_is_not_ticked() {
    let guarded = "- [ ] **Promote in their console** <!-- id: vendor -->\n\n  ```bash guard\n  echo the gate is shut; false\n  ```\n\n";
    let stage = Stage::new(guarded);
    let output = stage.run(&["--yes", "--reason", "us-east-1 is gone"]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("the gate is shut"), "{}", said(&output));

    let stage = Stage::new("- [ ] **Ask them** <!-- id: ask -->\n\n  Approval: data-owner\n");
    let output = stage.run(&["--yes"]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("data-owner has to approve it: --approve ask=NAME"), "{}", said(&output));
    let output = stage.run(&["--yes", "--incident", "last", "--approve", "ask=raj"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let evidence = stage.estate.replayed().runs[0].record(&"ask".into()).remark.clone();
    assert_eq!(evidence.as_deref(), Some("unattended: nobody looked; approved by raj, as --approve says"));
}

#[test]
fn what_was_declined_is_not_approved_by_a_word_said_before() {
    let asks =
        step("ask", "echo ask >>HERE/ran").replace("-->\n", "-->\n\n  Approval: data-owner or commander after 10m\n");
    let stage = Stage::new(&asks);
    let people = "\n[people.raj]\nroles = [\"commander\"]\n\n[people.dora]\nroles = [\"data-owner\"]\n";
    let file = fs::read_to_string(&stage.estate.file).unwrap() + people;
    fs::write(&stage.estate.file, file).unwrap();
    let words = stage.estate.command(&["run", "walk", "--yes", "--approve", "ask=raj"], "cron");
    let mut waiting = Command::new(&words[0]).args(&words[1..]).spawn().unwrap();
    let asked = |event: &Event| matches!(event, Event::ApprovalRequested { .. });
    until("somebody is asked", || {
        stage.estate.incidents().len() == 1 && stage.estate.entries().iter().any(|entry| asked(&entry.event))
    });
    stage.estate.login("dora", &["approve", "ask", "--decline", "the loss is too great"]);
    let mut ended = None;
    until("the run stops", || {
        ended = waiting.try_wait().unwrap();
        ended.is_some()
    });
    assert_eq!(ended.unwrap().code(), Some(4));
    let output = stage.run(&["--yes", "--incident", "last", "--approve", "ask=dora"]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("dora declined: the loss is too great"), "{}", said(&output));
    assert_eq!(stage.trace("ran"), None);
}

#[test]
fn a_runbook_of_which_no_step_applies_is_no_endless_wait() {
    let stage = Stage::new(&step("one", "true").replace("-->\n", "-->\n\n  When: MODE = planned\n"));
    let output = stage.run(&["--yes"]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("walk, forced, has no step that applies now"), "{}", said(&output));
}
