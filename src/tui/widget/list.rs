//! A list that scrolls to its selection and says what it hides: nothing red is out of sight without a count.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::theme::{Role, Theme};

/// One line of a list.
#[derive(Clone, Debug)]
pub struct Item {
    pub line: Line<'static>,
    /// It must be counted when it is out of sight.
    pub red: bool,
}

impl From<Line<'static>> for Item {
    fn from(line: Line<'static>) -> Self {
        Self { line, red: false }
    }
}

#[derive(Clone, Debug, Default)]
pub struct List {
    pub items: Vec<Item>,
    /// The line to keep in sight, drawn as selected when `lit`.
    pub selected: Option<usize>,
    pub lit: bool,
    /// First line in sight, when nothing is selected.
    pub offset: usize,
    /// Lines before and after `items` that were not even made, because they are out of sight.
    pub above: usize,
    pub below: usize,
}

/// First line in sight of `len` lines in `height` rows, so that `selected` is seen with some of its surroundings.
#[must_use]
pub fn window(len: usize, height: usize, offset: usize, selected: Option<usize>) -> usize {
    let last = len.saturating_sub(height);
    let Some(selected) = selected else { return offset.min(last) };
    let margin = 2.min(height.saturating_sub(1) / 2);
    let lowest = (selected + margin + 1).saturating_sub(height);
    let highest = selected.saturating_sub(margin);
    offset.clamp(lowest, highest.max(lowest)).min(last)
}

impl List {
    /// First line in sight in `height` rows.
    #[must_use]
    pub fn first(&self, height: usize) -> usize {
        window(self.items.len(), height, self.offset, self.selected)
    }

    #[must_use]
    pub fn of(lines: Vec<Line<'static>>) -> Self {
        Self { items: lines.into_iter().map(Item::from).collect(), ..Self::default() }
    }

    /// What is out of sight in `height` rows: `12 more, 2 ✗`. Empty when everything is seen.
    #[must_use]
    pub fn hidden(&self, theme: &Theme, height: usize) -> Vec<Span<'static>> {
        let first = self.first(height);
        let seen = first..(first + height).min(self.items.len());
        let red = self.items.iter().enumerate().filter(|(at, item)| item.red && !seen.contains(at)).count();
        let place = match (self.above + first, self.below + self.items.len() - seen.end) {
            (0, 0) => return Vec::new(),
            (0, below) => format!("{below} below"),
            (above, 0) => format!("{above} above"),
            (above, below) => format!("{above} above, {below} below"),
        };
        let mut spans = vec![Span::styled(place, theme.style(Role::Muted))];
        if red > 0 {
            spans.push(Span::styled(format!(", {red} {} down", theme.symbols().down), theme.style(Role::Down)));
        }
        spans
    }

    pub fn draw(&self, theme: &Theme, area: Rect, buffer: &mut Buffer) {
        let height = usize::from(area.height);
        let first = self.first(height);
        for (at, item) in self.items.iter().enumerate().skip(first).take(height) {
            let y = area.y + u16::try_from(at - first).unwrap_or_default();
            buffer.set_line(area.x, y, &item.line, area.width);
            if self.lit && self.selected == Some(at) {
                for x in area.left()..area.right() {
                    if let Some(cell) = buffer.cell_mut((x, y)) {
                        let style = theme.selected(cell.style());
                        cell.modifier = ratatui::style::Modifier::empty();
                        cell.set_style(style);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(len: usize, red: &[usize]) -> List {
        let items = (0..len).map(|at| Item { line: Line::from(at.to_string()), red: red.contains(&at) }).collect();
        List { items, ..List::default() }
    }

    fn text(spans: &[Span<'_>]) -> String {
        spans.iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn red_lines_out_of_sight_are_counted() {
        let theme = Theme::default();
        let list = list(10, &[1, 8, 9]);
        assert_eq!(text(&list.hidden(&theme, 5)), "5 below, 2 ✗ down");
        assert!(list.hidden(&theme, 10).is_empty());
    }

    #[test]
    fn the_selection_stays_in_sight_at_every_height() {
        for height in 1..12 {
            for selected in 0..10 {
                let first = window(10, height, 0, Some(selected));
                assert!((first..first + height).contains(&selected), "{selected} in {height} rows from {first}");
            }
        }
    }

    #[test]
    fn nothing_panics_without_room() {
        let theme = Theme::default();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
        list(3, &[2]).draw(&theme, Rect::new(0, 0, 0, 0), &mut buffer);
        assert_eq!(text(&list(3, &[2]).hidden(&theme, 0)), "3 below, 1 ✗ down");
    }
}
