//! `switchback check`: what would not work is found before it is needed, with its remedy; what was edited since it was
//! exercised says so.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::estate::Estate;
use crate::support::moto::{Gate, Moto, Way, environment};
use crate::support::postgres::Server;

const WALK: &str = "---\nrunbook: 1\nreview: 30d\n---\n\n# Walk\n\n## Do\n\n\
    - [ ] **Look** <!-- id: look -->\n\n\
    - [ ] **Print** <!-- id: print -->\n\n  ```bash run readonly\n  uname -s\n  ```\n";

struct Stage {
    _folder: TempDir,
    estate: Estate,
}

impl Stage {
    fn new(runbook: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let estate = Estate::bare(folder.path(), folder.path().join("state"), runbook).with(more);
        Self { _folder: folder, estate }
    }

    /// The exit code and the report, with these variables.
    fn check(&self, env: &[(&str, &str)]) -> (Option<i32>, Value) {
        let words = self.estate.command(&["check", "--json"], "ana");
        let mut command = Command::new(&words[0]);
        let output = command.args(&words[1..]).envs(env.iter().copied()).output().unwrap();
        let report = serde_json::from_slice(&output.stdout);
        (output.status.code(), report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))))
    }

    fn runbook(&self) -> std::path::PathBuf {
        self.estate.file.parent().unwrap().join("runbooks/walk.md")
    }
}

/// Verdict, reasons and remedy of one row.
fn row(report: &Value, area: &str, name: &str) -> (String, String, String) {
    let rows = report["rows"].as_array().unwrap();
    let found = rows.iter().find(|row| row["area"] == area && row["name"].as_str().unwrap().starts_with(name));
    let row = found.unwrap_or_else(|| panic!("no {area} {name}: {report:#}"));
    let reasons: Vec<&str> = row["reasons"].as_array().unwrap().iter().map(|why| why.as_str().unwrap()).collect();
    let text = |field: &Value| field.as_str().unwrap_or_default().to_owned();
    (text(&row["verdict"]), reasons.join("; "), text(&row["remedy"]))
}

#[test]
fn a_runbook_that_was_edited_after_it_was_exercised_needs_verification_and_names_the_step() {
    let stage = Stage::new(WALK, "");
    let walk = |report: &Value| row(report, "runbook", "walk");
    let (_, report) = stage.check(&[]);
    assert_eq!(walk(&report).0, "needs-verification");
    assert_eq!(walk(&report).1, "never exercised");

    let exercised = exercised(WALK);
    let (_, report) = exercised.check(&[]);
    let (verdict, reasons, _) = walk(&report);
    assert_eq!(verdict, "ready", "{reasons}");
    assert!(reasons.starts_with("this text was exercised; last ") && reasons.contains("in a lab"), "{reasons}");

    std::fs::write(exercised.runbook(), WALK.replace("uname -s", "uname -a")).unwrap();
    let (code, report) = exercised.check(&[]);
    let (verdict, reasons, remedy) = walk(&report);
    assert_eq!((code, verdict.as_str()), (Some(0), "needs-verification"), "{report:#}");
    assert!(reasons.starts_with("edited since last exercised: Print"), "{reasons}");
    assert!(remedy.contains("switchback run walk"), "{remedy}");
    let linted = exercised.estate.tried("ana", &["lint", exercised.runbook().to_str().unwrap()]);
    let said = String::from_utf8_lossy(&linted.stderr);
    assert!(linted.status.success() && said.contains("this step was edited since it was exercised"), "{said}");
}

/// An estate of a lab in which `walk` was run to its end.
fn exercised(runbook: &str) -> Stage {
    let stage = Stage::new(runbook, "");
    let text = std::fs::read_to_string(&stage.estate.file).unwrap();
    std::fs::write(&stage.estate.file, format!("kind = \"lab\"\n{text}")).unwrap();
    // A step by hand is ticked by its person, the rest is walked without a screen.
    stage.estate.login("ana", &["declare", "an exercise", "--runbook", "walk"]);
    stage.estate.login("ana", &["done", "look", "seen"]);
    stage.estate.login("ana", &["run", "walk", "--yes", "--incident", "last"]);
    stage.estate.login("ana", &["close", "over"]);
    stage
}

#[test]
fn a_tool_that_is_not_there_fails_the_runbook_that_calls_it() {
    let stage = Stage::new(WALK, "");
    let empty = tempfile::tempdir().unwrap();
    let (code, report) = stage.check(&[("PATH", empty.path().to_str().unwrap())]);
    assert_eq!(code, Some(1));
    let (verdict, reasons, remedy) = row(&report, "runbook", "walk");
    assert_eq!(verdict, "failing");
    assert!(reasons.starts_with("uname is not on PATH (called by print)"), "{reasons}");
    assert!(remedy.contains("install it"), "{remedy}");
    assert_eq!(row(&report, "tool", "uname").0, "failing");
    assert_eq!(row(&stage.check(&[]).1, "tool", "uname").0, "ready");
}

#[test]
fn a_login_that_may_not_promote_is_found_while_there_is_time() {
    let primary = Server::primary();
    primary.sql("CREATE ROLE watch LOGIN; GRANT pg_monitor TO watch");
    let standby = Server::standby(&primary, "west");
    // A standby that was sent nothing yet has no position to compare.
    primary.sql("CREATE TABLE orders ()");
    primary.wait_for_standby("west");
    let dsn = |server: &Server| format!("host=127.0.0.1 port={} user=watch dbname=postgres", server.port);
    let servers = format!(
        "[databases.orders-db.servers]\nus-east-1 = \"{}\"\nus-west-2 = \"{}\"\n",
        dsn(&primary),
        dsn(&standby)
    );
    let stage = Stage::new(WALK, &servers);
    let (code, report) = stage.check(&[]);
    assert_eq!(code, Some(1));
    let (verdict, reasons, remedy) = row(&report, "credential", "orders-db@us-west-2");
    assert_eq!((verdict.as_str(), reasons.as_str()), ("failing", "watch: it may not execute pg_promote"));
    assert_eq!(row(&report, "replication", "orders-db@us-west-2").0, "ready");
    assert_eq!(row(&report, "clock", "orders-db@us-east-1").0, "ready");

    // The remedy is what is run.
    let (grant, _) = remedy.split_once(", on the primary").unwrap();
    primary.sql(grant);
    primary.wait_for_standby("west");
    let (code, report) = stage.check(&[]);
    assert_eq!((code, row(&report, "credential", "orders-db@us-west-2").0.as_str()), (Some(0), "ready"), "{report:#}");

    primary.sql("ALTER ROLE watch NOLOGIN");
    let (_, report) = stage.check(&[]);
    let (verdict, reasons, _) = row(&report, "credential", "orders-db@us-east-1");
    assert_eq!(verdict, "failing");
    assert!(reasons.contains("not permitted to log in"), "{reasons}");
}

#[test]
fn credentials_are_tried_and_a_name_that_is_kept_too_long_is_found() {
    let moto = Moto::start();
    let zone = moto.zone("example.com");
    let put = |ttl: u64| {
        moto.put(&zone, &json!({
            "Name": "pay.example.com.", "Type": "CNAME", "TTL": ttl, "ResourceRecords": [{"Value": "east.example.com"}],
        }));
    };
    put(3600);
    let runbook = format!(
        "---\nrunbook: 1\n---\n\n# Walk\n\n## Do\n\n- [ ] **Switch** <!-- id: switch -->\n\n  ```route53 run\n  zone: {zone}\n  \
         name: pay.example.com\n  type: CNAME\n  values: [west.example.com]\n  ```\n"
    );
    let stage = Stage::new(&runbook, "[[targets]]\ncomponent = \"DNS\"\nrto = \"5m\"\n");
    let check = |url: &str| {
        let env = environment(url);
        stage.check(&env.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    };
    let (code, report) = check(&moto.url());
    assert_eq!(code, Some(1));
    let (verdict, reasons, _) = row(&report, "credential", "aws");
    assert_eq!(verdict, "ready", "{reasons}");
    assert!(reasons.starts_with("arn:aws:"), "{reasons}");
    let (verdict, reasons, remedy) = row(&report, "dns", "pay.example.com");
    assert_eq!(verdict, "failing");
    assert!(reasons.starts_with("TTL 1h, over the RTO of DNS of 5m"), "{reasons}");
    assert!(remedy.starts_with("lower the TTL to 2m30s"), "{remedy}");

    put(60);
    assert_eq!(row(&check(&moto.url()).1, "dns", "pay.example.com").0, "ready");

    let no = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>";
    let gate = Gate::before(&moto, move |_| Way::Say("403 Forbidden", no));
    let (code, report) = check(&gate.url());
    let (verdict, reasons, _) = row(&report, "credential", "aws");
    assert_eq!((code, verdict.as_str()), (Some(1), "failing"), "{reasons}");
    assert!(!report.to_string().contains("a-secret-that-nobody-may-read"));
}

#[test]
fn a_file_that_is_wrong_is_a_matter_of_configuration() {
    let stage = Stage::new(WALK, "");
    assert_eq!(stage.check(&[]).0, Some(0));
    stage.estate.clone().with("\nnonsense = 1\n[regions.us-east-1]\n");
    let output = stage.estate.tried("ana", &["check"]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let nowhere = Command::new(env!("CARGO_BIN_EXE_switchback"))
        .args(["check"])
        .current_dir(Path::new("/"))
        .env("XDG_CONFIG_HOME", stage.estate.state.join("none"))
        .output()
        .unwrap();
    assert_eq!(nowhere.status.code(), Some(3));
}

/// Ended when dropped.
struct Watcher(Child);

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_watcher_tells_of_a_runbook_as_soon_as_it_is_edited() {
    let stage = Stage::new(WALK, "");
    let words = stage.estate.command(&["status", "--watch"], "ana");
    let mut command = Command::new(&words[0]);
    let mut watcher = Watcher(command.args(&words[1..]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut lines = BufReader::new(watcher.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let rated = lines.find(|line| line.contains("Readiness: ")).unwrap();
    assert!(!rated.contains("failing") && rated.contains("2 need verification"), "{rated}");
    std::fs::write(stage.runbook(), WALK.replace("uname -s", "no-such-program -s")).unwrap();
    lines.find(|line| line.contains("failing, runbook walk: no-such-program is not on PATH")).unwrap();
}
