//! What a person sees who uses it wrongly, or whose machine does not do as it should: the cause and what to do about it, in
//! a few lines of plain words, with the right exit code; never the inside of the program.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use regex::Regex;

use crate::support::attempts::SWITCHBACK;
use crate::support::estate::Estate;

const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Look <!-- id: look -->\n";

/// Longer than this is no sentence, but a document.
const FEW: usize = 20;

fn program(state: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(SWITCHBACK);
    command
        .args(words)
        .env("SWITCHBACK_STATE", state)
        .env("HOME", state.parent().unwrap())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("SWITCHBACK_CONFIG")
        .env_remove("RUST_BACKTRACE")
        .current_dir(state.parent().unwrap())
        .stdin(Stdio::null());
    command
}

/// The shapes that Rust's own `Debug` gives to values, paths of the code, and numbers of the system.
fn inside() -> Regex {
    Regex::new(
        r#"\b(Some|Ok|Err)\(|\bNone\b|Os \{|kind: |Error\(|Error \{|[a-z]::[A-Za-z]|os error|panicked|RUST_|\\u\{|\\""#,
    )
    .unwrap()
}

/// Its exit code, and what it said on standard error; which is fit to be read.
fn plainly(output: &Output, what: &str) -> (i32, String) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    let lines = said.lines().count();
    // Codes of diagnostics have colons of their own.
    let codes = Regex::new(r"(error|warning)\[[a-z:-]+\]").unwrap();
    let read = codes.replace_all(&said, "");
    assert!(!inside().is_match(&read), "{what}: the inside of the program is shown:\n{said}");
    assert!(lines <= FEW, "{what}: {lines} lines:\n{said}");
    (output.status.code().unwrap(), said)
}

/// Each with its exit code, and words of its cause and of its remedy.
const WRONG: &[(&[&str], i32, &[&str])] = &[
    (&["statsu"], 2, &["statsu", "similar", "status"]),
    (&["status", "--jsn"], 2, &["--jsn", "--json"]),
    (&["--color", "257", "demo"], 2, &["257", "possible values"]),
    (&["completions", "tcsh"], 2, &["tcsh", "possible values"]),
    (&["--config", "missing.toml", "status"], 3, &["missing.toml", "there is no file", "look at the path"]),
    (&["--config", ".", "status"], 3, &["a file is needed"]),
    (&["--config", "binary.toml", "status"], 3, &["not UTF-8", "is it the file that is meant?"]),
    (&["--config", "half.toml", "status"], 3, &["half.toml:1:", "help:"]),
    (&["--config", "shared.toml", "status"], 3, &["written by others", "chmod go-w"]),
    (&["config", "check", "--config", "half.toml"], 3, &["half.toml:1:", "2 errors"]),
    (&["lint", "missing.md"], 3, &["missing.md", "it is not there: look at the path"]),
    (&["lint", "binary.md"], 3, &["binary.md", "not UTF-8"]),
    (&["import", "missing.md"], 3, &["missing.md", "it is not there: look at the path"]),
    (&["run", "walkk", "--dry-run"], 3, &["no runbook `walkk`", "did you mean `walk`?"]),
    (&["print", "nothing-like-it"], 3, &["no runbook `nothing-like-it`", "walk"]),
    (&["drill", "regional-outge"], 2, &["no scenario", "did you mean `regional-outage`?"]),
    (&["log"], 2, &["no incident yet", "switchback declare"]),
    (&["verify", "INC-1999"], 2, &["no incident is called `INC-1999`", "switchback incidents"]),
    (&["verify", "binary.md"], 1, &[]),
    (&["adopt", "missing.jsonl"], 1, &["missing.jsonl", "No such file"]),
    (&["declare", "x", "--impact", "noonish"], 2, &["`noonish` is not a time", "5m ago"]),
    (&["declare", "x", "--severity", "9"], 2, &["a number from 1 to 5 is wanted"]),
    (&["declare", "x", "--from", "us-east-2"], 2, &["no region `us-east-2`", "did you mean `us-east-1`?"]),
    (&["silence", "replication-lag", "--for", "soon", "--reason", "x"], 2, &["soon"]),
    (&["tested", "monthly", "--result", "pass"], 2, &["no test `monthly`"]),
    (&["doctor", "--leaving", "mars"], 2, &["mars", "us-east-1"]),
    (&["--log-filter", "[[", "incidents"], 2, &["[[", "switchback=debug"]),
    (&["--state", "/proc/nowhere", "declare", "x"], 4, &["/proc/nowhere", "the log"]),
    (&["--state", "half.toml", "incidents"], 1, &["half.toml", "a folder is needed"]),
    (&["man", "--dir", "/proc/nowhere"], 1, &["/proc/nowhere"]),
    (&["lab", "status", "--dir", "/proc/nowhere"], 4, &["no lab", "switchback lab up"]),
];

fn folder() -> (tempfile::TempDir, Estate) {
    let dir = tempfile::tempdir().unwrap();
    let estate = Estate::bare(dir.path(), dir.path().join("state"), RUNBOOK);
    for (name, text, mode) in [
        ("binary.toml", &b"\0\xff\xfe"[..], 0o600),
        ("binary.md", b"\0\xff\xfe", 0o600),
        ("half.toml", b"name = \n", 0o600),
        ("shared.toml", b"name = 'x'\n", 0o666),
    ] {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    (dir, estate)
}

#[test]
fn whatever_is_typed_wrongly_is_answered_with_the_cause_and_the_remedy() {
    let (_dir, estate) = folder();
    for (words, exit, told) in WRONG {
        let what = words.join(" ");
        let (code, said) = plainly(&program(&estate.state, words).output().unwrap(), &what);
        assert_eq!(code, *exit, "{what}: {said}");
        for words in *told {
            assert!(said.contains(words), "{what}: `{words}` is not said:\n{said}");
        }
    }
}

#[test]
fn who_reads_no_further_is_no_failure_and_a_full_disk_is_one() {
    let (_dir, estate) = folder();
    for words in
        [&["config", "schema"][..], &["config", "print-default"], &["drill", "--list"], &["man"], &["incidents"]]
    {
        let mut child = program(&estate.state, words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Nobody reads, from the first byte on.
        drop(child.stdout.take());
        let (code, said) = plainly(&child.wait_with_output().unwrap(), "nobody reads");
        assert_eq!((code, said.as_str()), (0, ""), "{words:?}");
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let (code, said) = plainly(&program(&estate.state, words).stdout(full).output().unwrap(), "a full disk");
        assert!(code == 1 && said.contains("the disk is full: make room"), "{words:?}: {code} {said}");
    }
}

#[test]
fn a_machine_without_a_home_is_told_of_nothing_it_does_not_need() {
    let (dir, estate) = folder();
    let mut command = Command::new(SWITCHBACK);
    command.env_clear().current_dir(dir.path()).args(["lint", "runbooks/walk.md", "--state"]).arg(&estate.state);
    let (code, _) = plainly(&command.stdin(Stdio::null()).output().unwrap(), "no environment");
    assert_eq!(code, 0);
}

/// What a check met stands in the status, in words: a port that refuses, a name that does not resolve, what is no TLS,
/// what is no JSON, a database that is none.
#[test]
fn what_a_check_met_is_told_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let talker = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let speaks = talker.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for caller in talker.incoming() {
            let _ = caller.and_then(|mut caller| caller.write_all(b"220 mail.example.org ready\r\n"));
        }
    });
    let checks = format!(
        r#"
[databases.orders-db]
servers.us-east-1 = "host=127.0.0.1 port={closed} user=x dbname=x sslmode=disable"
servers.us-west-2 = "host=127.0.0.1 port={speaks} user=x dbname=x sslmode=disable"

[[checks]]
name = "refused"
type = "http"
url = "http://127.0.0.1:{closed}/"
region = "us-east-1"

[[checks]]
name = "no-name"
type = "http"
url = "http://switchback.invalid/"
region = "us-east-1"

[[checks]]
name = "no-tls"
type = "http"
url = "https://127.0.0.1:{speaks}/"
region = "us-west-2"

[[checks]]
name = "no-http"
type = "http"
url = "http://127.0.0.1:{speaks}/"
region = "us-west-2"
"#
    );
    let estate = Estate::bare(dir.path(), dir.path().join("state"), RUNBOOK).with(&checks);
    let output = program(&estate.state, &["status"]).output().unwrap();
    let (text, (code, said)) = (String::from_utf8(output.stdout.clone()).unwrap(), plainly(&output, "status"));
    assert!(!inside().is_match(&text), "{text}");
    assert!(code == 1 || code == 5, "{code} {text} {said}");
    for told in
        ["nothing listens there", "does not resolve", "does not speak TLS", "is not HTTP", "does not speak PostgreSQL"]
    {
        assert!(text.contains(told), "`{told}` is not said:\n{text}");
    }
}

/// A screen reader, a mail and a dumb terminal get the same words: no line that is drawn, no sign that stands alone.
#[test]
fn a_status_is_words_one_fact_a_line() {
    let (_dir, estate) = folder();
    let text = String::from_utf8(program(&estate.state, &["status"]).output().unwrap().stdout).unwrap();
    assert!(text.contains("Region us-east-1"), "{text}");
    for line in text.lines() {
        assert!(line.is_ascii(), "{line}");
        assert!(!line.contains("  ") || line.starts_with("  ") && !line.trim_start().contains("  "), "a table: {line}");
        assert!(line.trim().is_empty() || line.chars().any(char::is_alphabetic), "{line}");
    }
}
