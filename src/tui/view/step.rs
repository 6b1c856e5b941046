//! The step in focus: what would run and where, what its guards say, what came of it, what may be done now.

use domain::console::OutputOf;
use domain::engine::{Attempt, HoldState, Run, RunState, StepState};
use domain::execution::{End, Part, Resolved};
use domain::runbook::{Block, Step};
use domain::time::{clock, human};
use ratatui::text::{Line, Span};

use super::checklist::shown_state;
use super::context::{Content, View, span};
use super::guards::guards;
use super::look;
use super::records::{plane, records};
use crate::action::next;
use crate::theme::Role;
use crate::widget::{Frame, List, Row, flow, fold, width as columns, wrap};

/// Lines of the text that runs shown in the panel.
const TEXT: usize = 9;
/// Columns of the labels at the left, the blank behind them not counted.
const LABEL: usize = 9;
/// Lines of output shown of an attempt that did not succeed.
const LED_THERE: usize = 4;
/// Lines of output shown while it runs, when there is room for more text.
const TAIL: usize = 8;

/// `None` while no step is in focus.
pub(super) fn content(view: &View<'_>, width: usize) -> Option<Content> {
    let (run, step) = view.model.step()?;
    let state = shown_state(view, run, step);
    let sign = look::step(view.symbols(), state);
    let corner = vec![Span::styled(format!("{} {}", sign.sign, state.word()), view.bold(sign.role))];
    let mut lines = lines(view, run, step, TEXT, width);
    lines.splice(1..1, next_key(view, width));
    Some(Content {
        frame: Frame::new(step.title.clone()).title_role(Role::Title).corner(corner),
        list: List::of(lines),
        spots: Vec::new(),
    })
}

/// What the last attempt did or does and the key that goes on, for screens without room for the whole step; `None` while
/// there is neither.
pub(super) fn brief(view: &View<'_>, width: usize, rows: usize) -> Option<Content> {
    let (run, step) = view.model.step()?;
    let state = shown_state(view, run, step);
    let attempt = run.record(&step.id).attempts.last().filter(|_| !state.ended());
    let mut lines = attempt.map(|attempt| attempt_lines(view, run, step, attempt, width)).unwrap_or_default();
    lines.extend(waited_for(view, run, step, state, width));
    lines.extend(next_key(view, width));
    if lines.is_empty() {
        return None;
    }
    // Its head, then the newest of what it says.
    let surplus = lines.len().saturating_sub(rows);
    lines.drain(1..1 + surplus.min(lines.len().saturating_sub(1)));
    Some(Content { frame: Frame::new(step.title.clone()), list: List::of(lines), spots: Vec::new() })
}

/// Everything there is to say about a step, in the order in which it decides. Of the text that runs, the first `shown`
/// lines, so that a long one does not push the guards out of sight.
pub(super) fn lines(view: &View<'_>, run: &Run, step: &Step, shown: usize, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![what(view, run, step, width)];
    lines.extend(price(view, step, width));
    if let Some(why) = &step.manual_because {
        lines.extend(labelled(view, "by hand", why, Role::Warning, width));
    }
    for (label, text, role) in plane(view, run, step) {
        lines.extend(labelled(view, label, &text, role, width));
    }
    let state = run.step_state(&step.id);
    lines.extend(outcome(view, run, step, state, width));
    let mut text = text_of(view, run, step, width);
    if text.len() > shown {
        let left_out = text.len() - shown;
        text.truncate(shown);
        text.push(Line::styled(format!("  {left_out} more lines: enter shows them"), view.style(Role::Muted)));
    }
    lines.extend(text);
    if !state.ended() {
        let prepared = view.model.prepared_for(run.id, &step.id, Part::Run);
        for (label, text, role) in records(run, step.run.as_ref(), prepared.map(AsRef::as_ref)) {
            lines.extend(labelled(view, label, &text, role, width));
        }
        lines.extend(guards(view, run, step, width));
    }
    lines.extend(substeps(view, run, step, width));
    lines.extend(after(view, run, step, width));
    if !step.prose.trim().is_empty() {
        lines.push(Line::default());
        let prose = domain::execution::substitute(step.prose.trim(), &run.values_for(&step.id));
        lines.extend(wrap(&flow(&prose), width).into_iter().map(|line| Line::styled(line, view.style(Role::Muted))));
    }
    lines
}

fn what(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let row = match (&step.run, &step.child) {
        (None, Some(name)) => Row::new().put("opens ", muted).put(name.clone(), view.style(Role::Accent)),
        (None, None) => Row::new().put("by hand", view.style(Role::Text)),
        (Some(block), _) => Row::new().put(block.lang.name(), muted),
    };
    let target = step.on.as_ref().map(|on| domain::execution::substitute(&on.0, &run.values_for(&step.id)));
    let row = match target {
        Some(target) => row.put(" on ", muted).put(target, view.style(Role::Accent)),
        None => row,
    };
    let row = match &step.owner {
        Some(owner) => row.gap(3).put(owner.to_string(), muted),
        None => row,
    };
    let row = if step.read_only() { row.gap(3).put("only reads", muted) } else { row };
    let expected = step.expected.map(|expected| format!(" ~{}", span(expected.high))).unwrap_or_default();
    row.right(expected, view.style(Role::Text)).fit(width)
}

/// The key that moves the step under the cursor on.
fn next_key(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let Some(next) = next(view.model) else { return Vec::new() };
    let key = format!("{} ", next.key);
    let indent = LABEL + 1 + columns(&key);
    let mut lines = Vec::new();
    for part in wrap(&next.does, width.saturating_sub(indent)) {
        let row = match lines.is_empty() {
            true => Row::new().cell(LABEL, "next", view.bold(Role::Title)).put(key.clone(), view.style(Role::Key)),
            false => Row::new().gap(indent),
        };
        lines.push(row.put(part, view.style(Role::Accent)).fit(width));
    }
    lines
}

/// What undoing costs, loud where there is no way back.
fn price(view: &View<'_>, step: &Step, width: usize) -> Vec<Line<'static>> {
    match (step.point_of_no_return, &step.undo) {
        (true, undo) => {
            let undo = undo.as_deref().map_or_else(|| "undo is not written".to_owned(), |undo| format!("undo: {undo}"));
            labelled(view, "one-way", &undo, Role::NoReturn, width)
        }
        (false, Some(undo)) => labelled(view, "undo", undo, Role::Muted, width),
        (false, None) => Vec::new(),
    }
}

fn outcome(view: &View<'_>, run: &Run, step: &Step, state: StepState, width: usize) -> Vec<Line<'static>> {
    let record = run.record(&step.id);
    let mut lines = Vec::new();
    if let Some(attempt) = record.attempts.last() {
        lines.push(Line::default());
        lines.extend(attempt_lines(view, run, step, attempt, width));
    }
    lines.extend(waited_for(view, run, step, state, width));
    if let Some(child) = view.model.state.child_of(run, &step.id).filter(|_| run.in_child(&step.id)) {
        let (ended, of) = ended_of(child);
        let said = format!("{}: {ended} of {of} steps", child.standing());
        let held = matches!(child.state, RunState::HeldByFailure { .. });
        lines.extend(labelled(view, "walked", &said, if held { Role::Down } else { Role::Text }, width));
    }
    if let Some(remark) = &record.remark {
        let (label, role) = match state {
            StepState::Skipped => ("skipped", Role::Text),
            // What it opened was given up.
            _ if step.child.is_some() && !state.ended() => ("open", Role::Warning),
            _ => ("evidence", Role::Text),
        };
        lines.extend(labelled(view, label, remark, role, width));
    }
    if let Some(hold) = &record.hold {
        let (text, role) = match hold {
            HoldState::Watching { until, .. } => (format!("watched until {}", clock(*until)), Role::Text),
            HoldState::Held => ("held".to_owned(), Role::Ok),
            HoldState::Broke { detail } => (format!("did not hold: {detail}"), Role::Down),
        };
        lines.extend(labelled(view, "hold", &text, role, width));
    }
    let choices = match state {
        StepState::Failed | StepState::Cancelled => "nothing goes on by itself",
        StepState::Unknown => "whether it took effect is not known",
        _ => return lines,
    };
    lines.extend(wrap(choices, width).into_iter().map(|line| Line::styled(line, view.bold(Role::Warning))));
    lines
}

/// Steps of the main line that have their end, and all that apply.
fn ended_of(run: &Run) -> (usize, usize) {
    let states = || {
        let steps = run.main_groups().flat_map(|group| &group.steps);
        steps.map(|step| run.step_state(&step.id)).filter(|state| *state != StepState::NotApplicable)
    };
    (states().filter(|state| state.ended()).count(), states().count())
}

/// What a step that is being verified still waits for.
fn waited_for(view: &View<'_>, run: &Run, step: &Step, state: StepState, width: usize) -> Vec<Line<'static>> {
    if state != StepState::Verifying {
        return Vec::new();
    }
    let attempt = run.record(&step.id).attempts.last().map_or(0, |attempt| attempt.number);
    let of = OutputOf::Step { run: run.id, step: step.id.clone(), attempt };
    let said = view.model.ui.outputs.of(&of).and_then(|tail| tail.lines.iter().rfind(|line| !line.is_empty()));
    said.map(|said| labelled(view, "waits for", said, Role::Warning, width)).unwrap_or_default()
}

fn attempt_lines(view: &View<'_>, run: &Run, step: &Step, attempt: &Attempt, width: usize) -> Vec<Line<'static>> {
    let symbols = view.symbols();
    let verb = if attempt.part == Part::Rollback { "rollback" } else { "attempt" };
    let head = format!("{verb} {}", attempt.number);
    let by = format!(" by {}", attempt.executed_by);
    let (sign, role, said, took) = match &attempt.outcome {
        None => (symbols.running, Role::Warning, "running".to_owned(), view.since(attempt.intended_at)),
        Some(outcome) => {
            let (sign, role, said) = match &outcome.end {
                End::Succeeded { .. } => (symbols.ok, Role::Ok, "succeeded".to_owned()),
                End::Failed { exit: Some(code), .. } => (symbols.down, Role::Down, format!("failed, exit {code}")),
                End::Failed { .. } => (symbols.down, Role::Down, "failed".to_owned()),
                End::NotStarted { .. } => (symbols.down, Role::Down, "was not started".to_owned()),
                End::TimedOut => (symbols.down, Role::Down, "timed out".to_owned()),
                End::Cancelled => (symbols.down, Role::Warning, "was stopped".to_owned()),
                End::Unknown { .. } => (symbols.unknown, Role::Unknown, "unknown".to_owned()),
            };
            (sign, role, said, outcome.duration)
        }
    };
    let mut lines = vec![
        Row::new()
            .put(format!("{sign} {said}"), view.bold(role))
            .gap(2)
            .put(human(took), view.style(Role::Strong))
            .right(format!(" {head}{by}"), view.style(Role::Muted))
            .fit(width),
    ];
    let of = OutputOf::Step { run: run.id, step: step.id.clone(), attempt: attempt.number };
    match &attempt.outcome {
        Some(outcome) => {
            lines.extend(
                wrap(outcome.said(), width.saturating_sub(2))
                    .into_iter()
                    .map(|line| Row::new().gap(2).put(line, view.style(Role::Text)).fit(width)),
            );
            // What led there, as far as this console saw it.
            let printed = view.model.ui.outputs.of(&of).map_or(0, |tail| tail.lines.len());
            if !matches!(outcome.end, End::Succeeded { .. }) && printed > 1 {
                lines.extend(tail(view, &of, LED_THERE, width));
            }
        }
        None => lines.extend(tail(view, &of, TAIL, width)),
    }
    if let Some(verified) = &attempt.verified {
        let (sign, role) = if verified.passed { (symbols.ok, Role::Ok) } else { (symbols.down, Role::Down) };
        let text = format!("{} after {}", verified.detail, human(verified.took));
        lines.push(
            Row::new().put(format!("{sign} verify  "), view.style(role)).put(text, view.style(Role::Text)).fit(width),
        );
    }
    lines
}

/// The last lines of output, each behind a bar that says whose it is.
pub(super) fn tail(view: &View<'_>, of: &OutputOf, count: usize, width: usize) -> Vec<Line<'static>> {
    let Some(tail) = view.model.ui.outputs.of(of) else { return Vec::new() };
    let skip = tail.lines.len().saturating_sub(count);
    let edge = view.symbols().border.vertical_left;
    tail.lines
        .iter()
        .skip(skip)
        .map(|line| {
            Row::new()
                .put(format!("{edge} "), view.style(Role::Border))
                .put(line.clone(), view.style(Role::Text))
                .fit(width)
        })
        .collect()
}

/// The exact text, resolved when it can be, as written when it cannot.
fn text_of(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Vec<Line<'static>> {
    let Some(block) = &step.run else { return Vec::new() };
    let mut lines = vec![Line::default()];
    let prepared = view.model.prepared_for(run.id, &step.id, Part::Run);
    match prepared.map(|prepared| &prepared.resolved) {
        Some(Ok(resolved)) => lines.extend(code(view, resolved, width)),
        Some(Err(why)) => {
            lines.extend(labelled(view, "blocked", why, Role::Down, width));
            lines.extend(block_text(view, block, width));
        }
        None => lines.extend(block_text(view, block, width)),
    }
    lines
}

/// The text that will run, its timeout at the edge of its first line.
pub(super) fn code(view: &View<'_>, resolved: &Resolved, width: usize) -> Vec<Line<'static>> {
    text_lines(view, &resolved.text, &human(resolved.timeout), width)
}

fn block_text(view: &View<'_>, block: &Block, width: usize) -> Vec<Line<'static>> {
    text_lines(view, &block.text, &human(block.timeout), width)
}

/// Verbatim: what is confirmed is what runs.
fn text_lines(view: &View<'_>, text: &str, timeout: &str, width: usize) -> Vec<Line<'static>> {
    let timeout = format!(" timeout {timeout}");
    let inner = width.saturating_sub(2 + timeout.len());
    let mut lines = Vec::new();
    for line in text.trim_end().lines() {
        for (at, part) in fold(line, inner).into_iter().enumerate() {
            let margin = if at == 0 { " " } else { view.symbols().continued };
            let row = Row::new().put(format!("{margin} "), view.style(Role::Muted)).put(part, view.style(Role::Strong));
            let row = if lines.is_empty() { row.right(timeout.clone(), view.style(Role::Muted)) } else { row };
            lines.push(row.fit(width));
        }
    }
    lines
}

fn substeps(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Vec<Line<'static>> {
    let record = run.record(&step.id);
    let line = |(at, substep): (usize, &domain::runbook::SubStep)| {
        let done = record.ticks.get(&at).copied().unwrap_or_default();
        let (sign, role) = if done { (view.symbols().ok, Role::Ok) } else { (view.symbols().pending, Role::Muted) };
        Row::new()
            .put(format!("{sign} "), view.style(role))
            .put(substep.title.clone(), view.style(Role::Text))
            .fit(width)
    };
    step.substeps.iter().enumerate().map(line).collect()
}

/// What is looked at afterwards, and what takes it back.
fn after(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if step.run.is_some() || !step.verifies.is_empty() {
        let values = run.values_for(&step.id);
        let dot = format!(" {} ", view.symbols().dot);
        let verify: Vec<String> = step
            .verifies
            .iter()
            .flat_map(|block| block.text.trim().lines())
            .map(|line| domain::execution::substitute(line.trim(), &values))
            .collect();
        let (text, role) = if verify.is_empty() {
            ("nothing verifies it".to_owned(), Role::Muted)
        } else {
            (verify.join(&dot), Role::Text)
        };
        lines.push(Line::default());
        lines.extend(labelled(view, "verify", &text, role, width));
    }
    if step.run.is_some() && !step.read_only() {
        let rollback = match &step.rollback {
            Some(block) => {
                let first = block.text.trim().lines().next().unwrap_or_default();
                domain::execution::substitute(first, &run.values_for(&step.id))
            }
            None if step.point_of_no_return => "none: this is the point of no return".to_owned(),
            None => "none".to_owned(),
        };
        let role = if step.rollback.is_some() { Role::Text } else { Role::Muted };
        lines.extend(labelled(view, "rollback", &rollback, role, width));
    }
    lines
}

/// `label    text`, wrapped under itself.
pub(super) fn labelled(view: &View<'_>, label: &str, text: &str, role: Role, width: usize) -> Vec<Line<'static>> {
    let label_role = if matches!(role, Role::NoReturn | Role::Down) { role } else { Role::Title };
    let text_role = if role == Role::NoReturn { Role::Text } else { role };
    let mut lines = Vec::new();
    for part in wrap(text, width.saturating_sub(LABEL + 1)) {
        let label = if lines.is_empty() { label } else { "" };
        let row = Row::new().cell(LABEL, label, view.bold(label_role)).put(part, view.style(text_role));
        lines.push(row.fit(width));
    }
    lines
}
