//! The readiness: going through it, leaving out what is ready, one row whole.

use domain::readiness::RowKey;

use super::list::closes;
use super::turn::Turn;
use crate::keys::{Code, Key};
use crate::model::{Overlay, ReadinessList, Scrolled};

impl Turn<'_> {
    pub(super) fn readiness_key(&mut self, mut list: ReadinessList, key: Key) {
        if closes(key) || key == Key::char('r') {
            return;
        }
        let Some(readiness) = self.model.readiness.clone() else {
            self.open(Overlay::Readiness(list));
            return;
        };
        let rows = list.rows(&readiness);
        let at = list.position(&rows);
        let here = rows.get(at).map(|row| row.key());
        if let Some(by) = key.moves() {
            let to = at.saturating_add_signed(by).min(rows.len().saturating_sub(1));
            list.cursor = rows.get(to).map(|row| row.key());
        } else {
            // What is read stays under the cursor, whatever is evaluated meanwhile.
            list.cursor.clone_from(&here);
        }
        if key == Key::char('f') {
            list.only_not_ready = !list.only_not_ready;
        }
        self.open(Overlay::Readiness(list));
        match (key.code, here) {
            (Code::Char('?'), _) => self.open(Overlay::Help(Scrolled::default())),
            (Code::Enter, Some(of)) => self.open(Overlay::ReadinessDetail(Scrolled { of, scroll: 0 })),
            _ => {}
        }
    }

    pub(super) fn readiness_row_key(&mut self, detail: Scrolled<RowKey>, key: Key) {
        if closes(key) || key.code == Code::Enter {
            return;
        }
        self.open(Overlay::ReadinessDetail(detail));
        if key.code == Code::Char('?') {
            self.open(Overlay::Help(Scrolled::default()));
            return;
        }
        self.scroll_list(key);
    }
}
