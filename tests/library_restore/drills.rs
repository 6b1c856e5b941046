//! `monthly-drill` and `quarterly-dr-test`: what they open is walked, and the result is written down.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::platform::{Ended, Platform};
use crate::support::estate::Estate;
use crate::support::http::{Answer, HttpServer};
use crate::support::wait::until;

const TESTS: &str = "\n[tests.monthly-drill]\nkind = \"drill\"\nevery = \"1mo\"\n\
                     \n[tests.quarterly-dr-test]\nkind = \"drill\"\nevery = \"3mo\"\n";

/// What was written down of a test: whether it passed, and in which incident.
fn results(estate: &Estate) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(estate.state.join("estates/shop/tests.jsonl")).unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| (line["test"].as_str().unwrap().to_owned(), line["result"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn the_monthly_drill_restores_a_backup_and_fails_a_real_lab_over() {
    let mut platform = Platform::new();
    platform.estate = platform.estate.clone().with(TESTS);
    let folder = tempfile::Builder::new().prefix("switchback-drill-").tempdir().unwrap();
    // PostgreSQL's account passes through it.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    let lab = format!("LAB_DIR={}", folder.path().join("lab").display());
    let ended = platform.run("monthly-drill", &["--to", "us-west-2", "--set", &lab]);
    ended.completed();
    for line in [
        "✓ Full backup created",
        "✓ Data validated",
        "✓ Primary region simulated down",
        "✓ Secondary region active",
        "✓ RTO",
        "✓ RPO",
        "✓ Objectives met",
    ] {
        assert!(ended.said.contains(line), "`{line}` was not said: {}", ended.said);
    }
    assert_eq!(platform.backup()["kept"], 2, "a backup was taken");
    let ledger = platform.ledger();
    assert_eq!(ledger.last().unwrap()["passed"], true, "and restored: {ledger:?}");
    assert_eq!(results(&platform.estate), [("monthly-drill".to_owned(), "pass".to_owned())]);
    assert!(!folder.path().join("lab").exists(), "nothing is left of the lab");
}

/// An edge that passes an API on to one of two regions, as it is told.
struct Edge {
    server: HttpServer,
    active: Arc<Mutex<String>>,
}

impl Edge {
    fn new() -> Self {
        let active = Arc::new(Mutex::new("us-east-1".to_owned()));
        let told = Arc::clone(&active);
        let server = HttpServer::new(move |request| {
            let mut active = told.lock().unwrap();
            let path = request.line.split(' ').nth(1).unwrap_or_default();
            if let Some(region) = path.strip_prefix("/switch/") {
                region.clone_into(&mut active);
            }
            Answer::json(&format!("{{\"region\": \"{active}\"}}"))
        });
        Self { server, active }
    }

    /// The estate's own runbook of that name takes the place of the one that ships.
    fn failover(&self, folder: &Path) {
        let text = format!(
            "---\nrunbook: 1\ntype: failover\n---\n\n# Regional failover\n\n## Move\n\n- [ ] **Move traffic** <!-- id: move -->\n\n  \
             ```http run idempotent\n  POST {}$TO\n  ```\n\n  ```check verify within=30s\n  serving all $TO\n  ```\n",
            self.server.url("/switch/")
        );
        std::fs::create_dir(folder.join("runbooks")).unwrap();
        let path = folder.join("runbooks/regional-failover.md");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn the_quarterly_test_goes_there_restores_and_waits_until_traffic_is_back() {
    let edge = Edge::new();
    let mut platform = Platform::in_two_regions(&edge.server.url("/active"));
    edge.failover(platform.estate.file.parent().unwrap());
    platform.estate = platform.estate.clone().with(TESTS);

    let act = ["run", "quarterly-dr-test", "--yes", "--json", "--mode", "planned"];
    let words = platform.estate.command(&[&act[..], &["--from", "us-east-1", "--to", "us-west-2"]].concat(), "mara");
    let mut run = Command::new(&words[0]);
    run.args(&words[1..]).env("PATH", platform.ssh.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = run.spawn().unwrap();

    // Nobody can be asked to fail back but a person: the run waits until traffic is where it came from.
    until("it waits for the failback", || {
        platform.estate.tried("raj", &["log", "last"]).stdout.windows(20).any(|part| part == b"Fail back to primary")
    });
    assert_eq!(*edge.active.lock().unwrap(), "us-west-2", "production is in the other region");
    "us-east-1".clone_into(&mut edge.active.lock().unwrap());

    let ended = Ended::of(&platform.estate, &run.wait_with_output().unwrap());
    ended.completed();
    assert_eq!((ended.state("fail-over"), ended.state("backup-test")), ("done_by_hand", "done_by_hand"));
    let ledger = platform.ledger();
    assert_eq!(ledger.len(), 1, "the backup was restored while production was over there: {ledger:?}");
    assert_eq!(results(&platform.estate), [("quarterly-dr-test".to_owned(), "pass".to_owned())]);
}
