//! The runbooks and documents there are, and how each stands.

use domain::console::RunbookEntry;
use domain::document::Standing;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::help::Own;
use super::{Sheet, inside};
use crate::action::Acts;
use crate::model::RunbookList;
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{Item, List, Row, width as columns};

const WIDTH: u16 = 116;

pub(super) const KEYS: &[Own] = &[
    Own {
        acts: Acts::Records,
        keys: "S",
        title: "start it",
        help: "In the incident that is open; where none is, one is declared with it.",
    },
    Own {
        acts: Acts::Looks,
        keys: "enter",
        title: "look at it",
        help: "What is wrong with it, its steps, its text; of a foreign document what it would be as a runbook.",
    },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose", help: "The cursor stays on its runbook." },
    Own { acts: Acts::Looks, keys: "esc q", title: "back", help: "To what lies below." },
];

/// How a runbook stands, beside its title.
pub(in crate::view) fn standing(view: &View<'_>, runbook: &RunbookEntry) -> (&'static str, Role, String) {
    let symbols = view.symbols();
    match (&runbook.standing, runbook.errors) {
        (Standing::Unreadable { .. }, _) => (symbols.down, Role::Down, "cannot be read".to_owned()),
        (Standing::Foreign { steps: 0 }, _) => (symbols.unknown, Role::Unknown, "foreign, no steps found".to_owned()),
        (Standing::Foreign { steps: 1 }, _) => (symbols.unknown, Role::Unknown, "foreign, 1 step inferred".to_owned()),
        (Standing::Foreign { steps }, _) => {
            (symbols.unknown, Role::Unknown, format!("foreign, {steps} steps inferred"))
        }
        (Standing::Native, 0) => (symbols.ok, Role::Ok, String::new()),
        (Standing::Native, 1) => (symbols.warning, Role::Warning, "1 error: its step is by hand".to_owned()),
        (Standing::Native, errors) => {
            (symbols.warning, Role::Warning, format!("{errors} errors: their steps are by hand"))
        }
    }
}

pub(super) fn sheet(view: &View<'_>, list: &RunbookList, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let runbooks = &view.model.scene.runbooks;
    let names = runbooks.iter().map(|runbook| columns(&runbook.name)).max().unwrap_or(0).min(width / 3);
    let narrowed = list.narrowed(runbooks);
    let mut shown = List::default();
    for runbook in &narrowed.rows {
        let (sign, role, note) = standing(view, runbook);
        let line = Row::new()
            .put(format!("{sign} "), view.style(role))
            .cell(names, &runbook.name, view.style(Role::Strong))
            .gap(1)
            .put(runbook.title.clone(), view.style(Role::Text))
            .right(format!("  {note}"), view.style(role))
            .fit(width);
        shown.items.push(Item { line, red: role == Role::Down });
    }
    let keys = if runbooks.is_empty() {
        shown = List::of(vec![Line::styled("none was found", view.style(Role::Warning))]);
        vec![("esc", "back")]
    } else {
        shown.selected = Some(list.position(&narrowed.rows));
        shown.lit = true;
        vec![("enter", "looks at it"), ("S", "starts it"), ("↑↓", "choose"), ("?", "help"), ("esc", "back")]
    };
    let sheet = Sheet {
        title: "Runbooks and documents".to_owned(),
        edge: Role::BorderFocus,
        width: WIDTH,
        list: shown,
        foot: vec![Line::default()],
        keys,
    };
    sheet.filtered(view, &list.filter, &narrowed, screen)
}
