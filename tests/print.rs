//! A checklist on paper: made beforehand, or of what is left when the console is dead.

use std::fs;

use crate::support::estate::Estate;

const RUNBOOK: &str = "---\nrunbook: 1\nvars:\n  TOKEN: {type: secret, from: \"env:EDGE_TOKEN\"}\n---\n\n# Walk over\n\n## Do\n\n\
    - [ ] **Look** <!-- id: look -->\n\n  ```bash run\n  test -e gate\n  ```\n\n\
    - [ ] **Move** <!-- id: move -->\n\n  ```bash run\n  curl -u \"$TOKEN\" \"https://edge/$TO\"\n  ```\n";

#[test]
fn paper_is_made_beforehand_and_of_what_is_left_and_nothing_is_recorded_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let estate = Estate::bare(folder.path(), folder.path().join("state"), RUNBOOK)
        .with("\n[people.mara]\nroles = [\"commander\"]\nphone = \"+1 555 0100\"\n");
    let page = estate.login("ana", &["print", "walk"]);
    for part in ["# Walk over", "☐ 2\\. Move", "TO=us-west-2", "found at env:EDGE_TOKEN", "mara", "+1 555 0100"] {
        assert!(page.contains(part), "`{part}` is not in {page}");
    }
    assert!(!estate.state.join("incidents").exists());

    let file = folder.path().join("walk.html");
    let said = estate.login("ana", &["print", "walk", "--html", "-o", file.to_str().unwrap()]);
    let html = fs::read_to_string(&file).unwrap();
    assert!(said.is_empty() && html.starts_with("<!doctype html>") && html.contains("@page"), "{html}");

    fs::write(folder.path().join("gate"), "").unwrap();
    estate.tried("cron", &["run", "walk", "--yes", "--from", "us-east-1", "--to", "us-west-2"]);
    let before = fs::read(estate.incidents()[0].join("log.jsonl")).unwrap();
    let page = estate.login("ana", &["print", "walk", "--incident", "last"]);
    assert!(page.contains("☑ 1\\. Look") && page.contains("by cron") && page.contains("| Incident | INC-"), "{page}");
    assert!(page.contains("☐ 2\\. Move") && page.contains("failed since"), "{page}");
    assert_eq!(fs::read(estate.incidents()[0].join("log.jsonl")).unwrap(), before);
}

#[test]
fn what_cannot_be_printed_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let estate = Estate::bare(folder.path(), folder.path().join("state"), RUNBOOK);
    for (words, code) in [
        (&["print", "wlak"][..], 3),
        (&["print", "walk", "--set", "X"], 2),
        (&["print", "walk", "--incident", "last"], 2),
        (&["print", "walk", "--incident", "last", "--mode", "forced"], 2),
    ] {
        assert_eq!(estate.tried("ana", words).status.code(), Some(code), "{words:?}");
    }
}
