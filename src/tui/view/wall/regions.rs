//! Regions, replication and backups: what the estate's readings say, worst first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::backups::backups;
use super::super::context::{Content, View};
use super::super::regions::regions;
use super::super::replication::replication;
use super::head::age;
use crate::theme::Role;
use crate::wall::Wall;
use crate::widget::Frame;

pub(super) fn draw(wall: &Wall, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width.saturating_sub(4));
    let panels = [
        ("Regions", regions(view, width)),
        ("Replication", replication(view, width)),
        ("Backups", backups(view, width, false)),
    ];
    let wanted = panels.each_ref().map(|(_, content)| u16::try_from(content.list.items.len() + 2).unwrap_or(u16::MAX));
    let mut y = area.y;
    for ((title, content), height) in panels.into_iter().zip(heights(area.height, wanted)) {
        panel(wall, view, title, content, Rect { y, height, ..area }, buffer);
        y += height;
    }
}

/// Each as much as it wants while there is room; what is short is shared, from the top.
fn heights(total: u16, wanted: [u16; 3]) -> [u16; 3] {
    let mut left = total;
    let mut heights = wanted.map(|want| {
        let first = want.min((total / 3).max(3)).min(left);
        left -= first;
        first
    });
    for (height, want) in heights.iter_mut().zip(wanted) {
        let more = want.saturating_sub(*height).min(left);
        (*height, left) = (*height + more, left - more);
    }
    heights
}

pub(super) fn panel(wall: &Wall, view: &View<'_>, title: &str, mut content: Content, area: Rect, buffer: &mut Buffer) {
    if area.height < 3 {
        return;
    }
    content.list.lit = false;
    let height = usize::from(area.height.saturating_sub(2));
    let frame = Frame::new(title).corner(read(wall, view)).foot(content.list.hidden(view.theme, height));
    let inner = frame.draw(view.theme, area, buffer);
    content.list.draw(view.theme, inner, buffer);
}

/// How old it is, in words where it is too old.
pub(super) fn read(wall: &Wall, view: &View<'_>) -> Vec<Span<'static>> {
    let written = wall.feed.as_ref().and_then(|feed| feed.readings.as_ref());
    match written {
        Some(written) if wall.reads() => {
            vec![Span::styled(format!("{} ago", age(wall.ago(written.at))), view.style(Role::Muted))]
        }
        Some(written) => vec![Span::styled(format!("STALE {}", age(wall.ago(written.at))), view.bold(Role::Unknown))],
        None => vec![Span::styled("no readings", view.style(Role::Unknown))],
    }
}

pub(super) fn lines(lines: &[Line<'static>], area: Rect, buffer: &mut Buffer) {
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
}
