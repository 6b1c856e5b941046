//! Every screen at every size, down to a single cell.

use super::look::drawn;
use super::scenes;
use crate::theme::{ASCII, Theme};

fn text(buffer: &ratatui::buffer::Buffer) -> String {
    buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect()
}

#[test]
fn nothing_panics_at_any_size() {
    let theme = Theme::default();
    for model in scenes::ALL.map(scenes::named) {
        for columns in [1, 2, 3, 7, 30, 59, 60, 61, 79, 99, 100, 101, 240] {
            for rows in [1, 2, 3, 5, 15, 16, 17, 23, 27, 28, 29, 70] {
                drawn(&model, &theme, (columns, rows));
            }
        }
    }
}

#[test]
fn a_window_that_is_too_small_says_so_and_that_the_incident_goes_on() {
    let text = text(&drawn(&scenes::named("bridge"), &Theme::default(), (59, 15)));
    assert!(text.contains("needs 60x16, has 59x15: INC-2026-0007 goes on"));
}

#[test]
fn what_is_red_is_in_sight_or_counted_at_every_size() {
    let theme = Theme::default();
    for size in [(60, 16), (80, 24), (99, 27), (100, 28), (120, 36), (200, 60)] {
        for scene in ["bridge", "broken"] {
            let text = text(&drawn(&scenes::named(scene), &theme, size));
            assert!(text.contains("us-east-1"), "{scene} {size:?}");
            assert!(
                ["FAILED", "PARTIAL", "Backups ✗ 1", "4 ✗ 1"].iter().any(|said| text.contains(said)),
                "{scene} {size:?}"
            );
        }
    }
}

#[test]
fn no_box_covers_why_a_key_was_refused() {
    for size in [(60, 16), (80, 24), (120, 36), (200, 60)] {
        let text = text(&drawn(&scenes::named("refused"), &Theme::default(), size));
        assert!(text.contains("y and n answer a question"), "{size:?}");
    }
}

#[test]
fn ascii_is_enough() {
    let theme = Theme::named("mono").unwrap().with_symbols(&ASCII);
    for name in scenes::ALL {
        let model = scenes::named(name);
        let text = text(&drawn(&model, &theme, (120, 36)));
        let strange: Vec<char> = text.chars().filter(|sign| !sign.is_ascii()).collect();
        assert!(strange.is_empty(), "{name}: {strange:?}");
    }
}
