//! The signs on screen, every one a single column wide, and their replacements for terminals without them.

use ratatui::symbols::border;

/// One set of signs. A sign never stands alone: a word or a number stands beside it.
#[derive(Debug, PartialEq)]
pub struct Symbols {
    pub ok: &'static str,
    pub down: &'static str,
    pub warning: &'static str,
    pub unknown: &'static str,
    pub pending: &'static str,
    pub next: &'static str,
    pub running: &'static str,
    pub dot: &'static str,
    /// From one thing to another.
    pub to: &'static str,
    pub rule: &'static str,
    pub skipped: &'static str,
    pub undone: &'static str,
    pub not_applicable: &'static str,
    pub awaiting: &'static str,
    pub ellipsis: &'static str,
    pub cursor: &'static str,
    /// The line before goes on here.
    pub continued: &'static str,
    pub at_least: &'static str,
    pub at_most: &'static str,
    /// From empty to full, eight steps.
    pub spark: [&'static str; 8],
    pub bar_full: &'static str,
    /// The last, partly filled cell of a bar, from one eighth to seven; empty when only whole cells can be drawn.
    pub bar_part: &'static [&'static str],
    pub bar_empty: &'static str,
    pub border: border::Set<'static>,
    pub border_strong: border::Set<'static>,
    pub scroll: &'static str,
}

impl Symbols {
    /// The signs that a terminal can be expected to have: plain ones where `TERM` is one of those that have no others, or
    /// the locale names an encoding that is not UTF-8. No locale at all says nothing of the terminal.
    #[must_use]
    pub fn fitting(term: Option<&str>, locale: Option<&str>) -> &'static Self {
        let bare = term.is_some_and(|term| term == "linux" || term == "dumb" || term.starts_with("vt"));
        let other = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_uppercase();
            !locale.is_empty() && !locale.contains("UTF-8") && !locale.contains("UTF8")
        });
        if bare || other { &ASCII } else { &UNICODE }
    }
}

pub const UNICODE: Symbols = Symbols {
    ok: "✓",
    down: "✗",
    warning: "▲",
    unknown: "?",
    pending: "○",
    next: "▶",
    running: "●",
    dot: "·",
    to: "▸",
    rule: "━",
    skipped: "»",
    undone: "↶",
    not_applicable: "–",
    awaiting: "◆",
    ellipsis: "…",
    cursor: "▏",
    continued: "↳",
    at_least: "≥",
    at_most: "≤",
    spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    bar_full: "█",
    bar_part: &["▏", "▎", "▍", "▌", "▋", "▊", "▉"],
    bar_empty: "─",
    border: border::PLAIN,
    border_strong: border::THICK,
    scroll: "┃",
};

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

pub const ASCII: Symbols = Symbols {
    ok: "+",
    down: "x",
    warning: "!",
    unknown: "?",
    pending: "o",
    next: ">",
    running: "*",
    dot: "-",
    to: ">",
    rule: "=",
    skipped: "s",
    undone: "u",
    not_applicable: "-",
    awaiting: "a",
    ellipsis: "~",
    cursor: "_",
    continued: "\\",
    at_least: ">=",
    at_most: "<=",
    spark: [".", ".", ":", ":", "|", "|", "#", "#"],
    bar_full: "#",
    bar_part: &[],
    bar_empty: "-",
    border: ASCII_BORDER,
    border_strong: ASCII_BORDER,
    scroll: "#",
};

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn plain_signs_fit_where_there_are_no_others() {
        let ascii = |term, locale| Symbols::fitting(term, locale) == &ASCII;
        assert!(ascii(Some("linux"), Some("en_US.UTF-8")) && ascii(Some("vt220"), None));
        assert!(ascii(Some("xterm"), Some("C")) && ascii(None, Some("de_DE.ISO-8859-1")));
        assert!(!ascii(Some("xterm-256color"), Some("C.utf8")) && !ascii(Some("xterm"), None));
    }

    #[test]
    fn every_sign_is_one_column_wide() {
        let s = &UNICODE;
        let single = [
            s.ok,
            s.down,
            s.warning,
            s.unknown,
            s.pending,
            s.next,
            s.running,
            s.dot,
            s.to,
            s.rule,
            s.skipped,
            s.undone,
            s.not_applicable,
            s.awaiting,
            s.ellipsis,
            s.cursor,
            s.continued,
            s.at_least,
            s.at_most,
            s.bar_full,
            s.bar_empty,
            s.scroll,
        ];
        for sign in single.iter().chain(&s.spark).chain(s.bar_part) {
            assert_eq!(sign.width(), 1, "{sign}");
        }
        for sign in [ASCII.ok, ASCII.down, ASCII.warning, ASCII.awaiting, ASCII.cursor, ASCII.ellipsis] {
            assert!(sign.is_ascii() && sign.len() == 1);
        }
    }
}
