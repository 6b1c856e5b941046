//! The text of an update being written: its first line is the subject.

use domain::time::clock;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::model::Drafting;
use crate::theme::Role;
use crate::view::context::View;
use crate::view::hints::keys;
use crate::widget::{Row, dialog, placed};

const WIDTH: u16 = 92;
/// Rows of text before it scrolls.
const ROWS: u16 = 24;

pub(super) fn draw(view: &View<'_>, drafting: &Drafting, screen: Rect, buffer: &mut Buffer) {
    let folded = |line: &String| 1 + line.chars().count() / usize::from(WIDTH - 8);
    let written: usize = drafting.area.lines().iter().map(folded).sum();
    let rows = u16::try_from(written).unwrap_or(u16::MAX).clamp(8, ROWS);
    let area = placed(screen, WIDTH, rows + 6);
    let inner = dialog(view.theme, area, &format!("Update for {}", drafting.audience), Role::BorderFocus, buffer);
    if inner.height < 5 {
        return;
    }
    let width = usize::from(inner.width);
    buffer.set_line(inner.x, inner.y, &about(view, drafting, width), inner.width);
    let text = Rect { y: inner.y + 1, height: inner.height - 3, ..inner };
    let mut area = drafting.area.clone();
    area.set_style(view.style(Role::Strong));
    area.set_cursor_line_style(Style::new());
    area.set_cursor_style(Style::new().add_modifier(Modifier::REVERSED));
    area.render(text, buffer);
    let meanwhile = view.model.told_meanwhile(&drafting.audience, drafting.after);
    let meanwhile =
        meanwhile.map(|update| format!("{} told them at {}, after this was begun", update.by, clock(update.at)));
    if let Some(problem) = drafting.problem.clone().or(meanwhile) {
        let line = Line::styled(format!("{} {problem}", view.symbols().warning), view.bold(Role::Warning));
        buffer.set_line(inner.x, text.bottom(), &line, inner.width);
    }
    let pairs =
        [("enter", "preview"), ("alt-enter", "new line"), ("tab", "status"), ("ctrl-r", "anew"), ("esc", "keeps it")];
    let pairs = pairs.into_iter().map(|(key, word)| (key.to_owned(), word, true));
    let line = keys(view, pairs, width);
    buffer.set_line(inner.x.saturating_sub(1), inner.bottom() - 1, &line, inner.width);
}

fn about(view: &View<'_>, drafting: &Drafting, width: usize) -> Line<'static> {
    let from = if drafting.edited { "changed by hand" } else { "from its template" };
    Row::new()
        .put(drafting.status.word(), view.bold(Role::Accent))
        .put(format!("  {from}; the first line is the subject"), view.style(Role::Muted))
        .fit(width)
}
