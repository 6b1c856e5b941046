//! What shells and manual readers take of it: completion driven as real shells drive it, pages read by their readers.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::attempts::SWITCHBACK;
use crate::support::estate::Estate;

const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Look <!-- id: look -->\n";

fn estate(dir: &Path) -> Estate {
    let people = "\n[people.mara]\nroles = [\"commander\"]\n\n[people.ana]\nroles = [\"operator\"]\n";
    Estate::bare(dir, dir.join("state"), RUNBOOK).with(people)
}

/// With the program that is tested first on its PATH, in the folder of the estate.
fn shell(program: &str, estate: &Estate) -> Command {
    let bin = Path::new(SWITCHBACK).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let mut shell = Command::new(program);
    shell
        .env("PATH", format!("{bin}:{path}"))
        .env("SWITCHBACK_CONFIG", &estate.file)
        .env("SWITCHBACK_STATE", &estate.state)
        .current_dir(estate.file.parent().unwrap());
    shell
}

fn out(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "a shell that completes is told nothing else");
    String::from_utf8(output.stdout).unwrap()
}

/// What bash offers for the last of these words.
fn bash(estate: &Estate, words: &str) -> Vec<String> {
    let script = format!(
        "source <(switchback completions bash)\n\
         complete -p switchback >/dev/null || exit 1\n\
         COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_TYPE=9\n\
         _clap_complete_switchback switchback \"${{COMP_WORDS[COMP_CWORD]}}\" \"\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    );
    let offered = out(shell("bash", estate).args(["--norc", "-c", &script]));
    offered.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn fish(estate: &Estate, line: &str) -> String {
    let script = format!("switchback completions fish | source; complete --do-complete '{line}'");
    out(shell("fish", estate).args(["--no-config", "-c", &script]))
}

#[test]
fn bash_is_offered_commands_regions_runbooks_and_people_of_this_estate() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    assert_eq!(bash(&estate, "switchback st"), ["status"]);
    assert_eq!(bash(&estate, "switchback run --to us-"), ["us-east-1", "us-west-2"]);
    assert_eq!(bash(&estate, "switchback run wa"), ["walk"]);
    assert_eq!(bash(&estate, "switchback drill region"), ["regional-outage", "region-down"]);
    assert_eq!(bash(&estate, "switchback role scribe --by a"), ["ana"]);
    assert_eq!(bash(&estate, "switchback role comm"), ["commander", "comms"]);
    assert!(!estate.state.exists(), "completion writes nothing");
}

#[test]
fn incidents_are_offered_by_their_labels_where_the_line_says_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let (here, other) = (estate(dir.path()), dir.path().join("other"));
    std::fs::create_dir(&other).unwrap();
    let elsewhere = Estate::bare(&other, other.join("state"), RUNBOOK);
    elsewhere.login("mara", &["declare", "checkout fails"]);
    assert!(bash(&here, "switchback log INC").is_empty());
    let state = elsewhere.state.display().to_string();
    let offered = bash(&here, &format!("switchback --state {state} log INC"));
    assert!(matches!(&offered[..], [label] if label.starts_with("INC-")), "{offered:?}");
    let titled = fish(&elsewhere, "switchback log INC");
    assert!(titled.contains("\tcheckout fails"), "{titled}");
}

#[test]
fn zsh_and_fish_take_what_they_are_given() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    for (program, checks) in [("zsh", "-n"), ("fish", "--no-execute")] {
        let script = dir.path().join(program);
        let written = out(shell("switchback", &estate).args(["completions", program]));
        std::fs::write(&script, written).unwrap();
        out(shell(program, &estate).arg(checks).arg(&script));
    }
    assert!(fish(&estate, "switchback st").starts_with("status\t"));
    // An installed file is found by its first line.
    assert!(std::fs::read_to_string(dir.path().join("zsh")).unwrap().starts_with("#compdef switchback\n"));
}

#[test]
fn manual_pages_are_read_without_a_complaint() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    let pages = dir.path().join("man");
    out(shell("switchback", &estate).args(["man", "--dir"]).arg(&pages));
    for page in std::fs::read_dir(&pages).unwrap() {
        let page = page.unwrap().path();
        let text = plain(&out(Command::new("mandoc").args(["-T", "utf8", "-W", "error,stop"]).arg(&page)));
        assert!(text.contains("SYNOPSIS") && (text.contains("SEE ALSO") || page.ends_with("switchback.1")), "{text}");
    }
    let main = out(shell("switchback", &estate).arg("man"));
    let mut reader =
        Command::new("mandoc").arg("-T").arg("ascii").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(main.as_bytes()).unwrap();
    let read = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    let read = plain(&read);
    for heading in ["During an incident, without the screen", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
        assert!(read.contains(heading), "{heading}: {read}");
    }
}

/// What is bold is struck twice.
fn plain(page: &str) -> String {
    page.chars().fold(String::new(), |mut plain, c| {
        match c {
            '\u{8}' => _ = plain.pop(),
            c => plain.push(c),
        }
        plain
    })
}
