//! The terminal: its size, its colours, and what it answers when it is asked.

use std::io::{IsTerminal, Stdin, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tui::theme::Depth;

/// A terminal that knows the question answers at once, over any line that can be worked on.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is known of the terminal this runs in; `None` where there is none.
#[derive(Debug)]
pub(super) struct Terminal {
    pub(super) size: Option<(u16, u16)>,
    pub(super) depth: Depth,
    pub(super) unicode: bool,
    pub(super) name: String,
}

/// Of standard output.
pub(super) fn terminal() -> Option<Terminal> {
    let out = std::io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(&out).ok().map(|size| (size.ws_col, size.ws_row));
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let name = variable("TERM").unwrap_or_else(|| "unknown".to_owned());
    let depth =
        Depth::detect(variable("NO_COLOR").as_deref(), variable("COLORTERM").as_deref(), variable("TERM").as_deref());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable).unwrap_or_default().to_uppercase();
    let unicode = locale.contains("UTF-8") || locale.contains("UTF8");
    Some(Terminal { size, depth, unicode, name })
}

/// Asks whether it shows a frame whole or not at all (DECRQM 2026); `None` where it does not answer.
pub(super) fn synchronized() -> Option<bool> {
    let raw = Raw::enter()?;
    let mut out = std::io::stdout();
    out.write_all(b"\x1b[?2026$p").and_then(|()| out.flush()).ok()?;
    let answer = raw.answer();
    let (_, rest) = answer.split_once("\x1b[?2026;")?;
    // 0: not known; 1 and 2: set, reset; 3 and 4: for ever.
    Some(!matches!(rest.chars().next()?, '0' | '4'))
}

/// The keyboard's lines as they come, and not shown; put back when dropped.
struct Raw {
    stdin: Stdin,
    before: Termios,
}

impl Raw {
    fn enter() -> Option<Self> {
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin).ok()?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(&stdin, OptionalActions::Now, &raw).ok()?;
        Some(Self { stdin, before })
    }

    /// Everything up to the end of the answer, within the time it has.
    fn answer(&self) -> String {
        let (mut heard, begun) = (Vec::new(), Instant::now());
        while let Some(left) = PATIENCE.checked_sub(begun.elapsed()) {
            let nanoseconds = i64::from(left.subsec_nanos());
            let wait = Timespec { tv_sec: i64::try_from(left.as_secs()).unwrap_or_default(), tv_nsec: nanoseconds };
            let mut fds = [PollFd::new(&self.stdin, PollFlags::IN)];
            if !poll(&mut fds, Some(&wait)).is_ok_and(|ready| ready > 0) {
                break;
            }
            let mut some = [0; 64];
            match rustix::io::read(&self.stdin, &mut some) {
                Ok(0) | Err(_) => break,
                Ok(read) => heard.extend_from_slice(&some[..read]),
            }
            if heard.ends_with(b"y") {
                break;
            }
        }
        String::from_utf8_lossy(&heard).into_owned()
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.stdin, OptionalActions::Flush, &self.before);
    }
}
