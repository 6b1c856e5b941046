//! What may be done about a step: each with its key, or why it cannot be taken now.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, inside};
use crate::action::row;
use crate::model::{Menu, MenuItem};
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, width as columns};

const WIDTH: u16 = 84;

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

fn item_line(view: &View<'_>, item: &MenuItem, width: usize) -> Line<'static> {
    let action = row(item.action);
    let key = view.model.own_key(item.action).unwrap_or_default();
    let title_width = 34.min(width / 2);
    let (title, key_role) = if item.why_not.is_none() { (Role::Text, Role::Key) } else { (Role::Muted, Role::Muted) };
    let row = Row::new().cell(9, &key, view.style(key_role)).cell(
        title_width.max(columns(action.title).min(title_width)),
        action.title,
        view.style(title),
    );
    row.put(item.why_not.clone().unwrap_or_else(|| action.help.to_owned()), view.style(Role::Muted)).fit(width)
}
