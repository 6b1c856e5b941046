//! The log: newest last, one sentence each, with what came late and what was corrected marked as such.

use std::sync::Arc;

use domain::identity::Standing;
use domain::log::Entry;
use domain::time::{clock, since};
use ratatui::text::{Line, Span};

use super::context::{Content, Spot, View};
use super::{filtered, look};
use crate::model::{Hit, Narrowed, Panel, sentence};
use crate::theme::Role;
use crate::widget::{Frame, Row, window};

/// An entry recorded this much after it happened is a late one.
const LATE: u64 = 60;

/// Only the entries that are in sight are put into words: a log may be long.
pub(super) fn content(view: &View<'_>, width: usize, height: usize, zoomed: bool) -> Content {
    let state = &view.model.state;
    let log = &view.model.ui.log;
    let narrowed = log.narrowed(state);
    let rows = &narrowed.rows;
    let position = log.position(rows);
    let actor_width = rows.iter().map(|entry| entry.actor.name.as_str().len()).max().unwrap_or(4).clamp(4, 12);
    let mut content = Content::default();
    let first = window(rows.len(), height, 0, Some(position));
    for (at, entry) in rows.iter().enumerate().skip(first).take(height) {
        content.spots.push(Spot::row(content.list.items.len(), Hit::Row(Panel::Log, at)));
        content.list.items.push(line(view, entry, actor_width, zoomed, width).into());
    }
    content.list.above = first;
    content.list.below = rows.len().saturating_sub(first + content.list.items.len());
    if rows.is_empty() {
        let text = if state.entries.is_empty() { "nothing was recorded yet" } else { "no entry passes the filter" };
        content.list.items.push(Line::styled(text, view.style(Role::Muted)).into());
    } else {
        content.list.selected = Some(position - first);
    }
    content.list.lit = !log.follow;
    content.frame = Frame::new(filtered::title(view, "Log", &log.filter)).corner(corner(view, &narrowed));
    content
}

fn corner(view: &View<'_>, shown: &Narrowed<&Arc<Entry>>) -> Vec<Span<'static>> {
    let Some(head) = &view.model.state.head else { return Vec::new() };
    let mut corner = match view.model.ui.log.filter.shows() {
        true => filtered::counts(view, shown),
        false => vec![Span::styled(format!("{} entries", shown.of), view.style(Role::Muted))],
    };
    let follow = if view.model.ui.log.follow { "" } else { "  not following" };
    corner.extend([
        Span::styled(follow, view.style(Role::Warning)),
        Span::styled("  head ", view.style(Role::Muted)),
        Span::styled(head.short(), view.style(Role::Text)),
    ]);
    corner
}

fn line(view: &View<'_>, entry: &Entry, actor_width: usize, zoomed: bool, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let sentence = sentence(&view.model.state, entry);
    let sign = look::mark(view.symbols(), sentence.mark);
    let (standing, signed) = (view.standing(entry), !view.model.state.vouched.is_empty());
    let corrected = view.model.state.superseded.get(&entry.seq);
    let mut row = Row::new();
    if zoomed {
        row = row.cell_right(4, &entry.seq.to_string(), muted);
    }
    // Where nobody signs, no column is spent on it.
    let verified = if matches!(standing, Standing::Verified(_)) { view.symbols().ok } else { "" };
    let who = format!("{}{verified}", entry.actor.name);
    row = row
        .put(clock(entry.occurred_at), muted)
        .gap(2)
        .cell(actor_width + usize::from(signed), &who, view.style(Role::Text))
        .put(sign.sign, view.style(sign.role))
        .gap(1);
    // Before what it says, which may be longer than the row.
    if standing.is_bad() {
        row = row.put(standing.word(), view.bold(Role::Down)).gap(1);
    }
    row = row.put(sentence.text, if corrected.is_some() { muted } else { view.style(Role::Text) });
    let late = since(entry.recorded_at, entry.occurred_at);
    // An exercise is recorded by another clock than it happens by.
    if late.as_secs() > LATE && view.model.exercise().is_none() {
        row = row.gap(2).put(format!("entered {}", clock(entry.recorded_at)), view.style(Role::Warning));
    }
    if let Some(by) = corrected {
        row = row.gap(2).put(format!("corrected by {by}"), view.style(Role::Warning));
    }
    let detail = sentence.detail.unwrap_or_default().replace('\n', " ");
    row.gap(3).put(detail, muted).fit(width)
}
