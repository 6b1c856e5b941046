//! The bridge: everything at once on a large screen, one panel and the essentials of the others on a small one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::context::View;
use super::header::header;
use super::hits::Hits;
use super::panel::{self, Edge, wanted};
use super::{hints, objectives, readiness, regions, step};
use crate::model::{Hit, Panel};
use crate::theme::Role;

/// From this size on, all six panels are shown in two columns.
const TWO_COLUMNS: (u16, u16) = (100, 28);
/// Rows an attempt may take below the checklist of a small screen.
const BRIEF: usize = 5;
/// Rows of the log, frame included, when room is short.
const LOG: u16 = 5;

pub(super) fn draw(view: &View<'_>, area: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    let lines = header(view, usize::from(area.width));
    let rows = u16::try_from(lines.len()).unwrap_or(2);
    for (y, line) in (area.y..).zip(&lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
    let foot = Rect { y: area.bottom() - 1, height: 1, ..area };
    buffer.set_line(foot.x, foot.y, &hints::line(view, usize::from(foot.width)), foot.width);
    let body = Rect { y: area.y + rows, height: area.height.saturating_sub(rows + 1), ..area };
    if view.model.ui.zoomed {
        zoomed(view, body, buffer, hits);
    } else if area.width >= TWO_COLUMNS.0 && area.height >= TWO_COLUMNS.1 {
        two_columns(view, body, buffer, hits);
    } else {
        small(view, body, buffer, hits);
    }
}

/// The focused panel alone; the checklist keeps the step in focus beside it.
fn zoomed(view: &View<'_>, body: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    let focus = view.model.ui.focus;
    if focus == Panel::Checklist && body.width >= TWO_COLUMNS.0 {
        let (left, right) = halves(body);
        panel::draw(view, focus, Edge::Box, left, buffer, hits);
        detail(view, right, buffer, hits);
    } else {
        panel::draw(view, focus, Edge::Box, body, buffer, hits);
    }
}

fn halves(area: Rect) -> (Rect, Rect) {
    let left = area.width / 2;
    (Rect { width: left, ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
}

/// The step in focus, or what is served from where before there is one.
fn detail(view: &View<'_>, area: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    let width = usize::from(area.width.saturating_sub(4));
    let mut content = step::content(view, width).unwrap_or_else(|| readiness::services(view, width));
    // Air goes before words, from the end.
    let items = &mut content.list.items;
    while items.len() > usize::from(area.height.saturating_sub(2)) {
        let Some(air) = items.iter().rposition(|item| item.line.width() == 0) else { break };
        items.remove(air);
    }
    hits.put(area, Hit::Panel(Panel::Checklist));
    panel::framed(view, &content, Edge::Box, area, buffer, hits);
}

fn two_columns(view: &View<'_>, body: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    let (left, right) = halves(body);
    let want = |panel, area: Rect| wanted(view, panel, area.width).saturating_add(2);
    let first = want(Panel::Regions, left).max(want(Panel::Objectives, right));
    let second = want(Panel::Replication, left).max(want(Panel::Backups, right));
    let detail_rows = {
        let width = usize::from(right.width.saturating_sub(4));
        let content = step::content(view, width).unwrap_or_else(|| readiness::services(view, width));
        u16::try_from(content.list.items.len()).unwrap_or(u16::MAX).saturating_add(2)
    };
    let third = want(Panel::Checklist, left).max(detail_rows);
    let [first, second, third, log] = heights(body.height, [first, second, third]);
    let mut y = body.y;
    let mut band = |height: u16| {
        let from = y;
        y += height;
        let cut = |column: Rect| Rect { y: from, height, ..column };
        (cut(left), cut(right), cut(body))
    };
    let (regions, objectives, _) = band(first);
    let (replication, backups, _) = band(second);
    let (checklist, step, _) = band(third);
    let (_, _, log) = band(log);
    for (panel, area) in [
        (Panel::Regions, regions),
        (Panel::Objectives, objectives),
        (Panel::Replication, replication),
        (Panel::Backups, backups),
        (Panel::Checklist, checklist),
        (Panel::Log, log),
    ] {
        panel::draw(view, panel, Edge::Box, area, buffer, hits);
    }
    detail(view, step, buffer, hits);
}

/// Rows of the three bands of panels and of the log, frames included, from what the bands would like. The readings may
/// take less than half; the checklist comes next; the log takes what is left, and never less than three entries.
fn heights(total: u16, [first, second, third]: [u16; 3]) -> [u16; 4] {
    let readings = (first.saturating_add(second)).min(total * 45 / 100).max(8);
    let second = second.min((readings * 2 / 5).max(readings.saturating_sub(first))).max(3);
    let first = readings - second;
    let rest = total.saturating_sub(readings);
    let log = rest.saturating_sub(third).clamp(LOG, (rest / 2).max(LOG));
    [first, second, rest.saturating_sub(log), log.min(rest)]
}

/// Regions and tiers in a row each, the checklist, three entries; another focused panel takes the checklist's place.
fn small(view: &View<'_>, body: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    let width = usize::from(body.width);
    let strips = [
        (Panel::Regions, indented(view, regions::strip(view, width - 1))),
        (Panel::Objectives, indented(view, objectives::strip(view, width - 1))),
    ];
    for (y, (panel, line)) in (body.y..).zip(&strips) {
        buffer.set_line(body.x, y, line, body.width);
        hits.put(Rect { y, height: 1, ..body }, Hit::Panel(*panel));
    }
    let log_rows = if body.height >= 16 { 4 } else { 3 };
    let main = Rect { y: body.y + 2, height: body.height.saturating_sub(2 + log_rows), ..body };
    let log = Rect { y: main.bottom(), height: log_rows, ..body };
    let shown = match view.model.ui.focus {
        Panel::Log => Panel::Checklist,
        panel => panel,
    };
    let brief = step::brief(view, width, BRIEF).filter(|_| shown == Panel::Checklist && main.height >= 12);
    let attempt_rows = brief.as_ref().map_or(0, |brief| u16::try_from(brief.list.items.len() + 1).unwrap_or_default());
    let list = Rect { height: main.height - attempt_rows, ..main };
    panel::draw_with(view, shown, Edge::Rule, list, elsewhere(view, shown, width), buffer, hits);
    if let Some(brief) = brief {
        let below = Rect { y: list.bottom(), height: attempt_rows, ..main };
        panel::framed(view, &brief, Edge::Rule, below, buffer, hits);
    }
    panel::draw(view, Panel::Log, Edge::Rule, log, buffer, hits);
}

fn indented(view: &View<'_>, mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::styled(" ", view.style(Role::Text)));
    line
}

/// What is red in panels that have no room here: `2 Replication ✗ 1`, or by number alone.
fn elsewhere(view: &View<'_>, shown: Panel, width: usize) -> Vec<Span<'static>> {
    let hidden = [Panel::Replication, Panel::Backups, Panel::Checklist].into_iter().filter(|panel| *panel != shown);
    let counted = hidden.filter_map(|panel| match panel::red(view, panel) {
        0 => None,
        count if width < 70 => Some(format!("{} {} {count}", panel.number(), view.symbols().down)),
        count => Some(format!("{} {} {} {count}", panel.number(), panel.title(), view.symbols().down)),
    });
    let counts: Vec<String> = counted.collect();
    if counts.is_empty() { Vec::new() } else { vec![Span::styled(counts.join("  "), view.style(Role::Down))] }
}

#[cfg(test)]
mod tests {
    use super::heights;

    #[test]
    fn the_bands_fill_the_screen_at_every_height() {
        for total in 20..200 {
            for want in [[8, 5, 15], [3, 3, 3], [60, 60, 60], [200, 4, 40]] {
                let bands = heights(total, want);
                assert_eq!(bands.iter().sum::<u16>(), total, "{total} {want:?} {bands:?}");
                assert!(bands.iter().all(|rows| *rows >= 3), "{total} {want:?} {bands:?}");
            }
        }
    }
}
