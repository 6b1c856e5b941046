//! Lists: what waits for a person, what is proposed, what somebody has to do.

use domain::forgotten::{About, Forgotten, Urgency, When};
use domain::time::{clock, since};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::{Sheet, inside};
use crate::model::Chosen;
use crate::theme::Role;
use crate::view::context::{View, span};
use crate::widget::{Item, List, Row, wrap};

const WIDTH: u16 = 116;

pub(super) fn waiting(view: &View<'_>, list: &Chosen<About>, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let narrowed = list.narrowed(view.model.waiting());
    let all = &narrowed.rows;
    let at = list.position(all.iter().map(|one| &one.about));
    let mut shown = List { lit: true, ..List::default() };
    for (number, one) in all.iter().enumerate() {
        if number == at {
            shown.selected = Some(shown.items.len());
        }
        shown.items.extend(waits(view, one, width));
    }
    if all.is_empty() {
        let text = format!("{} nothing waits for anybody", view.symbols().ok);
        shown = List::of(vec![Line::styled(text, view.style(Role::Ok))]);
    }
    let keys = match all.is_empty() {
        true => vec![("esc", "back")],
        false => vec![("enter", "opens what answers it"), ("↑↓", "choose"), ("?", "help"), ("esc", "back")],
    };
    let title = "What am I forgetting?".to_owned();
    let sheet = Sheet { title, edge: Role::BorderFocus, width: WIDTH, list: shown, foot: vec![Line::default()], keys };
    sheet.filtered(view, &list.filter, &narrowed, screen)
}

/// A long sentence goes on in the line below: what is to be done is never cut.
fn waits(view: &View<'_>, one: &Forgotten, width: usize) -> Vec<Item> {
    let (sign, role, style) = match one.urgency {
        Urgency::Now => (view.symbols().down, Role::Down, view.bold(Role::Strong)),
        Urgency::Soon => (view.symbols().warning, Role::Warning, view.style(Role::Text)),
        Urgency::Thought => (view.symbols().dot, Role::Muted, view.style(Role::Muted)),
    };
    let now = view.model.now.wall;
    let (when, left) = match one.when {
        When::Since(at) => (span(since(now, at)), ""),
        When::Until(at) => (span(since(at, now)), " left"),
    };
    let when = format!("  {when}{left}");
    let parts = wrap(&one.text, width.saturating_sub(2 + when.chars().count()).max(20));
    let first = |number: usize| number == 0;
    let line = |(number, part): (usize, String)| {
        let row = Row::new().put(if first(number) { sign } else { " " }, view.style(role)).at(2).put(part, style);
        let row = if first(number) { row.right(when.clone(), view.style(role)) } else { row };
        Item { line: row.fit(width), red: first(number) && one.urgency == Urgency::Now }
    };
    parts.into_iter().enumerate().map(line).collect()
}

pub(super) fn proposals(view: &View<'_>, list: &Chosen<u64>, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let narrowed = list.proposals(view.model.open_proposals());
    let all = &narrowed.rows;
    let at = list.position(all.iter().map(|(seq, _)| seq));
    let mut shown = List { lit: true, ..List::default() };
    for (number, (_, proposal)) in all.iter().enumerate() {
        if number == at {
            shown.selected = Some(shown.items.len());
        }
        let waits = format!("  {}", span(view.since(proposal.at)));
        let what = if proposal.failover { "to fail over: " } else { "" };
        let row = Row::new()
            .put(format!("{} ", view.symbols().warning), view.style(Role::Warning))
            .cell(10, proposal.by.as_str(), view.style(Role::Strong))
            .put(format!("{what}{}", proposal.text), view.style(Role::Text))
            .right(waits, view.style(Role::Warning));
        shown.items.push(row.fit(width).into());
        for objection in &proposal.objections {
            let text = format!("{} objects: {}", objection.by, objection.text);
            for part in wrap(&text, width.saturating_sub(4)) {
                shown.items.push(Row::new().gap(4).put(part, view.style(Role::Warning)).fit(width).into());
            }
        }
    }
    if all.is_empty() {
        shown = List::of(vec![Line::styled("nothing is proposed that is not decided", view.style(Role::Muted))]);
    }
    let keys = vec![
        ("n", "propose"),
        ("o", "object"),
        ("enter", "decide"),
        ("x", "drop"),
        ("↑↓", "choose"),
        ("?", "help"),
        ("esc", "back"),
    ];
    let title = "Proposals: any strong objection?".to_owned();
    let sheet = Sheet { title, edge: Role::BorderFocus, width: WIDTH, list: shown, foot: vec![Line::default()], keys };
    sheet.filtered(view, &list.filter, &narrowed, screen)
}

pub(super) fn tasks(view: &View<'_>, list: &Chosen<u64>, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let narrowed = list.tasks(view.model.open_tasks(), view.model.now.wall);
    let all = &narrowed.rows;
    let mut shown = List::default();
    for (_, task) in all {
        let late = task.due.is_some_and(|due| due < view.model.now.wall);
        let (sign, role) = match (late, &task.owner) {
            (true, _) => (view.symbols().down, Role::Down),
            (false, None) => (view.symbols().warning, Role::Warning),
            (false, Some(_)) => (view.symbols().dot, Role::Muted),
        };
        let owner = task.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
        let due = match task.due {
            Some(due) if late => format!("  overdue {}", span(view.since(due))),
            Some(due) => format!("  due {}", clock(due)),
            None => String::new(),
        };
        let line = Row::new()
            .put(format!("{sign} "), view.style(role))
            .cell(10, &owner, view.style(if task.owner.is_some() { Role::Strong } else { Role::Warning }))
            .put(task.text.clone(), view.style(Role::Text))
            .right(due, view.style(role));
        shown.items.push(Item { line: line.fit(width), red: late });
    }
    if all.is_empty() {
        shown = List::of(vec![Line::styled("no task is open", view.style(Role::Muted))]);
    } else {
        shown.selected = Some(list.position(all.iter().map(|(seq, _)| seq)));
        shown.lit = true;
    }
    let keys = vec![
        ("n", "add"),
        ("a", "assign"),
        ("space", "done"),
        ("x", "drop"),
        ("↑↓", "choose"),
        ("?", "help"),
        ("esc", "back"),
    ];
    let title = if narrowed.of == 0 { "Tasks".to_owned() } else { format!("Tasks: {} open", narrowed.of) };
    let sheet = Sheet { title, edge: Role::BorderFocus, width: WIDTH, list: shown, foot: vec![Line::default()], keys };
    sheet.filtered(view, &list.filter, &narrowed, screen)
}
