//! The keys that work here, from the table of actions, in three groups by what they can do.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, alerts, comms, document, facilitator, inside, lead, messages, readiness, runbooks, score};
use crate::action::{Action, Acts, TABLE, enabled, works_here};
use crate::model::Overlay;
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, wrap};

const WIDTH: u16 = 116;

/// A key of what lies over the bridge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) acts: Acts,
    pub(super) keys: &'static str,
    pub(super) title: &'static str,
    pub(super) help: &'static str,
}

/// The keys of the overlay that the help was opened in; `None`: it was opened on the bridge.
fn own(view: &View<'_>) -> Option<&'static [Own]> {
    let below = view.model.ui.overlays.iter().rev().find(|overlay| !matches!(overlay, Overlay::Help(_)))?;
    match below {
        Overlay::Alerts(_) | Overlay::AlertDetail(_) => Some(alerts::KEYS),
        Overlay::Readiness(_) | Overlay::ReadinessDetail(_) => Some(readiness::KEYS),
        Overlay::Facilitator(_) | Overlay::FacilitatorDetail(_) => Some(facilitator::KEYS),
        Overlay::Score(_) => Some(score::KEYS),
        Overlay::Delivered(_) | Overlay::Messages(_) => Some(messages::KEYS),
        Overlay::Lead(of) => Some(lead::keys(of)),
        Overlay::Comms(_) | Overlay::Outbox(_) => Some(comms::KEYS),
        Overlay::Runbooks(_) => Some(runbooks::KEYS),
        Overlay::Document(_) => Some(document::KEYS),
        _ => None,
    }
}

/// Of every list that can be narrowed.
const FILTER: Own = Own {
    acts: Acts::Looks,
    keys: "/",
    title: "filter",
    help: "Words that must all be there, !word must not; a capital letter asks for exactly that. Esc clears it.",
};

fn filter(view: &View<'_>) -> Option<&'static Own> {
    let below = view.model.ui.overlays.iter().rev().find(|overlay| !matches!(overlay, Overlay::Help(_)))?;
    below.filter().map(|_| &FILTER)
}

pub(super) fn sheet(view: &View<'_>, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let mut lines = Vec::new();
    for (acts, heading) in [
        (Acts::Executes, "runs something: always confirmed, unless it only reads"),
        (Acts::Records, "goes into the log"),
        (Acts::Looks, "only changes what you see"),
    ] {
        let entries: Vec<Line<'static>> = match own(view) {
            Some(own) => own
                .iter()
                .chain(filter(view))
                .filter(|own| own.acts == acts)
                .flat_map(|own| own_entry(view, own, width))
                .collect(),
            None => TABLE
                .iter()
                .filter(|action| action.acts == acts && !action.keys.is_empty() && works_here(action, view.model))
                .flat_map(|action| action_entry(view, action, width))
                .collect(),
        };
        if entries.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(heading, view.style(Role::Title)));
        lines.extend(entries);
    }
    let mut list = List::of(lines);
    list.offset = scroll;
    Sheet {
        title: "Help".to_owned(),
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: Vec::new(),
        keys: match own(view) {
            Some(_) => vec![("↑↓", "scroll"), ("esc", "back")],
            None => vec![("↑↓", "scroll"), (":", "every action by name"), ("esc", "back")],
        },
    }
}

fn own_entry(view: &View<'_>, own: &Own, width: usize) -> Vec<Line<'static>> {
    let may = own.acts == Acts::Looks || !view.model.scene.read_only;
    entry(view, may, (own.keys, own.title, own.help), width)
}

fn action_entry(view: &View<'_>, action: &Action, width: usize) -> Vec<Line<'static>> {
    let keys: Vec<String> = action.keys.iter().map(ToString::to_string).collect();
    let may = enabled(view.model, action.id).is_ok();
    entry(view, may, (&keys.join(" "), action.title, action.help), width)
}

fn entry(view: &View<'_>, may: bool, (keys, title, help): (&str, &str, &str), width: usize) -> Vec<Line<'static>> {
    const KEYS: usize = 11;
    const TITLE: usize = 29;
    let (key_role, title_role) = if may { (Role::Key, Role::Text) } else { (Role::Muted, Role::Muted) };
    let (mut keys, mut title) = (keys, title);
    let mut lines = Vec::new();
    for part in wrap(help, width.saturating_sub(KEYS + TITLE + 3)) {
        let row = Row::new().gap(1).cell(KEYS, keys, view.style(key_role)).cell(TITLE, title, view.style(title_role));
        lines.push(row.put(part, view.style(Role::Muted)).fit(width));
        (keys, title) = ("", "");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_for_facilitators_names_every_key_that_records() {
        let page = include_str!("../../../../docs/facilitating.md");
        for own in facilitator::KEYS.iter().chain(score::KEYS).chain(messages::KEYS) {
            for key in own.keys.split(' ').filter(|_| own.acts == Acts::Records) {
                assert!(page.contains(&format!("`{key}`")), "{key}: {}", own.title);
            }
        }
        for action in TABLE.iter().filter(|action| action.title.contains("exercise")) {
            for key in action.keys {
                assert!(page.contains(&format!("`{key}`")), "{key}: {}", action.title);
            }
        }
    }
}
