//! Looks by meaning: a theme gives every [`Role`] a style, from a TOML file that may build on another.

mod color;
mod error;
mod looks;
mod role;
mod sheet;
mod shelf;
mod symbols;

use ratatui::style::{Color, Modifier, Style};

use sheet::Sheet;

pub use color::Depth;
pub use error::{ThemeError, Wrong};
pub use looks::Looks;
pub use role::Role;
pub use shelf::{OwnTheme, Shelf};
pub use symbols::{ASCII, Symbols, UNICODE};

/// The themes inside the program.
pub const SHIPPED: [(&str, &str); 4] = [
    ("terminal", include_str!("../../../themes/terminal.toml")),
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
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

    /// As a terminal with fewer colours shows it; without any, the attributes of `mono` take over.
    #[must_use]
    pub fn at_depth(mut self, depth: Depth) -> Self {
        if depth == Depth::Never {
            if let Some(mono) = Self::named("mono") {
                self.styles = mono.styles;
            }
            return self;
        }
        for style in &mut self.styles {
            style.fg = style.fg.map(|fg| color::at_depth(fg, depth));
            style.bg = style.bg.map(|bg| color::at_depth(bg, depth));
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
        let replaces =
            selection.fg.is_some_and(|fg| fg != Color::Reset) || selection.add_modifier.contains(Modifier::REVERSED);
        if replaces {
            let weight = beneath.add_modifier & (Modifier::BOLD | Modifier::UNDERLINED);
            selection.add_modifier(weight).remove_modifier(Modifier::DIM)
        } else {
            beneath.patch(selection)
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_theme_loads_and_defines_what_decides() {
        for (name, _) in SHIPPED {
            let theme = Shelf::default().theme(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            for role in [Role::Down, Role::BannerLive, Role::Selection, Role::NoReturn] {
                assert_ne!(theme.style(role), Style::new(), "{name}: {}", role.name());
            }
        }
    }

    #[test]
    fn without_colour_only_attributes_remain() {
        let theme = Theme::named("dark").unwrap().at_depth(Depth::Never);
        for role in Role::ALL {
            let style = theme.style(role);
            assert!(matches!(style.fg, None | Some(Color::Reset)), "{}", role.name());
            assert_eq!(style.bg, None, "{}", role.name());
        }
        assert!(theme.style(Role::BannerLive).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn the_documentation_names_every_role_and_theme() {
        let document = include_str!("../../../docs/themes.md");
        for role in Role::ALL {
            assert!(document.contains(&format!("| `{}` |", role.name())), "{}", role.name());
        }
        for (name, _) in SHIPPED {
            assert!(document.contains(&format!("`{name}`")), "{name}");
        }
    }
}
