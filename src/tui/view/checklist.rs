//! The checklist of the run: phases with their counts, steps with state, time and name, the line of no return.

use domain::engine::{Run, RunState, StepState};
use domain::execution::{GuardVerdict, Part};
use domain::ident::StepId;
use domain::runbook::{Group, Phase, PhaseKind, Step};
use ratatui::text::{Line, Span};

use super::context::{Content, Spot, View, span};
use super::guards::reach;
use super::{crumbs, filtered, look};
use crate::action::Id;
use crate::model::{ChecklistRow, Hit, checklist};
use crate::theme::Role;
use crate::widget::{Frame, Item, Row, width as columns};

/// `None` before a runbook was started.
pub(super) fn content(view: &View<'_>, width: usize, height: usize) -> Option<Content> {
    let run = view.model.run()?;
    let mut content = Content::default();
    if view.model.state.runs.len() > 1 {
        tabs(view, run, width, &mut content);
    }
    if let Some((of, step)) = view.model.state.parent_of(run) {
        let row = Row::new().put("for ", view.style(Role::Muted)).put(step.title.clone(), view.style(Role::Text));
        let row = row.put(format!(" of {}", of.runbook.title), view.style(Role::Muted)).gap(1);
        let key = format!(" {}", view.model.key(Id::ToParent));
        let row = row.right(key, view.style(Role::Key)).right(" goes back", view.style(Role::Muted));
        content.list.items.push(row.fit(width).into());
    }
    let cursor = view.model.step().map(|(_, step)| step.id.clone());
    let steps = view.model.steps();
    let rows = checklist(run, &steps);
    let narrowed = view.model.ui.checklist.shows();
    let fold = !narrowed && rows.len() + content.list.items.len() > height;
    let mut phase: Option<&Phase> = None;
    for row in &rows {
        if let ChecklistRow::Phase(next) = row {
            phase = Some(next);
        } else if fold && phase.is_some_and(|phase| folded(run, phase, cursor.as_ref())) {
            continue;
        }
        let (line, red) = match row {
            ChecklistRow::Phase(phase) => (phase_line(view, run, phase, width), false),
            ChecklistRow::Group(group) => (group_line(view, group, width), false),
            ChecklistRow::NoReturn => (no_return(view, width), false),
            ChecklistRow::Step(step, group) => {
                content.spots.push(Spot::row(content.list.items.len(), Hit::Step(step.id.clone())));
                if cursor.as_ref() == Some(&step.id) {
                    content.list.selected = Some(content.list.items.len());
                }
                let state = shown_state(view, run, step);
                (
                    step_line(view, run, step, group, state, width),
                    matches!(state, StepState::Failed | StepState::Unknown),
                )
            }
        };
        content.list.items.push(Item { line, red });
    }
    content.list.lit = true;
    content.frame = match narrowed {
        true => {
            let left_out = filtered::counts(view, &steps);
            Frame::new(filtered::title(view, "Checklist", &view.model.ui.checklist))
                .corner(standing(view, run))
                .aside(left_out)
        }
        false => Frame::new(title(view, run)).corner(standing(view, run)),
    };
    Some(content)
}

/// What the log says of it; a ready step whose guards do not hold is *blocked*.
pub(super) fn shown_state(view: &View<'_>, run: &Run, step: &Step) -> StepState {
    let state = run.step_state(&step.id);
    if state != StepState::Ready {
        return state;
    }
    let prepared = view.model.prepared_for(run.id, &step.id, Part::Run);
    let holds = prepared.is_none_or(|prepared| prepared.guards.iter().all(|guard| guard.verdict != GuardVerdict::Fail));
    if holds { state } else { StepState::Blocked }
}

/// All of it is done and the cursor is elsewhere: its heading says enough where room is short.
fn folded(run: &Run, phase: &Phase, cursor: Option<&StepId>) -> bool {
    let steps = || phase.groups.iter().flat_map(|group| &group.steps);
    let closed = phase.kind != PhaseKind::Main || steps().all(|step| run.step_state(&step.id).ended());
    closed && steps().all(|step| Some(&step.id) != cursor && !wants_a_look(run.step_state(&step.id)))
}

const fn wants_a_look(state: StepState) -> bool {
    matches!(state, StepState::Running | StepState::Verifying | StepState::Failed | StepState::Unknown)
}

fn title(view: &View<'_>, run: &Run) -> String {
    let current = view.model.step().and_then(|(_, step)| run.runbook.place(&step.id));
    let counted = current.map(|(phase, _)| {
        let (done, of) = count(run, phase);
        format!(" {} {} {done} of {of}", view.symbols().border.horizontal_top, phase.title)
    });
    let around = crumbs::runs(view).map(|runs| format!(" {} {runs}", view.symbols().border.horizontal_top));
    format!("Checklist{}{}", around.unwrap_or_default(), counted.unwrap_or_default())
}

fn standing(view: &View<'_>, run: &Run) -> Vec<Span<'static>> {
    let (text, role) = match &run.state {
        RunState::Running => return Vec::new(),
        RunState::HeldByFailure { .. } => ("held by a failure".to_owned(), Role::Down),
        RunState::Paused { by, .. } => (format!("paused by {by}"), Role::Warning),
        RunState::WatchingHold if view.model.state.over() => ("done, watch ended".to_owned(), Role::Muted),
        RunState::WatchingHold => ("done, watching it hold".to_owned(), Role::Ok),
        RunState::Completed => ("completed".to_owned(), Role::Ok),
        RunState::CompletedWithExceptions { exceptions } => {
            (format!("completed, {} exceptions", exceptions.len()), Role::Warning)
        }
        RunState::Aborted { by, .. } => (format!("aborted by {by}"), Role::Down),
    };
    vec![Span::styled(text, view.bold(role))]
}

fn tabs(view: &View<'_>, open: &Run, width: usize, content: &mut Content) {
    let mut row = Row::new();
    for run in &view.model.state.runs {
        let style = if run.id == open.id { view.style(Role::Accent) } else { view.style(Role::Muted) };
        let mark = if run.id == open.id { view.symbols().next } else { " " };
        let from = row.used();
        row = row.put(format!("{mark} {}", run.runbook.title), style);
        content.spots.push(Spot { line: 0, columns: from..row.used(), hit: Hit::Tab(run.id) });
        row = row.gap(2);
    }
    content.list.items.push(row.fit(width).into());
}

/// Ended steps, and all that apply.
fn count(run: &Run, phase: &Phase) -> (usize, usize) {
    let states = || {
        let steps = phase.groups.iter().flat_map(|group| &group.steps);
        steps.map(|step| run.step_state(&step.id)).filter(|state| *state != StepState::NotApplicable)
    };
    (states().filter(|state| state.ended()).count(), states().count())
}

fn phase_line(view: &View<'_>, run: &Run, phase: &Phase, width: usize) -> Line<'static> {
    let (done, of) = count(run, phase);
    let open = view.model.step().and_then(|(_, step)| run.runbook.place(&step.id));
    let here = open.is_some_and(|(current, _)| std::ptr::eq(current, phase));
    let row = Row::new().put(phase.title.clone(), view.style(if here { Role::Strong } else { Role::Muted }));
    match phase.kind {
        PhaseKind::Main if of > 0 && done == of => {
            row.right(format!(" {done} of {of} {}", view.symbols().ok), view.style(Role::Ok))
        }
        _ if done > 0 || here || phase.kind == PhaseKind::Main => {
            row.right(format!(" {done} of {of}"), view.style(if here { Role::Strong } else { Role::Muted }))
        }
        _ => row.right(" on demand", view.style(Role::Muted)),
    }
    .fit(width)
}

fn group_line(view: &View<'_>, group: &Group, width: usize) -> Line<'static> {
    let title = group.title.clone().unwrap_or_default();
    let how = if group.parallel { ", in parallel" } else { "" };
    Row::new().gap(1).put(format!("{title}{how}"), view.style(Role::Muted)).fit(width)
}

fn no_return(view: &View<'_>, width: usize) -> Line<'static> {
    const WORDS: &str = " point of no return ";
    let rule = view.symbols().rule;
    let left = width.saturating_sub(columns(WORDS)) / 2;
    let right = width.saturating_sub(columns(WORDS) + left);
    Line::styled(format!("{}{WORDS}{}", rule.repeat(left), rule.repeat(right)), view.style(Role::NoReturn))
}

fn step_line(view: &View<'_>, run: &Run, step: &Step, group: &Group, state: StepState, width: usize) -> Line<'static> {
    let sign = look::step(view.symbols(), state);
    let record = run.record(&step.id);
    let text = match state {
        StepState::Ready | StepState::Blocked | StepState::AwaitingApproval => view.bold(Role::Strong),
        StepState::Running | StepState::Verifying => view.bold(Role::Strong),
        StepState::Failed | StepState::Unknown => view.bold(sign.role),
        StepState::Pending | StepState::NotApplicable => view.style(Role::Muted),
        _ => view.style(Role::Text),
    };
    let indent = usize::from(group.title.is_some());
    let name_columns = if width >= 70 { 10 } else { 9 };
    let mut row = Row::new().gap(indent).put(sign.sign, view.style(sign.role)).gap(1).put(step.title.clone(), text);
    // The word is dropped before a title is cut.
    if step.manual() && !state.ended() && row.used() + columns("  by hand") + 9 + name_columns <= width {
        row = row.gap(2).put("by hand", view.style(Role::Muted));
    }
    if let Some(name) = step.child.as_ref().filter(|_| !state.ended()) {
        let text = format!("opens {name}");
        if row.used() + 2 + columns(&text) + 9 + name_columns <= width {
            row = row.gap(2).put(text, view.style(Role::Muted));
        }
    }
    if let Some(asked) = record.approval.as_ref().filter(|_| state == StepState::AwaitingApproval && width >= 70) {
        row = row.gap(2).put(format!("asks {}", reach(view, &asked.seat)), view.style(Role::Warning));
    }
    if record.out_of_order {
        row = row.gap(2).put("out of order", view.style(Role::Warning));
    }
    let (time, time_role) = time(view, run, step, state);
    let word = look::step_word(state);
    let (who, who_role) = if word.is_empty() || state == StepState::DoneByHand {
        let who = record.by.as_ref().map(ToString::to_string);
        let seat = || step.owner.as_ref().filter(|_| !state.ended()).map(ToString::to_string);
        (who.or_else(seat).unwrap_or_default(), if state.ended() { Role::Text } else { Role::Muted })
    } else {
        (word.to_owned(), sign.role)
    };
    row.right(format!(" {time:>6}  "), view.style(time_role))
        .right(pad(&who, name_columns), view.style(who_role))
        .fit(width)
}

fn pad(text: &str, to: usize) -> String {
    let text = crate::widget::ellipsis(text, to, "…");
    format!("{text}{}", " ".repeat(to.saturating_sub(columns(&text))))
}

/// How long it took or has been taking, else how long its author expects.
fn time(view: &View<'_>, run: &Run, step: &Step, state: StepState) -> (String, Role) {
    let record = run.record(&step.id);
    match (record.started_at, record.ended_at) {
        // What a person ticked has no duration of its own.
        (Some(started), Some(ended)) if started == ended => (String::new(), Role::Muted),
        (Some(started), Some(ended)) => (span(domain::time::since(ended, started)), Role::Muted),
        (Some(started), None) if matches!(state, StepState::Running | StepState::Verifying) => {
            let taken = view.since(started);
            let late = step.expected.is_some_and(|expected| taken > expected.high);
            (span(taken), if late { Role::Warning } else { Role::Strong })
        }
        _ if state.ended() => (String::new(), Role::Muted),
        _ => {
            let expected = step.expected.map(|expected| format!("~{}", span(expected.high)));
            (expected.unwrap_or_default(), Role::Muted)
        }
    }
}
