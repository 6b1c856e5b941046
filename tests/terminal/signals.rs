//! Signals give the terminal back exactly as leaving does, and a stop gives it back for as long as it lasts.

use std::path::Path;

use rustix::process::Signal;

use super::balance::Balance;
use super::{as_console, console, given_back};
use crate::support::attempts::SWITCHBACK;
use crate::support::estate::Estate;
use crate::support::pty::Pty;
use crate::support::wait::until;

const ENDING: [Signal; 4] = [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT];

#[test]
fn every_signal_that_ends_it_puts_the_terminal_back() {
    if as_console() {
        return;
    }
    for signal in ENDING {
        let mut pty = console("signals::every_signal_that_ends_it_puts_the_terminal_back", "plain");
        let before = pty.modes();
        pty.shows("orders");
        pty.signal(signal);
        pty.says("left: Signal");
        given_back(&mut pty, &before, 1);
    }
}

/// The screen is left, and the process stands still.
fn stopped(pty: &Pty, before: &str) {
    until("the console is stopped", || pty.state() == 'T');
    until("the terminal is given back", || !pty.alternate());
    assert_eq!(pty.modes(), before);
    assert!(Balance::of(&pty.written()).even());
}

fn continued(pty: &Pty) {
    pty.signal(Signal::CONT);
    until("the screen is back", || pty.alternate() && pty.screen().contains("orders"));
}

#[test]
fn a_stopped_console_gives_the_terminal_back_and_takes_it_again() {
    if as_console() {
        return;
    }
    let mut pty = console("signals::a_stopped_console_gives_the_terminal_back_and_takes_it_again", "plain");
    let before = pty.modes();
    pty.shows("orders");
    pty.signal(Signal::TSTP);
    stopped(&pty, &before);
    continued(&pty);
    // As the shell's own key does it.
    pty.types("\x1a");
    stopped(&pty, &before);
    continued(&pty);
    pty.types("q");
    pty.says("left: Quit");
    given_back(&mut pty, &before, 3);
}

#[test]
fn a_stop_that_nobody_can_catch_costs_no_mode() {
    if as_console() {
        return;
    }
    let mut pty = console("signals::a_stop_that_nobody_can_catch_costs_no_mode", "plain");
    let before = pty.modes();
    pty.shows("orders");
    pty.signal(Signal::STOP);
    until("the console is stopped", || pty.state() == 'T');
    pty.signal(Signal::CONT);
    until("the screen was taken again", || Balance::of(&pty.written()).changed.get("1049") == Some(&2));
    pty.types("q");
    pty.says("left: Quit");
    given_back(&mut pty, &before, 2);
}

/// The program itself on an estate, as `command`.
fn program(dir: &Path, command: &[&str]) -> Pty {
    let estate = Estate::bare(dir, dir.join("state"), "---\nrunbook: 1\n---\n## Walk\n- [ ] Ring the bell\n");
    let mut words = vec![SWITCHBACK.into()];
    words.extend(command.iter().map(Into::into));
    words.extend(["--config".into(), estate.file.into(), "--state".into(), estate.state.into()]);
    Pty::run(&words, &[])
}

#[test]
fn the_wall_puts_the_terminal_back_too() {
    for (command, key) in [(&["wall"][..], "q"), (&["wall"], "\x03"), (&[], "q"), (&["--read-only"], "\x03")] {
        let dir = tempfile::tempdir().unwrap();
        let mut pty = program(dir.path(), command);
        let before = pty.modes();
        pty.shows("orders");
        pty.types(key);
        given_back(&mut pty, &before, 1);
    }
    for signal in ENDING {
        let dir = tempfile::tempdir().unwrap();
        let mut pty = program(dir.path(), &["wall"]);
        let before = pty.modes();
        pty.shows("orders");
        pty.signal(signal);
        given_back(&mut pty, &before, 1);
    }
}

#[test]
fn what_has_no_terminal_says_what_it_is() {
    for (command, says) in [(&["wall"][..], "the wall needs a terminal"), (&["demo"], "the console needs a terminal")] {
        let dir = tempfile::tempdir().unwrap();
        let estate = Estate::bare(dir.path(), dir.path().join("state"), "---\nrunbook: 1\n---\n");
        let output = estate.tried("mara", command);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(says) && output.stdout.is_empty(), "{said}");
    }
}
