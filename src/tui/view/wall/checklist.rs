//! The checklist as the console shows it, with the step whose turn it is above.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::checklist;
use super::super::context::View;
use super::step;
use crate::theme::Role;

pub(super) fn draw(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let top = step::ROWS.min(area.height);
    step::draw(view, Rect { height: top, ..area }, buffer);
    let below = Rect { y: area.y + top, height: area.height - top, ..area };
    let (width, height) = (usize::from(below.width.saturating_sub(4)), usize::from(below.height.saturating_sub(2)));
    let Some(mut content) = checklist::content(view, width, height) else {
        let line = Line::styled("no runbook is started", view.style(Role::Muted));
        buffer.set_line(below.x, below.y, &line, below.width);
        return;
    };
    // Nobody selects here.
    content.list.lit = false;
    let frame = content.frame.clone().foot(content.list.hidden(view.theme, height));
    let inner = frame.draw(view.theme, below, buffer);
    content.list.draw(view.theme, inner, buffer);
}
