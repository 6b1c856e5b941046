//! What a program changed of its terminal and took back, by everything that it wrote.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::bytes::Regex;

/// Modes that are set and unset, and the title that is kept and brought back.
static CHANGES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\x1b\[(?:\?([0-9;]+)([hl])|(2[23]);2t)").unwrap());

/// The cursor is hidden by what is set elsewhere.
const CURSOR: &str = "25";
const TITLE: &str = "title";

/// How often each was changed and not taken back, at every moment.
#[derive(Debug, Default)]
pub(super) struct Balance {
    open: BTreeMap<String, i32>,
    /// How often each was changed at all.
    pub(super) changed: BTreeMap<String, usize>,
}

impl Balance {
    /// # Panics
    /// Something was changed twice, or taken back though it was not changed.
    pub(super) fn of(written: &[u8]) -> Self {
        let mut balance = Self::default();
        for change in CHANGES.captures_iter(written) {
            let text = |group| change.get(group).map(|text| String::from_utf8(text.as_bytes().to_vec()).unwrap());
            match (text(1), text(2), text(3)) {
                (Some(modes), Some(set), _) => {
                    for mode in modes.split(';') {
                        balance.change(mode, (set == "h") != (mode == CURSOR));
                    }
                }
                (_, _, Some(title)) => balance.change(TITLE, title == "22"),
                _ => unreachable!("{change:?}"),
            }
        }
        balance
    }

    fn change(&mut self, what: &str, changes: bool) {
        let open = self.open.entry(what.to_owned()).or_default();
        // The cursor is shown and hidden again by every field, and may be visible already when the screen is left.
        if what == CURSOR {
            *open = i32::from(changes);
            return;
        }
        *open += if changes { 1 } else { -1 };
        assert!((0..=1).contains(open), "{what} is changed {open} times");
        *self.changed.entry(what.to_owned()).or_default() += usize::from(changes);
    }

    /// Everything is as it was.
    pub(super) fn even(&self) -> bool {
        self.open.values().all(|open| *open == 0)
    }

    /// The screen was entered so many times, each time with all that belongs to it, and everything is as it was.
    pub(super) fn entered(&self, times: usize) {
        assert!(self.even(), "not taken back: {self:?}");
        for what in ["1049", "2004", "1004", TITLE] {
            assert_eq!(self.changed.get(what), Some(&times), "{what}: {self:?}");
        }
    }
}
