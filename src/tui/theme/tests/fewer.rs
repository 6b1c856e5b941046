//! What remains of the meanings where a terminal shows fewer colours.

use ratatui::style::{Color, Style};

use super::super::{Depth, Role, SHIPPED, Theme};

const MEANINGS: [Role; 5] = [Role::Ok, Role::Warning, Role::Down, Role::Unknown, Role::NoReturn];

#[test]
fn at_every_depth_no_two_meanings_look_the_same() {
    for (name, _) in SHIPPED {
        for depth in [Depth::Sixteen, Depth::TwoHundredFiftySix, Depth::True] {
            let theme = Theme::named(name).unwrap().at_depth(depth);
            for (at, one) in MEANINGS.iter().enumerate() {
                for other in &MEANINGS[at + 1..] {
                    // Without colour, what is late and what is the point of no return are both heavy, and no more.
                    if name == "mono" && (*one, *other) == (Role::Warning, Role::NoReturn) {
                        continue;
                    }
                    let (a, b) = (theme.style(*one), theme.style(*other));
                    assert_ne!(a, b, "{name} at {depth:?}: {} and {}", one.name(), other.name());
                }
            }
        }
    }
}

#[test]
fn sixteen_colours_are_the_terminals_own_on_its_own_ground() {
    let of_the_terminal = |color: Option<Color>| !matches!(color, Some(Color::Rgb(..) | Color::Indexed(_)));
    for (name, _) in SHIPPED {
        let theme = Theme::named(name).unwrap().at_depth(Depth::Sixteen);
        assert_eq!(theme.style(Role::Background), Style::new(), "{name}");
        for role in Role::ALL {
            let style = theme.style(role);
            assert!(of_the_terminal(style.fg) && of_the_terminal(style.bg), "{name}: {} {style:?}", role.name());
            // Some palettes have the ground itself there.
            assert!(style.fg != Some(Color::DarkGray), "{name}: {}", role.name());
        }
    }
}
