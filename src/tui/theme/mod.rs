//! Looks by meaning: a theme gives every [`Role`] a style, from a TOML file that may build on another.

mod color;
mod error;
mod looks;
mod role;
mod sheet;
mod shelf;
mod symbols;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::contrast::{contrast, demanded, grounded, rgb};

use ratatui::style::{Color, Modifier, Style};

use sheet::Sheet;

pub use color::{Because, Depth};
pub use error::{ThemeError, Wrong};
pub use looks::Looks;
pub use role::Role;
pub use shelf::{OwnTheme, Shelf};
pub use symbols::{ASCII, Symbols, UNICODE};

/// The themes inside the program.
pub const SHIPPED: [(&str, &str); 7] = [
    ("terminal", include_str!("../../../themes/terminal.toml")),
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.toml")),
    ("deuteranopia", include_str!("../../../themes/deuteranopia.toml")),
    ("tritanopia", include_str!("../../../themes/tritanopia.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
];

#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub name: String,
    styles: [Style; Role::ALL.len()],
    symbols: &'static Symbols,
}

impl Theme {
    fn of(name: &str, sheet: &Sheet) -> Self {
        Self { name: name.to_owned(), styles: sheet.styles(), symbols: &UNICODE }
    }

    /// One of the [`SHIPPED`] themes.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Shelf::default().theme(name).ok()
    }

    /// As a terminal with fewer colours shows it. With sixteen, what has a hue keeps it, and the rest looks as in
    /// `terminal`; without any, the attributes of `mono` take over.
    #[must_use]
    pub fn at_depth(mut self, depth: Depth) -> Self {
        match depth {
            Depth::True => {}
            Depth::TwoHundredFiftySix => {
                for style in &mut self.styles {
                    style.fg = style.fg.map(color::of_256);
                    style.bg = style.bg.map(color::of_256);
                }
            }
            Depth::Sixteen => {
                let own = Self::default();
                for (style, own) in self.styles.iter_mut().zip(own.styles) {
                    *style = of_16(*style).unwrap_or(own);
                }
            }
            Depth::Never => {
                if let Some(mono) = Self::named("mono") {
                    self.styles = mono.styles;
                }
            }
        }
        self
    }

    #[must_use]
    pub const fn with_symbols(mut self, symbols: &'static Symbols) -> Self {
        self.symbols = symbols;
        self
    }

    #[must_use]
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role.index()]
    }

    /// The role's style in heavy type.
    #[must_use]
    pub const fn bold(&self, role: Role) -> Style {
        self.style(role).add_modifier(Modifier::BOLD)
    }

    #[must_use]
    pub const fn symbols(&self) -> &'static Symbols {
        self.symbols
    }

    /// The style of a selected row over what stands in it. A theme whose selection has a text colour of its own, or
    /// reverses, replaces the row's colours, because they were not chosen for that ground.
    #[must_use]
    pub fn selected(&self, beneath: Style) -> Style {
        let selection = self.style(Role::Selection);
        if self.replaces_colours() {
            let weight = beneath.add_modifier & (Modifier::BOLD | Modifier::UNDERLINED);
            selection.add_modifier(weight).remove_modifier(Modifier::DIM)
        } else {
            beneath.patch(selection)
        }
    }

    /// The text of a selected row has the selection's colour, whatever it means.
    fn replaces_colours(&self) -> bool {
        let selection = self.style(Role::Selection);
        selection.fg.is_some_and(|fg| fg != Color::Reset) || selection.add_modifier.contains(Modifier::REVERSED)
    }
}

/// With a ground of its own, a look is only carried over when both of its colours are of the sixteen already.
fn of_16(style: Style) -> Option<Style> {
    let named = |color: Option<Color>| color.is_none_or(|color| !matches!(color, Color::Rgb(..) | Color::Indexed(_)));
    if named(style.fg) && named(style.bg) {
        return Some(style);
    }
    if style.bg.is_some() {
        return None;
    }
    Some(Style { fg: Some(color::of_16(style.fg?)?), ..style })
}

impl Default for Theme {
    fn default() -> Self {
        Self::named("terminal").unwrap_or(Self {
            name: "plain".to_owned(),
            styles: [Style::new(); Role::ALL.len()],
            symbols: &UNICODE,
        })
    }
}
