//! Everything that a run is refused for, with its exit code and before anything was opened.

use super::{Stage, code, said, step};

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
    assert_eq!(stage.trace("ran").as_deref(), Some("one\n"));
    let output = stage.run(&["--yes", "--incident", "last", "--approve", "ask=raj"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(stage.estate.login("ana", &["log", "last"]).contains("raj"), "by whom it was approved is in the log");
    assert_eq!(stage.trace("ran").as_deref(), Some("one\nask\n"));
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
