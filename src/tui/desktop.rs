//! A notification of the desktop, asked of the terminal: OSC 9 or OSC 777, passed through tmux where it is in between.

use domain::estate::DesktopSequence;
use domain::untrusted::sanitise_line;

/// Longer ones are cut by every desktop anyway.
const LONGEST: usize = 200;

/// Whether tmux stands between this program and the terminal.
#[must_use]
pub fn passes_through() -> bool {
    std::env::var_os("TMUX").is_some_and(|value| !value.is_empty())
}

/// The bytes that ask for it.
#[must_use]
pub fn notification(sequence: DesktopSequence, text: &str, tmux: bool) -> Vec<u8> {
    // Nothing in the text can end the sequence, or be taken for a part of it.
    let text: String = sanitise_line(text).chars().take(LONGEST).collect();
    let osc = match sequence {
        // A text that begins with a digit and a semicolon would be another command to some terminals.
        DesktopSequence::Osc9 => format!("\x1b]9;switchback: {text}\x07"),
        DesktopSequence::Osc777 => format!("\x1b]777;notify;switchback;{}\x07", text.replace(';', ",")),
    };
    if tmux { format!("\x1bPtmux;{}\x1b\\", osc.replace('\x1b', "\x1b\x1b")).into_bytes() } else { osc.into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(sequence: DesktopSequence, text: &str, tmux: bool) -> String {
        String::from_utf8(notification(sequence, text, tmux)).unwrap()
    }

    #[test]
    fn each_sequence_is_as_its_terminals_want_it() {
        assert_eq!(
            asked(DesktopSequence::Osc9, "us-east-1 is down", false),
            "\x1b]9;switchback: us-east-1 is down\x07"
        );
        assert_eq!(asked(DesktopSequence::Osc777, "a; b", false), "\x1b]777;notify;switchback;a, b\x07");
    }

    #[test]
    fn inside_tmux_every_escape_is_doubled_and_wrapped() {
        assert_eq!(asked(DesktopSequence::Osc9, "x", true), "\x1bPtmux;\x1b\x1b]9;switchback: x\x07\x1b\\");
    }

    #[test]
    fn no_text_gets_out_of_its_sequence() {
        for hostile in ["a\x07\x1b]0;pwned\x07", "\x1b\\x", "a\u{9c}b\nc"] {
            let bytes = asked(DesktopSequence::Osc9, hostile, false);
            assert_eq!(bytes.matches('\x1b').count(), 1, "{bytes:?}");
            assert_eq!(bytes.matches('\x07').count(), 1, "{bytes:?}");
            assert!(!bytes.contains(['\u{9c}', '\n']), "{bytes:?}");
        }
    }
}
