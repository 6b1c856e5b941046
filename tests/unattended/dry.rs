//! A dry run executes nothing, records nothing, and says what stands in the way.

use super::{Stage, code, files, json, said, step};

const GUARDED: &str = "- [ ] **Guarded** <!-- id: guarded -->\n\n  ```bash guard\n  echo asked >>HERE/asked\n  test -e HERE/ready\n  ```\n\n  \
                       ```bash run timeout=90s\n  echo ran >>HERE/ran\n  ```\n\n  \
                       ```bash verify\n  echo verified >>HERE/verified\n  test -e HERE/ran\n  ```\n\n";

#[test]
fn guards_and_verifies_are_asked_once_and_nothing_runs_or_is_recorded() {
    let stage = Stage::new(&format!("{GUARDED}{}", step("second", "echo ran >>HERE/ran")));
    let output = stage.run(&["--dry-run", "--json"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    let dry = json(&output);
    let first = &dry["steps"][0];
    assert_eq!((&first["id"], &first["does"]["timeout_ms"]), (&"guarded".into(), &90_000.into()));
    assert_eq!(
        (&first["guards"][0]["answer"], &first["verifies"][0]["answer"]),
        (&"not-met".into(), &"not-met".into())
    );
    assert_eq!(dry["in_the_way"].as_array().unwrap().len(), 1, "the verify of what has not run does not count");

    stage.leaves("ready");
    let output = stage.run(&["--dry-run"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(said(&output).contains("Nothing that is known now stands in the way"), "{}", said(&output));
    assert!(said(&output).contains("bash -euo pipefail"), "{}", said(&output));

    assert_eq!(stage.trace("asked").as_deref(), Some("asked\nasked\n"), "once each time");
    assert_eq!(stage.trace("verified").as_deref(), Some("verified\nverified\n"));
    assert_eq!(stage.trace("ran"), None);
    assert!(!stage.estate.state.join("incidents").exists());
}

#[test]
fn a_dry_run_of_an_open_incident_shows_what_is_left_and_leaves_its_log_alone() {
    let stage =
        Stage::new(&format!("{}{}{}", step("one", "true"), step("two", "test -e HERE/gate"), step("three", "true")));
    assert_eq!(code(&stage.run(&["--yes"])), 1);
    let before = files(&stage.estate.state);
    let dry = json(&stage.run(&["--dry-run", "--json", "--incident", "last"]));
    let standing: Vec<_> =
        dry["steps"].as_array().unwrap().iter().map(|step| step["standing"]["standing"].clone()).collect();
    assert_eq!(standing, ["ended", "to-do", "to-do"]);
    assert_eq!(files(&stage.estate.state), before);
}

#[test]
fn read_only_asks_nothing_that_has_to_be_run() {
    let stage = Stage::new(GUARDED);
    let output = stage.run(&["--dry-run", "--json", "--read-only"]);
    let dry = json(&output);
    assert_eq!(
        (&dry["steps"][0]["guards"][0]["answer"], &dry["steps"][0]["guards"][0]["seen"]),
        (&"unknown".into(), &"--read-only: not asked".into())
    );
    assert_eq!((stage.trace("asked"), code(&output)), (None, 1));
}

#[test]
fn an_error_in_the_runbook_is_shown_with_its_place_and_is_3() {
    let stage = Stage::new("- [ ] **Wrong** <!-- id: wrong -->\n\n  ```bash run timout=5m\n  true\n  ```\n");
    let output = stage.run(&["--dry-run"]);
    assert_eq!(code(&output), 3, "{}", said(&output));
    assert!(said(&output).contains("did you mean `timeout`"), "{}", said(&output));
    let nowhere = stage.estate.tried("cron", &["run", "wlak", "--dry-run"]);
    assert_eq!(code(&nowhere), 3, "{}", said(&nowhere));
}

#[test]
fn a_secret_is_named_with_where_it_is_and_never_shown() {
    let steps = step("call", "curl -H \"Authorization: Bearer $TOKEN\" -H 'X-Key: AKIAIOSFODNN7EXAMPLE' https://edge");
    let stage = Stage::new(&steps);
    let file = stage.folder.path().join("runbooks/walk.md");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("type: failover", "type: failover\nvars:\n  TOKEN: {type: secret, from: \"env:EDGE_TOKEN\"}"),
    )
    .unwrap();
    for form in [&["--dry-run"][..], &["--dry-run", "--json"]] {
        let output = stage.run(form);
        assert!(said(&output).contains("env:EDGE_TOKEN"), "{}", said(&output));
        assert!(!said(&output).contains("AKIAIOSFODNN7EXAMPLE"), "{}", said(&output));
    }
}
