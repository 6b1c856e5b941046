//! One line of columns: what comes first is cut where the line ends, what is pushed to the right edge stays.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text::{ellipsis, width};

#[derive(Clone, Debug, Default)]
pub struct Row {
    left: Vec<Span<'static>>,
    right: Vec<Span<'static>>,
}

impl Row {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends text.
    #[must_use]
    pub fn put(mut self, text: impl Into<String>, style: Style) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.left.push(Span::styled(text, style));
        }
        self
    }

    /// Appends text in a column of its own, cut or filled to `columns`, with one space after it.
    #[must_use]
    pub fn cell(self, columns: usize, text: &str, style: Style) -> Self {
        let text = ellipsis(text, columns, "…");
        let fill = columns.saturating_sub(width(&text)) + 1;
        self.put(text, style).gap(fill)
    }

    /// The same with the text at the right of its column.
    #[must_use]
    pub fn cell_right(self, columns: usize, text: &str, style: Style) -> Self {
        let text = ellipsis(text, columns, "…");
        self.gap(columns.saturating_sub(width(&text))).put(text, style).gap(1)
    }

    #[must_use]
    pub fn gap(mut self, columns: usize) -> Self {
        if columns > 0 {
            self.left.push(Span::raw(" ".repeat(columns)));
        }
        self
    }

    /// Goes to a column; at least one space when it is passed already.
    #[must_use]
    pub fn at(self, column: usize) -> Self {
        let used = self.used();
        self.gap(if used < column { column - used } else { usize::from(used > 0 && used != column) })
    }

    /// Appends to what stands at the right edge.
    #[must_use]
    pub fn right(mut self, text: impl Into<String>, style: Style) -> Self {
        self.right.push(Span::styled(text.into(), style));
        self
    }

    /// Columns taken from the left so far.
    #[must_use]
    pub fn used(&self) -> usize {
        self.left.iter().map(|span| width(&span.content)).sum()
    }

    /// The line in exactly `columns`. What stands at the right is dropped when it would leave less than a third for the
    /// rest.
    #[must_use]
    pub fn fit(mut self, columns: usize) -> Line<'static> {
        let tail: usize = self.right.iter().map(|span| width(&span.content)).sum();
        let keeps_right = tail > 0 && tail + columns / 3 <= columns;
        let room = if keeps_right { columns - tail } else { columns };
        let mut spans = Vec::with_capacity(self.left.len() + self.right.len() + 1);
        let mut used = 0;
        let overflows = self.left.iter().map(|span| width(span.content.trim_end())).sum::<usize>() > room;
        for span in self.left {
            let wide = width(&span.content);
            if used + wide <= room && !(overflows && used + wide == room) {
                used += wide;
                spans.push(span);
                continue;
            }
            let cut = ellipsis(&span.content, room - used, "…");
            let cut = if span.content.trim().is_empty() { " ".repeat(room - used) } else { cut };
            used += width(&cut);
            spans.push(Span::styled(cut, span.style));
            break;
        }
        spans.push(Span::raw(" ".repeat(room.saturating_sub(used))));
        if keeps_right {
            spans.append(&mut self.right);
        }
        Line::from(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &Line<'_>) -> String {
        line.spans.iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn the_right_edge_survives_a_long_left() {
        let row = Row::new().put("Promote DR database in the west", Style::new()).right(" mara", Style::new());
        assert_eq!(text(&row.clone().fit(20)), "Promote DR dat… mara");
        assert_eq!(width(&text(&row.fit(60))), 60);
    }

    #[test]
    fn a_right_edge_that_leaves_no_room_is_dropped() {
        let row = Row::new().put("abcdef", Style::new()).right("0123456789", Style::new());
        assert_eq!(text(&row.fit(11)), "abcdef     ");
    }

    #[test]
    fn columns_line_up() {
        let row = Row::new().cell(4, "ab", Style::new()).cell_right(4, "9", Style::new()).at(12).put("x", Style::new());
        assert_eq!(text(&row.fit(14)), "ab      9   x ");
    }
}
