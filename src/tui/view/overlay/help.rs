//! The keys that work here, from the table of actions, in three groups by what they can do.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, inside};
use crate::action::{Action, Acts, TABLE, enabled, works_here};
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, wrap};

const WIDTH: u16 = 116;

pub(super) fn sheet(view: &View<'_>, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let mut lines = Vec::new();
    for (acts, heading) in [
        (Acts::Executes, "runs something: always confirmed, unless it only reads"),
        (Acts::Records, "goes into the log"),
        (Acts::Looks, "only changes what you see"),
    ] {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(heading, view.style(Role::Title)));
        let actions = TABLE
            .iter()
            .filter(|action| action.acts == acts && !action.keys.is_empty() && works_here(action, view.model));
        lines.extend(actions.flat_map(|action| entry(view, action, width)));
    }
    let mut list = List::of(lines);
    list.offset = scroll;
    Sheet {
        title: "Help".to_owned(),
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: Vec::new(),
        keys: vec![("↑↓", "scroll"), (":", "every action by name"), ("esc", "back")],
    }
}

fn entry(view: &View<'_>, action: &Action, width: usize) -> Vec<Line<'static>> {
    const KEYS: usize = 11;
    const TITLE: usize = 29;
    let keys: Vec<String> = action.keys.iter().map(ToString::to_string).collect();
    let (key_role, title_role) =
        if enabled(view.model, action.id).is_ok() { (Role::Key, Role::Text) } else { (Role::Muted, Role::Muted) };
    let (keys, mut title) = (keys.join(" "), action.title);
    let mut keys = keys.as_str();
    let mut lines = Vec::new();
    for part in wrap(action.help, width.saturating_sub(KEYS + TITLE + 3)) {
        let row = Row::new().gap(1).cell(KEYS, keys, view.style(key_role)).cell(TITLE, title, view.style(title_role));
        lines.push(row.put(part, view.style(Role::Muted)).fit(width));
        (keys, title) = ("", "");
    }
    lines
}
