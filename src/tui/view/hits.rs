//! What stands where, for the mouse.

use ratatui::layout::{Position, Rect};

use crate::model::Hit;

/// Places of the last frame that mean something; what was drawn later lies on top.
#[derive(Clone, Debug, Default)]
pub struct Hits(Vec<(Rect, Hit)>);

impl Hits {
    /// What stands at this column and row.
    #[must_use]
    pub fn at(&self, column: u16, row: u16) -> Option<&Hit> {
        self.0.iter().rev().find(|(area, _)| area.contains(Position::new(column, row))).map(|(_, hit)| hit)
    }

    pub(super) fn put(&mut self, area: Rect, hit: Hit) {
        if area.width > 0 && area.height > 0 {
            self.0.push((area, hit));
        }
    }
}
