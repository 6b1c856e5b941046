//! The command line, and what is kept from being sent.

use std::io::Write;
use std::process::Stdio;

use super::{Bench, said};
use crate::support::statuspage::StatusPage;

#[test]
fn nothing_goes_out_unasked_and_a_dry_run_only_shows() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "");
    for (arguments, code, words) in [
        (&["update", "public"][..], 4, "--yes sends it"),
        (&["update", "pubic", "--yes"], 2, "did you mean `public`?"),
        (&["update", "public", "--text", "/nowhere", "--yes"], 2, "/nowhere"),
        (&["update", "public", "--yes", "--read-only"], 4, "nothing is appended"),
        (&["update", "public", "--dry-run"], 0, "We are experiencing issues"),
    ] {
        let output = bench.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    assert!(page.asked().is_empty() && bench.entries("update_issued").is_empty());
}

#[test]
fn a_text_that_holds_a_secret_is_not_sent() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "");
    let mut child = bench
        .command(&["update", "public", "--text", "-", "--yes"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"We are sorry\n\npassword=hunter2hunter2\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(said(&output).contains("looks like a secret"), "{}", said(&output));
    assert!(page.asked().is_empty() && !bench.log().contains("hunter2"));
}

#[test]
fn a_text_that_is_too_long_is_not_cut() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "");
    let long = bench.folder.path().join("long.txt");
    std::fs::write(&long, format!("We are sorry\n\n{}\nThe end\n", "é".repeat(12 * 1024))).unwrap();
    let output = bench.run(&["update", "public", "--text", long.to_str().unwrap(), "--yes"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("longer than 16 kB"), "{}", said(&output));
    assert!(page.asked().is_empty() && bench.entries("update_issued").is_empty());
}

#[test]
fn an_incident_of_another_estate_goes_through_no_channel_of_this_one() {
    let (own, other) = (StatusPage::new(), StatusPage::new());
    let (bench, elsewhere) = (Bench::on(&own, ""), Bench::on(&other, ""));
    let config = elsewhere.folder.path().join("switchback.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("name = \"orders\"", "name = \"payments\"")).unwrap();
    let state = bench.folder.path().join("state");
    for arguments in [&["public", "--yes"][..], &["public", "--again"]] {
        let output = std::process::Command::new(crate::support::attempts::SWITCHBACK)
            .arg("update")
            .args(arguments)
            .args(["--as", "mara", "--config", config.to_str().unwrap(), "--state", state.to_str().unwrap()])
            .env("PAGE_KEY", crate::support::statuspage::KEY)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        assert!(said(&output).contains("is of the estate orders, and this is payments"), "{}", said(&output));
    }
    assert!(own.asked().is_empty() && other.asked().is_empty() && bench.entries("update_issued").is_empty());
}

#[test]
fn the_demonstration_tells_nobody_and_says_so_on_every_text() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        std::process::Command::new(crate::support::attempts::SWITCHBACK)
            .args(arguments)
            .args(["--as", "mara", "--state"])
            .arg(folder.path().join("state"))
            .env("XDG_CONFIG_HOME", folder.path())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    let declared = run(&["declare", "us-east-1 is down", "--from", "us-east-1"]);
    assert_eq!(declared.status.code(), Some(0), "{}", said(&declared));
    let output = run(&["update", "public", "--yes", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told[0]["ways"][0]["became"], "shown");
    assert!(told[0]["text"].as_str().unwrap().starts_with("EXERCISE EXERCISE EXERCISE"), "{told}");
    assert!(told[0]["subject"].as_str().unwrap().starts_with("EXERCISE: "), "{told}");
}

#[test]
fn a_public_page_has_what_outsiders_were_told_and_not_what_the_house_was() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "");
    assert_eq!(bench.update(&["public", "--yes"]).1, Some(0));
    assert_eq!(bench.update(&["executives", "--yes"]).1, Some(0));
    let whole = said(&bench.run(&["export"]));
    for text in ["Updates to audiences", "We are experiencing issues", "Incident commander: mara", "| sent |"] {
        assert!(whole.contains(text), "`{text}` is not in {whole}");
    }
    let public = said(&bench.run(&["export", "--redact", "public"]));
    assert!(public.contains("We are experiencing issues"), "{public}");
    assert!(!public.contains("Incident commander") && public.contains("executives"), "{public}");
}

#[test]
fn templates_of_the_estate_are_taken_and_a_wrong_one_is_told_with_its_line() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "");
    let folder = bench.folder.path().join("templates");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("public.txt"), "Ours: {{ status }}\n\nSince {{ impact }}.\n").unwrap();
    let (told, _) = bench.update(&["public", "--dry-run", "--status", "identified"]);
    assert_eq!(told[0]["subject"], "Ours: identified");
    std::fs::write(folder.join("public.txt"), "Ours\n\n{{ statsu }}\n").unwrap();
    let output = bench.run(&["update", "public", "--yes"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let words = said(&output);
    assert!(words.contains("template public, line 3: `statsu` is not known; did you mean `status`?"), "{words}");
    assert!(page.asked().is_empty());
}

#[test]
fn channels_are_tried_without_publishing_anything() {
    let page = StatusPage::new();
    let bench = Bench::on(
        &page,
        "[channels.gone]\ntype = \"file\"\npath = \"/nowhere/at/all.txt\"\n\
         [channels.hook]\ntype = \"webhook\"\nurl = \"http://127.0.0.1:9/\"",
    );
    let output = bench.run(&["notify", "test", "page"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("page  statuspage  works, ") && said(&output).contains("nothing was published"));
    assert_eq!(page.asked(), ["GET /v1/pages/kctbh9vrtdwd HTTP/1.1"]);
    let output = bench.run(&["notify", "test"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("FAILED") && said(&output).contains("its folder is not there"), "{}", said(&output));
    let closed = bench.run(&["notify", "test", "hook"]);
    assert!(closed.status.code() == Some(1) && said(&closed).contains("connection refused"), "{}", said(&closed));
    let denied = bench.command(&["notify", "test", "page"]).env("PAGE_KEY", "wrong-key-0815").output().unwrap();
    assert!(said(&denied).contains("401") && !said(&denied).contains("wrong-key-0815"), "{}", said(&denied));
    assert!(page.incidents().is_empty());
}
