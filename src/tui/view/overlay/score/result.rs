//! The result in large letters, what was measured beside its targets, and the chart of the run.

use domain::drill::score::{Measure, Observed, Score};
use domain::reading::Verdict;
use domain::time::{clock, human, since};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{chart, looks, report};
use crate::model::Scored;
use crate::theme::Role;
use crate::view::context::{View, short};
use crate::view::look;
use crate::widget::{Row, bar, big, width as columns, wrap};

/// From so many rows on the outcome is written large.
const ROOM: u16 = 24;
const BAR: usize = 12;

pub(super) fn lines(view: &View<'_>, scored: &Scored, body: Rect) -> Vec<Line<'static>> {
    let width = usize::from(body.width);
    let score = &scored.score;
    let mut lines = headline(view, score, body.height >= ROOM, width);
    lines.push(Line::default());
    lines.extend(measures(view, score, width));
    lines.extend(counted(view, score, width));
    if let Some(chart) = &scored.chart {
        lines.push(Line::default());
        lines.extend(chart::lines(view, chart, width));
    }
    lines.push(Line::default());
    lines.push(report(view, scored, width));
    lines
}

/// The outcome, and beside it points, rating and the frame of it all.
fn headline(view: &View<'_>, score: &Score, large: bool, width: usize) -> Vec<Line<'static>> {
    let role = looks(score.outcome);
    let word = score.outcome.word().to_uppercase();
    let letters = if large { big(view.symbols(), &word) } else { vec![word] };
    let muted = view.style(Role::Muted);
    let ended = match (score.ended, score.ended_at) {
        (Some(why), Some(at)) => {
            let lasted = human(since(at, score.started_at));
            format!("{} … {}, {lasted}, {}", clock(score.started_at), clock(at), why.words())
        }
        _ => format!("since {}, and goes on", clock(score.started_at)),
    };
    let points = [
        Row::new().put(format!("{} points", score.points), view.style(Role::Strong)).put(" of 100", muted),
        Row::new()
            .put(score.rating.letter().to_string(), view.style(Role::Strong))
            .put(format!("  {}", score.rating.words()), view.style(Role::Text)),
        Row::new().put(ended, muted).put(format!("   {}, seed {}", score.scenario, score.seed), muted),
    ];
    let indent = letters.iter().map(|row| columns(row)).max().unwrap_or(0) + 3;
    let mut lines = Vec::new();
    for at in 0..letters.len().max(points.len()) {
        let row = Row::new().put(letters.get(at).cloned().unwrap_or_default(), view.bold(role)).at(indent);
        let mut spans = row.fit(indent).spans;
        if let Some(beside) = points.get(at) {
            spans.extend(beside.clone().fit(width.saturating_sub(indent)).spans);
        }
        lines.push(Line::from(spans));
    }
    lines
}

fn measures(view: &View<'_>, score: &Score, width: usize) -> Vec<Line<'static>> {
    let name = score.measures.iter().map(|measure| columns(&measure.name)).max().unwrap_or(0).clamp(8, 24);
    score.measures.iter().map(|measure| of_measure(view, measure, name, width)).collect()
}

fn of_measure(view: &View<'_>, measure: &Measure, name: usize, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let look = look::verdict(view.symbols(), measure.verdict);
    let judged = measure.verdict != Verdict::NotApplicable;
    let said = measure.measured.clone().unwrap_or_else(|| match measure.verdict {
        Verdict::Missed => "not reached".to_owned(),
        Verdict::NotApplicable => "not applicable".to_owned(),
        _ => "unknown".to_owned(),
    });
    let mut row = Row::new()
        .put(format!("{} ", look.sign), view.bold(look.role))
        .cell(name, &measure.name, view.style(Role::Text))
        .cell_right(14, &said, if judged { view.bold(look.role) } else { muted })
        .cell(7, &measure.target.map(|target| format!("of {}", short(target))).unwrap_or_default(), muted);
    for span in measured(view, measure, look.role) {
        row = row.put(span.0, span.1);
    }
    row.gap(1).put(measure.basis.clone(), muted).fit(width)
}

/// How much of its target it took, and by how much it went past it.
fn measured(view: &View<'_>, measure: &Measure, role: Role) -> Vec<(String, ratatui::style::Style)> {
    let lost = measure.lost.as_ref().and_then(|lost| lost.at_most);
    let Some((took, target)) = measure.span.or(lost).zip(measure.target) else {
        return vec![(" ".repeat(BAR + 8), view.style(Role::Muted))];
    };
    let share =
        if target.is_zero() { f64::from(u8::from(!took.is_zero())) } else { took.as_secs_f64() / target.as_secs_f64() };
    let beyond = took.saturating_sub(target);
    let beyond = if beyond.is_zero() { String::new() } else { format!("+{}", human(beyond)) };
    let filled = bar(view.theme, share, BAR, role);
    let mut parts: Vec<_> = filled.into_iter().map(|span| (span.content.into_owned(), span.style)).collect();
    parts.push((format!(" {beyond:<7}"), view.bold(role)));
    parts
}

/// Expected actions in a line; every wrong one in a line of its own; what went past the plan, counted.
fn counted(view: &View<'_>, score: &Score, width: usize) -> Vec<Line<'static>> {
    let symbols = view.symbols();
    let count = |wanted| score.actions.iter().filter(|action| action.observed == wanted).count();
    let all = score.actions.len() - count(Observed::NotExpected);
    let (in_time, late, missed) = (count(Observed::InTime), count(Observed::Late), count(Observed::Missed));
    let mut lines = Vec::new();
    let mut said = |sign: &str, role: Role, text: &str| {
        for (at, part) in wrap(text, width.saturating_sub(2)).into_iter().enumerate() {
            let sign = if at == 0 { sign } else { " " };
            let row = Row::new().put(format!("{sign} "), view.bold(role)).put(part, view.style(Role::Text));
            lines.push(row.fit(width));
        }
    };
    if all > 0 {
        let (sign, role) = match (missed, late, in_time == all) {
            (0, 0, true) => (symbols.ok, Role::Ok),
            (0, 0, false) => (symbols.pending, Role::Text),
            (0, _, _) => (symbols.warning, Role::Warning),
            _ => (symbols.down, Role::Down),
        };
        let more = |count: usize, word: &str| if count > 0 { format!(", {count} {word}") } else { String::new() };
        let text = format!(
            "Expected actions: {in_time} of {all} in time{}{}{}",
            more(late, "late"),
            more(missed, "missed"),
            more(count(Observed::Open), "open")
        );
        said(sign, role, &text);
    }
    for wrong in &score.wrong {
        said(symbols.down, Role::Down, &format!("Wrong: {}, {}", wrong.text, clock(wrong.at)));
    }
    match score.exceptions.len() {
        0 => {}
        1 => said(symbols.warning, Role::Warning, &score.exceptions[0]),
        many => said(symbols.warning, Role::Warning, &format!("{many} things went past the plan: see Actions")),
    }
    lines
}
