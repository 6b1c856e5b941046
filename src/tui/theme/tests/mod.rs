//! What is demanded of every shipped theme: that it can be read, and that its meanings can be told apart, by all eyes and on
//! all terminals.

pub(crate) mod contrast;
mod fewer;
mod sight;

use ratatui::style::{Color, Modifier, Style};

use super::{Depth, Role, SHIPPED, Shelf, Theme};

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
    let document = include_str!("../../../../docs/themes.md");
    for role in Role::ALL {
        assert!(document.contains(&format!("| `{}` |", role.name())), "{}", role.name());
    }
    for (name, _) in SHIPPED {
        assert!(document.contains(&format!("`{name}`")), "{name}");
    }
}
