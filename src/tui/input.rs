//! What reaches `update`, and the last place that knows the terminal library's events.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use domain::console::Told;

use crate::keys::{Code, Key};
use crate::model::Hit;

/// Everything that can change the screen.
#[derive(Clone, Debug)]
pub enum Input {
    /// `at` is when it arrived, since boot: what tells a person's keys from a burst.
    Key {
        key: Key,
        at: Duration,
    },
    Paste(String),
    Mouse(Mouse),
    Resize(u16, u16),
    /// The terminal's window got or lost the focus.
    Attended(bool),
    Told(Told),
    /// Time has passed.
    Tick,
}

/// The mouse looks and selects; it never acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mouse {
    pub kind: MouseKind,
    pub column: u16,
    pub row: u16,
    /// What was drawn there.
    pub hit: Option<Hit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    Click,
    WheelUp,
    WheelDown,
}

/// `None` for what means nothing here: releases, drags, keys nobody binds.
#[must_use]
pub fn from_terminal(event: Event, at: Duration) -> Option<Input> {
    Some(match event {
        Event::Key(key) => Input::Key { key: key_of(key)?, at },
        Event::Paste(text) => Input::Paste(text),
        Event::Resize(columns, rows) => Input::Resize(columns, rows),
        Event::FocusGained => Input::Attended(true),
        Event::FocusLost => Input::Attended(false),
        Event::Mouse(mouse) => {
            let kind = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
                MouseEventKind::ScrollUp => MouseKind::WheelUp,
                MouseEventKind::ScrollDown => MouseKind::WheelDown,
                _ => return None,
            };
            Input::Mouse(Mouse { kind, column: mouse.column, row: mouse.row, hit: None })
        }
    })
}

fn key_of(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let has = |modifier| event.modifiers.contains(modifier);
    Some(Key { code, ctrl: has(KeyModifiers::CONTROL), alt: has(KeyModifiers::ALT) })
}
