//! What people take from the exercise: strengths, what is to be improved, and action items with owner and day.

use domain::drill::score::Score;
use domain::log::{Lesson, LessonKind};
use ratatui::text::Line;

use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{Row, wrap};

pub(super) fn lines(view: &View<'_>, score: &Score, width: usize) -> Vec<Line<'static>> {
    let symbols = view.symbols();
    let of = |kind| score.lessons.iter().filter(move |lesson| lesson.kind == kind);
    let mut lines = Vec::new();
    let mut section = |title: &'static str, (sign, role): (&str, Role), found: &[String], kind, none: &'static str| {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(title, view.style(Role::Title)));
        for text in found {
            lines.extend(entry(view, (symbols.dot, Role::Muted), text, "", width));
        }
        for lesson in of(kind) {
            lines.extend(entry(view, (sign, role), &lesson.text, &due(lesson), width));
        }
        if found.is_empty() && of(kind).next().is_none() {
            lines.push(Row::new().gap(2).put(none, view.style(Role::Muted)).fit(width));
        }
    };
    let none = "none yet: + adds one";
    section("Strengths", (symbols.ok, Role::Ok), &score.strengths, LessonKind::Strength, none);
    let none = "none yet: - adds one";
    section("To be improved", (symbols.warning, Role::Warning), &score.improvements, LessonKind::Improvement, none);
    let none = "none yet: a adds one, with who does it and until when";
    section("Action items", (symbols.next, Role::Accent), &[], LessonKind::Action, none);
    lines
}

/// Who does it, until when.
fn due(lesson: &Lesson) -> String {
    if lesson.kind != LessonKind::Action {
        return String::new();
    }
    let owner = lesson.owner.as_ref().map_or_else(|| "nobody yet".to_owned(), ToString::to_string);
    match lesson.due {
        Some(due) => format!("{owner}, due {}", due.strftime("%Y-%m-%d")),
        None => format!("{owner}, no day yet"),
    }
}

fn entry(
    view: &View<'_>,
    (sign, role): (&str, Role),
    text: &str,
    right: &str,
    width: usize,
) -> impl Iterator<Item = Line<'static>> {
    let room = width.saturating_sub(if right.is_empty() { 2 } else { right.chars().count() + 4 });
    let parts = wrap(text, room.max(20)).into_iter().enumerate();
    let line = |(at, part): (usize, String)| {
        let sign = if at == 0 { sign } else { " " };
        let row = Row::new().put(format!("{sign} "), view.bold(role)).put(part, view.style(Role::Text));
        if at == 0 { row.right(format!("  {right}").trim_end().to_owned(), view.style(Role::Muted)) } else { row }
            .fit(width)
    };
    parts.map(line).collect::<Vec<_>>().into_iter()
}
