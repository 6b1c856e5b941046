//! Every runbook that ships, shown as it would be walked.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use domain::estate::Estate as Parsed;
use serde_json::Value;
use switchback::runtime::library::Library;

use super::stage::{EAST, WEST};
use crate::support::estate::Estate;

const DEMONSTRATION: &str = include_str!("../../src/domain/drill/demo/switchback.toml");
const LAB: &str = include_str!("../../src/runtime/lab/switchback.toml");

/// What runbooks ask a person for: how the database would be looked at, what was lost, and since when.
const KNOWN: &str = r#"
OLD_CACHE = "cache-1"
NEW_CACHE = "cache-2"
API_URL = "http://127.0.0.1:1/"
TABLES = "public.orders"
KEPT = "SELECT true"
GONE = "SELECT true"
TARGET_TIME = "2026-11-19T08:00:00Z"
"#;

/// What `run NAME --dry-run --json` says of each, all at once: exit code, document, and what it complained of.
fn shown(estate: &Estate, names: &[String]) -> Vec<(i32, Value, String)> {
    let started = names.iter().map(|name| {
        let act = ["run", name, "--dry-run", "--json", "--on-demand", "--from", EAST, "--to", WEST];
        let words = estate.command(&act, "ana");
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    });
    let started: Vec<_> = started.collect();
    let ended = started.into_iter().map(|child| {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
        (output.status.code().unwrap(), document, said)
    });
    ended.collect()
}

/// Steps that are to be done and could not be settled, with the reason.
fn unsettled(document: &Value) -> Vec<String> {
    let steps = document["steps"].as_array().unwrap().iter();
    let why = |step: &Value| {
        let does = &step["does"];
        let open = does["does"] == "open" && does["later"] == false;
        let wrong = open || does["does"] == "by-hand" && !does["because"].is_null();
        (step["standing"]["standing"] == "to-do" && wrong).then(|| format!("{}: {does}", step["id"]))
    };
    steps.filter_map(why).collect()
}

/// Nothing can be asked there, so what it would say is unknown; each is settled all the same, and nothing is written.
fn each_is_shown(text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let estate = Estate { file: folder.path().join("switchback.toml"), state: folder.path().join("state") };
    fs::write(&estate.file, text).unwrap();
    fs::set_permissions(&estate.file, fs::Permissions::from_mode(0o600)).unwrap();
    let names = Library::new(&Parsed::default(), None).names();
    assert!(names.len() >= 14, "{names:?}");
    for (name, (code, document, said)) in names.iter().zip(shown(&estate, &names)) {
        assert!(matches!(code, 0 | 1), "{name} ends with {code}: {said}");
        assert_eq!(document["runbook"], name.as_str());
        assert_eq!(unsettled(&document), Vec::<String>::new(), "{name}");
    }
    assert!(!estate.state.join("incidents").exists() && estate.incidents().is_empty());
    let logs = glob::glob(&format!("{}/**/*.jsonl", estate.state.display())).unwrap();
    assert_eq!(logs.count(), 0);
}

#[test]
fn in_the_demonstrations_estate_each_is_shown_and_nothing_is_written() {
    let text = DEMONSTRATION.replace("example.com", "example.invalid");
    each_is_shown(&text.replacen("\n[vars]\n", &format!("\n[vars]{KNOWN}"), 1));
}

#[test]
fn in_the_labs_estate_each_is_shown_and_nothing_is_written() {
    let mut text = LAB.to_owned();
    for port in ["@APP_EAST@", "@APP_WEST@", "@EDGE@"] {
        text = text.replace(port, "1");
    }
    for side in ["EAST", "WEST"] {
        text = text.replace(&format!("@DSN_{side}@"), "host=127.0.0.1 port=1 dbname=orders user=switchback");
        text = text.replace(&format!("@DATA_{side}@"), "/nowhere");
    }
    let backup = "[backups.orders-db]\ntype = \"files\"\nglob = \"/nowhere/*\"\nevery = \"1d\"\n";
    let vars = "[vars]\nSTANZA = \"orders\"\nSCRATCH_SSH = \"scratch\"";
    each_is_shown(&format!("{}\n{backup}\n{vars}{KNOWN}", text.replace("@BINDIR@", "/nowhere")));
}
