//! What each screen says and how it looks, at three sizes, in colour and without.

use ratatui::buffer::Cell;
use ratatui::style::Color;

use super::look::{drawn, dump};
use super::scenes;
use crate::theme::{Depth, SHIPPED, Theme};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn every_screen_looks_as_it_did_in_colour() {
    let theme = Theme::named("dark").unwrap();
    settings().bind(|| {
        for name in scenes::ALL {
            for size in SIZES {
                let buffer = drawn(&scenes::named(name), &theme, size);
                insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), dump(&buffer, &theme));
            }
        }
    });
}

#[test]
fn every_screen_looks_as_it_did_without_colour() {
    let theme = Theme::named("dark").unwrap().at_depth(Depth::Never);
    settings().bind(|| {
        for name in scenes::ALL {
            for size in SIZES {
                let buffer = drawn(&scenes::named(name), &theme, size);
                insta::assert_snapshot!(format!("{name}-{}x{}-mono", size.0, size.1), dump(&buffer, &theme));
            }
        }
    });
}

#[test]
fn a_light_terminal_shows_the_same_words() {
    let theme = Theme::named("light").unwrap();
    settings().bind(|| {
        let buffer = drawn(&scenes::named("backups"), &theme, (120, 36));
        insta::assert_snapshot!("backups-120x36-light", dump(&buffer, &theme));
    });
}

#[test]
fn in_no_theme_is_anything_of_the_exercise_band_as_bright_as_its_ground() {
    for (theme, scene) in SHIPPED.iter().flat_map(|(theme, _)| ["drill", "paused"].map(|scene| (theme, scene))) {
        let buffer = drawn(&scenes::named(scene), &Theme::named(theme).unwrap(), (120, 36));
        let unseen = (0..120).map(|x| &buffer[(x, 0)]).filter(|cell| cell.symbol() != " ");
        // On the terminal's own ground, which may be dark or light, black is as bad.
        let lost = |cell: &&Cell| match cell.bg {
            Color::Reset => cell.fg == Color::Black,
            ground => cell.fg == ground,
        };
        let unseen: String = unseen.filter(lost).map(Cell::symbol).collect();
        assert_eq!(unseen, "", "{theme}: {scene}");
    }
}
