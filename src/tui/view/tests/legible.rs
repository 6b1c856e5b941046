//! Every letter of every screen can be read on the ground it really stands on, in every theme that brings its own ground.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::look::drawn;
use super::{scenes, wall};
use crate::theme::{Theme, contrast, demanded, grounded, rgb};
use crate::wall::Freshness;

/// Pairs of letters and grounds that are too near to each other, with one letter for which each is so.
fn unread(name: &str, theme: &Theme, buffer: &Buffer) -> BTreeSet<String> {
    let mut low = BTreeSet::new();
    let letters = buffer.content().iter().filter(|cell| cell.symbol().chars().all(char::is_alphanumeric));
    for cell in letters {
        let (ink, ground) =
            (rgb(cell.fg).expect("a colour of the theme"), rgb(cell.bg).expect("a ground of the theme"));
        let ratio = contrast(ink, ground);
        if ratio < demanded(theme) || cell.modifier.contains(Modifier::DIM) {
            low.insert(format!("{name}: {} on {}: {ratio:.2}", cell.fg, cell.bg));
        }
    }
    low
}

#[test]
fn every_letter_of_every_screen_can_be_read() {
    let mut low = BTreeSet::new();
    for (named, theme) in grounded() {
        for name in scenes::ALL {
            low.append(&mut unread(
                &format!("{named}: {name}"),
                &theme,
                &drawn(&scenes::named(name), &theme, (120, 36)),
            ));
        }
        // What is stale is quieter on purpose, and its head says so in a word.
        for name in wall::PICTURED {
            let wall = wall::named(name);
            if matches!(wall.freshness(), Freshness::Stale(_)) {
                continue;
            }
            let buffer = wall::drawn(&wall, &theme, (120, 36));
            low.append(&mut unread(&format!("{named}: wall {name}"), &theme, &buffer));
        }
    }
    assert!(low.is_empty(), "{low:#?}");
}
