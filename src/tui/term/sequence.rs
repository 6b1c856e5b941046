//! What a control sequence from the terminal means: a key, the mouse, the focus. Answers mean nothing here.

use std::time::Duration;

use crate::input::{Input, Mouse, MouseKind};
use crate::keys::{Code, Key};

/// `ESC O` and this.
pub(super) const fn single(byte: u8) -> Option<Key> {
    match byte {
        b'M' => Some(Key::of(Code::Enter)),
        _ => match cursor(byte) {
            Some(code) => Some(Key::of(code)),
            None => None,
        },
    }
}

/// `ESC [`, `parameters` and `end`, whole at `at`.
pub(super) fn control(parameters: &[u8], end: u8, at: Duration) -> Option<Input> {
    let text = std::str::from_utf8(parameters).ok()?;
    if let Some(report) = text.strip_prefix('<') {
        let mut numbers = report.split(';').map(str::parse::<u16>);
        let (button, column, row) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
        return (end == b'M').then(|| mouse(button, column.saturating_sub(1), row.saturating_sub(1)))?;
    }
    // `?`, `>` and their like begin answers; a `$` or a space belongs to them.
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b';' | b':')) {
        return None;
    }
    match (end, text) {
        (b'I', "") => return Some(Input::Attended(true)),
        (b'O', "") => return Some(Input::Attended(false)),
        _ => {}
    }
    let mut numbers = text.split(';');
    let first = number(numbers.next());
    let held = Held::read(numbers.next())?;
    let (code, held) = match end {
        b'~' if first == Some(27) => (character(number(numbers.next())?)?, held),
        b'~' => (numbered(first?)?, held),
        b'u' => (character(first?)?, held),
        b'Z' => (Code::Tab, Held { shift: true, ..held }),
        // A cursor report ends in the letter of no key; one that has a number before the modifiers is none either.
        _ if first.is_none_or(|first| first == 1) => (cursor(end)?, held),
        _ => return None,
    };
    Some(Input::Key { key: held.on(code), at })
}

/// A report of the mouse. Only the left button and the wheel mean something; columns and rows count from 0.
pub(super) const fn mouse(button: u16, column: u16, row: u16) -> Option<Input> {
    /// Shift, Alt and Ctrl.
    const HELD: u16 = 4 | 8 | 16;
    let kind = match button & !HELD {
        0 => MouseKind::Click,
        64 => MouseKind::WheelUp,
        65 => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Input::Mouse(Mouse { kind, column, row, hit: None }))
}

const fn cursor(end: u8) -> Option<Code> {
    Some(match end {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        _ => return None,
    })
}

const fn numbered(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        _ => return None,
    })
}

/// A key that is told by its character, as terminals do that tell all modifiers.
fn character(number: u32) -> Option<Code> {
    Some(match char::from_u32(number)? {
        '\r' => Code::Enter,
        '\t' => Code::Tab,
        '\x1b' => Code::Esc,
        '\x08' | '\x7f' => Code::Backspace,
        // Kitty's numbers for keys that have no character are of Unicode's private use.
        c if c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c) => return None,
        c => Code::Char(c),
    })
}

fn number(text: Option<&str>) -> Option<u32> {
    text?.split(':').next()?.parse().ok()
}

/// The modifiers.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    shift: bool,
    alt: bool,
    ctrl: bool,
}

impl Held {
    /// One more than the sum of their bits, and after a colon what happened to the key. `None`: it was let go, or was
    /// pressed together with a modifier that means nothing here.
    fn read(text: Option<&str>) -> Option<Self> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Some(Self::default()) };
        let (bits, event) = text.split_once(':').unwrap_or((text, "1"));
        // Locks do not count.
        let bits = bits.parse::<u16>().ok()?.checked_sub(1)? & !(64 | 128);
        (event != "3" && bits < 8).then_some(Self { shift: bits & 1 > 0, alt: bits & 2 > 0, ctrl: bits & 4 > 0 })
    }

    fn on(self, code: Code) -> Key {
        let code = match code {
            Code::Tab if self.shift => Code::BackTab,
            Code::Char(c) if self.shift => c.to_uppercase().next().map_or(code, Code::Char),
            code => code,
        };
        Key { code, ctrl: self.ctrl, alt: self.alt }
    }
}
