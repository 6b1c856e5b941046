//! The keys that work here, as the person has them: of the panel in focus, then everywhere, in groups by what they can do.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, alerts, comms, document, facilitator, inside, lead, messages, readiness, runbooks, score};
use crate::action::{Action, Acts, Scope, TABLE, enabled};
use crate::model::Overlay;
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, width as columns, wrap};

const WIDTH: u16 = 116;

/// A key of what lies over the bridge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own {
    pub(crate) acts: Acts,
    pub(crate) keys: &'static str,
    pub(crate) title: &'static str,
    pub(crate) help: &'static str,
}

/// The keys of everything that lies over the bridge and has some of its own.
pub(crate) const OVER: [(&str, &[Own]); 13] = [
    ("Alerts", alerts::KEYS),
    ("Readiness", readiness::KEYS),
    ("Brief", lead::BRIEF),
    ("What waits", lead::WAITING),
    ("Proposals", lead::PROPOSALS),
    ("Tasks", lead::TASKS),
    ("Command that is offered", lead::OFFERED),
    ("Comms", comms::KEYS),
    ("Runbooks and documents", runbooks::KEYS),
    ("A runbook or document", document::KEYS),
    ("Messages of an exercise", messages::KEYS),
    ("Facilitator's panel", facilitator::KEYS),
    ("Score and hotwash", score::KEYS),
];

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

const GROUPS: [(Acts, &str); 3] = [
    (Acts::Executes, "runs something: always confirmed, unless it only reads"),
    (Acts::Records, "goes into the log"),
    (Acts::Looks, "only changes what you see"),
];

/// What the mouse does, where the terminal tells of it.
const MOUSE: [(&str, &str, &str); 2] = [
    ("click", "focus, choose", "The panel, the step, the entry or the tab that is clicked. It never acts."),
    ("wheel", "scroll", "What is under it."),
];

/// What stands in a row: keys, title, help, and why it cannot be taken now.
struct Entry {
    keys: String,
    title: &'static str,
    help: &'static str,
    may: Result<(), String>,
}

pub(super) fn sheet(view: &View<'_>, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let lines = match own(view) {
        Some(own) => of_overlay(view, own, width),
        None => of_bridge(view, width),
    };
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

fn of_overlay(view: &View<'_>, own: &[Own], width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (acts, heading) in GROUPS {
        let rows = own.iter().chain(filter(view)).filter(|own| own.acts == acts);
        let entries = rows.map(|own| Entry {
            keys: own.keys.to_owned(),
            title: own.title,
            help: own.help,
            may: match own.acts != Acts::Looks && view.model.scene.read_only {
                true => Err(String::new()),
                false => Ok(()),
            },
        });
        lines.extend(group(view, heading, &entries.collect::<Vec<_>>(), width));
    }
    lines
}

/// What works in the panel in focus only, then what works everywhere; last, what one and the same reason keeps away as a whole.
fn of_bridge(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let panel = view.model.ui.focus;
    let (mut lines, mut later) = (Vec::new(), Vec::new());
    for scope in [Scope::In(panel), Scope::Everywhere] {
        let place = match scope {
            Scope::In(panel) => format!("In the {}: ", panel.title().to_lowercase()),
            Scope::Everywhere => "Everywhere: ".to_owned(),
        };
        for (acts, heading) in GROUPS {
            let rows = TABLE.iter().filter(|action| action.acts == acts && action.scope == scope);
            let entries: Vec<Entry> = rows.filter_map(|action| of_action(view, action)).collect();
            let mut reasons = entries.iter().map(|entry| entry.may.as_ref().err());
            let first = reasons.next().flatten();
            let away = first.is_some() && reasons.all(|reason| reason == first);
            let lines = if away { &mut later } else { &mut lines };
            lines.extend(group(view, &format!("{place}{heading}"), &entries, width));
        }
    }
    lines.append(&mut later);
    let mouse = MOUSE.map(|(keys, title, help)| Entry { keys: keys.to_owned(), title, help, may: Ok(()) });
    lines.extend(group(view, "The mouse", &mouse, width));
    lines
}

/// `None` of an action without a key here.
fn of_action(view: &View<'_>, action: &Action) -> Option<Entry> {
    let keymap = &view.model.ui.keymap;
    let keys: Vec<String> = keymap.chords(view.model.ui.focus, action.id).map(ToString::to_string).collect();
    let may = enabled(view.model, action.id);
    (!keys.is_empty()).then(|| Entry { keys: keys.join("  "), title: action.title, help: action.help, may })
}

/// A reason that several share is said once, above them; what it does not speak of stands before it.
fn group(view: &View<'_>, heading: &str, entries: &[Entry], width: usize) -> Vec<Line<'static>> {
    const SEVERAL: usize = 3;
    if entries.is_empty() {
        return Vec::new();
    }
    let reasons = || entries.iter().filter_map(|entry| entry.may.as_ref().err()).filter(|why| !why.is_empty());
    let count = |why: &String| reasons().filter(|other| *other == why).count();
    let shared = reasons().max_by_key(|why| count(why)).filter(|why| count(why) >= SEVERAL).cloned();
    let refused = |one: &&Entry| shared.is_some() && one.may.as_ref().err() == shared.as_ref();
    let (later, now): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(refused);
    let mut lines = vec![Line::styled(heading.to_owned(), view.style(Role::Title))];
    lines.extend(now.into_iter().flat_map(|one| entry(view, one, None, width)));
    if let Some(why) = &shared {
        lines.extend(
            wrap(&format!("Not now: {why}."), width.saturating_sub(1))
                .into_iter()
                .map(|part| Row::new().gap(1).put(part, view.style(Role::Warning)).fit(width)),
        );
    }
    lines.extend(later.into_iter().flat_map(|one| entry(view, one, shared.as_ref(), width)));
    lines.push(Line::default());
    lines
}

fn entry(view: &View<'_>, entry: &Entry, shared: Option<&String>, width: usize) -> Vec<Line<'static>> {
    const WIDE: usize = 100;
    const TITLE: usize = 29;
    let keys_width = if width < WIDE { 11 } else { 19 };
    let (key_role, title_role) = if entry.may.is_ok() { (Role::Key, Role::Text) } else { (Role::Muted, Role::Muted) };
    let own_reason = entry.may.as_ref().err().filter(|why| !why.is_empty() && Some(*why) != shared);
    let help = match own_reason {
        Some(why) if width < WIDE => format!("Not now: {why}."),
        Some(why) => format!("{} Not now: {why}.", entry.help),
        None => entry.help.to_owned(),
    };
    let (mut keys, mut title) = (fitting(&entry.keys, keys_width), entry.title);
    let mut lines = Vec::new();
    for part in wrap(&help, width.saturating_sub(keys_width + TITLE + 3)) {
        let row =
            Row::new().gap(1).cell(keys_width, keys, view.style(key_role)).cell(TITLE, title, view.style(title_role));
        lines.push(row.put(part, view.style(Role::Muted)).fit(width));
        (keys, title) = ("", "");
    }
    lines
}

/// As many of the keys as there is room for: the first always, none cut in two.
fn fitting(keys: &str, width: usize) -> &str {
    let ends = keys.match_indices("  ").map(|(at, _)| at).chain([keys.len()]);
    ends.filter(|end| columns(&keys[..*end]) <= width).last().map_or(keys, |end| &keys[..end])
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
