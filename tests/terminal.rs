//! The terminal is always given back as it was found, and nothing waits for it.

use std::sync::{Arc, mpsc};
use std::thread;

use domain::console::{Banner, BannerAbout, Scene, Told};
use domain::log::Kind;
use domain::people::Actor;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;

use crate::support::pty::Pty;
use crate::support::wait::until;

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
    let (exit, ()) = tui::run(scene, tui::Options::default(), told, asking, || Ok(())).unwrap();
    println!("left: {exit:?}");
    drop(session);
    true
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
    pty.ends();
    assert!(!pty.alternate() && pty.cursor_visible());
    assert_eq!(pty.modes(), before);
}

#[test]
fn signals_put_the_terminal_back() {
    if as_console() {
        return;
    }
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut pty = console("signals_put_the_terminal_back", "plain");
        let before = pty.modes();
        pty.shows("orders");
        pty.signal(signal);
        pty.says("left: Signal");
        pty.ends();
        assert!(!pty.alternate() && pty.cursor_visible(), "{signal:?}");
        assert_eq!(pty.modes(), before, "{signal:?}");
    }
}

#[test]
fn a_stopped_console_gives_the_terminal_back_and_takes_it_again() {
    if as_console() {
        return;
    }
    let mut pty = console("a_stopped_console_gives_the_terminal_back_and_takes_it_again", "plain");
    let before = pty.modes();
    pty.shows("orders");
    pty.signal(Signal::TSTP);
    until("the console is stopped", || pty.state() == 'T');
    until("the terminal is given back", || !pty.alternate());
    assert_eq!(pty.modes(), before);
    pty.signal(Signal::CONT);
    until("the screen is back", || pty.alternate());
    pty.shows("orders");
    pty.types("q");
    pty.says("left: Quit");
    pty.ends();
    assert_eq!(pty.modes(), before);
}

#[test]
fn a_session_that_panics_ends_the_screen_and_says_so_below_it() {
    if as_console() {
        return;
    }
    let mut pty = console("a_session_that_panics_ends_the_screen_and_says_so_below_it", "panic");
    pty.says("the session is out of order");
    pty.says("left: Ended");
    pty.ends();
    assert!(!pty.alternate() && pty.cursor_visible());
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
}
