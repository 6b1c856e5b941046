//! What may be done about a step, and every action by name: each with its key, or why it cannot be taken now.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, inside};
use crate::action::row;
use crate::model::{Menu, MenuItem, Palette};
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, width as columns};

const WIDTH: u16 = 84;
/// The palette keeps its size while it is searched.
const PALETTE_ROWS: usize = 16;

pub(super) fn step(view: &View<'_>, menu: &Menu, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let mut list = List::of(menu.items.iter().map(|item| item_line(view, item, width)).collect());
    list.selected = Some(menu.cursor);
    list.lit = true;
    Sheet {
        title: menu.title.clone(),
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: vec![Line::default()],
        keys: vec![("enter", "does it"), ("esc", "back")],
    }
}

pub(super) fn palette(view: &View<'_>, palette: &Palette, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let mut lines: Vec<Line<'static>> = palette.items.iter().map(|item| item_line(view, item, width)).collect();
    if lines.is_empty() {
        lines.push(Line::styled("nothing is called that", view.style(Role::Muted)));
    }
    let rows = PALETTE_ROWS.min(usize::from(screen.height).saturating_sub(8)).max(1);
    let first = crate::widget::window(lines.len(), rows, 0, Some(palette.cursor));
    let hidden = lines.len().saturating_sub(first + rows);
    let mut shown: Vec<Line<'static>> = lines.into_iter().skip(first).take(rows).collect();
    shown.resize(rows, Line::default());
    let (before, after) = palette.query.split();
    let query = Row::new()
        .put(": ", view.style(Role::Key))
        .put(format!("{before}{}{after}", view.symbols().cursor), view.style(Role::Strong));
    let query = if hidden > 0 { query.right(format!("{hidden} below"), view.style(Role::Muted)) } else { query };
    let top = [query.fit(width), Line::default()];
    let mut list = List::of(top.into_iter().chain(shown).collect());
    list.selected = Some(2 + palette.cursor.saturating_sub(first));
    list.lit = !palette.items.is_empty();
    Sheet {
        title: "Palette".to_owned(),
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: vec![Line::default()],
        keys: vec![("enter", "does it"), ("↑↓", "choose"), ("esc", "back")],
    }
}

fn item_line(view: &View<'_>, item: &MenuItem, width: usize) -> Line<'static> {
    let action = row(item.action);
    let key = action.keys.first().map(ToString::to_string).unwrap_or_default();
    let title_width = 34.min(width / 2);
    let (title, key_role) = if item.why_not.is_none() { (Role::Text, Role::Key) } else { (Role::Muted, Role::Muted) };
    let row = Row::new().cell(9, &key, view.style(key_role)).cell(
        title_width.max(columns(action.title).min(title_width)),
        action.title,
        view.style(title),
    );
    row.put(item.why_not.clone().unwrap_or_else(|| action.help.to_owned()), view.style(Role::Muted)).fit(width)
}
