//! The palette: what is typed, and below it every row with its key, the letters that were hit, and why it cannot be taken.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::{Sheet, inside};
use crate::action::{argument, row};
use crate::model::{Given, Offer, Palette};
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, ellipsis, width as columns, window};

const WIDTH: u16 = 92;
/// The palette keeps its size while it is searched.
const ROWS: usize = 16;
const CHOICES: usize = 5;
const KEY: usize = 9;
const NAME: usize = 34;

pub(super) fn sheet(view: &View<'_>, palette: &Palette, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let count = palette.offers.len();
    // A choice leaves in sight what it is made by: the screen in another theme.
    let wanted = if palette.of.is_some() { count.clamp(CHOICES, ROWS) } else { ROWS };
    let rows = wanted.min(usize::from(screen.height).saturating_sub(9)).max(1);
    let first = window(count, rows, 0, Some(palette.cursor));
    let mut shown: Vec<Line<'static>> =
        palette.offers.iter().skip(first).take(rows).map(|offer| line(view, palette, offer, width)).collect();
    if shown.is_empty() {
        shown.push(Line::styled("nothing is called that", view.style(Role::Muted)));
    }
    shown.resize(rows, Line::default());
    let top = [query(view, palette, count.saturating_sub(first + rows), width), Line::default()];
    let mut list = List::of(top.into_iter().chain(shown).collect());
    list.selected = Some(2 + palette.cursor.saturating_sub(first));
    list.lit = count > 0;
    Sheet {
        title: "Palette".to_owned(),
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: vec![usage(view, palette, width)],
        keys: vec![("enter", enter(palette)), ("tab", "completes"), ("↑↓", "choose"), ("esc", "back")],
    }
}

fn query(view: &View<'_>, palette: &Palette, below: usize, width: usize) -> Line<'static> {
    let (before, after) = palette.query.split();
    let typed = format!("{before}{}{after}", view.symbols().cursor);
    let row = Row::new().put(": ", view.style(Role::Key)).put(typed, view.style(Role::Strong));
    match below {
        0 => row,
        below => row.right(format!("  {below} below"), view.style(Role::Muted)),
    }
    .fit(width)
}

/// How the row under the cursor is typed, and what it does, or why it does not: whole, where the row itself is cut.
fn usage(view: &View<'_>, palette: &Palette, width: usize) -> Line<'static> {
    let Some(offer) = palette.chosen() else { return Line::default() };
    let id = offer.action;
    let takes = argument(id).map(|argument| format!(" {}", argument.placeholder())).unwrap_or_default();
    let muted = view.style(Role::Muted);
    let usage = Row::new().put(format!(":{}{takes}", id.name()), muted);
    match &offer.why_not {
        Some(why) => usage.gap(3).put(why.clone(), view.style(Role::Warning)),
        None => usage.gap(3).put(row(id).help, muted),
    }
    .fit(width)
}

fn enter(palette: &Palette) -> &'static str {
    let Some(offer) = palette.chosen() else { return "does it" };
    match (&offer.given, crate::action::needs_argument(offer.action)) {
        (Some(_), _) if row(offer.action).acts != crate::action::Acts::Looks => "opens it, filled in",
        (None, true) => "asks which",
        _ => "does it",
    }
}

fn line(view: &View<'_>, palette: &Palette, offer: &Offer, width: usize) -> Line<'static> {
    let can = offer.why_not.is_none();
    let plain = view.style(if can { Role::Text } else { Role::Muted });
    let muted = view.style(Role::Muted);
    let name_columns = NAME.min(width / 2);
    let (name, said) = match (&offer.given, palette.of) {
        (Some(Given::Choice { value, words }), Some(_)) => (value.clone(), words.clone()),
        (Some(Given::Words(text)), _) => (text.clone(), String::new()),
        (Some(Given::Choice { value, .. }), None) => {
            (format!("{}: {value}", row(offer.action).title), row(offer.action).help.to_owned())
        }
        (None, _) => (row(offer.action).title.to_owned(), row(offer.action).help.to_owned()),
    };
    let mut line = Row::new();
    let key = view.model.own_key(offer.action).unwrap_or_default();
    let indent = if palette.of.is_some() { 2 } else { KEY + 1 };
    if palette.of.is_none() {
        line = line.put(key, view.style(if can { Role::Key } else { Role::Muted }));
    }
    let lit = if can { view.bold(Role::Accent) } else { view.bold(Role::Muted) };
    line = hit(line.at(indent), &ellipsis(&name, name_columns, "…"), &offer.lit, plain, lit);
    line = line.at(indent + name_columns.max(columns(&name).min(name_columns)) + 1);
    let line = match &offer.why_not {
        Some(why) => line.put(why.clone(), muted),
        None => line.put(said, muted),
    };
    if offer.lately { line.right("  lately", muted) } else { line }.fit(width)
}

/// A name with the letters that were typed in another style.
fn hit(mut row: Row, name: &str, lit: &[usize], plain: Style, struck: Style) -> Row {
    for (at, letter) in name.chars().enumerate() {
        row = row.put(letter, if lit.contains(&at) { struck } else { plain });
    }
    row
}
