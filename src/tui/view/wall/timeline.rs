//! What happened last, newest at the bottom: one plain sentence each.

use domain::log::Entry;
use domain::time::clock;
use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};

use super::super::context::View;
use super::super::look;
use super::head::age;
use crate::model::sentence;
use crate::theme::Role;
use crate::wall::Wall;
use crate::widget::{Frame, Row};

/// What stands where a text was left out.
const WITHHELD: &str = "[withheld]";

pub(super) fn draw(wall: &Wall, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    panel(wall, view, "Timeline", true, area, buffer);
}

/// `boxed`: with a frame all around, where there is room for it.
pub(super) fn panel(wall: &Wall, view: &View<'_>, title: &str, boxed: bool, area: Rect, buffer: &mut Buffer) {
    let entries = &view.model.state.entries;
    let muted = view.style(Role::Muted);
    let mut corner = vec![Span::styled(format!("{} entries", entries.len()), muted)];
    if let Some(last) = entries.last() {
        corner.push(Span::styled(format!("  last {} ago", age(wall.ago(last.recorded_at))), muted));
    }
    let frame = Frame::new(title).corner(corner);
    let inner = if boxed {
        frame.draw(view.theme, area, buffer)
    } else {
        frame.rule(view.theme, area, buffer).inner(Margin { horizontal: 1, vertical: 0 })
    };
    let width = usize::from(inner.width);
    let room = usize::from(inner.height);
    let mut lines: Vec<Line<'static>> = entries
        .iter()
        .rev()
        .filter(|entry| worth_a_line(view, entry))
        .take(room)
        .map(|entry| line(view, entry, width))
        .collect();
    lines.reverse();
    for (y, line) in (inner.top()..inner.bottom()).zip(&lines) {
        buffer.set_line(inner.x, y, line, inner.width);
    }
}

/// Consoles that come and go, and what nobody may read, tell a room nothing.
fn worth_a_line(view: &View<'_>, entry: &Entry) -> bool {
    !sentence(&view.model.state, entry).text.ends_with(WITHHELD)
        && !matches!(
            entry.event,
            domain::log::Event::ConsoleAttached { .. } | domain::log::Event::ConsoleDetached { .. }
        )
}

fn line(view: &View<'_>, entry: &Entry, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let sentence = sentence(&view.model.state, entry);
    let sign = look::mark(view.symbols(), sentence.mark);
    let corrected = view.model.state.superseded.contains_key(&entry.seq);
    let text = if corrected { muted } else { view.style(Role::Text) };
    let detail = sentence.detail.unwrap_or_default().replace(WITHHELD, "").replace('\n', " ");
    Row::new()
        .put(clock(entry.occurred_at), muted)
        .gap(2)
        .put(sign.sign, view.style(sign.role))
        .gap(1)
        .put(sentence.text, text)
        .gap(2)
        .put(detail.trim().trim_matches([',', ':', ';']).to_owned(), muted)
        .right(format!("  {}", entry.actor.name), muted)
        .fit(width)
}
