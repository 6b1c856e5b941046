//! One key press, and its name on screen.

use std::fmt;

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

/// A key with its modifiers. Shift is part of the character (`M`), and never set for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
}

impl Key {
    #[must_use]
    pub const fn of(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }
    #[must_use]
    pub const fn char(c: char) -> Self {
        Self::of(Code::Char(c))
    }
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: true, alt: false }
    }
    /// The character it types, when it types one.
    #[must_use]
    pub const fn types(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
    /// How far it moves in a list or a text.
    #[must_use]
    pub const fn moves(self) -> Option<isize> {
        Some(match self.code {
            Code::Down | Code::Char('j') => 1,
            Code::Up | Code::Char('k') => -1,
            Code::PageDown | Code::Char(' ') => 10,
            Code::PageUp => -10,
            Code::Home | Code::Char('g') => isize::MIN,
            Code::End | Code::Char('G') => isize::MAX,
            _ => return None,
        })
    }
}

impl fmt::Display for Key {
    /// `x`, `space`, `enter`, `ctrl-p`: the words of the hint line and the help.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        if self.ctrl {
            text.push_str("ctrl-");
        }
        if self.alt {
            text.push_str("alt-");
        }
        match self.code {
            Code::Char(' ') => text.push_str("space"),
            Code::Char(c) => text.push(c),
            Code::Enter => text.push_str("enter"),
            Code::Esc => text.push_str("esc"),
            Code::Tab => text.push_str("tab"),
            Code::BackTab => text.push_str("shift-tab"),
            Code::Backspace => text.push_str("backspace"),
            Code::Delete => text.push_str("delete"),
            Code::Up => text.push('↑'),
            Code::Down => text.push('↓'),
            Code::Left => text.push('←'),
            Code::Right => text.push('→'),
            Code::Home => text.push_str("home"),
            Code::End => text.push_str("end"),
            Code::PageUp => text.push_str("page-up"),
            Code::PageDown => text.push_str("page-down"),
        }
        f.pad(&text)
    }
}
