//! The step whose turn it is, and how far the run has come.

use domain::engine::{Run, RunState, StepState};
use domain::runbook::Step;
use domain::time::since;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::checklist::shown_state;
use super::super::context::{View, span};
use super::super::look;
use crate::theme::Role;
use crate::widget::{Frame, Row, bar};

/// Rows with the frame.
pub(super) const ROWS: u16 = 5;

pub(super) fn draw(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(run) = view.model.run() else { return none(view, area, buffer) };
    let phase =
        view.model.step().and_then(|(_, step)| run.runbook.place(&step.id)).map(|(phase, _)| phase.title.clone());
    let title = phase.map_or_else(|| run.runbook.title.clone(), |phase| format!("Now: {phase}"));
    let frame = Frame::new(title).corner(standing(view, run));
    let inner =
        if area.height >= ROWS { frame.draw(view.theme, area, buffer) } else { frame.rule(view.theme, area, buffer) };
    let width = usize::from(inner.width);
    for (y, line) in (inner.top()..inner.bottom()).zip(lines(view, run, width, usize::from(inner.height))) {
        buffer.set_line(inner.x, y, &line, inner.width);
    }
}

fn none(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let inner = Frame::new("Now").draw(view.theme, area, buffer);
    let line = Line::styled("no runbook is started", view.style(Role::Muted));
    buffer.set_line(inner.x, inner.y, &line, inner.width);
}

pub(super) fn lines(view: &View<'_>, run: &Run, width: usize, height: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let next = run.next();
    let mut steps: Vec<&Step> = next.iter().filter_map(|id| run.step(id)).collect();
    steps.extend(held(run).filter(|held| !next.contains(&held.id)));
    // The run's progress stands last and is never cut.
    let room = height.saturating_sub(1).max(1);
    for step in steps.iter().take(room) {
        lines.push(line(view, run, step, width));
    }
    if steps.len() > room {
        lines.pop();
        let more = steps.len() - room + 1;
        lines.push(Row::new().put(format!("  and {more} more in parallel"), view.style(Role::Muted)).fit(width));
    }
    if steps.is_empty() {
        let (word, role) = end(run);
        lines.push(Row::new().put(word, view.bold(role)).fit(width));
    } else if lines.len() < room
        && let Some(after) = after(run, &steps)
    {
        lines.push(Row::new().put("then ", view.style(Role::Muted)).put(after, view.style(Role::Muted)).fit(width));
    }
    lines.truncate(room);
    lines.push(progress(view, run, width));
    lines
}

/// Steps that failed or whose outcome is not known.
fn held(run: &Run) -> impl Iterator<Item = &Step> {
    run.runbook.steps().filter(|step| matches!(run.step_state(&step.id), StepState::Failed | StepState::Unknown))
}

const fn end(run: &Run) -> (&'static str, Role) {
    match &run.state {
        RunState::Completed => ("completed", Role::Ok),
        RunState::CompletedWithExceptions { .. } => ("completed, with exceptions", Role::Warning),
        RunState::Aborted { .. } => ("aborted", Role::Down),
        RunState::WatchingHold => ("done, watching it hold", Role::Ok),
        RunState::Running | RunState::HeldByFailure { .. } | RunState::Paused { .. } => {
            ("nothing is next", Role::Warning)
        }
    }
}

fn standing(view: &View<'_>, run: &Run) -> Vec<Span<'static>> {
    let (text, role) = match &run.state {
        RunState::HeldByFailure { .. } => ("HELD BY A FAILURE", Role::Down),
        RunState::Paused { .. } => ("PAUSED", Role::Warning),
        RunState::Aborted { .. } => ("ABORTED", Role::Down),
        _ => return Vec::new(),
    };
    vec![Span::styled(text, view.bold(role))]
}

fn line(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Line<'static> {
    let state = shown_state(view, run, step);
    let sign = look::step(view.symbols(), state);
    let record = run.record(&step.id);
    let who = record.by.as_ref().map(ToString::to_string);
    let who = who.or_else(|| step.owner.as_ref().map(ToString::to_string)).unwrap_or_default();
    let mut row = Row::new().put(format!("{} {}", sign.sign, step.title), view.bold(sign.role)).gap(2);
    if step.point_of_no_return {
        row = row.put("point of no return", view.style(Role::NoReturn)).gap(2);
    }
    let word = if state == StepState::Ready { if step.manual() { "by hand" } else { "next" } } else { state.word() };
    row = row.put(word, view.style(sign.role));
    let taken = record.started_at.filter(|_| matches!(state, StepState::Running | StepState::Verifying));
    let expected = step.expected.map(|expected| expected.high);
    let time = match (taken, expected) {
        (Some(started), Some(expected)) => {
            format!("{} of ~{}", span(since(view.model.now.wall, started)), span(expected))
        }
        (Some(started), None) => span(since(view.model.now.wall, started)),
        (None, Some(expected)) => format!("~{}", span(expected)),
        (None, None) => String::new(),
    };
    row.right(format!("  {time}"), view.style(Role::Text))
        .right(format!("  {who}"), view.style(Role::Strong))
        .fit(width)
}

/// What comes when these are done.
fn after(run: &Run, now: &[&Step]) -> Option<String> {
    let open = run.remaining().filter(|step| !now.iter().any(|other| other.id == step.id));
    let titles: Vec<&str> = open.take(2).map(|step| step.title.as_str()).collect();
    (!titles.is_empty()).then(|| titles.join(", "))
}

pub(super) fn progress(view: &View<'_>, run: &Run, width: usize) -> Line<'static> {
    let groups = run.main_groups();
    let states: Vec<StepState> = groups.flat_map(|group| &group.steps).map(|step| run.step_state(&step.id)).collect();
    let of = states.iter().filter(|state| **state != StepState::NotApplicable).count();
    let done = states.iter().filter(|state| state.ended() && **state != StepState::NotApplicable).count();
    let text = format!("  {done} of {of} steps");
    let columns = width.saturating_sub(text.len());
    #[allow(clippy::cast_precision_loss)]
    let share = if of == 0 { 1.0 } else { done as f64 / of as f64 };
    let mut spans = bar(view.theme, share, columns, Role::Accent);
    spans.push(Span::styled(text, view.bold(Role::Strong)));
    Line::from(spans)
}
