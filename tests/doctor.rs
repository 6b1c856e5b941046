//! `switchback doctor --leaving REGION`: what of the console's own needs goes with a region is found before it goes.

use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::estate::Estate;

const RUNBOOK: &str = "---\nrunbook: 1\n---\n\n# Walk\n\n## Do\n\n- [ ] **Update the status page** <!-- id: page -->\n\n  ```http run \
    idempotent\n  POST https://status.us-east-1.example.com/components\n  ```\n";

const MORE: &str = "[databases.orders-db.servers]\nus-east-1 = \"host=db.us-east-1.example.com\"\nus-west-2 = \
    \"host=db.us-west-2.example.com\"\n[notify.page]\ntype = \"webhook\"\nurl = \"https://hooks.us-east-1.example.com/x\"\n[log]\nmirror = \
    \"/mnt/us-east-1/logs\"\n[console]\nregion = \"us-west-2\"\nconnectivity = \"https://www.us-east-1.example.com/\"\n";

fn doctor(estate: &Estate, words: &[&str]) -> Output {
    estate.tried("ana", &[&["doctor"], words].concat())
}

fn stage() -> (TempDir, Estate) {
    let folder = tempfile::tempdir().unwrap();
    let estate = Estate::bare(folder.path(), folder.path().join("state"), RUNBOOK).with(MORE);
    (folder, estate)
}

#[test]
fn what_lives_in_the_region_being_left_is_named_and_fails() {
    let (_folder, estate) = stage();
    let output = doctor(&estate, &["--leaving", "us-east-1", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let fate = |what: &str| {
        let needs = answer["needs"].as_array().unwrap();
        let need = needs.iter().find(|need| need["what"] == what).unwrap_or_else(|| panic!("no {what}: {answer:#}"));
        (need["verdict"].as_str().unwrap().to_owned(), need["needed"].as_bool().unwrap())
    };
    for what in ["own network check", "status page", "notification"] {
        assert_eq!(fate(what), ("goes".to_owned(), true), "{what}");
    }
    assert_eq!(fate("log mirror"), ("goes".to_owned(), false));
    for what in ["console", "log", "runbooks"] {
        assert_eq!(fate(what), ("stays".to_owned(), true), "{what}");
    }
    assert_eq!((&answer["leaving"], &answer["ready"]), (&Value::from("us-east-1"), &Value::from(false)));

    let text = String::from_utf8(doctor(&estate, &["--leaving", "us-east-1"]).stdout).unwrap();
    assert!(text.starts_with("Leaving us-east-1: 3 things that this console needs go with it"), "{text}");
    assert!(text.contains("GOES     notification") && text.contains("-> add a channel"), "{text}");
}

#[test]
fn the_console_s_own_region_is_no_place_to_leave() {
    let (_folder, estate) = stage();
    let output = doctor(&estate, &["--leaving", "us-west-2"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("GOES     console"), "{text}");
    let unknown = doctor(&estate, &["--leaving", "us-eest-1"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("did you mean `us-east-1`?"));
}

#[test]
fn this_machine_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let estate = Estate::bare(
        folder.path(),
        folder.path().join("state"),
        "---\nrunbook: 1\nrequires: [no-such-tool]\n---\n# A\n## B\n- [ ] C\n",
    );
    let output = doctor(&estate, &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |what: &str| {
        let found = answer["findings"].as_array().unwrap().iter().find(|finding| finding["what"] == what);
        found.unwrap_or_else(|| panic!("no {what}: {answer:#}"))["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(of("state folder"), "ready");
    assert_eq!(of("tool no-such-tool"), "failing");
    assert_eq!(answer["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn what_is_missing_says_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let runbook = "---\nrunbook: 1\nrequires: [velero]\n---\n# A\n## B\n- [ ] C\n";
    let check = "[[checks]]\nname = \"queue@us-east-1\"\ntype = \"command\"\nargv = [\"check-queue\"]\n";
    let estate = Estate::bare(folder.path(), folder.path().join("state"), runbook).with(check);
    let output = doctor(&estate, &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |what: &str| {
        let found = answer["findings"].as_array().unwrap().iter().find(|finding| finding["what"] == what);
        found.unwrap_or_else(|| panic!("no {what}: {answer:#}")).clone()
    };
    assert!(of("tool velero")["remedy"].as_str().unwrap().contains("https://velero.io/"));
    assert!(of("tool check-queue")["because"].as_str().unwrap().contains("called by check queue@us-east-1"));
    assert_eq!(of("estate's file")["verdict"], "ready");
    assert_eq!(of("wall")["verdict"], "ready");
    assert!(["ready", "unknown"].contains(&of("clock")["verdict"].as_str().unwrap()));
}

#[test]
fn files_that_others_may_read_are_named_with_what_mends_them() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, estate) = stage();
    let passwords = folder.path().join(".pgpass");
    std::fs::write(&passwords, "db:5432:*:ana:secret\n").unwrap();
    std::fs::create_dir_all(&estate.state).unwrap();
    for (path, mode) in [(&passwords, 0o644), (&estate.state, 0o755), (&estate.file, 0o644)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let words = estate.command(&["doctor", "--json"], "ana");
    let mut command = std::process::Command::new(&words[0]);
    let output = command.args(&words[1..]).env("HOME", folder.path()).env_remove("PGPASSFILE").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (what, verdict) in [
        ("password file", "failing"),
        ("state folder's mode", "needs-verification"),
        ("estate's file", "needs-verification"),
    ] {
        let found = answer["findings"].as_array().unwrap().iter().find(|finding| finding["what"] == what).unwrap();
        assert_eq!(found["verdict"], verdict, "{found:#}");
        assert!(found["remedy"].as_str().unwrap().starts_with("`chmod 0"), "{found:#}");
    }
}
