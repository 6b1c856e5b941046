//! All of an inject, or of a question: text, effect on the world, notes, what is expected and what was observed.

use domain::drill::score::{ActionResult, Observed};
use domain::engine::Exercise;
use domain::ident::InjectId;
use domain::scenario::{Inject, Milestone};
use domain::time::{at_offset, human, since, stopwatch};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::{Sheet, inside};
use super::row::Standing;
use crate::model::FacilitatorRow;
use crate::theme::Role;
use crate::view::context::{View, short, span};
use crate::view::step::labelled;
use crate::widget::{List, Row, width as columns, wrap};

const WIDTH: u16 = 96;

pub(in crate::view::overlay) fn sheet(view: &View<'_>, row: &FacilitatorRow, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let gone = || vec![Line::styled("it is not there any more", view.style(Role::Unknown))];
    let mut list = List::of(view.model.exercise().map_or_else(gone, |exercise| lines(view, exercise, row, width)));
    list.offset = scroll;
    let (title, keys) = match row {
        FacilitatorRow::Question(_) => (
            "Question of the simulated world".to_owned(),
            vec![("y", "it holds"), ("n", "it does not"), ("esc", "back")],
        ),
        FacilitatorRow::Inject(inject) => (
            format!("Inject {inject}"),
            vec![("f", "fire"), ("s", "leave out"), ("e", "note"), ("↑↓", "scroll"), ("esc", "back")],
        ),
    };
    Sheet { title, edge: Role::Warning, width: WIDTH, list, foot: vec![Line::default()], keys }
}

pub(super) fn lines(view: &View<'_>, exercise: &Exercise, row: &FacilitatorRow, width: usize) -> Vec<Line<'static>> {
    let mut lines = match row {
        FacilitatorRow::Question(id) => match view.model.question(id) {
            Some(question) => asked(view, &question.text, question.target.as_deref(), width),
            None => vec![Line::styled(format!("{} it is answered", view.symbols().ok), view.style(Role::Ok))],
        },
        FacilitatorRow::Inject(id) => {
            exercise.scenario.inject(id).map(|inject| of_inject(view, exercise, inject, width)).unwrap_or_default()
        }
    };
    let general = noted(view, exercise, None, width);
    if !general.is_empty() {
        lines.push(Line::default());
        lines.push(Line::styled("notes about the exercise", view.style(Role::Title)));
        lines.extend(general);
    }
    lines
}

fn asked(view: &View<'_>, text: &str, target: Option<&str>, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let intro = "The simulated world knows nothing of this, and passes nothing in silence. Would it hold, as the exercise \
                 stands? The answer is recorded, and stands for the same question later.";
    lines.extend(wrap(intro, width).into_iter().map(|line| Line::styled(line, view.style(Role::Muted))));
    lines.push(Line::default());
    for part in text.lines().flat_map(|line| wrap(line, width.saturating_sub(2))) {
        lines.push(Row::new().gap(2).put(part, view.style(Role::Strong)).fit(width));
    }
    if let Some(target) = target {
        lines.push(Line::default());
        lines.extend(labelled(view, "asked of", target, Role::Text, width));
    }
    lines
}

fn of_inject(view: &View<'_>, exercise: &Exercise, inject: &Inject, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if inject.is_delivered() {
        for part in wrap(&inject.text, width.saturating_sub(2)) {
            lines.push(Row::new().gap(2).put(part, view.style(Role::Strong)).fit(width));
        }
    } else {
        lines.push(Line::styled("  players are told nothing: only the world changes", view.style(Role::Muted)));
    }
    lines.push(Line::default());
    let standing = Standing::of(view, exercise, inject);
    lines.extend(labelled(view, "stands", &standing.words, standing.role, width));
    let from = if inject.from.is_empty() { "the exercise" } else { &inject.from };
    let via = if inject.channel.is_empty() { String::new() } else { format!(", {}", inject.channel) };
    lines.extend(labelled(view, "from", &format!("{from} to {}{via}", inject.to.name()), Role::Text, width));
    if !inject.effect.is_empty() {
        lines.extend(labelled(view, "world", &inject.effect.join("\n"), Role::Text, width));
    }
    if !inject.notes.is_empty() {
        lines.extend(labelled(view, "watch for", &inject.notes, Role::Text, width));
    }
    let expected = expected(view, exercise, &inject.id, width);
    if !expected.is_empty() {
        lines.push(Line::default());
        lines.push(Line::styled("expected of the players", view.style(Role::Title)));
        lines.extend(expected);
    }
    let notes = noted(view, exercise, Some(&inject.id), width);
    if !notes.is_empty() {
        lines.push(Line::default());
        lines.push(Line::styled("evaluators' notes", view.style(Role::Title)));
        lines.extend(notes);
    }
    lines
}

fn expected(view: &View<'_>, exercise: &Exercise, inject: &InjectId, width: usize) -> Vec<Line<'static>> {
    let of_this =
        |after: &Milestone| matches!(after, Milestone::Fired(id) | Milestone::Acknowledged(id) if id == inject);
    let results = view.model.conduct.scored.as_ref().map(|scored| &scored.score);
    let mut lines = Vec::new();
    for (at, expected) in exercise.scenario.expected.iter().enumerate().filter(|(_, expected)| of_this(&expected.after))
    {
        let result = results.and_then(|score| score.actions.get(at));
        let (sign, role, words) = observed(view, result, expected.within);
        let beside = columns(&expected.text) + columns(&words) + 6 <= width;
        let parts = wrap(&expected.text, width.saturating_sub(4));
        for (at, part) in parts.into_iter().enumerate() {
            let sign = if at == 0 { sign } else { " " };
            let row = Row::new().gap(1).put(format!("{sign} "), view.bold(role)).put(part, view.style(Role::Text));
            let row = if beside { row.right(words.clone(), view.style(role)) } else { row };
            lines.push(row.fit(width));
        }
        if !beside {
            lines.push(Row::new().gap(3).put(words, view.style(role)).fit(width));
        }
    }
    lines
}

/// What was observed of an action so far, in words with its times.
pub(in crate::view::overlay) fn observed(
    view: &View<'_>,
    result: Option<&ActionResult>,
    within: Option<std::time::Duration>,
) -> (&'static str, Role, String) {
    let symbols = view.symbols();
    let limit = within.map(|within| format!(" of {}", short(within))).unwrap_or_default();
    let Some(result) = result else { return (symbols.pending, Role::Muted, format!("not yet{limit}")) };
    let after = result.observed_at.zip(result.from).map(|(at, from)| human(since(at, from)));
    let after = after.map(|after| format!("after {after}{limit}")).unwrap_or_default();
    let due = result.from.zip(within).map(|(from, within)| at_offset(from, within));
    let now = view.model.now.wall;
    let unasked =
        || (symbols.pending, Role::Muted, format!("not asked for yet{}", limit.replace(" of", ", expected within")));
    match result.observed {
        Observed::InTime => (symbols.ok, Role::Ok, format!("in time, {after}")),
        Observed::Late => (symbols.warning, Role::Warning, format!("late, {after}")),
        Observed::Missed => (symbols.down, Role::Down, format!("missed{}", limit.replace(" of", ", expected within"))),
        // Until EndEx what it follows may still come.
        Observed::NotExpected if view.model.exercising() => unasked(),
        Observed::NotExpected => (symbols.not_applicable, Role::Muted, "nothing was expected".to_owned()),
        Observed::Open => match due {
            Some(due) if due > now => (symbols.pending, Role::Text, format!("{} left{limit}", span(since(due, now)))),
            Some(due) => (symbols.warning, Role::Warning, format!("{} overdue{limit}", span(since(now, due)))),
            None if result.from.is_none() => unasked(),
            None => (symbols.pending, Role::Muted, "any time before EndEx".to_owned()),
        },
    }
}

fn noted(view: &View<'_>, exercise: &Exercise, inject: Option<&InjectId>, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for note in exercise.notes.iter().filter(|note| note.inject.as_ref() == inject) {
        let at = format!("T+{} {}: ", stopwatch(since(note.at, exercise.started_at)), note.by);
        for (at, part) in wrap(&format!("{at}{}", note.text), width.saturating_sub(4)).into_iter().enumerate() {
            let sign = if at == 0 { view.symbols().dot } else { " " };
            let row = Row::new().gap(1).put(format!("{sign} "), view.style(Role::Muted));
            lines.push(row.put(part, view.style(Role::Text)).fit(width));
        }
    }
    lines
}
