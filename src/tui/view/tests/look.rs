//! A buffer as text with its styles beneath, so that a snapshot shows colour without a terminal.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::model::Model;
use crate::theme::{Role, Theme};
use crate::view::render;

pub(super) fn drawn(model: &Model, theme: &Theme, (columns, rows): (u16, u16)) -> Buffer {
    let mut model = model.clone();
    model.ui.size = (columns, rows);
    model.ui.looks = theme.clone().into();
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    render(&model, area, &mut buffer);
    buffer
}

/// What stands there, then one letter for the style of each cell, then what the letters mean. The theme's own ground is
/// left out.
pub(super) fn dump(buffer: &Buffer, theme: &Theme) -> String {
    let ground = theme.style(Role::Background).bg;
    let styled = |cell: &Cell| {
        let style = cell.style();
        Style { bg: style.bg.filter(|bg| Some(*bg) != ground), ..style }
    };
    let mut text = String::new();
    let mut letters = String::new();
    let mut legend: Vec<Style> = Vec::new();
    for y in buffer.area.rows().map(|row| row.y) {
        let mut words = String::new();
        let mut marks = String::new();
        for x in buffer.area.left()..buffer.area.right() {
            let cell = &buffer[(x, y)];
            words.push_str(cell.symbol());
            let blank = cell.symbol() == " " && !shows_on_blank(styled(cell));
            marks.push(if blank { ' ' } else { letter(&mut legend, styled(cell)) });
        }
        let _ = writeln!(text, "{}", words.trim_end());
        let _ = writeln!(letters, "{}", marks.trim_end());
    }
    let mut means = String::new();
    for (at, style) in legend.iter().enumerate() {
        let _ = writeln!(means, "{} {}", name(at), described(*style));
    }
    format!("{text}\n{letters}\n{means}")
}

fn shows_on_blank(style: Style) -> bool {
    style.add_modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED)
        || !matches!(style.bg, None | Some(Color::Reset))
}

fn letter(legend: &mut Vec<Style>, style: Style) -> char {
    let style = Style { underline_color: None, sub_modifier: Modifier::empty(), ..style };
    let at = legend.iter().position(|known| *known == style).unwrap_or_else(|| {
        legend.push(style);
        legend.len() - 1
    });
    name(at)
}

fn name(at: usize) -> char {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    LETTERS.get(at).map_or('*', |letter| char::from(*letter))
}

fn described(style: Style) -> String {
    let mut parts = Vec::new();
    if let Some(fg) = style.fg.filter(|fg| *fg != Color::Reset) {
        parts.push(fg.to_string().to_lowercase());
    }
    if let Some(bg) = style.bg.filter(|bg| *bg != Color::Reset) {
        parts.push(format!("on {}", bg.to_string().to_lowercase()));
    }
    parts.extend(style.add_modifier.iter_names().map(|(name, _)| name.to_lowercase()));
    if parts.is_empty() { "plain".to_owned() } else { parts.join(" ") }
}
