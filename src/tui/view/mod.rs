//! The picture: a snapshot of the model, drawn in the colours of the theme that is chosen. Reads `model`, `theme` and `action`, and
//! changes nothing.

mod alarms;
mod alerts;
mod backups;
mod bridge;
mod checklist;
mod context;
mod crumbs;
mod exercise;
mod filtered;
mod guards;
mod header;
mod hints;
mod hits;
mod log;
mod look;
mod objectives;
pub(crate) mod overlay;
mod panel;
mod pieces;
mod readiness;
mod records;
mod regions;
mod replication;
mod step;
#[cfg(test)]
mod tests;
mod wall;
mod which;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use hits::Hits;
pub use wall::{draw_wall, render_wall};

use crate::model::Model;
use crate::theme::{ASCII, Role};
use context::View;

/// Fewer columns or rows than these show one line that says so.
pub const SMALLEST: (u16, u16) = (60, 16);

/// Draws everything. The places it gives back say what the mouse is over.
pub fn draw(model: &Model, frame: &mut Frame<'_>) -> Hits {
    render(model, frame.area(), frame.buffer_mut())
}

/// The same into a buffer.
pub fn render(model: &Model, area: Rect, buffer: &mut Buffer) -> Hits {
    let theme = model.ui.looks.current();
    let view = View { model, theme };
    let mut hits = Hits::default();
    let area = area.intersection(buffer.area);
    buffer.set_style(area, theme.style(Role::Text));
    buffer.set_style(area, theme.style(Role::Background));
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(&view, area, buffer);
        return hits;
    }
    // No box ever covers what this is.
    let below = exercise::draw(&view, area, buffer);
    bridge::draw(&view, below, buffer, &mut hits);
    overlay::draw(&view, below, buffer, &mut hits);
    which::draw(&view, below, buffer);
    if theme.symbols() == &ASCII {
        in_ascii(area, buffer);
    }
    hits
}

/// Signs that stand in running text, on terminals that have none of them.
fn in_ascii(area: Rect, buffer: &mut Buffer) {
    for position in area.positions() {
        let Some(cell) = buffer.cell_mut(position) else { continue };
        let plain = match cell.symbol() {
            "…" => "~",
            "–" => "-",
            "·" => ".",
            "›" => ">",
            "×" => "x",
            "↑" => "^",
            "↓" => "v",
            "←" => "<",
            "→" => ">",
            _ => continue,
        };
        cell.set_symbol(plain);
    }
}

/// The incident goes on, whatever the size of the window.
fn too_small(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let (columns, rows) = SMALLEST;
    let mut text = format!("needs {columns}x{rows}, has {}x{}", area.width, area.height);
    if let Some(incident) = view.model.state.open() {
        text = format!("{text}: {} goes on", incident.label);
    }
    if area.height > 0 {
        let y = area.y + area.height / 2;
        buffer.set_stringn(area.x, y, text, usize::from(area.width), view.bold(Role::Warning));
    }
}
