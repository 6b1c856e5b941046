//! Colours by name and number, and what becomes of them on terminals that show fewer.
//!
//! With 256 colours, 24-bit colours become the nearest of the 6×6×6 cube and the grey ramp. With sixteen, a colour is the
//! one of its hue; what has none, or stands on a ground of its own, has no good likeness among them: [`super::Theme`] takes
//! the looks of the `terminal` theme for it.

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

/// What told how many colours there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    NoColor,
    ColorTerm(String),
    Term(String),
    /// `TERM` is not set.
    Nothing,
}

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoColor => f.write_str("NO_COLOR is set"),
            Self::ColorTerm(value) => write!(f, "COLORTERM is {value}"),
            Self::Term(value) => write!(f, "TERM is {value}, and COLORTERM says nothing"),
            Self::Nothing => f.write_str("neither TERM nor COLORTERM is set"),
        }
    }
}

impl Depth {
    /// From what the environment says: `NO_COLOR` (any value but an empty one), `COLORTERM`, `TERM`.
    #[must_use]
    pub fn detect(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> (Self, Because) {
        if no_color.is_some_and(|value| !value.is_empty()) {
            return (Self::Never, Because::NoColor);
        }
        let because = term.map_or(Because::Nothing, |term| Because::Term(term.to_owned()));
        if term == Some("dumb") {
            return (Self::Never, because);
        }
        if let Some(value) = colorterm.filter(|value| value.contains("truecolor") || value.contains("24bit")) {
            return (Self::True, Because::ColorTerm(value.to_owned()));
        }
        let depth = match term {
            Some(term) if term.contains("direct") || term.contains("kitty") || term.contains("ghostty") => Self::True,
            Some(term) if term.contains("256") => Self::TwoHundredFiftySix,
            Some(term) if term.starts_with("vt1") || term.ends_with("-m") || term.ends_with("-mono") => Self::Never,
            Some(_) | None => Self::Sixteen,
        };
        (depth, because)
    }

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "none",
            Self::Sixteen => "16",
            Self::TwoHundredFiftySix => "256",
            Self::True => "16 million",
        }
    }

    /// What becomes of a theme.
    #[must_use]
    pub const fn becomes(self) -> &'static str {
        match self {
            Self::Never => "only weight, underline and reverse remain; words and signs tell everything",
            Self::Sixteen => "its hues become the terminal's own sixteen, on the terminal's own ground",
            Self::TwoHundredFiftySix => "each of its colours becomes the nearest of the 256",
            Self::True => "shown as it is written",
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

/// The colour as a terminal with 256 shows it.
pub(super) fn of_256(color: Color) -> Color {
    match color {
        Color::Rgb(red, green, blue) => Color::Indexed(nearest([red, green, blue])),
        _ => color,
    }
}

/// Which of the sixteen has this colour's hue; `None` where it is nearly grey.
pub(super) fn of_16(color: Color) -> Option<Color> {
    match color {
        Color::Rgb(red, green, blue) => by_hue([red, green, blue]),
        Color::Indexed(index @ 16..) => by_hue(rgb_of_256(index)),
        Color::Indexed(index) => NAMES.get(usize::from(index) + 1).map(|(_, color)| *color),
        _ => Some(color),
    }
}

const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn distance(a: [u8; 3], b: [u8; 3]) -> i32 {
    let [red, green, blue] = [0, 1, 2].map(|at| (i32::from(a[at]) - i32::from(b[at])).pow(2));
    2 * red + 4 * green + 3 * blue
}

/// As xterm shows it; the first sixteen are the terminal's own, and not known here.
pub(super) fn rgb_of_256(index: u8) -> [u8; 3] {
    match index.saturating_sub(16) {
        at @ 0..216 => [at / 36, at / 6 % 6, at % 6].map(|step| STEPS[usize::from(step)]),
        grey => [8 + 10 * (grey - 216); 3],
    }
}

fn nearest(rgb: [u8; 3]) -> u8 {
    (16..=255).min_by_key(|index| distance(rgb_of_256(*index), rgb)).unwrap_or(16)
}

fn by_hue(rgb: [u8; 3]) -> Option<Color> {
    let bright = rgb.iter().any(|part| *part >= 220);
    let (plain, lit) = match hue(rgb)? {
        33..75 => (Color::Yellow, Color::LightYellow),
        75..165 => (Color::Green, Color::LightGreen),
        165..195 => (Color::Cyan, Color::LightCyan),
        195..240 => (Color::Blue, Color::LightBlue),
        240..345 => (Color::Magenta, Color::LightMagenta),
        _ => (Color::Red, Color::LightRed),
    };
    Some(if bright { lit } else { plain })
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
        let sixteen = |text| parse(text).and_then(of_16);
        assert_eq!(sixteen("#ff6b64"), Some(Color::LightRed));
        assert_eq!(sixteen("#4cc38a"), Some(Color::Green));
        assert_eq!(sixteen("214"), Some(Color::LightYellow));
        assert_eq!(sixteen("9"), Some(Color::LightRed));
        assert_eq!(sixteen("#9fb0c3"), None);
        assert_eq!(of_256(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(of_256(Color::Rgb(238, 238, 238)), Color::Indexed(255));
        assert_eq!(of_256(Color::Red), Color::Red);
    }

    #[test]
    fn the_environment_decides_the_depth_and_says_so() {
        let said = |no_color, colorterm, term| {
            let (depth, because) = Depth::detect(no_color, colorterm, term);
            (depth, because.to_string())
        };
        assert_eq!(said(Some("1"), Some("truecolor"), None), (Depth::Never, "NO_COLOR is set".to_owned()));
        assert_eq!(said(Some(""), Some("truecolor"), None), (Depth::True, "COLORTERM is truecolor".to_owned()));
        let screen = "TERM is screen-256color, and COLORTERM says nothing".to_owned();
        assert_eq!(said(None, None, Some("screen-256color")), (Depth::TwoHundredFiftySix, screen));
        assert_eq!(said(None, None, Some("linux")).0, Depth::Sixteen);
        assert_eq!(said(None, Some("truecolor"), Some("dumb")).0, Depth::Never);
        assert_eq!(said(None, None, None), (Depth::Sixteen, "neither TERM nor COLORTERM is set".to_owned()));
    }
}
