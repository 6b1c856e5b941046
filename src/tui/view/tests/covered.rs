//! No box and no page without a picture of it: what is not drawn by a test is seen for the first time in an incident.

use std::collections::BTreeSet;

use super::{scenes, wall};
use crate::model::Overlay;

/// One list for the match, which has to be exhaustive, and for the test.
macro_rules! kinds {
    ($($kind:ident),* $(,)?) => {
        const KINDS: &[&str] = &[$(stringify!($kind)),*];

        fn kind(overlay: &Overlay) -> &'static str {
            match overlay {
                $(Overlay::$kind(_) => stringify!($kind),)*
            }
        }
    };
}

kinds![
    Form,
    Editor,
    Confirm,
    StepMenu,
    Palette,
    Alerts,
    AlertDetail,
    Lead,
    Comms,
    UpdateHistory,
    Drafting,
    Outbox,
    Runbooks,
    Document,
    Readiness,
    ReadinessDetail,
    Delivered,
    Messages,
    Facilitator,
    FacilitatorDetail,
    Score,
    Help,
    EntryDetail,
    StepDetail,
    Message,
];

#[test]
fn every_box_is_pictured_on_top_of_some_scene() {
    let scenes = scenes::ALL.map(scenes::named);
    let pictured: BTreeSet<&str> = scenes.iter().filter_map(|model| model.overlay()).map(kind).collect();
    let missing: Vec<_> = KINDS.iter().filter(|kind| !pictured.contains(**kind)).collect();
    assert!(missing.is_empty(), "no scene in scenes.rs shows {missing:?}");
}

#[test]
fn every_page_of_the_wall_is_pictured() {
    let walls = wall::PICTURED.map(wall::named);
    let pictured: BTreeSet<_> = walls.iter().map(|wall| wall.page).collect();
    for wall in &walls {
        let missing: Vec<_> = wall.pages().into_iter().filter(|page| !pictured.contains(page)).collect();
        assert!(missing.is_empty(), "no scene in wall.rs shows {missing:?}");
    }
}
