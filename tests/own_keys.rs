//! What a person set for their consoles is honoured; a mistake in it is said with its line, and costs nothing else.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::attempts::SWITCHBACK;
use crate::support::console::Console;

/// A person with this `console.toml`.
fn person(settings: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("switchback");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("console.toml"), settings).unwrap();
    home
}

/// The demonstration on that person's terminal.
fn console(home: &Path) -> Console {
    let home = home.to_str().unwrap();
    let own = [format!("XDG_CONFIG_HOME={home}"), format!("XDG_STATE_HOME={home}"), "SWITCHBACK_CONSOLE=".to_owned()];
    let argv = ["env".to_owned()].into_iter().chain(own).chain([SWITCHBACK.to_owned(), "demo".to_owned()]);
    Console::of(&argv.map(OsString::from).collect::<Vec<_>>())
}

fn config(home: &Path, what: &str) -> Output {
    let mut command = Command::new(SWITCHBACK);
    command.args(["config", what]).current_dir(home).env("XDG_CONFIG_HOME", home).env("HOME", home);
    command.env_remove("SWITCHBACK_CONFIG").env_remove("SWITCHBACK_CONSOLE").output().unwrap()
}

#[test]
fn a_key_of_ones_own_works_and_is_named_on_the_screen() {
    let home = person("symbols = \"ascii\"\n[keys.everywhere]\n\"z d\" = \"declare\"\ni = false\n");
    let mut console = console(home.path());
    console.shows(&["z d declares an incident"]);
    console.press("z");
    console.shows(&["what next?", "declare an incident"]);
    console.press("d");
    console.shows(&["severity"]);
    assert!(!console.screen().contains('┏'), "signs of a box beyond ASCII");
}

#[test]
fn a_mistake_is_said_with_its_line_and_the_console_works_on() {
    let home = person("theme = \"lihgt\"\n[keys.everywhere]\n\"ctrl-o\" = \"hlep\"\nQ = \"help\"\n");
    let mut console = console(home.path());
    console.shows(&["console.toml:1:9 (1 of 2): "]);
    console.press("Q");
    console.shows(&["Everywhere: "]);
}

#[test]
fn config_check_is_strict_about_it() {
    let home = person("[keys.everywhere]\n\"ctrl-i\" = \"help\"\n\"ctrl-o\" = \"hlep\"\n");
    let checked = config(home.path(), "check");
    let said = String::from_utf8(checked.stderr).unwrap();
    assert_eq!(checked.status.code(), Some(3), "{said}");
    for part in ["console.toml:2:1", "cannot be told from `tab`", "console.toml:3:12", "did you mean `help`?"] {
        assert!(said.contains(part), "{part} in:\n{said}");
    }
}

#[test]
fn the_printed_keymap_is_right_as_it_is() {
    let home = person("");
    let printed = config(home.path(), "keys");
    assert!(printed.status.success());
    std::fs::write(home.path().join("switchback/console.toml"), &printed.stdout).unwrap();
    let checked = config(home.path(), "check");
    assert!(String::from_utf8_lossy(&checked.stdout).contains("console.toml is right"));
    let mut console = console(home.path());
    console.shows(&["i declares an incident"]);
    console.press("g");
    console.shows(&["what next?"]);
}
