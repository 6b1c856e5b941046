//! A row of pieces, of which the less important give way when there is no room for all.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::widget::{ellipsis, width as columns};

/// A piece of a row that stays as long as there is room; the highest `rank` goes first.
struct Piece {
    rank: u8,
    spans: Vec<Span<'static>>,
}

/// See the module.
#[derive(Default)]
pub(super) struct Pieces(Vec<Piece>);

impl Pieces {
    pub(super) fn put(&mut self, rank: u8, spans: Vec<Span<'static>>) {
        if !spans.is_empty() {
            self.0.push(Piece { rank, spans });
        }
    }

    /// Stands second, cut to what the others leave of `width`; left out where that is too little.
    pub(super) fn second(&mut self, text: &str, style: Style, gap: usize, width: usize) {
        const WORTH: usize = 12;
        let room = width.saturating_sub(self.used(gap) + gap);
        if room >= WORTH.min(columns(text)) {
            let at = 1.min(self.0.len());
            self.0.insert(at, Piece { rank: 4, spans: vec![Span::styled(ellipsis(text, room, "…"), style)] });
        }
    }

    pub(super) fn text(&mut self, rank: u8, text: impl Into<String>, style: Style) {
        self.put(rank, vec![Span::styled(text.into(), style)]);
    }

    fn used(&self, gap: usize) -> usize {
        let text: usize = self.0.iter().flat_map(|piece| &piece.spans).map(|span| columns(&span.content)).sum();
        text + gap * self.0.len().saturating_sub(1)
    }

    /// The pieces that fit beside `right`, which always stays.
    pub(super) fn fit(mut self, gap: usize, right: Vec<Span<'static>>, width: usize) -> Line<'static> {
        let tail: usize = right.iter().map(|span| columns(&span.content)).sum();
        while self.used(gap) + tail + gap > width && self.0.len() > 1 {
            let worst = self.0.iter().map(|piece| piece.rank).max().unwrap_or_default();
            match self.0.iter().rposition(|piece| piece.rank == worst) {
                Some(at) if worst > 0 => self.0.remove(at),
                _ => break,
            };
        }
        let used = self.used(gap);
        let mut spans: Vec<Span<'static>> = Vec::new();
        for piece in self.0 {
            if !spans.is_empty() {
                spans.push(Span::raw(" ".repeat(gap)));
            }
            spans.extend(piece.spans);
        }
        spans.push(Span::raw(" ".repeat(width.saturating_sub(used + tail))));
        spans.extend(right);
        Line::from(spans)
    }
}
