//! A box that lies over the bridge.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Widget};

use crate::theme::{Role, Theme};

/// Rows at the top that a box leaves uncovered when it can: what this is, and how much time is left.
const HEADER: u16 = 2;

/// A rectangle of at most `width` × `height` in the middle of `screen`, a little above it when there is room.
#[must_use]
pub fn placed(screen: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(screen.width);
    let height = height.min(screen.height);
    let x = screen.x + (screen.width - width) / 2;
    let y = screen.y + ((screen.height - height) * 2 / 5).max(HEADER.min(screen.height - height));
    Rect { x, y, width, height }
}

/// Clears the place and draws a heavy frame with a title; gives the room inside.
pub fn dialog(theme: &Theme, area: Rect, title: &str, edge: Role, buffer: &mut Buffer) -> Rect {
    Clear.render(area, buffer);
    buffer.set_style(area, theme.style(Role::Text));
    buffer.set_style(area, theme.style(Role::Background));
    buffer.set_style(area, theme.style(Role::Overlay));
    if area.width < 8 || area.height < 3 {
        return area;
    }
    let block = Block::bordered().border_set(theme.symbols().border_strong).border_style(theme.style(edge));
    let inner = block.inner(area).inner(Margin { horizontal: 1, vertical: 0 });
    block.render(area, buffer);
    let room = usize::from(area.width.saturating_sub(6));
    let title = format!(" {} ", super::ellipsis(title, room.saturating_sub(2), "…"));
    let looks = if edge == Role::BorderFocus { Role::Accent } else { edge };
    let wide = u16::try_from(super::width(&title)).unwrap_or(u16::MAX);
    super::over(buffer, area.x + 2, area.y, &Line::styled(title, theme.bold(looks)), wide);
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_never_leaves_the_screen() {
        for (width, height) in [(1, 1), (7, 3), (80, 24), (200, 60)] {
            let screen = Rect::new(0, 0, width, height);
            let area = placed(screen, 84, 18);
            assert_eq!(area.intersection(screen), area);
            let mut buffer = Buffer::empty(screen);
            dialog(&Theme::default(), area, "Promote DR database", Role::NoReturn, &mut buffer);
        }
    }
}
