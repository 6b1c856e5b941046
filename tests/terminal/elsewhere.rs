//! Behind tmux and screen, and on the console of Linux.

use std::ffi::OsString;
use std::fs::{create_dir, set_permissions, write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::attempts::SWITCHBACK;
use crate::support::pty::Pty;
use crate::support::wait::until;

/// A shell's line: the demonstration, and a word once it was left.
fn line(dir: &Path) -> OsString {
    let mut line = OsString::from(SWITCHBACK);
    line.push(" demo --state ");
    line.push(dir);
    line.push("; echo gave it back; cat");
    line
}

/// The words of its screen stand on `pty`, a key works, and leaving brings back what was there.
fn works_and_restores(pty: &mut Pty) {
    pty.shows("DEMO");
    pty.shows("us-west-2");
    opens_and_closes(pty, "?", "Help");
    pty.types("q");
    pty.shows("gave it back");
    until("nothing of the console is left", || !pty.screen().contains("us-west-2"));
}

fn opens_and_closes(pty: &mut Pty, key: &str, title: &str) {
    pty.types(key);
    pty.shows(title);
    pty.types("\x1b");
    until(&format!("`{title}` is closed"), || !pty.screen().contains(title));
}

/// A server that goes on without its terminal: it is ended however the test ends.
struct Server {
    end: Vec<OsString>,
    sockets: OsString,
}

impl Server {
    fn ends(&self) -> bool {
        let mut command = Command::new(&self.end[0]);
        command.args(&self.end[1..]).env("SCREENDIR", &self.sockets).output().is_ok_and(|ended| ended.status.success())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends();
    }
}

#[test]
fn it_works_in_tmux_and_gives_the_pane_back() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("tmux");
    let tmux = |words: &[&str]| -> Vec<OsString> {
        let mut argv: Vec<OsString> =
            vec!["tmux".into(), "-f".into(), "/dev/null".into(), "-S".into(), (&socket).into()];
        argv.extend(words.iter().map(OsString::from));
        argv
    };
    let mut words = tmux(&["new-session"]);
    words.push(line(dir.path()));
    let server = Server { end: tmux(&["kill-server"]), sockets: OsString::new() };
    let mut pty = Pty::run(&words, &[]);
    let asked = |what: &str| {
        let words = tmux(&["display-message", "-p", what]);
        String::from_utf8(Command::new(&words[0]).args(&words[1..]).output().unwrap().stdout).unwrap()
    };
    let modes = "#{alternate_on} #{mouse_any_flag} #{cursor_flag} #{insert_flag}";
    pty.shows("us-west-2");
    assert_eq!(asked(modes).trim(), "1 1 0 0");
    until("tmux knows the title", || asked("#{pane_title}").starts_with("DEMO "));
    works_and_restores(&mut pty);
    assert_eq!(asked(modes).trim(), "0 0 1 0");
    assert!(!asked("#{pane_title}").starts_with("DEMO "), "{}", asked("#{pane_title}"));
    assert!(server.ends());
    pty.ends();
}

#[test]
fn it_works_in_screen_and_gives_the_window_back() {
    let dir = tempfile::tempdir().unwrap();
    let (sockets, settings) = (dir.path().join("screen"), dir.path().join("screenrc"));
    create_dir(&sockets).unwrap();
    set_permissions(&sockets, PermissionsExt::from_mode(0o700)).unwrap();
    // Without this it has no alternate screen to give back, for any program.
    write(&settings, "altscreen on\nstartup_message off\n").unwrap();
    let mut words: Vec<OsString> = vec!["screen".into(), "-U".into(), "-c".into(), settings.into()];
    words.extend(["-S".into(), "switchback-test".into(), "sh".into(), "-c".into(), line(dir.path())]);
    let end = ["screen", "-S", "switchback-test", "-X", "quit"].map(OsString::from).to_vec();
    let server = Server { end, sockets: sockets.into_os_string() };
    let mut pty = Pty::run(&words, &[("SCREENDIR", server.sockets.to_str().unwrap())]);
    works_and_restores(&mut pty);
    assert!(server.ends());
    pty.ends();
}

#[test]
fn on_the_console_of_linux_no_byte_is_beyond_ascii() {
    let dir = tempfile::tempdir().unwrap();
    let mut words: Vec<OsString> = vec![SWITCHBACK.into(), "demo".into(), "--symbols".into(), "ascii".into()];
    words.extend(["--state".into(), dir.path().into()]);
    let mut pty = Pty::run(&words, &[("TERM", "linux"), ("COLORTERM", "")]);
    pty.shows("us-west-2");
    opens_and_closes(&mut pty, "?", "Help");
    opens_and_closes(&mut pty, "i", "Declare an incident");
    pty.types("q");
    assert!(pty.succeeded());
    let written = pty.written();
    if let Some(at) = written.iter().position(|byte| *byte > 127) {
        panic!(
            "beyond ASCII: {}",
            String::from_utf8_lossy(&written[at.saturating_sub(40)..(at + 20).min(written.len())])
        );
    }
    let text = String::from_utf8(written).unwrap();
    assert!(!text.contains("\x1b]"), "this terminal has no title");
    let colours = regex::Regex::new("[34]8;(?:2|5;(?:[2-9][0-9]|1[6-9]|[0-9]{3}))[;m]").unwrap();
    assert!(!colours.is_match(&text), "more than 16 colours: {:?}", colours.find(&text));
}
