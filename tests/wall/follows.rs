//! It follows: the incident that is open, the next one, the log wherever it goes; and says what it cannot follow.

use std::fs::OpenOptions;
use std::io::Write;

use rustix::process::Signal;

use super::{declare, estate, wall};
use crate::support::console::Console;
use crate::support::wait::until;

#[test]
fn it_shows_what_is_declared_until_it_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    let mut wall = wall(&estate, &[]);
    wall.shows("no incident");
    declare(&estate, "The bell is silent");
    wall.shows("INC-");
    wall.shows("The bell is silent");
    wall.shows("Ring the bell");
    wall.shows("0 of 2 steps");
    estate.login("mara", &["done", "bell", "it rang"]);
    wall.shows("1 of 2 steps");
    estate.login("mara", &["close", "all is well"]);
    wall.shows("CLOSED");
    declare(&estate, "It is silent again");
    wall.shows("INC-2026-0002");
    wall.types("q");
    wall.ends();
    assert!(!wall.alternate() && wall.cursor_visible());
}

#[test]
fn people_are_roles_unless_they_are_asked_for_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    declare(&estate, "Call +31 6 5550 0101 or raj@example.org");
    let roles = wall(&estate, &[]);
    roles.shows("IC commander");
    let names = wall(&estate, &["last", "--names"]);
    names.shows("IC mara");
    for screen in [roles.screen(), names.screen()] {
        assert!(screen.contains("[address]") && !screen.contains("5550") && !screen.contains("raj@"), "{screen}");
    }
    assert!(!roles.screen().contains("mara"));
}

#[test]
fn a_console_that_is_killed_leaves_a_wall_that_says_stale() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    let mut console = Console::open(&estate, "mara");
    console.declares();
    let wall = wall(&estate, &[]);
    wall.shows("INC-");
    until("the console's readings are shown", || !wall.screen().contains("no readings"));
    let display = estate.incidents()[0].join("display.json");
    until("the console writes for displays", || display.exists());
    assert!(!wall.screen().contains("STALE"));
    console.killed();
    wall.shows("STALE");
    wall.shows("no console writes what it sees");
    let again = Console::open(&estate, "ana");
    until("the wall believes again", || !wall.screen().contains("STALE"));
    drop(again);
}

#[test]
fn a_torn_end_is_waited_for_and_damage_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    declare(&estate, "The bell is silent");
    let wall = wall(&estate, &[]);
    wall.shows("0 of 2 steps");
    let log = estate.incidents()[0].join("log.jsonl");
    let whole = std::fs::read(&log).unwrap();
    estate.login("mara", &["done", "bell", "it rang"]);
    wall.shows("1 of 2 steps");
    // The last entry again, by and by.
    let more = std::fs::read(&log).unwrap()[whole.len()..].to_vec();
    let (first, rest) = more.split_at(more.len() / 2);
    let append = |bytes: &[u8]| OpenOptions::new().append(true).open(&log).unwrap().write_all(bytes).unwrap();
    OpenOptions::new().write(true).open(&log).unwrap().set_len(whole.len() as u64).unwrap();
    append(first);
    wall.shows("0 of 2 steps");
    assert!(!wall.screen().contains("damaged"));
    append(rest);
    wall.shows("1 of 2 steps");
    append(b"{\"seq\":99}\n{\"seq\":100}\n");
    wall.shows("the log is damaged at");
    wall.shows("1 of 2 steps");
}

#[test]
fn a_log_that_goes_on_elsewhere_and_a_copy_are_followed() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    declare(&estate, "The bell is silent");
    let copy = dir.path().join("copy.jsonl");
    std::fs::copy(estate.incidents()[0].join("log.jsonl"), &copy).unwrap();
    let here = wall(&estate, &[]);
    let there = wall(&estate, &[copy.to_str().unwrap()]);
    here.shows("0 of 2 steps");
    there.shows("0 of 2 steps");
    estate.login("mara", &["done", "bell", "it rang"]);
    // As it comes from another machine: a new file in the place of the old one.
    let new = dir.path().join("copy.new");
    std::fs::copy(estate.incidents()[0].join("log.jsonl"), &new).unwrap();
    std::fs::rename(&new, &copy).unwrap();
    here.shows("1 of 2 steps");
    there.shows("1 of 2 steps");
}

#[test]
fn it_stands_any_size_and_a_stop() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(dir.path());
    declare(&estate, "The bell is silent");
    let mut wall = wall(&estate, &[]);
    wall.shows("Ring the bell");
    for (columns, rows) in [(1, 1), (2, 40), (240, 70), (43, 11), (44, 12), (80, 24)] {
        wall.resize(columns, rows);
    }
    wall.shows("Ring the bell");
    wall.signal(Signal::TSTP);
    until("it is stopped", || wall.state() == 'T');
    wall.signal(Signal::CONT);
    wall.shows("Ring the bell");
    wall.types("\u{3}");
    wall.ends();
}
