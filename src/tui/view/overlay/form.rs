//! Forms: every answer filled in where one is known, the field in focus with its choices.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, inside, runbooks};
use crate::model::{Form, FormField, Purpose};
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, width as columns, wrap};

const WIDTH: u16 = 76;

pub(super) fn sheet(view: &View<'_>, form: &Form, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let mut list = List::default();
    for text in &form.about {
        for line in wrap(text, width) {
            list.items.push(Line::styled(line, view.style(Role::Muted)).into());
        }
    }
    if !form.about.is_empty() {
        list.items.push(Line::default().into());
    }
    if matches!(form.purpose, Purpose::Declare | Purpose::StartRun) {
        for line in way(view, form, width) {
            list.items.push(line.into());
        }
    }
    let label_width = form.fields.iter().map(|field| columns(field.label)).max().unwrap_or(0);
    for (at, field) in form.fields.iter().enumerate() {
        let focused = at == form.focus;
        if focused {
            list.selected = Some(list.items.len());
        }
        list.items.push(field_line(view, field, focused, label_width, width).into());
        if focused {
            list.items.extend(choices(view, field, label_width, width).map(Into::into));
        }
    }
    let mut foot = vec![Line::default()];
    if let Some(problem) = &form.problem {
        for line in wrap(&format!("{} {problem}", view.symbols().warning), width) {
            foot.push(Line::styled(line, view.bold(Role::Warning)));
        }
    }
    let mut keys = vec![("enter", submit(&form.purpose))];
    if form.fields.len() > 1 {
        keys.push(("tab", "next field"));
    }
    if form.fields.iter().any(|field| !field.choices.is_empty()) {
        keys.push(("↑↓", "choices"));
    }
    if form.names_a_runbook() && form.fields.get(form.focus).is_some_and(|field| field.label == "runbook") {
        keys.push(("ctrl-o", "looks at it"));
    }
    keys.push(("esc", "cancels"));
    let edge = if matches!(form.purpose, Purpose::Declare) { Role::Warning } else { Role::BorderFocus };
    Sheet { title: form.purpose.title().to_owned(), edge, width: WIDTH, list, foot, keys }
}

const fn submit(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Declare => "declares",
        Purpose::StartRun => "starts it",
        Purpose::Override { .. } => "overrides it, for ever marked",
        Purpose::Abort { .. } => "aborts",
        Purpose::Lead(form) => form.submit(),
        Purpose::Close => "closes",
        Purpose::FireInject { .. } => "fires it",
        Purpose::SkipInject { .. } => "leaves it out",
        Purpose::Rate => "rates it",
        Purpose::LeaveExercise => "does it",
        Purpose::Adopt { .. } => "writes it",
        Purpose::Silence { .. } => "does it",
        _ => "records it",
    }
}

/// From where to where, too large to be mistaken.
fn way(view: &View<'_>, form: &Form, width: usize) -> Vec<Line<'static>> {
    let spaced = |text: &str| text.to_uppercase().chars().map(String::from).collect::<Vec<_>>().join(" ");
    let (from, to) = (form.answer("from"), form.answer("to"));
    if from.is_empty() && to.is_empty() {
        return Vec::new();
    }
    let (wide_from, wide_to) = (spaced(from), spaced(to));
    let fits = columns(&wide_from) + columns(&wide_to) + 7 <= width;
    let (from, to) = if fits { (wide_from, wide_to) } else { (from.to_uppercase(), to.to_uppercase()) };
    let line = Row::new()
        .put(from, view.bold(Role::Down))
        .put(format!("   {}   ", view.symbols().to), view.style(Role::Muted))
        .put(to, view.bold(Role::Ok));
    let indent = width.saturating_sub(line.used()) / 2;
    let centred = Row::new().gap(indent);
    let line = line.fit(width.saturating_sub(indent));
    let mut spans = centred.fit(indent).spans;
    spans.extend(line.spans);
    vec![Line::from(spans), Line::default()]
}

fn field_line(view: &View<'_>, field: &FormField, focused: bool, label_width: usize, width: usize) -> Line<'static> {
    let sign = if focused { view.symbols().next } else { " " };
    let label = if focused { view.style(Role::Accent) } else { view.style(Role::Muted) };
    let row = Row::new().put(format!("{sign} "), label).cell(label_width, field.label, label).gap(1);
    let missing = field.required && field.value.text().trim().is_empty();
    if !focused {
        let value = field.value.text();
        let row = if missing {
            row.put("needed", view.style(Role::Warning))
        } else {
            row.put(value.to_owned(), view.style(Role::Text))
        };
        return row.fit(width);
    }
    if field.closed {
        return row.put(format!(" {} ", field.value.text()), view.style(Role::Input)).fit(width);
    }
    let (before, after) = field.value.split();
    // The end of a long answer is where it is being written.
    let room = width.saturating_sub(row.used() + 3);
    let mut shown = before;
    while columns(shown) > room {
        shown = shown.char_indices().nth(1).map_or("", |(at, _)| &shown[at..]);
    }
    row.put(format!(" {shown}{}{after} ", view.symbols().cursor), view.style(Role::Input)).fit(width)
}

/// What may be chosen, around what is chosen.
fn choices(
    view: &View<'_>,
    field: &FormField,
    label_width: usize,
    width: usize,
) -> impl Iterator<Item = Line<'static>> {
    const SHOWN: usize = 5;
    let current = field.choices.iter().position(|choice| choice == field.value.text());
    let first = crate::widget::window(field.choices.len(), SHOWN, 0, current);
    let more = field.choices.len().saturating_sub(first + SHOWN);
    let lines: Vec<Line<'static>> = field
        .choices
        .iter()
        .enumerate()
        .skip(first)
        .take(SHOWN)
        .map(|(at, choice)| {
            let chosen = current == Some(at);
            let style = if chosen { view.style(Role::Strong) } else { view.style(Role::Muted) };
            let sign = if chosen { view.symbols().dot } else { " " };
            let row = Row::new().gap(label_width + 4).put(format!("{sign} {choice}"), style);
            let last_shown = at + 1 == first + SHOWN;
            let row = match view.model.runbook(choice).filter(|_| field.label == "runbook") {
                Some(runbook) => {
                    let (_, role, note) = runbooks::standing(view, runbook);
                    row.right(format!("  {note}"), view.style(role))
                }
                None => row,
            };
            let row =
                if last_shown && more > 0 { row.right(format!("  {more} more"), view.style(Role::Muted)) } else { row };
            row.fit(width)
        })
        .collect();
    lines.into_iter()
}
