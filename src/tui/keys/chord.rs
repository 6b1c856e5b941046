//! One key or several pressed one after the other, read from a person's words and held against what terminals send.

use std::fmt;

use super::{BadKey, Code, Key};

/// Names of keys that type no character, and of the blank.
pub(super) const NAMED: [(&str, Code); 15] = [
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("shift-tab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("page-up", Code::PageUp),
    ("page-down", Code::PageDown),
    ("space", Code::Char(' ')),
];

/// Keys pressed one after the other; never none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord(Vec<Key>);

impl Chord {
    /// More than this nobody types with a calm hand.
    const MOST: usize = 4;

    /// Reads `x`, `ctrl-p`, `g r`.
    ///
    /// # Errors
    /// It is no key, or one that terminals do not send as such.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        // A blank alone is the space bar, not nothing.
        let words: Vec<&str> = if text == " " { vec!["space"] } else { text.split_whitespace().collect() };
        match words.len() {
            0 => Err(BadKey::Empty),
            1..=Self::MOST => words.into_iter().map(key).collect::<Result<Vec<_>, _>>().map(Self),
            _ => Err(BadKey::TooLong { most: Self::MOST }),
        }
    }

    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// What is left to press after `begun`; `None` where this does not begin so. Empty where it is all of it.
    #[must_use]
    pub fn after(&self, begun: &[Key]) -> Option<&[Key]> {
        self.0.strip_prefix(begun)
    }

    /// The same as a chord of its own; `None` where nothing is left.
    #[must_use]
    pub fn rest_after(&self, begun: &[Key]) -> Option<Self> {
        self.after(begun).filter(|rest| !rest.is_empty()).map(|rest| Self(rest.to_vec()))
    }

    /// As a keymap has it.
    #[must_use]
    pub fn written(&self) -> String {
        self.0.iter().map(|key| written(*key)).collect::<Vec<_>>().join(" ")
    }

    /// Why a keymap may not have it.
    ///
    /// # Errors
    /// One of its keys is the way out, or the one that confirms, whatever else a person sets.
    pub fn free(&self) -> Result<(), BadKey> {
        self.0.iter().try_for_each(|key| match stays(*key) {
            Some(stays) => Err(BadKey::Reserved { written: written(*key), stays }),
            None => Ok(()),
        })
    }

    /// Why a keymap may not have it for what does more than look.
    ///
    /// # Errors
    /// It ends in the key that takes a form: held down, it would open one and take it unread.
    pub fn free_to_act(&self) -> Result<(), BadKey> {
        match self.0.last() {
            Some(key) if key.code == Code::Enter => Err(BadKey::Reserved {
                written: self.written(),
                stays: "takes what stands in a form, and opens none that records or runs something",
            }),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }
}

fn written(key: Key) -> String {
    let plain = Key::of(key.code);
    let name = NAMED.iter().find(|(_, code)| *code == key.code).map(|(name, _)| (*name).to_owned());
    let modifiers = [(key.ctrl, "ctrl-"), (key.alt, "alt-")];
    let before: String = modifiers.iter().filter(|(held, _)| *held).map(|(_, word)| *word).collect();
    before + &name.unwrap_or_else(|| plain.to_string())
}

const fn stays(key: Key) -> Option<&'static str> {
    match key {
        Key { code: Code::Esc, .. } => Some("goes back from everything, and stays so"),
        Key { code: Code::Char('c'), ctrl: true, .. } => Some("leaves, and stays so"),
        Key { code: Code::Char('z'), ctrl: true, .. } => Some("gives the terminal back to the shell, and stays so"),
        // A key that opened a box and then said yes to it would execute by being held down.
        Key { code: Code::Char('y'), ctrl: false, alt: false } => Some("says yes to what a box asks, and stays so"),
        _ => None,
    }
}

fn key(word: &str) -> Result<Key, BadKey> {
    let (mut ctrl, mut alt, mut shift) = (false, false, false);
    let mut rest = word;
    let modifier = |rest: &str| {
        let (before, after) = rest.split_once('-')?;
        (!before.is_empty() && !after.is_empty()).then(|| (before.to_lowercase(), rest.len() - after.len()))
    };
    while let Some((modifier, at)) = modifier(rest) {
        match modifier.as_str() {
            "ctrl" => ctrl = true,
            "alt" => alt = true,
            "shift" => shift = true,
            "super" | "cmd" | "win" | "meta" | "hyper" => {
                return Err(BadKey::NotSent { written: word.to_owned(), why: "the desktop keeps it" });
            }
            _ => break,
        }
        rest = &rest[at..];
    }
    let code = code(rest).ok_or_else(|| BadKey::Unknown { written: word.to_owned() })?;
    let pressed = Key { code, ctrl, alt };
    match (shift, code) {
        (true, Code::Tab) => sent(word, Key { code: Code::BackTab, ..pressed }),
        (true, Code::Char(c)) if !ctrl => Err(same(word, Key { code: Code::Char(upper(c)), ..pressed })),
        (true, _) => Err(same(word, pressed)),
        (false, _) => sent(word, pressed),
    }
}

fn upper(c: char) -> char {
    c.to_uppercase().next().unwrap_or(c)
}

fn code(word: &str) -> Option<Code> {
    let mut letters = word.chars();
    if let (Some(c), None) = (letters.next(), letters.next()) {
        return Some(match c {
            '↑' => Code::Up,
            '↓' => Code::Down,
            '←' => Code::Left,
            '→' => Code::Right,
            c if c.is_control() => return None,
            c => Code::Char(c),
        });
    }
    let lower = word.to_lowercase();
    NAMED.iter().find(|(name, _)| *name == lower).map(|(_, code)| *code)
}

fn same(word: &str, as_this: Key) -> BadKey {
    BadKey::SentAs { written: word.to_owned(), sends: written(as_this) }
}

/// Terminals know control characters and a few sequences, no more: what of `key` reaches a program. After ECMA-48 and
/// xterm's control sequences.
fn sent(word: &str, key: Key) -> Result<Key, BadKey> {
    let plain = |code: Code| Key { code, ctrl: false, ..key };
    let ctrl = |c: char| Key { code: Code::Char(c), ..key };
    match key.code {
        Code::Char(c) if key.ctrl => match c {
            'i' | 'I' => Err(same(word, plain(Code::Tab))),
            'm' | 'M' | 'j' | 'J' => Err(same(word, plain(Code::Enter))),
            'h' | 'H' | '8' | '?' => Err(same(word, plain(Code::Backspace))),
            '[' | '3' => Err(same(word, plain(Code::Esc))),
            '2' | '@' | '`' => Err(same(word, ctrl(' '))),
            'A'..='Z' => Err(same(word, ctrl(c.to_ascii_lowercase()))),
            'a'..='z' | ' ' => Ok(key),
            c => Err(same(word, plain(Code::Char(c)))),
        },
        Code::Enter | Code::Tab | Code::BackTab | Code::Backspace | Code::Esc if key.ctrl => {
            Err(same(word, plain(key.code)))
        }
        Code::Char('[' | ']' | 'O' | 'P' | 'X' | '^' | '_') if key.alt => {
            Err(BadKey::NotSent { written: word.to_owned(), why: "it begins a control sequence" })
        }
        Code::Tab | Code::BackTab | Code::Esc if key.alt => {
            Err(BadKey::NotSent { written: word.to_owned(), why: "the desktop or the terminal keeps it" })
        }
        _ => Ok(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for text in
            ["x", "M", "space", "ctrl-p", "alt-enter", "ctrl-alt-x", "g r", "-", "shift-tab", "page-up", "ö", "?"]
        {
            assert_eq!(Chord::parse(text).unwrap().written(), text);
        }
        assert_eq!(Chord::parse("Ctrl-p  G").unwrap().written(), "ctrl-p G");
        assert_eq!(Chord::parse(" ").unwrap(), Chord::parse("space").unwrap());
        assert_eq!(Chord::parse("↑").unwrap(), Chord::parse("UP").unwrap());
    }

    #[test]
    fn what_terminals_do_not_send_is_told_with_what_they_send() {
        for (text, sends) in [
            ("ctrl-i", "tab"),
            ("ctrl-m", "enter"),
            ("ctrl-h", "backspace"),
            ("ctrl-[", "esc"),
            ("ctrl-1", "1"),
            ("ctrl-X", "ctrl-x"),
            ("ctrl-shift-x", "ctrl-x"),
            ("shift-enter", "enter"),
            ("shift-x", "X"),
            ("ctrl-tab", "tab"),
        ] {
            let bad = Chord::parse(text).unwrap_err();
            assert_eq!(bad, BadKey::SentAs { written: text.to_owned(), sends: sends.to_owned() });
            assert!(bad.remedy().contains(sends), "{text}: {}", bad.remedy());
        }
        for text in ["super-x", "cmd-p", "alt-[", "alt-O", "alt-tab"] {
            assert!(matches!(Chord::parse(text), Err(BadKey::NotSent { .. })), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_said_with_its_remedy() {
        let remedy = |text: &str| Chord::parse(text).unwrap_err().remedy();
        assert_eq!(remedy("entr"), "did you mean `enter`?");
        assert!(remedy("F5").contains("one character"));
        assert_eq!(Chord::parse(""), Err(BadKey::Empty));
        assert!(matches!(Chord::parse("a b c d e"), Err(BadKey::TooLong { .. })));
    }

    #[test]
    fn the_ways_out_and_what_confirms_are_not_free() {
        for text in ["esc", "ctrl-c", "g esc", "ctrl-z", "y", "g y"] {
            assert!(Chord::parse(text).unwrap().free().is_err(), "{text}");
        }
        for text in ["ctrl-p", "Y", "ctrl-y", "alt-y"] {
            assert_eq!(Chord::parse(text).unwrap().free(), Ok(()), "{text}");
        }
    }
}
