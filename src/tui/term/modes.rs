//! Entering and leaving: the one place that changes what the terminal is in, and puts it back.
//!
//! The alternate screen, bracketed paste, focus reports, mouse buttons and wheel (no motion). No kitty protocol, and no
//! question to the terminal: a late answer would be read as keys.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Whether there is something to restore. Panic hooks, signals and drops meet here.
static ENTERED: AtomicBool = AtomicBool::new(false);

const ENTER: &str = "\x1b[22;2t\x1b[?1049h\x1b[2J\x1b[H\x1b[?25l\x1b[?2004h\x1b[?1004h";
const MOUSE: &str = "\x1b[?1000h\x1b[?1006h";
const LEAVE: &str = "\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l\x1b[23;2t";

/// The terminal while the screen is on it; dropping restores it.
#[derive(Debug)]
pub(crate) struct Modes {
    title: String,
    mouse: bool,
}

impl Modes {
    /// `title` is shown by the terminal's window; it is plain text already.
    pub(crate) fn enter(title: &str, mouse: bool) -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other("the console needs a terminal for its screen"));
        }
        let modes = Self { title: title.to_owned(), mouse };
        modes.again()?;
        Ok(modes)
    }

    /// Once more, after others have used the terminal.
    pub(crate) fn again(&self) -> io::Result<()> {
        ENTERED.store(true, Ordering::SeqCst);
        // Raw mode is remembered by the library, which would not set it twice.
        let _ = crossterm::terminal::disable_raw_mode();
        crossterm::terminal::enable_raw_mode()?;
        let mouse = if self.mouse { MOUSE } else { "" };
        write_all(format!("{ENTER}{mouse}\x1b]2;{}\x07", self.title).as_bytes())
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        restore();
    }
}

/// Puts the terminal back as it was found. Any number of calls, from any thread; only the first does something.
pub(crate) fn restore() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // A stalled terminal must not keep the program from ending.
        if ready() {
            let _ = write_all(LEAVE.as_bytes());
        }
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// Restores, stops this process as its default would, and comes back when it is continued.
pub(crate) fn suspend(modes: &Modes) -> io::Result<()> {
    restore();
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
    modes.again()
}

fn ready() -> bool {
    let stdout = rustix::stdio::stdout();
    let second = Timespec { tv_sec: 1, tv_nsec: 0 };
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    poll(&mut fds, Some(&second)).is_ok_and(|ready| ready > 0) && fds[0].revents().contains(PollFlags::OUT)
}

/// Past the standard library's lock: a writer that hangs in it must not keep a panic from restoring.
pub(super) fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    let stdout = rustix::stdio::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(stdout, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => {
                poll(&mut [PollFd::new(&stdout, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
