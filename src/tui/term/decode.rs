//! Bytes of the terminal, as inputs. What a terminal answers or reports is never taken for a key, whenever it comes and
//! wherever it is cut: a version string with a `y` in it must not confirm anything.
//!
//! The states are those of ECMA-48 and of xterm's control sequences.

use std::time::Duration;

use super::sequence;
use crate::input::Input;
use crate::keys::{Code, Key};

/// After this long an Escape was the key, and no beginning: a link cuts sequences, people type apart.
const ESCAPE: Duration = Duration::from_millis(50);
/// After this long without its end an answer is given up.
const ANSWER: Duration = Duration::from_secs(5);
/// More than this of a paste is dropped: nobody writes that much into an incident.
const LONGEST_PASTE: usize = 1024 * 1024;
/// No control sequence that means anything is longer.
const LONGEST_SEQUENCE: usize = 64;

const PASTE_ENDS: &[u8] = b"\x1b[201~";

#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    /// Some bytes of one character.
    Character(Vec<u8>),
    Escape,
    /// `ESC O`: keys of the keypad's modes.
    Single,
    /// `ESC [` and what followed so far.
    Sequence(Vec<u8>),
    /// A mouse report in the way of old: three bytes that are anything.
    Mouse(Vec<u8>),
    /// `ESC ]`, `ESC P` and their like: everything up to BEL or `ESC \` is the terminal's.
    Answer(Answer),
    Paste(Vec<u8>),
}

/// A string that the terminal sends.
#[derive(Debug)]
struct Answer {
    /// The key that would have begun it, pressed with Alt.
    opened: u8,
    began: Duration,
    empty: bool,
    /// Its last byte was an Escape: the next one ends it, or it never was one.
    ending: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    /// When the last byte came.
    since: Duration,
    /// The character that is coming has Alt.
    alt: bool,
    inputs: Vec<Input>,
}

impl Decoder {
    /// What these bytes, which came at `at`, make whole.
    pub(super) fn feed(&mut self, bytes: &[u8], at: Duration) -> Vec<Input> {
        self.quiet(at);
        for byte in bytes {
            self.byte(*byte, at);
        }
        std::mem::take(&mut self.inputs)
    }

    /// What is whole because nothing followed until `now`.
    pub(super) fn settle(&mut self, now: Duration) -> Vec<Input> {
        self.quiet(now);
        std::mem::take(&mut self.inputs)
    }

    /// When [`Self::settle`] is due although nothing comes.
    pub(super) fn due(&self) -> Option<Duration> {
        Some(match &self.state {
            State::Ground => return None,
            State::Escape | State::Single => self.since + ESCAPE,
            State::Sequence(so_far) if so_far.is_empty() => self.since + ESCAPE,
            State::Answer(answer) if answer.empty || answer.ending => self.since + ESCAPE,
            // From its beginning: keys that are typed meanwhile must not make it longer.
            State::Answer(answer) => answer.began + ANSWER,
            State::Character(_) | State::Sequence(_) | State::Mouse(_) | State::Paste(_) => self.since + ANSWER,
        })
    }

    fn quiet(&mut self, now: Duration) {
        if self.due().is_none_or(|due| now < due) {
            return;
        }
        let alt = |c| Key { code: Code::Char(c), ctrl: false, alt: true };
        match std::mem::take(&mut self.state) {
            State::Escape => self.key(Key::of(Code::Esc)),
            State::Single => self.key(alt('O')),
            State::Sequence(so_far) if so_far.is_empty() => self.key(alt('[')),
            State::Answer(answer) if answer.ending => self.key(Key::of(Code::Esc)),
            State::Answer(answer) if answer.empty => self.key(alt(char::from(answer.opened))),
            State::Paste(text) => self.pasted(&text),
            State::Ground | State::Character(_) | State::Sequence(_) | State::Mouse(_) | State::Answer(_) => {}
        }
        self.alt = false;
    }

    fn byte(&mut self, byte: u8, at: Duration) {
        self.since = at;
        self.state = match std::mem::take(&mut self.state) {
            State::Ground => self.ground(byte),
            State::Character(so_far) => self.character(so_far, byte),
            State::Escape => self.escape(byte),
            State::Single => {
                if byte == 0x1b {
                    State::Escape
                } else {
                    sequence::single(byte).into_iter().for_each(|key| self.key(key));
                    State::Ground
                }
            }
            State::Sequence(so_far) => self.sequence(so_far, byte),
            State::Mouse(so_far) => self.old_mouse(so_far, byte),
            State::Answer(answer) => self.answer(answer, byte),
            State::Paste(text) => self.paste(text, byte),
        };
    }

    fn ground(&mut self, byte: u8) -> State {
        match byte {
            0x1b => return State::Escape,
            b'\r' => self.key(Key::of(Code::Enter)),
            b'\t' => self.key(Key::of(Code::Tab)),
            0x7f => self.key(Key::of(Code::Backspace)),
            0 => self.key(Key::ctrl(' ')),
            0x01..=0x1a => self.key(Key::ctrl(char::from(byte - 1 + b'a'))),
            0x1c..=0x1f => self.key(Key::ctrl(char::from(byte - 0x1c + b'4'))),
            0x20..=0x7e => self.key(Key::char(char::from(byte))),
            0x80.. => return self.character(Vec::new(), byte),
        }
        State::Ground
    }

    /// UTF-8, however it is cut. What is none is nothing.
    fn character(&mut self, mut so_far: Vec<u8>, byte: u8) -> State {
        if !so_far.is_empty() && byte < 0x80 {
            return self.ground(byte);
        }
        so_far.push(byte);
        match std::str::from_utf8(&so_far) {
            Ok(whole) => {
                let c = whole.chars().next();
                c.into_iter().for_each(|c| self.key(Key::char(c)));
                State::Ground
            }
            Err(error) if error.error_len().is_none() => State::Character(so_far),
            Err(_) => State::Ground,
        }
    }

    fn escape(&mut self, byte: u8) -> State {
        match byte {
            0x1b => {
                self.key(Key::of(Code::Esc));
                State::Escape
            }
            b'O' => State::Single,
            b'[' => State::Sequence(Vec::new()),
            b']' | b'P' | b'X' | b'^' | b'_' => {
                State::Answer(Answer { opened: byte, began: self.since, empty: true, ending: false })
            }
            _ => {
                self.alt = true;
                self.ground(byte)
            }
        }
    }

    fn sequence(&mut self, mut so_far: Vec<u8>, byte: u8) -> State {
        // The console of Linux sends its first function keys as `ESC [ [ A`.
        let of_linux = so_far == b"[";
        match byte {
            0x1b => return State::Escape,
            0x18 | 0x1a => return State::Ground,
            b'[' if so_far.is_empty() => so_far.push(byte),
            b'M' if so_far.is_empty() => return State::Mouse(Vec::new()),
            b'~' if so_far == b"200" => return State::Paste(Vec::new()),
            0x40..=0x7e if !of_linux => {
                self.inputs.extend(sequence::control(&so_far, byte, self.since));
                return State::Ground;
            }
            _ if of_linux => return State::Ground,
            _ if so_far.len() < LONGEST_SEQUENCE => so_far.push(byte),
            _ => {}
        }
        State::Sequence(so_far)
    }

    fn old_mouse(&mut self, mut so_far: Vec<u8>, byte: u8) -> State {
        so_far.push(byte);
        let &[button, column, row] = so_far.as_slice() else { return State::Mouse(so_far) };
        let at = |byte: u8| u16::from(byte.saturating_sub(33));
        self.inputs.extend(sequence::mouse(u16::from(button.saturating_sub(32)), at(column), at(row)));
        State::Ground
    }

    fn answer(&mut self, mut answer: Answer, byte: u8) -> State {
        match byte {
            b'\\' if answer.ending => return State::Ground,
            // It was cut off by something else that begins.
            _ if answer.ending => return self.escape(byte),
            0x07 | 0x18 | 0x1a => return State::Ground,
            0x1b => answer.ending = true,
            _ => answer.empty = false,
        }
        State::Answer(answer)
    }

    fn paste(&mut self, mut text: Vec<u8>, byte: u8) -> State {
        text.push(byte);
        if let Some(whole) = text.strip_suffix(PASTE_ENDS) {
            self.pasted(whole);
            return State::Ground;
        }
        if text.len() >= LONGEST_PASTE + PASTE_ENDS.len() {
            // Its end must still be found: only the middle is dropped.
            text.remove(LONGEST_PASTE);
        }
        State::Paste(text)
    }

    fn pasted(&mut self, text: &[u8]) {
        self.inputs.push(Input::Paste(String::from_utf8_lossy(text).into_owned()));
    }

    fn key(&mut self, key: Key) {
        let alt = std::mem::take(&mut self.alt);
        self.inputs.push(Input::Key { key: Key { alt: key.alt || alt, ..key }, at: self.since });
    }
}

#[cfg(test)]
mod tests;
