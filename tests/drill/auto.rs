//! Exercises that play themselves: by the command, on an estate of one's own and on the demonstration's.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use domain::time::Timestamp;
use serde_json::Value;
use switchback::runtime::journal::ReadLog;

/// Addresses that look as if somebody answered there.
const ESTATE: &str = r#"name = "ours"

[regions.east]
role = "primary"

[regions.west]

[tiers.1]
rto = "1h"
rpo = "15m"

[services.shop]
tier = 1
databases = ["ledger"]

[services.shop.health]
east = "https://203.0.113.10/health"
west = "https://198.51.100.10/health"

[services.shop.serving]
url = "https://203.0.113.11/whoami"
json = "region"

[databases.ledger.servers]
east = "host=203.0.113.12 dbname=ledger user=switchback"
west = "host=198.51.100.12 dbname=ledger user=switchback"

[backups.ledger]
type = "pgbackrest"
stanza = "ledger"
every = "1h"
"#;

fn switchback(dir: &Path, state: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchback"));
    command.args(arguments).arg("--state").arg(dir.join(state)).current_dir(dir);
    command.env("HOME", dir).env("XDG_CONFIG_HOME", dir).env_remove("SWITCHBACK_CONFIG");
    command
}

fn told(dir: &Path, state: &str, arguments: &[&str]) -> (i32, Value) {
    let Output { status, stdout, stderr } = switchback(dir, state, arguments).output().unwrap();
    let document =
        serde_json::from_slice(&stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&stderr)));
    (status.code().unwrap(), document)
}

/// The one log under the state folder.
fn log(dir: &Path, state: &str) -> Vec<u8> {
    let incidents = dir.join(state).join("incidents");
    let folders =
        std::fs::read_dir(incidents).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let folders: Vec<_> = folders.collect();
    assert_eq!(folders.len(), 1, "{folders:?}");
    std::fs::read(folders[0].join("log.jsonl")).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_log_and_the_same_result_and_the_log_gives_the_same_score() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("switchback.toml"), ESTATE).unwrap();
    let play = |state, seed| told(dir.path(), state, &["drill", "regional-outage", "--auto", "--json", "--seed", seed]);
    let ((code, once), (_, again), (_, other)) = (play("a", "7"), play("b", "7"), play("c", "8"));
    assert_eq!((code, &once), (0, &again));
    assert_eq!(once["outcome"], "passed");
    assert_eq!(once["label"], "EX-1970-0001");
    assert!(once["rto"]["measured_ms"].as_u64() < once["rto"]["target_ms"].as_u64(), "{}", once["rto"]);
    assert!(once["rpo"][0]["target_ms"].is_u64(), "{}", once["rpo"]);
    let (bytes, same, others) = (log(dir.path(), "a"), log(dir.path(), "b"), log(dir.path(), "c"));
    assert!(bytes == same, "the same seed");
    assert!(bytes != others && once != other, "another seed");
    // Once more into the same place: it is there already.
    assert_eq!(play("a", "7").0, 0);
    assert!(log(dir.path(), "a") == bytes);
    let verified = switchback(dir.path(), "a", &["verify", "EX-1970-0001"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let incident = dir.path().join("a/incidents").join(once["incident"].as_str().unwrap());
    let (_, entries) = ReadLog::open(&incident).unwrap();
    let state = domain::engine::replay(&entries.into_iter().map(Arc::new).collect::<Vec<_>>());
    let score = domain::drill::score::score(&state).unwrap();
    assert_eq!(serde_json::to_value(&score).unwrap(), once["score"]);
}

#[test]
fn the_command_that_writes_its_report_works_as_it_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("switchback.toml"), ESTATE).unwrap();
    let arguments = ["drill", "application-crash", "--auto", "--seed", "7"];
    let played = switchback(dir.path(), "our state", &arguments).output().unwrap();
    let said = String::from_utf8(played.stdout).unwrap();
    let typed = said.lines().find_map(|line| line.strip_prefix("The report: ")).unwrap_or_else(|| panic!("{said}"));
    let program = Path::new(env!("CARGO_BIN_EXE_switchback")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", typed]).current_dir(dir.path()).env("PATH", path).env("HOME", dir.path());
    let exported = shell.output().unwrap();
    assert!(exported.status.success(), "{typed}: {}", String::from_utf8_lossy(&exported.stderr));
    assert!(std::fs::read_to_string(dir.path().join("report.html")).unwrap().contains("<html"), "{typed}");
}

#[test]
fn without_a_seed_it_is_over_by_the_time_its_log_is_there() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("switchback.toml"), ESTATE).unwrap();
    let incident = told(dir.path(), "a", &["drill", "application-crash", "--auto", "--json"]).1["incident"].clone();
    let now = Timestamp::now();
    let (_, entries) = ReadLog::open(&dir.path().join("a/incidents").join(incident.as_str().unwrap())).unwrap();
    let (began, ended) = (entries[0].recorded_at, entries.last().unwrap().recorded_at);
    assert!(ended <= now && now.duration_since(began).as_hours() < 2, "from {began} to {ended}");
}

#[test]
fn the_same_seed_after_a_runbook_was_changed_is_another_exercise() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("switchback.toml"), ESTATE).unwrap();
    let play = || told(dir.path(), "a", &["drill", "regional-outage", "--auto", "--json", "--seed", "7"]).1;
    let before = play();
    std::fs::create_dir(dir.path().join("runbooks")).unwrap();
    let own = dir.path().join("runbooks/own.md");
    std::fs::write(&own, "---\nrunbook: 1\ntitle: Own\n---\n## Own\n\n- [ ] Look <!-- id: look -->\n").unwrap();
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o600)).unwrap();
    let after = play();
    assert_eq!((&before["label"], &after["label"]), (&"EX-1970-0001".into(), &"EX-1970-0002".into()));
    assert_ne!(before["incident"], after["incident"]);
}

#[test]
fn several_at_once_come_to_labels_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let seeds = ["1", "2", "3", "4"];
    let play = |seed| {
        let mut command =
            switchback(dir.path(), "a", &["drill", "application-crash", "--auto", "--json", "--seed", seed]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let played: Vec<_> = seeds.map(play).into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let label = |output: &Output| {
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        document["label"].as_str().unwrap().to_owned()
    };
    let labels: BTreeSet<String> = played.iter().map(label).collect();
    assert_eq!(labels.len(), seeds.len(), "{labels:?}");
}

#[test]
fn many_of_them_store_nothing_and_tell_how_the_recovery_time_is_spread() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["drill", "regional-outage", "--auto", "--json", "--seed", "1", "--runs", "8"];
    let (_, spread) = told(dir.path(), "state", &arguments);
    assert_eq!((spread["runs"].as_u64(), spread["recovered"].as_u64()), (Some(8), Some(8)));
    let bins = spread["histogram"].as_array().unwrap();
    assert_eq!(bins.iter().filter_map(|bin| bin["count"].as_u64()).sum::<u64>(), 8);
    assert!(spread["targets"].as_array().unwrap().iter().any(|target| target["name"] == "RTO"));
    assert!(spread["costs"][0]["mean_ms"].as_u64() > Some(0));
    assert_eq!(told(dir.path(), "state", &arguments).1, spread, "the same seeds");
    assert!(!dir.path().join("state/demo/incidents").exists() && !dir.path().join("state/incidents").exists());
}

#[test]
fn it_connects_nowhere_and_starts_nothing() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("switchback.toml"), ESTATE).unwrap();
    let program = switchback(dir.path(), "state", &["drill", "primary-database-down", "--auto", "--seed", "7"]);
    let trace = dir.path().join("trace");
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", "trace=execve,connect,openat", "-o"]).arg(&trace).arg(program.get_program());
    traced.args(program.get_args()).current_dir(dir.path()).env("HOME", dir.path()).env("XDG_CONFIG_HOME", dir.path());
    let played = traced.env_remove("SWITCHBACK_CONFIG").output().unwrap();
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stdout));
    let said = String::from_utf8(played.stdout).unwrap();
    assert!(said.contains("✓ RTO: ") && said.contains("PASSED"), "{said}");
    let calls = std::fs::read_to_string(&trace).unwrap();
    let of = |call: &str| calls.lines().filter(|line| line.contains(&format!(" {call}("))).collect::<Vec<_>>();
    assert!(of("openat").iter().any(|line| line.contains("log.jsonl")), "it was traced");
    assert_eq!(of("execve").len(), 1, "the program itself and nothing else: {:?}", of("execve"));
    assert_eq!(of("connect"), Vec::<&str>::new());
}
