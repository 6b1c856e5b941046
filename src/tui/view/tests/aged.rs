//! Figures that hold of a while ago say so.

use std::sync::Arc;

use super::look::{drawn, dump};
use super::story;
use crate::theme::{Depth, Theme};

#[test]
fn a_loss_without_an_upper_bound_says_how_old_it_is() {
    let mut model = story::dark();
    let seen = model.now.wall.checked_sub(std::time::Duration::from_secs(50)).unwrap();
    let status = Arc::make_mut(model.status.as_mut().unwrap());
    for at_risk in status.replication.iter_mut().filter_map(|row| row.at_risk.as_mut()) {
        at_risk.at_most = None;
        at_risk.as_of = seen;
    }
    let theme = Theme::named("dark").unwrap().at_depth(Depth::Never);
    let text = dump(&drawn(&model, &theme, (120, 36)), &theme);
    assert!(text.contains("≥ 1.2s, 50s ago"), "{text}");
}
