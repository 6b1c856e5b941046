//! The pages of the wall display: few words, large figures, the age of everything.

mod checklist;
mod clocks;
mod estate;
mod head;
mod overview;
mod readiness;
mod regions;
mod step;
mod tiers;
mod timeline;

use domain::time::stopwatch;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;

use super::context::View;
use super::in_ascii;
use crate::theme::{ASCII, Role};
use crate::wall::{Freshness, Page, Wall};

/// Below this there is no room for panels: what matters most stands in a few lines.
const SMALLEST: (u16, u16) = (44, 12);

/// Draws everything.
pub fn draw_wall(wall: &Wall, frame: &mut Frame<'_>) {
    render_wall(wall, frame.area(), frame.buffer_mut());
}

/// The same into a buffer.
pub fn render_wall(wall: &Wall, area: Rect, buffer: &mut Buffer) {
    let theme = wall.model.ui.looks.current();
    let view = View { model: &wall.model, theme };
    let area = area.intersection(buffer.area);
    buffer.set_style(area, theme.style(Role::Text));
    buffer.set_style(area, theme.style(Role::Background));
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        small(wall, &view, area, buffer);
    } else {
        pages(wall, &view, area, buffer);
    }
    if theme.symbols() == &ASCII {
        in_ascii(area, buffer);
    }
}

fn pages(wall: &Wall, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let lines = head::lines(wall, view, usize::from(area.width));
    for (y, line) in (area.y..).zip(&lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
    let rows = u16::try_from(lines.len()).unwrap_or(2);
    let body = Rect { y: area.y + rows, height: area.height.saturating_sub(rows + 1), ..area };
    match (wall.page, wall.busy()) {
        (Page::Overview, true) => overview::draw(wall, view, body, buffer),
        (Page::Overview, false) => estate::draw(wall, view, body, buffer),
        (Page::Regions, _) => regions::draw(wall, view, body, buffer),
        (Page::Checklist, _) => checklist::draw(view, body, buffer),
        (Page::Timeline, _) => timeline::draw(wall, view, body, buffer),
        (Page::Readiness, _) => readiness::draw(wall, view, body, buffer),
    }
    if matches!(wall.freshness(), Freshness::Stale(_)) {
        dim(view, body, buffer);
    }
    let foot = Rect { y: area.bottom() - 1, height: 1, ..area };
    buffer.set_line(foot.x, foot.y, &head::foot(wall, view, usize::from(foot.width)), foot.width);
}

/// What cannot be believed is quieter than what can; the head says so in a word.
fn dim(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let muted = view.style(Role::Muted);
    for position in area.positions() {
        if let Some(cell) = buffer.cell_mut(position) {
            cell.modifier.remove(Modifier::BOLD);
            cell.set_style(muted.add_modifier(Modifier::DIM));
        }
    }
}

/// What it is, how long it has lasted, whether it can be believed: as much of that as there is room for.
fn small(wall: &Wall, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let kind = head::kind_words(wall.kind());
    let label = wall.model.state.label().unwrap_or("no incident");
    let stale = matches!(wall.freshness(), Freshness::Stale(_));
    let mut lines = vec![Line::styled(format!("{kind} {label}"), view.bold(Role::Strong))];
    if let Some(clocks) = view.clocks() {
        lines.insert(0, Line::styled(stopwatch(clocks.total.elapsed), view.bold(Role::Warning)));
    }
    if stale {
        lines.insert(0, Line::styled("STALE", view.style(Role::BannerAlarm)));
    }
    for (y, line) in (area.top()..area.bottom()).zip(&lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
}
