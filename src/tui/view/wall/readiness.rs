//! What could be relied on now, while all is calm.

use domain::readiness::Verdict;
use domain::reading::Status;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::backups::backups;
use super::super::context::View;
use super::clocks::middle;
use super::regions::{lines, panel, read};
use crate::theme::Role;
use crate::wall::Wall;
use crate::widget::{Frame, Row, largest};

pub(super) fn draw(wall: &Wall, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let top = (area.height * 2 / 5).max(4).min(area.height);
    word(wall, view, Rect { height: top, ..area }, buffer);
    let below = Rect { y: area.y + top, height: area.height - top, ..area };
    let bad = bad(view, usize::from(below.width.saturating_sub(4)));
    let wanted = u16::try_from(bad.len() + 2).unwrap_or(u16::MAX);
    let tall = if bad.is_empty() { 0 } else { wanted.min(below.height / 2) };
    let list = Rect { height: below.height - tall, ..below };
    panel(wall, view, "Backups", backups(view, usize::from(list.width.saturating_sub(4)), false), list, buffer);
    if tall > 0 {
        let area = Rect { y: list.bottom(), height: tall, ..below };
        let inner = Frame::new("Failing and overdue").draw(view.theme, area, buffer);
        lines(&bad, inner, buffer);
    }
}

/// The worst that the evaluation found; that nobody evaluated is no green either.
fn verdict(wall: &Wall, status: Option<&Status>) -> (&'static str, Role, String) {
    let evaluation = status.filter(|_| wall.reads()).and_then(|status| status.evaluation.as_ref());
    let Some(evaluation) = evaluation else {
        return ("UNKNOWN", Role::Unknown, "no console evaluates the readiness".to_owned());
    };
    let (word, role) = if evaluation.failing > 0 {
        ("NOT READY", Role::Down)
    } else if evaluation.overdue > 0 {
        ("OVERDUE", Role::Warning)
    } else if evaluation.unknown > 0 {
        ("UNKNOWN", Role::Unknown)
    } else {
        ("READY", Role::Ok)
    };
    (word, role, evaluation.summary())
}

fn word(wall: &Wall, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let (word, role, text) = verdict(wall, view.model.status.as_deref());
    let inner = Frame::new("Readiness").corner(read(wall, view)).draw(view.theme, area, buffer);
    let room = inner.height.saturating_sub(2).max(1);
    let rows = largest(view.symbols(), word, usize::from(inner.width), usize::from(room));
    let tall = u16::try_from(rows.len()).unwrap_or(room);
    let top = inner.y + inner.height.saturating_sub(tall + 2) / 2;
    for (y, row) in (top..inner.bottom()).zip(rows) {
        middle(&Line::styled(row, view.bold(role)), Rect { y, height: 1, ..inner }, buffer);
    }
    let y = (top + tall + 1).min(inner.bottom().saturating_sub(1));
    middle(&Line::styled(text, view.style(Role::Text)), Rect { y, height: 1, ..inner }, buffer);
}

fn bad(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let evaluation = view.model.status.as_ref().and_then(|status| status.evaluation.as_ref());
    let rows = evaluation.map(|evaluation| evaluation.bad.as_slice()).unwrap_or_default();
    rows.iter()
        .map(|row| {
            let (sign, role) = match row.verdict {
                Verdict::Failing => (view.symbols().down, Role::Down),
                _ => (view.symbols().warning, Role::Warning),
            };
            let text = format!("{sign} {} {}", row.area.word(), row.name);
            Row::new()
                .put(text, view.style(role))
                .right(format!("  {}", row.verdict.word()), view.style(role))
                .fit(width)
        })
        .collect()
}
