//! The pictures in `screenshots/`, made from the code users see, so that they cannot go stale.

use std::path::Path;

use super::look::drawn;
use super::scenes;
use super::svg::{DARK, svg};
use crate::theme::Theme;

const PICTURES: [&str; 9] =
    ["comms", "readiness", "bridge", "confirm", "running", "log", "drill", "facilitator", "score"];

/// Written anew with `UPDATE_SCREENSHOTS=1`.
#[test]
fn the_pictures_show_what_users_see() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../screenshots");
    let theme = Theme::named("dark").unwrap();
    for name in PICTURES {
        let drawn = svg(&drawn(&scenes::named(name), &theme, (120, 36)), &DARK);
        let path = folder.join(format!("{name}.svg"));
        if std::env::var_os("UPDATE_SCREENSHOTS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &drawn).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == drawn, "screenshots/{name}.svg is stale: run the tests with UPDATE_SCREENSHOTS=1");
    }
}
