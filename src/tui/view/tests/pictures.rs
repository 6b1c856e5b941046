//! The pictures in `screenshots/`, made from the code users see, so that they cannot go stale. Each is there on a dark and on
//! a light ground: `NAME.svg`, `NAME-light.svg`.

use std::path::Path;

use ratatui::buffer::Buffer;

use super::svg::{DARK, Ground, LIGHT, svg};
use super::{look, scenes, wall};
use crate::theme::Theme;

const PICTURES: [&str; 9] =
    ["comms", "readiness", "bridge", "confirm", "running", "log", "drill", "facilitator", "score"];

/// The two themes that are pictured, with the end of their names.
pub(super) fn grounds() -> [(Theme, Ground, &'static str); 2] {
    let theme = |name| Theme::named(name).unwrap();
    [(theme("dark"), DARK, ""), (theme("light"), LIGHT, "-light")]
}

/// Compares a picture with the one that is kept; written anew with `UPDATE_SCREENSHOTS=1`.
pub(super) fn kept(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../screenshots").join(format!("{name}.svg"));
    if std::env::var_os("UPDATE_SCREENSHOTS").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "screenshots/{name}.svg is stale: run UPDATE_SCREENSHOTS=1 cargo test -p switchback-tui --lib"
    );
}

fn pictured(name: &str, screen: impl Fn(&Theme) -> Buffer) {
    for (theme, ground, end) in grounds() {
        kept(&format!("{name}{end}"), &svg(&screen(&theme), &ground));
    }
}

#[test]
fn the_pictures_show_what_users_see() {
    for name in PICTURES {
        let model = scenes::named(name);
        pictured(name, |theme| look::drawn(&model, theme, (120, 36)));
    }
    pictured("wall", |theme| wall::drawn(&wall::named("wall"), theme, (120, 36)));
}

/// They are part of every copy of the project.
#[test]
fn all_pictures_together_stay_small() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../screenshots");
    let bytes: u64 = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes < 1_500_000, "{bytes} bytes");
}
