//! What lies over the bridge, bottom-up: boxes, forms, lists, texts.

mod alerts;
mod comms;
mod confirm;
mod document;
mod drafting;
mod editor;
mod endex;
mod entry;
mod facilitator;
mod form;
pub(crate) mod help;
mod lead;
mod menu;
mod messages;
mod outbox;
mod palette;
mod readiness;
pub(super) mod runbooks;
mod score;
mod text;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::context::View;
use super::filtered;
use super::hints::{keys, notice};
use super::hits::Hits;
use crate::model::{Filter, Hit, Narrowed, Overlay};
use crate::theme::Role;
use crate::widget::{List, dialog, over, padded, placed};

/// What a box shows: lines that scroll, and rows below them that are always there.
#[derive(Debug)]
struct Sheet {
    title: String,
    edge: Role,
    width: u16,
    list: List,
    /// Below the list, never scrolled away.
    foot: Vec<Line<'static>>,
    keys: Vec<(&'static str, &'static str)>,
}

pub(super) fn draw(view: &View<'_>, screen: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    for overlay in &view.model.ui.overlays {
        hits.put(screen, Hit::Overlay);
        match overlay {
            Overlay::Confirm(confirm) => confirm::sheet(view, confirm, screen).draw(view, screen, buffer),
            Overlay::Form(form) => form::sheet(view, form, screen).draw(view, screen, buffer),
            Overlay::Editor(editor) => editor::draw(view, editor, screen, buffer),
            Overlay::StepMenu(menu) => menu::step(view, menu, screen).draw(view, screen, buffer),
            Overlay::Palette(palette) => palette::sheet(view, palette, screen).draw(view, screen, buffer),
            Overlay::Help(help) => help::sheet(view, help.scroll, screen).draw(view, screen, buffer),
            Overlay::Alerts(list) => alerts::list(view, list, screen).draw(view, screen, buffer),
            Overlay::AlertDetail(detail) => {
                alerts::detail(view, &detail.of, detail.scroll, screen).draw(view, screen, buffer);
            }
            Overlay::Lead(of) => lead::sheet(view, of, screen).draw(view, screen, buffer),
            Overlay::Comms(comms) => comms::list(view, comms, screen).draw(view, screen, buffer),
            Overlay::UpdateHistory(told) => {
                comms::history(view, &told.of, told.scroll, screen).draw(view, screen, buffer);
            }
            Overlay::Drafting(drafting) => drafting::draw(view, drafting, screen, buffer),
            Overlay::Outbox(outbox) => outbox::sheet(view, outbox, screen).draw(view, screen, buffer),
            Overlay::Runbooks(list) => runbooks::sheet(view, list, screen).draw(view, screen, buffer),
            Overlay::Document(document) => document::sheet(view, document, screen).draw(view, screen, buffer),
            Overlay::Readiness(list) => readiness::list(view, list, screen).draw(view, screen, buffer),
            Overlay::ReadinessDetail(detail) => {
                readiness::detail(view, &detail.of, detail.scroll, screen).draw(view, screen, buffer);
            }
            Overlay::Delivered(message) => messages::message(view, message, screen).draw(view, screen, buffer),
            Overlay::Facilitator(panel) => facilitator::draw(view, panel, screen, buffer),
            Overlay::FacilitatorDetail(detail) => {
                facilitator::sheet(view, &detail.of, detail.scroll, screen).draw(view, screen, buffer);
            }
            Overlay::Score(shown) => score::draw(view, shown, screen, buffer),
            Overlay::Messages(list) => messages::list(view, list, screen).draw(view, screen, buffer),
            Overlay::EntryDetail(detail) => {
                entry::sheet(view, detail.of, detail.scroll, screen).draw(view, screen, buffer);
            }
            Overlay::StepDetail(detail) => {
                text::step(view, &detail.of, detail.scroll, screen).draw(view, screen, buffer);
            }
            Overlay::Message(message) => {
                text::message(view, &message.of, message.scroll, screen).draw(view, screen, buffer);
            }
        }
    }
    said(view, screen, buffer);
}

/// What a key was refused for stands in the last row, whatever box reaches down to it.
fn said(view: &View<'_>, screen: Rect, buffer: &mut Buffer) {
    let Some(line) = notice(view, usize::from(screen.width)) else { return };
    let row = Rect { y: screen.bottom().saturating_sub(1), height: 1, ..screen };
    Clear.render(row, buffer);
    buffer.set_style(row, view.style(Role::Text));
    buffer.set_style(row, view.style(Role::Background));
    buffer.set_line(row.x, row.y, &line, row.width);
}

/// Columns inside a box of `wanted` columns on this screen.
fn inside(screen: Rect, wanted: u16) -> usize {
    usize::from(wanted.min(screen.width).saturating_sub(4))
}

impl Sheet {
    /// With the filter of its list: in the row above the keys, once there is one. The box keeps its size meanwhile.
    fn filtered<T>(mut self, view: &View<'_>, filter: &Filter, shown: &Narrowed<T>, screen: Rect) -> Self {
        let Some(line) = filtered::line(view, filter, shown, inside(screen, self.width)) else {
            self.keys.insert(self.keys.len().saturating_sub(1), ("/", "filter"));
            return self;
        };
        if shown.rows.is_empty() && shown.of > 0 {
            self.list = List::of(vec![Line::styled("nothing passes the filter", view.style(Role::Muted))]);
        }
        // No further than the screen goes: nothing is below what is only room.
        let room = usize::from(screen.height).saturating_sub(self.foot.len() + 3);
        let size = self.list.items.len().max(shown.of.min(room));
        self.list.items.resize_with(size, || Line::default().into());
        self.foot.pop();
        self.foot.push(line);
        if filter.editing().is_some() {
            self.keys = vec![("enter", "keeps it"), ("esc", "clears it")];
        } else if let Some(last) = self.keys.last_mut() {
            *last = ("esc", "clears the filter");
        }
        self
    }

    fn draw(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) {
        let count = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
        let fixed = count(self.foot.len()) + 1;
        let height = count(self.list.items.len()).saturating_add(fixed + 2);
        let area = placed(screen, self.width, height);
        let inner = dialog(view.theme, area, &self.title, self.edge, buffer);
        let body = Rect { height: inner.height.saturating_sub(fixed), ..inner };
        self.list.draw(view.theme, body, buffer);
        let mut y = body.bottom();
        for line in &self.foot {
            buffer.set_line(inner.x, y, line, inner.width);
            y += 1;
        }
        let pairs = self.keys.iter().map(|(key, word)| ((*key).to_owned(), *word, true));
        if y < inner.bottom() {
            buffer.set_line(inner.x.saturating_sub(1), y, &keys(view, pairs, usize::from(inner.width)), inner.width);
        }
        let hidden = padded(&self.list.hidden(view.theme, usize::from(body.height)));
        if !hidden.is_empty() && area.height > 2 {
            let line = Line::from(hidden);
            let wide = count(line.width()).min(inner.width);
            over(buffer, inner.right() - wide, area.bottom() - 1, &line, wide);
        }
    }
}
