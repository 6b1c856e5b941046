//! Colours by name and number, and what becomes of them on terminals that show fewer.
//!
//! The rule of the downgrade: 24-bit colours become the nearest of the 6×6×6 cube and the grey ramp; with sixteen
//! colours, what is clearly coloured keeps its hue and the rest becomes the nearest grey; with none, every colour is
//! dropped and only the attributes of the `mono` theme remain.

use ratatui::style::Color;

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    Never,
    Sixteen,
    TwoHundredFiftySix,
    #[default]
    True,
}

impl Depth {
    /// From what the environment says: `NO_COLOR` (any value but an empty one), `COLORTERM`, `TERM`.
    #[must_use]
    pub fn detect(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Self {
        if no_color.is_some_and(|value| !value.is_empty()) || term == Some("dumb") {
            return Self::Never;
        }
        if colorterm.is_some_and(|value| value.contains("truecolor") || value.contains("24bit")) {
            return Self::True;
        }
        match term {
            Some(term) if term.contains("direct") || term.contains("kitty") || term.contains("ghostty") => Self::True,
            Some(term) if term.contains("256") => Self::TwoHundredFiftySix,
            Some("") | None => Self::Sixteen,
            Some(term) if term.starts_with("vt1") || term.ends_with("-m") || term.ends_with("-mono") => Self::Never,
            Some(_) => Self::Sixteen,
        }
    }
}

/// The names a theme may use for a colour.
pub(super) const NAMES: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// `#rrggbb`, one of the sixteen names, `default`, or an index from `0` to `255`.
pub(super) fn parse(text: &str) -> Option<Color> {
    if let Some(digits) = text.strip_prefix('#') {
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        return Some(Color::Rgb(red, green, blue));
    }
    NAMES
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, color)| *color)
        .or_else(|| text.parse().ok().map(Color::Indexed))
}

/// The colour as a terminal of this depth shows it.
pub(super) fn at_depth(color: Color, depth: Depth) -> Color {
    match (depth, color) {
        (Depth::Never, _) => Color::Reset,
        (Depth::TwoHundredFiftySix, Color::Rgb(red, green, blue)) => Color::Indexed(nearest_of_256([red, green, blue])),
        (Depth::Sixteen, Color::Rgb(red, green, blue)) => nearest_of_16([red, green, blue]),
        (Depth::Sixteen, Color::Indexed(index)) => nearest_of_16(rgb_of_256(index)),
        _ => color,
    }
}

const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn distance(a: [u8; 3], b: [u8; 3]) -> i32 {
    let [red, green, blue] = [0, 1, 2].map(|at| (i32::from(a[at]) - i32::from(b[at])).pow(2));
    2 * red + 4 * green + 3 * blue
}

fn rgb_of_256(index: u8) -> [u8; 3] {
    match index {
        0..16 => SIXTEEN[usize::from(index)].1,
        16..232 => {
            let at = usize::from(index - 16);
            [STEPS[at / 36], STEPS[at / 6 % 6], STEPS[at % 6]]
        }
        232.. => [8 + 10 * (index - 232); 3],
    }
}

fn nearest_of_256(rgb: [u8; 3]) -> u8 {
    (16..=255).min_by_key(|index| distance(rgb_of_256(*index), rgb)).unwrap_or(16)
}

/// The usual sixteen as xterm shows them.
const SIXTEEN: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

fn nearest_of_16(rgb: [u8; 3]) -> Color {
    hue(rgb).map_or_else(
        || {
            let greys = SIXTEEN.iter().filter(|(_, [red, green, blue])| red == green && green == blue);
            greys.min_by_key(|(_, grey)| distance(rgb, *grey)).map_or(Color::Reset, |(color, _)| *color)
        },
        |hue| {
            let bright = rgb.iter().any(|part| *part >= 220);
            match hue {
                25..75 if bright => Color::LightYellow,
                25..75 => Color::Yellow,
                75..165 if bright => Color::LightGreen,
                75..165 => Color::Green,
                165..195 if bright => Color::LightCyan,
                165..195 => Color::Cyan,
                195..240 if bright => Color::LightBlue,
                195..240 => Color::Blue,
                240..345 if bright => Color::LightMagenta,
                240..345 => Color::Magenta,
                _ if bright => Color::LightRed,
                _ => Color::Red,
            }
        },
    )
}

/// Degrees on the colour wheel; `None` for what is nearly grey.
fn hue([red, green, blue]: [u8; 3]) -> Option<i32> {
    let [r, g, b] = [red, green, blue].map(i32::from);
    let (high, low) = (r.max(g).max(b), r.min(g).min(b));
    let span = high - low;
    if span <= 60 {
        return None;
    }
    let degrees = if high == r {
        60 * (g - b) / span
    } else if high == g {
        120 + 60 * (b - r) / span
    } else {
        240 + 60 * (r - g) / span
    };
    Some(degrees.rem_euclid(360))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_by_name_number_and_hex() {
        assert_eq!(parse("#58a6ff"), Some(Color::Rgb(0x58, 0xa6, 0xff)));
        assert_eq!(parse("bright-red"), Some(Color::LightRed));
        assert_eq!(parse("208"), Some(Color::Indexed(208)));
        assert_eq!(parse("#58a6f"), None);
        assert_eq!(parse("#+8a6ff"), None);
        assert_eq!(parse("256"), None);
    }

    #[test]
    fn fewer_colours_keep_the_hue() {
        let sixteen = |text| parse(text).map(|color| at_depth(color, Depth::Sixteen));
        assert_eq!(sixteen("#ff6b64"), Some(Color::LightRed));
        assert_eq!(sixteen("#0e1116"), Some(Color::Black));
        assert!(matches!(sixteen("#4cc38a"), Some(Color::Green | Color::LightGreen)));
        assert_eq!(at_depth(Color::Rgb(255, 0, 0), Depth::TwoHundredFiftySix), Color::Indexed(196));
        assert_eq!(at_depth(Color::Red, Depth::Never), Color::Reset);
    }

    #[test]
    fn the_environment_decides_the_depth() {
        assert_eq!(Depth::detect(Some("1"), Some("truecolor"), None), Depth::Never);
        assert_eq!(Depth::detect(Some(""), Some("truecolor"), None), Depth::True);
        assert_eq!(Depth::detect(None, None, Some("xterm-256color")), Depth::TwoHundredFiftySix);
        assert_eq!(Depth::detect(None, None, Some("linux")), Depth::Sixteen);
        assert_eq!(Depth::detect(None, None, Some("dumb")), Depth::Never);
    }
}
