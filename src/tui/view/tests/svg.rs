//! A buffer as SVG. Lines and blocks are drawn as shapes, so that no font can tear a frame apart.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

const WIDTH: f64 = 8.43;
const HEIGHT: f64 = 18.0;
const BASELINE: f64 = 13.3;
pub(super) const MARGIN: f64 = 10.0;

/// The two colours that stand for the terminal's own.
pub(super) struct Ground {
    pub fg: &'static str,
    pub bg: &'static str,
}

pub(super) const DARK: Ground = Ground { fg: "#d0d7de", bg: "#0e1116" };
pub(super) const LIGHT: Ground = Ground { fg: "#1f2328", bg: "#ffffff" };

/// A screen of `buffer`'s size, alone.
pub(super) fn svg(buffer: &Buffer, ground: &Ground) -> String {
    let (width, height) = size(buffer);
    let screen: String = rows(buffer, ground).concat();
    sheet(ground, (width, height), &format!("<g transform=\"translate({MARGIN} {MARGIN})\">\n{screen}</g>\n"))
}

/// Width and height of a screen with its margins.
pub(super) fn size(buffer: &Buffer) -> (f64, f64) {
    let (columns, rows) = (f64::from(buffer.area.width), f64::from(buffer.area.height));
    (columns * WIDTH + 2.0 * MARGIN, rows * HEIGHT + 2.0 * MARGIN)
}

/// The file around what is drawn, with a frame, so that a light picture does not run out into a light page.
pub(super) fn sheet(ground: &Ground, (width, height): (f64, f64), drawn: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" font-family=\"'DejaVu Sans Mono', \
         Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <rect x=\".5\" y=\".5\" width=\"{:.1}\" height=\"{:.1}\" rx=\"8\" fill=\"{}\" stroke=\"#8795a4\" \
         stroke-opacity=\".5\"/>\n{drawn}</svg>\n",
        width - 1.0,
        height - 1.0,
        ground.bg
    )
}

/// What is drawn of each row, at its place in the screen.
pub(super) fn rows(buffer: &Buffer, ground: &Ground) -> Vec<String> {
    let drawn = |y| {
        let mut out = String::new();
        row(buffer, y, ground, &mut out);
        out
    };
    (buffer.area.top()..buffer.area.bottom()).map(drawn).collect()
}

/// Grounds first, then what stands on them, in runs of one look.
fn row(buffer: &Buffer, y: u16, ground: &Ground, out: &mut String) {
    let top = f64::from(y) * HEIGHT;
    let cells: Vec<&Cell> = (buffer.area.left()..buffer.area.right()).map(|x| &buffer[(x, y)]).collect();
    for (from, to) in runs(&cells, |a, b| colors(a, ground).1 == colors(b, ground).1) {
        let bg = colors(cells[from], ground).1;
        if bg != ground.bg {
            let _ = writeln!(
                out,
                "<rect x=\"{:.1}\" y=\"{top}\" width=\"{:.1}\" height=\"{HEIGHT}\" fill=\"{bg}\"/>",
                x(from),
                x(to - from)
            );
        }
    }
    let same = |a: &Cell, b: &Cell| {
        colors(a, ground).0 == colors(b, ground).0
            && a.modifier == b.modifier
            && shape(a.symbol()).is_some() == shape(b.symbol()).is_some()
    };
    for (from, to) in runs(&cells, same) {
        let run = &cells[from..to];
        let fg = colors(run[0], ground).0;
        if shape(run[0].symbol()).is_some() {
            let mut d = String::new();
            // A line or a bar goes on through its cells as one shape.
            for (first, last) in runs(run, |a, b| a.symbol() == b.symbol() && goes_on(a.symbol())) {
                if let Some(shape) = shape(run[first].symbol()) {
                    d.push_str(&path(&shape, x(from + first), top, x(last - first)));
                }
            }
            let _ = writeln!(out, "<path fill=\"{fg}\"{} d=\"{d}\"/>", faint(run[0].modifier));
        } else {
            text(run, from, top, &fg, out);
        }
    }
}

fn text(run: &[&Cell], from: usize, top: f64, fg: &str, out: &mut String) {
    let modifier = run[0].modifier;
    let words: String = run.iter().map(|cell| cell.symbol()).collect();
    let lead = words.len() - words.trim_start().len();
    let shown = words.trim();
    if shown.is_empty() {
        return;
    }
    let bold = if modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let line = if modifier.contains(Modifier::UNDERLINED) { " text-decoration=\"underline\"" } else { "" };
    // Browsers join plain spaces, whatever they are told.
    let escaped = shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(' ', "\u{a0}");
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" textLength=\"{:.1}\" fill=\"{fg}\"{bold}{line}{}>{escaped}</text>",
        x(from + lead),
        top + BASELINE,
        x(shown.chars().count()),
        faint(modifier)
    );
}

fn faint(modifier: Modifier) -> &'static str {
    if modifier.contains(Modifier::DIM) { " opacity=\"0.55\"" } else { "" }
}

#[allow(clippy::cast_precision_loss)]
fn x(cells: usize) -> f64 {
    cells as f64 * WIDTH
}

fn runs(cells: &[&Cell], same: impl Fn(&Cell, &Cell) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in 0..cells.len() {
        match runs.last_mut() {
            Some((from, to)) if same(cells[*from], cells[at]) => *to = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs
}

/// Ink and ground, exchanged where the cell is reversed.
fn colors(cell: &Cell, ground: &Ground) -> (String, String) {
    let (fg, bg) = (hex(cell.fg, ground.fg), hex(cell.bg, ground.bg));
    if cell.modifier.contains(Modifier::REVERSED) { (bg, fg) } else { (fg, bg) }
}

fn hex(color: Color, own: &str) -> String {
    match color {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Black => "#000000".to_owned(),
        Color::Red => "#e5534b".to_owned(),
        Color::Green => "#57ab5a".to_owned(),
        Color::Yellow => "#c69026".to_owned(),
        Color::Blue => "#539bf5".to_owned(),
        Color::Magenta => "#b083f0".to_owned(),
        Color::LightMagenta => "#e275ad".to_owned(),
        Color::White => "#ffffff".to_owned(),
        _ => own.to_owned(),
    }
}

/// Rectangles (left, top, width, height) in shares of a cell.
fn shape(symbol: &str) -> Option<Vec<[f64; 4]>> {
    const H: f64 = 0.07;
    const V: f64 = 0.13;
    const THICK: f64 = 2.0;
    let across = |from: f64, to: f64, k: f64| [from, 0.5 - H * k / 2.0, to - from, H * k];
    let down = |from: f64, to: f64, k: f64| [0.5 - V * k / 2.0, from, V * k, to - from];
    let near = 0.5 - V / 2.0;
    Some(match symbol {
        "─" => vec![across(0.0, 1.0, 1.0)],
        "│" => vec![down(0.0, 1.0, 1.0)],
        "┌" => vec![across(near, 1.0, 1.0), down(0.5, 1.0, 1.0)],
        "┐" => vec![across(0.0, 1.0 - near, 1.0), down(0.5, 1.0, 1.0)],
        "└" => vec![across(near, 1.0, 1.0), down(0.0, 0.5, 1.0)],
        "┘" => vec![across(0.0, 1.0 - near, 1.0), down(0.0, 0.5, 1.0)],
        "━" => vec![across(0.0, 1.0, THICK)],
        "┃" => vec![down(0.0, 1.0, THICK)],
        "┏" => vec![across(near - V / 2.0, 1.0, THICK), down(0.5, 1.0, THICK)],
        "┓" => vec![across(0.0, 1.0 - near + V / 2.0, THICK), down(0.5, 1.0, THICK)],
        "┗" => vec![across(near - V / 2.0, 1.0, THICK), down(0.0, 0.5, THICK)],
        "┛" => vec![across(0.0, 1.0 - near + V / 2.0, THICK), down(0.0, 0.5, THICK)],
        _ => {
            let sign = symbol.chars().next().filter(|_| symbol.chars().count() == 1)?;
            let code = u32::from(sign);
            match code {
                0x2581..=0x2588 => {
                    let share = f64::from(code - 0x2580) / 8.0;
                    vec![[0.0, 1.0 - share, 1.0, share]]
                }
                0x2589..=0x258F => vec![[0.0, 0.0, f64::from(0x2590 - code) / 8.0, 1.0]],
                _ => return None,
            }
        }
    })
}

/// From edge to edge of its cell.
fn goes_on(symbol: &str) -> bool {
    shape(symbol).is_some_and(|shape| matches!(shape[..], [[x, _, width, _]] if x == 0.0 && width == 1.0))
}

/// Over `length`, which is that of one cell but for shapes that go on.
fn path(shape: &[[f64; 4]], left: f64, top: f64, length: f64) -> String {
    shape
        .iter()
        .map(|[x, y, width, height]| {
            let (x, y) = (left + x * WIDTH, top + y * HEIGHT);
            format!("M{x:.1} {y:.1}h{w:.1}v{h:.1}h-{w:.1}z", w = width * length + 0.1, h = height * HEIGHT)
        })
        .collect()
}
