//! A step whose title links to another runbook: that one is walked in its place, with a screen and without one.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use domain::engine::{RunState, State, StepState};
use tempfile::TempDir;

use crate::support::console::Console;
use crate::support::estate::Estate;

const PARENT: &str = "---\nrunbook: 1\nvars:\n  POOL: {type: string}\n---\n\n# Walk a region over\n\n## Do\n\n\
                      - [ ] **[Restore the cache](cache-failure.md)** <!-- id: cache -->\n\n\
                      - [ ] **Look at it** <!-- id: look -->\n\n  ```bash run readonly\n  cat \"$HOME/warm\"\n  ```\n";
const CHILD: &str = "---\nrunbook: 1\nvars:\n  POOL: {type: string}\n---\n\n# The cache is gone\n\n## Fill it\n\n\
                     - [ ] **Warm the pool** <!-- id: warm -->\n\n  ```bash run readonly\n  echo \"$POOL\" >\"$HOME/warm\"\n  ```\n";

/// An estate with both, and the home that their blocks write into.
fn estate(child: &str) -> (TempDir, Estate) {
    let folder = tempfile::tempdir().unwrap();
    let estate = Estate::bare(folder.path(), folder.path().join("state"), PARENT);
    let path = folder.path().join("runbooks/cache-failure.md");
    fs::write(&path, child).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    (folder, estate)
}

fn walked(state: &State) -> Vec<(&str, RunState, Option<&str>)> {
    let runs = state.runs.iter();
    runs.map(|run| (run.name.as_str(), run.state.clone(), run.parent.as_ref().map(|of| of.step.as_str()))).collect()
}

fn run(estate: &Estate, folder: &TempDir) -> (std::process::Output, String) {
    let words = estate.command(&["run", "walk", "--yes", "--json", "--set", "POOL=sessions"], "ana");
    let output = std::process::Command::new(&words[0]).args(&words[1..]).env("HOME", folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, said)
}

#[test]
fn without_a_screen_the_child_is_walked_and_its_parent_goes_on() {
    let (folder, estate) = estate(CHILD);
    let (output, said) = run(&estate, &folder);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("starts runbook cache-failure") && said.contains("for Restore the cache"), "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("warm")).unwrap(), "sessions\n");
    let state = estate.replayed();
    assert_eq!(
        walked(&state),
        [("walk", RunState::Completed, None), ("cache-failure", RunState::Completed, Some("cache"))]
    );
    let record = state.runs[0].record(&"cache".into());
    assert_eq!(record.remark.as_deref(), Some("runbook cache-failure completed"));
}

#[test]
fn without_a_screen_a_child_that_fails_stops_the_run_and_says_so() {
    let (folder, estate) = estate(&CHILD.replace("echo \"$POOL\"", "false # \"$POOL\""));
    let (output, said) = run(&estate, &folder);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let state = estate.replayed();
    assert_eq!(state.runs[0].step_state(&"cache".into()), StepState::Running);
    assert!(state.runs[1].standing().contains("held by a failure of `Warm the pool`"), "{}", state.runs[1].standing());
}

#[test]
fn on_the_screen_the_child_comes_to_the_front_and_goes_when_it_is_done() {
    let (folder, estate) = estate(CHILD);
    let home = folder.path().display().to_string();
    let mut console = Console::open_with(&estate, "ana", &[("HOME", &home)]);
    console.shows(&["i declare", "Walk a region over"]);
    console.declares();
    console.at("Restore the cache");
    console.shows(&["opens cache-failure as a run of its own"]);
    console.press_for("x", "Warm the pool");
    console.shows(&["for Restore the cache of Walk a region over", "U goes back"]);
    console.press_for("U", "cache-failure is being walked: 0 of 1 steps");
    console.press_for("\r", "Warm the pool");
    // A value that nobody gave is asked for where it is used.
    console.press_for("V", "POOL");
    console.types("sessions");
    console.press_until("\r", "it is set", |screen| screen.contains("sets POOL"));
    console.at("Warm the pool");
    console.press_for("x", "runbook cache-failure completed");
    console.at("Look at it");
    console.ended("Restore the cache");
    console.executes("Look at it");
    console.quits_the_open_incident();
    let states: Vec<_> = estate.replayed().runs.iter().map(|run| run.state.clone()).collect();
    assert_eq!(states, [RunState::Completed, RunState::Completed]);
}

fn run_also(estate: &Estate, folder: &TempDir, words: &[&str]) -> (Option<i32>, String) {
    let words = estate.command(words, "ana");
    let output = std::process::Command::new(&words[0]).args(&words[1..]).env("HOME", folder.path()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_child_that_is_named_itself_ends_where_it_ends() {
    let (folder, estate) = estate(CHILD);
    run(&estate, &folder);
    let (code, said) = run_also(&estate, &folder, &["run", "cache-failure", "--yes", "--incident", "last"]);
    assert!(code == Some(0) && said.contains("there is nothing left to do"), "{said}");
}

#[test]
fn a_runbook_that_a_child_would_open_is_not_said_to_be_done() {
    let (folder, estate) = estate(&format!("{CHILD}\n- [ ] **[Deeper](deeper.md)** <!-- id: deeper -->\n"));
    let (output, said) = run(&estate, &folder);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("it opens deeper"), "{said}");
}

#[test]
fn what_is_unknown_is_settled_where_it_is_although_the_child_calls_a_step_as_its_parent_does() {
    let (folder, estate) = estate(&CHILD.replace("id: warm", "id: look"));
    let path = folder.path().join("runbooks/walk.md");
    let slow = fs::read_to_string(&path)
        .unwrap()
        .replace("bash run readonly\n  cat \"$HOME/warm\"", "bash run timeout=1s\n  sleep 60");
    fs::write(&path, slow).unwrap();
    let (output, said) = run(&estate, &folder);
    assert_eq!(output.status.code(), Some(5), "{said}");
    estate.login("ana", &["settle", "look", "--took-effect", "looked"]);
    assert_eq!(estate.replayed().runs[0].step_state(&"look".into()), StepState::Succeeded);
}

#[test]
fn without_a_screen_nothing_is_begun_whose_child_is_not_there_or_is_a_foreign_document() {
    let foreign = "# The cache is gone\n\n1. Warm the pool\n2. Look at it\n";
    let (folder, estate) = estate(foreign);
    let (output, said) = run(&estate, &folder);
    assert!(output.status.code() == Some(3) && said.contains("not written as a runbook"), "{said}");
    fs::write(folder.path().join("runbooks/cache-failure.md"), CHILD).unwrap();
    let path = folder.path().join("runbooks/walk.md");
    fs::write(&path, PARENT.replace("cache-failure.md", "cache-is-gone.md")).unwrap();
    let (output, said) = run(&estate, &folder);
    assert!(output.status.code() == Some(3) && said.contains("opens cache-is-gone: there is no runbook"), "{said}");
    assert!(!estate.state.join("incidents").exists());
}

#[test]
fn a_foreign_document_is_not_walked_in_the_place_of_a_step() {
    let (folder, estate) = estate(CHILD);
    estate.login("ana", &["declare", "It burns", "--runbook", "walk"]);
    fs::write(folder.path().join("runbooks/cache-failure.md"), "# Plan\n\n1. Warm the pool\n").unwrap();
    let (code, said) = run_also(&estate, &folder, &["run", "walk", "--yes", "--incident", "last"]);
    assert!(code == Some(4) && said.contains("it cannot be walked"), "{said}");
    assert_eq!(estate.replayed().runs[0].step_state(&"cache".into()), StepState::Ready);
}
