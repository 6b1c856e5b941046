//! Entering and leaving: the one place that changes what the terminal is in, and puts it back.
//!
//! The alternate screen, bracketed paste, focus reports, mouse buttons and wheel (no motion), the window's title. No
//! kitty protocol, and no question to the terminal.

use std::io::{self, IsTerminal};

use super::pen;

/// Each has its opposite in [`LEAVE`], in the opposite order. The title comes first and goes last.
const ENTER: &str = "\x1b[?1049h\x1b[2J\x1b[H\x1b[?25l\x1b[?2004h\x1b[?1004h";
const LEAVE: &str = "\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";
/// The terminal keeps its title on a stack meanwhile.
const TITLE_KEPT: &str = "\x1b[22;2t";
const TITLE_BACK: &str = "\x1b[23;2t";
/// Ends a frame that stays half written.
const FRAME_OVER: &str = "\x1b[?2026l";

/// What the screen wants of the terminal beyond what it always needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wants {
    pub(crate) mouse: bool,
    /// The terminal has a title to set.
    pub(crate) titled: bool,
    /// What has no screen without a terminal: "the console", for its error.
    pub(crate) who: &'static str,
}

/// The terminal while the screen is on it; dropping restores it.
#[derive(Debug)]
pub(crate) struct Modes {
    wants: Wants,
    title: String,
}

impl Modes {
    /// `title` is shown by the terminal's window; it is plain text already.
    pub(crate) fn enter(title: String, wants: Wants) -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other(format!("{} needs a terminal for its screen", wants.who)));
        }
        let modes = Self { wants, title };
        modes.again()?;
        Ok(modes)
    }

    /// Once more, after others have used the terminal; with or without having left it before.
    pub(crate) fn again(&self) -> io::Result<()> {
        restore();
        crossterm::terminal::enable_raw_mode()?;
        let of_title = |bytes: &'static str| if self.wants.titled { bytes } else { "" };
        let of_mouse = |bytes: &'static str| if self.wants.mouse { bytes } else { "" };
        let enter = [of_title(TITLE_KEPT), &self.titled(), ENTER, of_mouse(MOUSE_ON)].concat();
        let back = [of_mouse(MOUSE_OFF), LEAVE, of_title(TITLE_BACK)].concat();
        pen::enter(&enter, back)
    }

    /// What gives the window its title, if it is not that one already.
    pub(crate) fn retitle(&mut self, title: String) -> Option<String> {
        if self.title == title {
            return None;
        }
        self.title = title;
        Some(self.titled())
    }

    fn titled(&self) -> String {
        if self.wants.titled { format!("\x1b]2;{}\x07", self.title) } else { String::new() }
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        restore();
    }
}

/// Puts the terminal back as it was found. Any number of calls, from any thread; only the first does something.
pub(crate) fn restore() {
    pen::leave(|back, half_a_frame| {
        // A stalled terminal must not keep the program from ending.
        if pen::ready() {
            let over = if half_a_frame { FRAME_OVER } else { "" };
            let _ = pen::write_all(format!("{over}{back}").as_bytes());
        }
        let _ = crossterm::terminal::disable_raw_mode();
    });
}

/// Restores, stops this process as its default would, and comes back when it is continued.
pub(crate) fn suspend(modes: &Modes) -> io::Result<()> {
    restore();
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
    modes.again()
}

/// Whether the mouse may be asked for. GNU screen, while a program in it listens to the mouse, keeps an Escape to itself
/// until the next key (4.9): nothing could be closed.
pub(crate) fn has_mouse() -> bool {
    std::env::var_os("STY").is_none()
}

/// Whether the terminal has a title to set, by its name: the consoles of systems have none.
pub(crate) fn titled() -> bool {
    let name = std::env::var("TERM").unwrap_or_default();
    !matches!(name.as_str(), "" | "linux" | "dumb" | "vt100" | "vt220") && !name.starts_with("cons")
}
