//! The frame of a panel: number, title, a corner for figures, and a foot that says what is out of sight.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};

use super::text::width;
use crate::theme::{Role, Theme};

#[derive(Clone, Debug, Default)]
pub struct Frame {
    number: Option<u8>,
    title: String,
    title_role: Option<Role>,
    corner: Vec<Span<'static>>,
    foot: Vec<Span<'static>>,
    focused: bool,
}

/// Columns of a title that its corner leaves it.
const SHORTEST_TITLE: u16 = 14;

impl Frame {
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// The key that focuses the panel.
    #[must_use]
    pub const fn number(mut self, number: u8) -> Self {
        self.number = Some(number);
        self
    }

    #[must_use]
    pub const fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    #[must_use]
    pub const fn title_role(mut self, role: Role) -> Self {
        self.title_role = Some(role);
        self
    }

    /// Figures at the right of the upper edge.
    #[must_use]
    pub fn corner(mut self, corner: Vec<Span<'static>>) -> Self {
        self.corner = corner;
        self
    }

    /// More figures before those of the corner.
    #[must_use]
    pub fn aside(mut self, mut aside: Vec<Span<'static>>) -> Self {
        if !aside.is_empty() && !self.corner.is_empty() {
            aside.push(Span::raw("  "));
        }
        aside.append(&mut self.corner);
        self.corner = aside;
        self
    }

    /// What stands at the right of the lower edge.
    #[must_use]
    pub fn foot(mut self, foot: Vec<Span<'static>>) -> Self {
        self.foot = foot;
        self
    }

    /// Draws the frame with all four edges and gives the room inside, with a column of air at both sides.
    pub fn draw(&self, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Rect {
        if area.height < 3 || area.width < 8 {
            return area;
        }
        let edge = theme.style(if self.focused { Role::BorderFocus } else { Role::Border });
        let block = Block::bordered().border_set(theme.symbols().border).border_style(edge);
        let inner = block.inner(area);
        block.render(area, buffer);
        self.heading(theme, Rect { height: 1, ..area }, buffer);
        if !self.foot.is_empty() {
            let foot = padded(&self.foot);
            let wide = columns(&foot).min(area.width.saturating_sub(4));
            over(buffer, area.right() - 2 - wide, area.bottom() - 1, &Line::from(foot), wide);
        }
        inner.inner(ratatui::layout::Margin { horizontal: 1, vertical: 0 })
    }

    /// Draws only the upper edge, as a rule: for screens too small for frames. Gives the room below it.
    pub fn rule(&self, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Rect {
        if area.height == 0 {
            return area;
        }
        let edge = theme.style(if self.focused { Role::BorderFocus } else { Role::Border });
        let line = theme.symbols().border.horizontal_top.repeat(usize::from(area.width));
        buffer.set_stringn(area.x, area.y, line, usize::from(area.width), edge);
        let mut heading = self.clone();
        if heading.corner.is_empty() {
            heading.corner.clone_from(&self.foot);
        } else if !self.foot.is_empty() {
            heading.corner.push(Span::raw("  "));
            heading.corner.extend(self.foot.iter().cloned());
        }
        heading.heading(theme, Rect { height: 1, ..area }, buffer);
        Rect { y: area.y + 1, height: area.height - 1, ..area }
    }

    /// A long title gives way to the corner's figures.
    fn heading(&self, theme: &Theme, area: Rect, buffer: &mut Buffer) {
        let style = theme.style(self.title_role.unwrap_or(if self.focused { Role::Accent } else { Role::Title }));
        let corner = padded(&self.corner);
        let wide = columns(&corner);
        let keeps_corner = wide > 0 && wide + SHORTEST_TITLE + 4 <= area.width;
        let room = area.width.saturating_sub(if keeps_corner { wide + 4 } else { 4 });
        let number = self.number.map(|number| format!("{number} ")).unwrap_or_default();
        let mark = theme.symbols().ellipsis;
        let title = super::ellipsis(&format!("{number}{}", self.title), usize::from(room.saturating_sub(2)), mark);
        let title = format!(" {title} ");
        let taken = u16::try_from(width(&title)).unwrap_or(u16::MAX).min(area.width.saturating_sub(2));
        over(buffer, area.x + 1, area.y, &Line::styled(title, style), taken);
        if keeps_corner && taken + wide + 3 <= area.width {
            over(buffer, area.right() - 2 - wide, area.y, &Line::from(corner), wide);
        }
    }
}

/// Writes over an edge, without inheriting its weight.
pub fn over(buffer: &mut Buffer, x: u16, y: u16, line: &Line<'_>, columns: u16) {
    for x in x..x.saturating_add(columns) {
        if let Some(cell) = buffer.cell_mut((x, y)) {
            cell.modifier = Modifier::empty();
        }
    }
    buffer.set_line(x, y, line, columns);
}

/// With a column of air at both ends, as it stands in an edge; nothing of nothing.
#[must_use]
pub fn padded(spans: &[Span<'static>]) -> Vec<Span<'static>> {
    if spans.is_empty() {
        return Vec::new();
    }
    let mut padded = vec![Span::raw(" ")];
    padded.extend(spans.iter().cloned());
    padded.push(Span::raw(" "));
    padded
}

fn columns(spans: &[Span<'_>]) -> u16 {
    u16::try_from(spans.iter().map(|span| width(&span.content)).sum::<usize>()).unwrap_or(u16::MAX)
}
