//! The schedule of tests: what people write down and what incidents show is known to whoever looks next.

use domain::reading::Status;

use crate::support::estate::Estate;

const TESTS: &str = r#"
[tests.walked]
kind = "drill"
every = "1mo"
runbook = "walk"

[tests.tabletop]
kind = "tabletop"
every = "6mo"
owner = "mara"
"#;

const RUNBOOK: &str = "---\nrunbook: 1\n---\n\n# Walk\n\n## Do\n\n- [ ] **Look** <!-- id: look -->\n";

fn estate(dir: &tempfile::TempDir) -> Estate {
    Estate::bare(dir.path(), dir.path().join("state"), RUNBOOK).with(TESTS)
}

/// Standing, and by whom or what it was last shown.
fn stands(estate: &Estate) -> Vec<(String, String, Option<String>)> {
    let said = estate.tried("mara", &["status", "--json"]).stdout;
    let status: Status = serde_json::from_slice(&said).unwrap();
    let row = |test: domain::readiness::ReadinessStatus| {
        (test.name.to_string(), test.standing.word().to_owned(), test.last.map(|last| last.by))
    };
    status.readiness.into_iter().map(row).collect()
}

fn row(name: &str, standing: &str, by: Option<&str>) -> (String, String, Option<String>) {
    (name.to_owned(), standing.to_owned(), by.map(str::to_owned))
}

#[test]
fn what_was_written_down_and_what_was_walked_is_known_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(&dir);
    assert_eq!(stands(&estate), [row("walked", "never", None), row("tabletop", "never", None)]);
    let text = String::from_utf8(estate.tried("mara", &["status"]).stdout).unwrap();
    assert!(text.contains("test walked was never done, expected every 30d (test-never-done:walked)"), "{text}");

    let said = estate.login("raj", &["tested", "tabletop", "--result", "pass", "--note", "network team missing"]);
    assert!(said.starts_with("tabletop passed "), "{said}");
    estate.login("mara", &["declare", "an exercise", "--runbook", "walk"]);
    estate.login("mara", &["done", "look", "seen"]);
    estate.login("mara", &["close", "over"]);
    let label = estate.replayed().incident.unwrap().label;
    assert_eq!(stands(&estate), [row("walked", "ok", Some(&label)), row("tabletop", "ok", Some("raj"))]);

    let text = String::from_utf8(estate.tried("mara", &["status"]).stdout).unwrap();
    assert!(text.contains("(by raj): network team missing, expected every 180d, owner mara"), "{text}");
    let page = String::from_utf8(estate.tried("mara", &["status", "--metrics"]).stdout).unwrap();
    let series = r#"switchback_test_last_passed{estate="orders",test="tabletop",kind="tabletop"} 1"#;
    assert!(page.contains(series), "{page}");

    estate.login("raj", &["tested", "walked", "--result", "fail"]);
    assert_eq!(stands(&estate)[0], row("walked", "failed", Some("raj")));
    let text = String::from_utf8(estate.tried("mara", &["status"]).stdout).unwrap();
    assert!(text.contains("test walked failed the last time (test-overdue:walked)"), "{text}");
}

#[test]
fn what_cannot_be_is_not_written_down() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(&dir);
    let refused = |act: &[&str]| {
        let output = estate.tried("mara", act);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, why) = refused(&["tested", "tabeltop", "--result", "pass"]);
    assert_eq!(code, Some(2));
    assert!(why.contains("did you mean `tabletop`?"), "{why}");
    let (code, why) = refused(&["tested", "tabletop", "--result", "pass", "--at", "2199-01-01T00:00:00Z"]);
    assert_eq!(code, Some(2));
    assert!(why.contains("future"), "{why}");
    assert_eq!(refused(&["tested", "tabletop", "--result", "pass", "--read-only"]).0, Some(4));
    assert_eq!(stands(&estate)[1], row("tabletop", "never", None));
}

#[test]
fn records_that_cannot_be_read_leave_it_unknown() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(&dir);
    estate.login("raj", &["tested", "walked", "--result", "pass"]);
    let records = estate.state.join("estates/orders/tests.jsonl");
    let whole = std::fs::read_to_string(&records).unwrap();
    std::fs::write(&records, format!("no record\n{whole}")).unwrap();
    let known = stands(&estate);
    assert_eq!((&known[0].1[..], &known[1].1[..]), ("ok", "unknown"), "one that is known is not less so");
}
