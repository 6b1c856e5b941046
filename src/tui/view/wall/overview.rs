//! The first page of an incident: the clocks, the tiers, what is being done, what happened last.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::context::View;
use super::{clocks, step, tiers, timeline};
use crate::wall::Wall;

/// Rows of a clock that are not its figure.
const AROUND: u16 = 3;

pub(super) fn draw(wall: &Wall, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let clock = (area.height * 2 / 5).max(AROUND + 1).min(area.height);
    let mut rest = area.height - clock;
    let now = if rest >= 12 { step::ROWS } else { 3.min(rest) };
    rest -= now;
    let tier = tiers::rows(view, area.width, rest).min(rest);
    rest -= tier;
    let mut y = area.y;
    let mut band = |height: u16| {
        let from = y;
        y += height;
        Rect { y: from, height, ..area }
    };
    clocks::draw(view, band(clock), buffer);
    tiers::draw(view, band(tier), buffer);
    step::draw(view, band(now), buffer);
    if rest >= 2 {
        timeline::panel(wall, view, "Last", rest >= 5, band(rest), buffer);
    }
}
