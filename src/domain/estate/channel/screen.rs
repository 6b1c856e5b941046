//! `bell` and `desktop`: the terminal that the console runs in.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key};

pub(super) const BELL: Variant = Variant {
    word: "bell",
    about: "The bell of the terminal that the console runs in: every console rings its own.",
    keys: &[],
    example: r#"[notify.bell]
type = "bell"
"#,
};

pub(super) const DESKTOP: Variant = Variant {
    word: "desktop",
    about: "A notification of the desktop, through the terminal that the console runs in (over ssh too): OSC 9 is known \
            to iTerm2, kitty, WezTerm, Ghostty, foot and Windows Terminal; OSC 777 to urxvt, foot and the terminals of \
            GNOME. Inside tmux it is passed through, which needs `set -g allow-passthrough on` there. At most one in \
            five seconds.",
    keys: &[key("sequence", Kind::Word(&["osc9", "osc777"]), "\"osc9\"", "How the terminal is asked.")],
    example: r#"[notify.desktop]
type = "desktop"
at_least = "critical"
# sequence = "osc9"
"#,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DesktopChannel {
    pub sequence: DesktopSequence,
}

/// How a terminal is asked for a notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DesktopSequence {
    #[default]
    Osc9,
    Osc777,
}

impl DesktopChannel {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Self {
        let sequence = match fields.word("sequence", &["osc9", "osc777"]) {
            Some("osc777") => DesktopSequence::Osc777,
            _ => DesktopSequence::Osc9,
        };
        Self { sequence }
    }
}
