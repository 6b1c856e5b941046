//! One panel: its contents by name, its frame, and what of it the mouse can reach.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::context::{Content, View};
use super::hits::Hits;
use super::{backups, checklist, log, objectives, readiness, regions, replication};
use crate::model::{Hit, Panel};
use crate::widget::{Frame, Item};

/// How a panel is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Box,
    /// Only a rule above it, where every row counts.
    Rule,
}

/// What stands in a panel of this many columns and rows inside its frame.
pub(super) fn contents(view: &View<'_>, panel: Panel, width: usize, height: usize) -> Content {
    let zoomed = view.model.ui.zoomed && view.model.ui.focus == panel;
    match panel {
        Panel::Regions => named(regions::regions(view, width), panel),
        Panel::Replication => named(replication::replication(view, width), panel),
        Panel::Objectives => named(objectives::objectives(view, width), panel),
        Panel::Backups => named(backups::backups(view, width, zoomed), panel),
        Panel::Checklist => {
            checklist::content(view, width, height).unwrap_or_else(|| readiness::readiness(view, width))
        }
        Panel::Log => log::content(view, width, height, zoomed),
    }
}

fn named(mut content: Content, panel: Panel) -> Content {
    content.frame = Frame::new(panel.title());
    content
}

/// Rows a panel would like inside its frame.
pub(super) fn wanted(view: &View<'_>, panel: Panel, width: u16) -> u16 {
    let content = contents(view, panel, usize::from(width.saturating_sub(4)), usize::MAX);
    u16::try_from(content.list.items.len()).unwrap_or(u16::MAX)
}

pub(super) fn draw(view: &View<'_>, panel: Panel, edge: Edge, area: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    draw_with(view, panel, edge, area, Vec::new(), buffer, hits);
}

/// The same with something more in the corner of the frame.
pub(super) fn draw_with(
    view: &View<'_>,
    panel: Panel,
    edge: Edge,
    area: Rect,
    aside: Vec<Span<'static>>,
    buffer: &mut Buffer,
    hits: &mut Hits,
) {
    let inner = inside(edge, area);
    let mut content = contents(view, panel, usize::from(inner.width), usize::from(inner.height));
    let focused = view.model.ui.focus == panel;
    content.list.offset = view.model.ui.scroll.get(&panel).copied().unwrap_or_default();
    content.list.lit &= focused;
    let number = u8::try_from(panel.number()).ok();
    let frame = number.map_or(content.frame.clone(), |number| content.frame.clone().number(number));
    content.frame = frame.focused(focused).aside(aside);
    hits.put(area, Hit::Panel(panel));
    framed(view, &content, edge, area, buffer, hits);
}

/// Draws contents that are no numbered panel: the step in focus, services.
pub(super) fn framed(view: &View<'_>, content: &Content, edge: Edge, area: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    let height = usize::from(inside(edge, area).height);
    let frame = content.frame.clone().foot(content.list.hidden(view.theme, height));
    let inner = match edge {
        Edge::Box => frame.draw(view.theme, area, buffer),
        Edge::Rule => frame.rule(view.theme, area, buffer),
    };
    content.list.draw(view.theme, inner, buffer);
    let first = content.list.first(height);
    for spot in content.spots.iter().filter(|spot| spot.line >= first && spot.line - first < height) {
        let column = |at: usize| u16::try_from(at).unwrap_or(u16::MAX).min(inner.width);
        let (from, to) = (column(spot.columns.start), column(spot.columns.end));
        let y = inner.y + u16::try_from(spot.line - first).unwrap_or_default();
        hits.put(Rect { x: inner.x + from, y, width: to - from, height: 1 }, spot.hit.clone());
    }
}

/// The room inside an edge.
pub(super) const fn inside(edge: Edge, area: Rect) -> Rect {
    match edge {
        Edge::Box => Rect {
            x: area.x.saturating_add(2),
            y: area.y.saturating_add(1),
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2),
        },
        Edge::Rule => Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area },
    }
}

/// Whether a line of the panel is red: what a hidden panel has to be counted by.
pub(super) fn red(view: &View<'_>, panel: Panel) -> usize {
    let is_red = |item: &&Item| item.red;
    contents(view, panel, 80, usize::MAX).list.items.iter().filter(is_red).count()
}
