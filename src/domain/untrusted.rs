//! Text from outside, made safe to show: output, bodies, runbooks, names, error strings.
//!
//! Terminal sequences are parsed by ECMA-48 and dropped; what remains of control is shown as a visible sign, and so is
//! what would make a reader see another text than the machine runs.

use std::fmt::Write;

/// A control string longer than this is taken for text again, so that an unclosed one cannot swallow the output.
const LONGEST_STRING: usize = 4096;
/// The same for the parameters of one control sequence.
const LONGEST_SEQUENCE: usize = 128;
/// A line without end is passed on at this length.
const LONGEST_LINE: usize = 64 * 1024;

/// `text` without anything that could steer a terminal; keeps `\n` and `\t`, and of a line that was rewritten by
/// carriage returns only what stood there last.
#[must_use]
pub fn sanitise(text: &(impl AsRef<[u8]> + ?Sized)) -> String {
    let mut sanitiser = Sanitiser::default();
    let mut clean = sanitiser.push(text.as_ref());
    clean.push_str(&sanitiser.finish());
    clean
}

/// As [`sanitise`], on one line: line ends and tabs become spaces.
#[must_use]
pub fn sanitise_line(text: &(impl AsRef<[u8]> + ?Sized)) -> String {
    sanitise(text).trim_end().replace(['\n', '\t'], " ")
}

/// The same for text that arrives in pieces, cut anywhere. Lines come out when they are complete.
#[derive(Clone, Debug, Default)]
pub struct Sanitiser {
    state: State,
    /// Bytes of a character that is not complete yet.
    partial: Vec<u8>,
    line: String,
    /// A carriage return came: what follows on this line replaces it.
    rewrite: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Text,
    Escape,
    /// `ESC` and intermediate bytes, as in `ESC ( B`.
    EscapeIntermediate,
    /// A control sequence (CSI), and how long it is by now.
    Sequence(usize),
    /// A control string (OSC, DCS, APC, PM, SOS), and how long it is by now.
    String(usize),
    /// `ESC` within a control string: its end, if `\` follows.
    StringEscape(usize),
}

impl Sanitiser {
    /// Takes the next piece; gives the lines that are complete now.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        let mut clean = String::new();
        let joined;
        let mut rest = if self.partial.is_empty() {
            bytes
        } else {
            joined = [std::mem::take(&mut self.partial).as_slice(), bytes].concat();
            &joined
        };
        while !rest.is_empty() {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.text(text, &mut clean);
                    break;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    self.text(std::str::from_utf8(valid).unwrap_or_default(), &mut clean);
                    let Some(wrong) = error.error_len() else {
                        self.partial = after.to_vec();
                        break;
                    };
                    self.character(char::REPLACEMENT_CHARACTER, &mut clean);
                    rest = &after[wrong..];
                }
            }
        }
        clean
    }

    /// The end of the text: what was held back.
    pub fn finish(&mut self) -> String {
        let mut clean = String::new();
        if matches!(self.state, State::Escape | State::EscapeIntermediate) {
            self.visible('\u{1b}', &mut clean);
        }
        if !self.partial.is_empty() {
            self.character(char::REPLACEMENT_CHARACTER, &mut clean);
        }
        clean.push_str(&std::mem::take(self).line);
        clean
    }

    fn text(&mut self, text: &str, clean: &mut String) {
        let mut rest = text;
        while !rest.is_empty() {
            if self.state == State::Text && !self.rewrite {
                let plain = rest.bytes().position(|byte| !(b' '..=b'~').contains(&byte)).unwrap_or(rest.len());
                self.line.push_str(&rest[..plain]);
                rest = &rest[plain..];
                self.bound(clean);
            }
            let Some(character) = rest.chars().next() else { break };
            self.character(character, clean);
            rest = &rest[character.len_utf8()..];
        }
    }

    fn character(&mut self, c: char, clean: &mut String) {
        match self.state {
            State::Text => self.plain(c, clean),
            State::Escape => match c {
                '[' => self.state = State::Sequence(0),
                ']' | 'P' | 'X' | '^' | '_' => self.state = State::String(0),
                ' '..='/' => self.state = State::EscapeIntermediate,
                '0'..='~' => self.state = State::Text,
                _ => self.unfinished(c, clean),
            },
            State::EscapeIntermediate => match c {
                ' '..='/' => {}
                '0'..='~' => self.state = State::Text,
                _ => self.unfinished(c, clean),
            },
            State::Sequence(length) => match c {
                ' '..='?' if length < LONGEST_SEQUENCE => self.state = State::Sequence(length + 1),
                '@'..='~' => self.state = State::Text,
                _ => self.resume(c, clean),
            },
            State::String(length) => match c {
                '\u{7}' | '\u{9c}' => self.state = State::Text,
                '\u{1b}' => self.state = State::StringEscape(length),
                // No terminal program breaks a title or a link over lines; output after an unclosed one must not vanish.
                '\n' => self.resume(c, clean),
                _ if length >= LONGEST_STRING => self.resume(c, clean),
                _ => self.state = State::String(length + 1),
            },
            State::StringEscape(length) => match c {
                '\\' => self.state = State::Text,
                '\n' => self.resume(c, clean),
                _ => self.state = State::String(length + 1),
            },
        }
    }

    /// An `ESC` that began nothing is shown.
    fn unfinished(&mut self, c: char, clean: &mut String) {
        self.visible('\u{1b}', clean);
        self.resume(c, clean);
    }

    fn resume(&mut self, c: char, clean: &mut String) {
        self.state = State::Text;
        self.plain(c, clean);
    }

    fn plain(&mut self, c: char, clean: &mut String) {
        match c {
            '\u{1b}' => self.state = State::Escape,
            '\r' => self.rewrite = true,
            '\n' => {
                self.rewrite = false;
                self.line.push('\n');
                clean.push_str(&self.line);
                self.line.clear();
            }
            _ => self.visible(c, clean),
        }
    }

    fn visible(&mut self, c: char, clean: &mut String) {
        if std::mem::take(&mut self.rewrite) {
            self.line.clear();
        }
        match c {
            '\t' => self.line.push('\t'),
            '\0'..='\u{1f}' => {
                self.line.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            '\u{7f}' => self.line.push('\u{2421}'),
            '\u{80}'..='\u{9f}' => self.line.push(char::REPLACEMENT_CHARACTER),
            c if misleads(c) => {
                let _ = write!(self.line, "<U+{:04X}>", u32::from(c));
            }
            c => self.line.push(c),
        }
        self.bound(clean);
    }

    fn bound(&mut self, clean: &mut String) {
        if self.line.len() >= LONGEST_LINE {
            clean.push_str(&std::mem::take(&mut self.line));
        }
    }
}

/// Whether a reader would see another text than the machine does: bidirectional controls, characters without width,
/// tags, separators that look like line ends.
#[must_use]
pub const fn misleads(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn terminal_sequences_vanish_and_what_is_left_of_control_is_visible() {
        for (raw, shown) in [
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{1b}]52;c;ZXZpbA==\u{7}ok", "ok"),
            ("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}P1$r0m\u{1b}\\done", "done"),
            ("\u{1b}(Bplain", "plain"),
            ("\u{1b}]0;never closed\nnext line", "\nnext line"),
            ("bell\u{7} back\u{8} del\u{7f} nul\0", "bell␇ back␈ del␡ nul␀"),
            ("c1 \u{9b}2J", "c1 \u{fffd}2J"),
            ("tab\tstays", "tab\tstays"),
            ("end \u{1b}", "end ␛"),
            ("\u{1b}é", "␛é"),
        ] {
            assert_eq!(sanitise(raw), shown, "{raw:?}");
        }
        assert_eq!(sanitise(b"bad \xff\xfe utf-8 \x9b2J".as_slice()), "bad \u{fffd}\u{fffd} utf-8 \u{fffd}2J");
    }

    #[test]
    fn a_line_rewritten_by_carriage_returns_shows_what_stood_there_last() {
        assert_eq!(sanitise("10%\r50%\r100%\r\nnext\r\n"), "100%\nnext\n");
        assert_eq!(sanitise("kept\r"), "kept");
        assert_eq!(sanitise("kept\r\u{1b}[K"), "kept");
    }

    #[test]
    fn characters_that_turn_or_hide_text_are_named() {
        assert_eq!(sanitise("rm \u{202e}gpj.x"), "rm <U+202E>gpj.x");
        assert_eq!(sanitise("pay\u{200b}ments\u{2028}"), "pay<U+200B>ments<U+2028>");
        assert_eq!(sanitise("\u{e0041}"), "<U+E0041>");
    }

    #[test]
    fn an_endless_line_is_passed_on_in_pieces() {
        let mut sanitiser = Sanitiser::default();
        let clean = sanitiser.push(&vec![b'x'; 200_000]);
        assert!(clean.len() >= 200_000 - LONGEST_LINE);
        assert_eq!(clean.len() + sanitiser.finish().len(), 200_000);
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(sanitise_line("a\nb\tc\n"), "a b c");
    }

    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            any::<Vec<u8>>(),
            "\\PC{0,8}".prop_map(String::into_bytes),
            prop::sample::select(vec![
                b"\x1b[".to_vec(),
                b"\x1b]".to_vec(),
                b"\x1bP".to_vec(),
                b"\x1b\\".to_vec(),
                b"\r".to_vec(),
                b"\n".to_vec(),
                "\u{9b}".as_bytes().to_vec(),
                "\u{202e}".as_bytes().to_vec(),
            ]),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_control_character_ever_comes_out(raw in hostile()) {
            let clean = sanitise(&raw);
            prop_assert!(clean.chars().all(|c| (!c.is_control() || c == '\n' || c == '\t') && !misleads(c)), "{clean:?}");
        }

        #[test]
        fn where_the_text_is_cut_makes_no_difference(raw in hostile(), cut in any::<prop::sample::Index>()) {
            let (first, second) = raw.split_at(cut.index(raw.len() + 1));
            let mut sanitiser = Sanitiser::default();
            let pieces = sanitiser.push(first) + &sanitiser.push(second) + &sanitiser.finish();
            prop_assert_eq!(pieces, sanitise(&raw));
        }
    }
}
