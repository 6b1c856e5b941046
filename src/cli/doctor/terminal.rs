//! The terminal: its size, its colours, and what it answers when it is asked.

use std::io::{IsTerminal, Stdin, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tui::theme::{ASCII, Because, Depth, Symbols};

/// A terminal that knows the question answers at once, over any line that can be worked on.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is known of the terminal this runs in; `None` where there is none.
#[derive(Debug)]
pub(super) struct Terminal {
    pub(super) size: Option<(u16, u16)>,
    pub(super) depth: Depth,
    /// What told the depth.
    pub(super) because: Because,
    pub(super) unicode: bool,
    /// Its signs are the plain ones by all that is known.
    pub(super) plain: bool,
    /// Something stands between it and the screen, and may hide how many colours that has.
    between: Option<Between>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    Tmux,
    Ssh,
}

impl Terminal {
    /// How many colours are used, and what told it.
    pub(super) fn colours(&self) -> String {
        format!("{}: {}", self.depth.word(), self.because)
    }

    /// How more are had, where there may be more.
    pub(super) fn more_colours(&self) -> Option<&'static str> {
        if self.depth == Depth::True || self.because == Because::NoColor {
            return None;
        }
        Some(match self.between {
            Some(Between::Tmux) => {
                "if the screen shows more: `set -as terminal-features ',*:RGB'` in tmux.conf and COLORTERM=truecolor, or \
                 --color truecolor"
            }
            Some(Between::Ssh) => {
                "if the screen shows more: ssh does not pass COLORTERM on by itself (SendEnv and AcceptEnv), or --color \
                 truecolor"
            }
            None => "if it shows more: COLORTERM=truecolor, or --color truecolor",
        })
    }
}

/// Of standard output.
pub(super) fn terminal() -> Option<Terminal> {
    let out = std::io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(&out).ok().map(|size| (size.ws_col, size.ws_row));
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let term = variable("TERM");
    let (depth, because) =
        Depth::detect(variable("NO_COLOR").as_deref(), variable("COLORTERM").as_deref(), term.as_deref());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    let plain = Symbols::fitting(term.as_deref(), locale.as_deref()) == &ASCII;
    let locale = locale.unwrap_or_default().to_uppercase();
    let unicode = locale.contains("UTF-8") || locale.contains("UTF8");
    let between = match (variable("TMUX"), variable("SSH_CONNECTION")) {
        (Some(_), _) => Some(Between::Tmux),
        (None, Some(_)) => Some(Between::Ssh),
        (None, None) => None,
    };
    Some(Terminal { size, depth, because, unicode, plain, between })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(depth: Depth, because: Because, between: Option<Between>) -> Terminal {
        Terminal { size: None, depth, because, unicode: true, plain: false, between }
    }

    #[test]
    fn fewer_colours_are_explained_and_how_more_are_had() {
        let because = Because::Term("screen-256color".to_owned());
        let tmux = shown(Depth::TwoHundredFiftySix, because.clone(), Some(Between::Tmux));
        assert_eq!(tmux.colours(), "256: TERM is screen-256color, and COLORTERM says nothing");
        assert!(tmux.more_colours().unwrap().contains("terminal-features"));
        let ssh = shown(Depth::TwoHundredFiftySix, because, Some(Between::Ssh));
        assert!(ssh.more_colours().unwrap().contains("AcceptEnv"));
        assert_eq!(shown(Depth::Never, Because::NoColor, None).more_colours(), None, "a person asked for none");
        assert_eq!(shown(Depth::True, Because::ColorTerm("truecolor".to_owned()), None).more_colours(), None);
    }
}
