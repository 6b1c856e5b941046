//! Expected actions and what was observed of them; below them, what was wrong and what went past the plan.

use domain::drill::score::{ActionResult, Score};
use domain::time::clock;
use ratatui::text::Line;

use super::super::facilitator::observed;
use crate::theme::Role;
use crate::view::context::{View, short};
use crate::widget::{Item, List, Row, wrap};

pub(super) fn list(view: &View<'_>, score: &Score, under: usize, width: usize) -> List {
    let mut list = List::default();
    for (at, action) in score.actions.iter().enumerate() {
        let here = at == under;
        if here {
            (list.selected, list.lit) = (Some(list.items.len()), true);
        }
        list.items.push(Item { line: line(view, action, width), red: false });
        if here {
            list.items.extend(times(view, action, width).into_iter().map(Item::from));
        }
    }
    if score.actions.is_empty() {
        list.items.push(Line::styled("nothing was expected of the players", view.style(Role::Muted)).into());
    }
    let symbols = view.symbols();
    let wrong = score.wrong.iter().map(|wrong| format!("{}, {}", wrong.text, clock(wrong.at)));
    section(view, &mut list, "Wrong actions", (symbols.down, Role::Down), wrong, width);
    let past = score.exceptions.iter().cloned();
    section(view, &mut list, "Went past the plan", (symbols.warning, Role::Warning), past, width);
    list
}

fn line(view: &View<'_>, action: &ActionResult, width: usize) -> Line<'static> {
    let (sign, role, words) = observed(view, Some(action), action.within);
    let rated = action.rating.map_or_else(|| "  -".to_owned(), |rating| format!("  {}", rating.letter()));
    Row::new()
        .put(format!("{sign} "), view.bold(role))
        .put(action.text.clone(), view.style(Role::Text))
        .right(format!("  {words}"), view.style(role))
        .right(rated, view.style(if action.rating.is_some() { Role::Strong } else { Role::Muted }))
        .fit(width)
}

/// What it was counted from, and when it was seen.
fn times(view: &View<'_>, action: &ActionResult, width: usize) -> Vec<Line<'static>> {
    let muted = view.style(Role::Muted);
    let mut facts = vec![action.action.clone()];
    if let Some(from) = action.from {
        let within = action.within.map(|within| format!(", within {}", short(within))).unwrap_or_default();
        facts.push(format!("expected from {}{within}", clock(from)));
    }
    if let Some(at) = action.observed_at {
        facts.push(format!("observed {}", clock(at)));
    }
    let mut lines: Vec<Line<'static>> = Vec::new();
    for part in wrap(&facts.join(", "), width.saturating_sub(4)) {
        lines.push(Row::new().gap(4).put(part, muted).fit(width));
    }
    if let Some(rating) = action.rating {
        let comment = if action.comment.is_empty() { String::new() } else { format!(": {}", action.comment) };
        for part in wrap(&format!("{} {}{comment}", rating.letter(), rating.words()), width.saturating_sub(4)) {
            lines.push(Row::new().gap(4).put(part, view.style(Role::Text)).fit(width));
        }
    }
    lines
}

fn section(
    view: &View<'_>,
    list: &mut List,
    title: &'static str,
    (sign, role): (&'static str, Role),
    texts: impl Iterator<Item = String>,
    width: usize,
) {
    for (count, text) in texts.enumerate() {
        if count == 0 {
            list.items.push(Line::default().into());
            list.items.push(Line::styled(title, view.style(Role::Title)).into());
        }
        for (at, part) in wrap(&text, width.saturating_sub(2)).into_iter().enumerate() {
            let sign = if at == 0 { sign } else { " " };
            let row = Row::new().put(format!("{sign} "), view.bold(role)).put(part, view.style(Role::Text));
            list.items.push(row.fit(width).into());
        }
    }
}
