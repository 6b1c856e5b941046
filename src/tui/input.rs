//! What reaches `update`, whatever terminal it came from.

use std::time::Duration;

use domain::console::Told;

use crate::keys::Key;
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

impl Input {
    /// A person did it, and waits for what it does.
    #[must_use]
    pub const fn of_a_person(&self) -> bool {
        match self {
            Self::Key { .. } | Self::Paste(_) | Self::Mouse(_) | Self::Resize(..) => true,
            Self::Attended(_) | Self::Told(_) | Self::Tick => false,
        }
    }
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
