//! `switchback notify test` says of each channel whether people would be told.

use std::process::{Command, Output};

use super::Receiver;
use crate::support::attempts::SWITCHBACK;
use crate::support::pty::Pty;

const ESTATE: &str = "name = \"orders\"\nkind = \"lab\"\n[regions.east]\nrole = \"primary\"\n\
    [services.shop.health]\neast = \"http://127.0.0.1:9/\"\n";

/// Runs the program on an estate with these channels.
pub(super) fn run(channels: &str, arguments: &[&str], environment: &[(&str, String)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("switchback.toml");
    std::fs::write(&file, format!("{ESTATE}{channels}")).unwrap();
    let mut command = Command::new(SWITCHBACK);
    command
        .args(arguments)
        .args(["--as", "ana", "--config"])
        .arg(&file)
        .arg("--state")
        .arg(folder.path().join("state"));
    command.envs(environment.iter().map(|(name, value)| (name, value))).output().unwrap()
}

pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn every_channel_is_tried_and_a_failure_is_the_answer() {
    let receiver = Receiver::accepting();
    let channels = format!(
        "[notify.hook]\ntype = \"webhook\"\nurl = \"{}\"\n[notify.pager]\ntype = \"command\"\nargv = [\"false\"]\n",
        receiver.server.url("/")
    );
    let output = run(&channels, &["notify", "test"], &[]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("hook   webhook    sent, "), "{text}");
    assert!(text.contains("pager  command    FAILED after ") && text.contains("false: exit 1"), "{text}");
    assert!(text.contains("run it by hand"), "{text}");
    let states: Vec<_> = receiver.requests().iter().map(|request| super::json(request)["state"].clone()).collect();
    assert_eq!(states, ["firing", "resolved"], "no page is left open");

    let output = run(&channels, &["notify", "test", "hook", "--json"], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let tested: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&tested[0]["channel"], &tested[0]["sent"]), (&"hook".into(), &true.into()));
}

#[test]
fn what_cannot_be_tried_says_what_to_do() {
    let channel = "[notify.pager]\ntype = \"command\"\nargv = [\"true\"]\n";
    for (channels, arguments, code, words) in [
        ("", &["notify", "test"][..], 3, "[notify.NAME]"),
        (channel, &["notify", "test", "pagr"], 2, "did you mean `pager`?"),
        (channel, &["notify", "test", "--read-only"], 4, "sends nothing"),
        ("[notify.bell]\ntype = \"bell\"\n", &["notify", "test"], 1, "in the terminal that the console runs in"),
    ] {
        let output = run(channels, arguments, &[]);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(words), "{}", said(&output));
    }
}

#[test]
fn a_terminal_is_rung_and_asked_for_a_notification() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("switchback.toml");
    let channels = "[notify.bell]\ntype = \"bell\"\n[notify.desktop]\ntype = \"desktop\"\n";
    std::fs::write(&file, format!("{ESTATE}{channels}")).unwrap();
    let argv: Vec<std::ffi::OsString> =
        [SWITCHBACK, "notify", "test", "--as", "ana", "--config"].iter().map(Into::into).chain([file.into()]).collect();
    let state = folder.path().join("state").display().to_string();
    for (tmux, asked) in [
        ("", "\x07\x1b]9;switchback: orders: a test, nothing is wrong\x07"),
        ("/tmp/tmux", "\x07\x1bPtmux;\x1b\x1b]9;switchback: orders: a test, nothing is wrong\x07\x1b\\"),
    ] {
        let mut pty = Pty::run(&argv, &[("TMUX", tmux), ("XDG_STATE_HOME", &state)]);
        pty.says(asked);
        pty.shows("did you notice it?");
        pty.ends();
    }
}
