//! Contrast, by the definitions of "relative luminance" and "contrast ratio" of WCAG 2.2
//! (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>).

use ratatui::style::Color;

use super::super::color::rgb_of_256;
use super::super::{Depth, Role, SHIPPED, Theme};

/// Success criterion 1.4.3, level AA.
pub(crate) const TEXT: f64 = 4.5;
/// Success criterion 1.4.6, level AAA.
pub(crate) const ENHANCED: f64 = 7.0;
/// Success criterion 1.4.11: lines and bars that say something.
const GRAPHIC: f64 = 3.0;
/// Ours, for frames and the empty part of bars, which only group: their words and numbers say the same.
const GROUPING: f64 = 1.5;

/// Red, green and blue; `None` for the terminal's own colours.
pub(crate) fn rgb(color: Color) -> Option<[u8; 3]> {
    match color {
        Color::Rgb(red, green, blue) => Some([red, green, blue]),
        Color::Indexed(index @ 16..) => Some(rgb_of_256(index)),
        _ => None,
    }
}

/// One part of a colour of sRGB, made linear.
pub(super) fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

fn luminance(rgb: [u8; 3]) -> f64 {
    let [red, green, blue] = rgb.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// From 1 to 21.
pub(crate) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The themes that bring their own ground, as terminals with many and with 256 colours show them.
pub(crate) fn grounded() -> impl Iterator<Item = (String, Theme)> {
    let themes = SHIPPED.iter().map(|(name, _)| Theme::named(name).unwrap());
    let grounded = themes.filter(|theme| theme.style(Role::Background).bg.and_then(rgb).is_some());
    grounded.flat_map(|theme| {
        let few = theme.clone().at_depth(Depth::TwoHundredFiftySix);
        [(theme.name.clone(), theme.clone()), (format!("{} in 256", theme.name), few)]
    })
}

/// What text in this theme has to reach.
pub(crate) fn demanded(theme: &Theme) -> f64 {
    if theme.name == "high-contrast" { ENHANCED } else { TEXT }
}

#[test]
fn the_ratio_is_that_of_the_definition() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([119; 3], [255; 3]) - 4.48).abs() < 0.01, "#777 on white, the usual example");
}

#[test]
fn every_text_can_be_read_on_every_ground_it_stands_on() {
    let mut low = Vec::new();
    for (name, theme) in grounded() {
        let ground = |role: Role| theme.style(role).bg.and_then(rgb);
        let plain = [Role::Background, Role::Overlay, Role::Selection].map(|role| (role, ground(role).unwrap()));
        for role in Role::ALL {
            let style = theme.style(role);
            let least = match role {
                Role::Background | Role::Overlay => continue,
                Role::Border | Role::Track => GROUPING,
                Role::BorderFocus => GRAPHIC,
                _ => demanded(&theme),
            };
            let grounds = match ground(role) {
                Some(own) => vec![(role, own)],
                None if theme.replaces_colours() => plain[..2].to_vec(),
                None => plain.to_vec(),
            };
            let Some(fg) = style.fg.or(theme.style(Role::Text).fg).and_then(rgb) else {
                panic!("{name}: {} has no colour of its own", role.name())
            };
            for (on, bg) in grounds {
                let ratio = contrast(fg, bg);
                if ratio < least {
                    low.push(format!("{name}: {} on {}: {ratio:.2}, not {least}", role.name(), on.name()));
                }
            }
        }
    }
    assert!(low.is_empty(), "{low:#?}");
}
