//! The terminal is always given back as it was found, and nothing waits for it.

mod balance;
mod elsewhere;
mod frames;
mod link;
mod replies;
mod signals;
mod titles;

use std::sync::{Arc, mpsc};
use std::thread;

use domain::console::{Banner, BannerAbout, Scene, Told};
use domain::log::Kind;
use domain::people::Actor;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::support::pty::Pty;
use crate::support::wait::until;
use balance::Balance;

/// What the console does besides showing its screen, when a test runs again as one.
const ROLE: &str = "SWITCHBACK_TEST_SCREEN";

/// This process is the console of a test: it shows its screen, and says how it was left.
fn as_console() -> bool {
    let Ok(role) = std::env::var(ROLE) else { return false };
    let estate = domain::estate::parse("name = \"orders\"\n[regions.us-east-1]\n[regions.us-west-2]\n").estate;
    let scene = Scene {
        kind: Kind::Demo,
        estate: Arc::new(estate),
        actor: Actor::claimed("mara", "bastion"),
        read_only: false,
        runbooks: Vec::new(),
        templates: Arc::default(),
    };
    let (telling, told) = mpsc::sync_channel(1);
    let (asking, asked) = mpsc::sync_channel(16);
    let session = thread::spawn(move || match role.as_str() {
        "stall" => {
            stall(&telling);
            while asked.recv().is_ok() {}
        }
        "panic" => panic!("the session is out of order"),
        _ => while asked.recv().is_ok() {},
    });
    match tui::run(scene, tui::Options::default(), told, asking, begin) {
        Ok((exit, ())) => println!("left: {exit:?}"),
        Err(error) => println!("not opened: {error}"),
    }
    drop(session);
    true
}

/// What the screen's own thread does right after its first frame.
fn begin() -> std::io::Result<()> {
    match std::env::var(ROLE).unwrap().as_str() {
        "panic at the start" => panic!("the screen is out of order"),
        "fail at the start" => Err(std::io::Error::other("there are no threads left")),
        _ => Ok(()),
    }
}

/// Changes the picture until the terminal takes no more; the screen goes on taking what it is told all the same.
fn stall(telling: &mpsc::SyncSender<Told>) {
    let banner = |n: usize| {
        let text = char::from(b'a' + u8::try_from(n % 26).unwrap()).to_string().repeat(60);
        telling.send(Told::Banner(Banner { about: BannerAbout::Estate, text: Some(text) })).unwrap();
    };
    let stdout = rustix::stdio::stdout();
    let writable = || {
        let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
        poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).unwrap() > 0
    };
    let mut told = 0;
    while writable() {
        banner(told);
        told += 1;
    }
    for n in 0..5000 {
        banner(n);
    }
    let text = Some("still here".to_owned());
    telling.send(Told::Banner(Banner { about: BannerAbout::Log, text })).unwrap();
    std::fs::write(std::env::var_os("SWITCHBACK_TEST_FILE").unwrap(), "went on").unwrap();
}

fn console(test: &str, role: &str) -> Pty {
    Pty::rerun(module_path!(), test, &[(ROLE, role)])
}

/// It has ended, and its terminal is as it was: every mode, the title, the cursor, and how the line is treated.
fn given_back(pty: &mut Pty, before: &str, times: usize) {
    pty.ends();
    until("everything is taken back", || Balance::of(&pty.written()).even() && !pty.alternate());
    assert!(pty.cursor_visible());
    assert_eq!(pty.modes(), before);
    Balance::of(&pty.written()).entered(times);
}

#[test]
fn leaving_puts_the_terminal_back() {
    if as_console() {
        return;
    }
    let mut pty = console("leaving_puts_the_terminal_back", "plain");
    let before = pty.modes();
    pty.shows("orders");
    assert!(pty.alternate() && pty.modes() != before);
    pty.types("q");
    pty.says("left: Quit");
    given_back(&mut pty, &before, 1);
}

#[test]
fn a_session_that_panics_ends_the_screen_and_says_so_below_it() {
    if as_console() {
        return;
    }
    let mut pty = console("a_session_that_panics_ends_the_screen_and_says_so_below_it", "panic");
    let before = pty.modes();
    pty.says("the session is out of order");
    pty.says("left: Ended");
    given_back(&mut pty, &before, 1);
}

#[test]
fn a_screen_that_panics_says_so_on_the_terminal_it_has_given_back() {
    if as_console() {
        return;
    }
    let test = "a_screen_that_panics_says_so_on_the_terminal_it_has_given_back";
    let mut pty = console(test, "panic at the start");
    let before = pty.modes();
    pty.shows("the screen is out of order");
    given_back(&mut pty, &before, 1);
    let written = String::from_utf8_lossy(&pty.written()).into_owned();
    let (left, said) = (written.rfind("\x1b[?1049l"), written.find("the screen is out of order"));
    assert!(left.is_some() && left < said, "{written:?}");
}

#[test]
fn a_console_that_cannot_start_leaves_nothing_of_its_screen() {
    if as_console() {
        return;
    }
    let mut pty = console("a_console_that_cannot_start_leaves_nothing_of_its_screen", "fail at the start");
    let before = pty.modes();
    pty.shows("not opened: there are no threads left");
    given_back(&mut pty, &before, 1);
    assert!(!pty.screen().contains("orders"), "{}", pty.screen());
}

#[test]
fn a_terminal_that_goes_away_ends_the_console() {
    if as_console() {
        return;
    }
    let mut pty = Pty::unread(module_path!(), "a_terminal_that_goes_away_ends_the_console", &[(ROLE, "plain")]);
    pty.read_until("orders");
    pty.hang_up();
    pty.ends();
}

#[test]
fn a_stalled_terminal_stops_nothing() {
    if as_console() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("went-on");
    let name = file.to_str().unwrap();
    let role = [(ROLE, "stall"), ("SWITCHBACK_TEST_FILE", name)];
    let mut pty = Pty::unread(module_path!(), "a_stalled_terminal_stops_nothing", &role);
    until("the session went on while nobody read the terminal", || file.exists());
    pty.read();
    pty.shows("still here");
    pty.types("q");
    pty.says("left: Quit");
    pty.ends();
    Balance::of(&pty.written()).entered(1);
}
