//! The terminal's clipboard, through the terminal itself (OSC 52): over ssh it is the one of the person's own machine.
//!
//! Terminals may refuse it, and tmux by default does: `set -g set-clipboard on` lets it through.

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

/// More than this no terminal takes (xterm's own limit is about 100 kB of base64).
const LONGEST: usize = 64 * 1024;

/// The bytes that ask for it. A text that is too long asks for nothing: half a command is worse than none.
#[must_use]
pub fn copy(text: &str, tmux: bool) -> Vec<u8> {
    let mut osc = String::new();
    if text.len() > LONGEST || CopyToClipboard::to_clipboard_from(text).write_ansi(&mut osc).is_err() {
        return Vec::new();
    }
    // As tmux itself understands it, and for the terminal around it.
    let through = if tmux { format!("\x1bPtmux;{}\x1b\\", osc.replace('\x1b', "\x1b\x1b")) } else { String::new() };
    (osc + &through).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_goes_out_encoded_whatever_is_in_it() {
        let bytes = String::from_utf8(copy("ls \x1b\\x\n", false)).unwrap();
        assert_eq!(bytes, "\x1b]52;c;bHMgG1x4Cg==\x1b\\");
        assert!(String::from_utf8(copy("x", true)).unwrap().contains("\x1bPtmux;\x1b\x1b]52;c;"));
    }

    #[test]
    fn half_of_a_text_is_never_copied() {
        assert!(copy(&"x".repeat(LONGEST + 1), false).is_empty());
    }
}
