//! The plan as executed: every step of every run, those that were not walked included.

use super::attempt::{acts, facts, of_attempt};
use super::phase::contingency;
use super::{Block, Cell, Item, Row, Section, Source, Table};
use crate::engine::{Recorded, Run, RunState, StepState};
use crate::ident::{RegionId, StepId};
use crate::log::Approved;
use crate::report::Mark;
use crate::report::text::{utc, utc_or};
use crate::runbook::{PhaseKind, Step};
use crate::time::{human, since};

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Plan as executed");
    if source.state.runs.is_empty() {
        section.say("No runbook was started.");
    }
    let acts = acts(source);
    for run in &source.state.runs {
        section.blocks.push(Block::Heading(3, source.clean(&run.runbook.title)));
        section.blocks.push(Block::List(about(source, run)));
        section.blocks.push(Block::Table(steps(source, run)));
        for (number, step) in (1..).zip(run.runbook.steps()) {
            let done = acts.get(&(run.id, &step.id)).map(Vec::as_slice).unwrap_or_default();
            details(source, &mut section, run, number, step, done);
        }
    }
    section
}

fn about(source: &Source<'_>, run: &Run) -> Vec<Item> {
    let region = |region: &Option<RegionId>| {
        region.as_ref().map_or_else(|| "not given".to_owned(), |region| source.clean(region.as_str()))
    };
    let runbook =
        Item { hash: Some(run.hash), ..Item::new("Runbook:", format!("{}, SHA-256", source.clean(&run.name))) };
    vec![
        runbook,
        Item::new("Mode:", format!("{}; {} ▸ {}", run.mode.word(), region(&run.from), region(&run.to))),
        Item::new("Started", format!("{}; ended {}", utc(run.started_at), utc_or(run.ended_at, "not"))),
        Item::new("Outcome:", source.clean(&run_state(run))),
    ]
}

fn run_state(run: &Run) -> String {
    match &run.state {
        RunState::Running => "under way".to_owned(),
        RunState::HeldByFailure { step } => format!("held by a failure of {step}"),
        RunState::Paused { by, reason } => format!("paused by {by}: {reason}"),
        RunState::WatchingHold => "every step is done, watching whether it holds".to_owned(),
        RunState::Completed => "completed".to_owned(),
        RunState::CompletedWithExceptions { exceptions } => {
            let plural = if exceptions.len() == 1 { "exception" } else { "exceptions" };
            format!("completed with {} {plural}", exceptions.len())
        }
        RunState::Aborted { by, reason } => format!("aborted by {by}: {reason}"),
    }
}

fn steps(source: &Source<'_>, run: &Run) -> Table {
    let columns = ["#", "Step", "State", "Started", "Ended", "Took", "Executed by", "Authorised by"];
    let mut table = Table::new("Steps", &columns);
    let mut number = 0;
    for phase in &run.runbook.phases {
        let title = if phase.title.is_empty() { "Steps" } else { phase.title.as_str() };
        table.rows.push(Row::Group(format!("{} ({})", source.clean(title), contingency(phase))));
        for step in phase.groups.iter().flat_map(|group| &group.steps) {
            number += 1;
            table.row(summary(source, run, number, step));
        }
    }
    table
}

fn summary(source: &Source<'_>, run: &Run, number: u64, step: &Step) -> Vec<Cell> {
    let record = run.record(&step.id);
    let took = record.started_at.zip(record.ended_at).map(|(start, end)| human(since(end, start)));
    let line = if step.point_of_no_return { " (point of no return)" } else { "" };
    let (mark, word) = standing(run, step);
    vec![
        Cell::Number(number),
        Cell::Text(format!("{}{line}", source.clean(&step.title))),
        Cell::Word(mark, word),
        Cell::time_or(record.started_at, ""),
        Cell::time_or(record.ended_at, ""),
        Cell::Text(took.unwrap_or_default()),
        Cell::Text(executed_by(source, run, &step.id)),
        Cell::Text(authorised_by(source, run, &step.id)),
    ]
}

/// Whoever settled an outcome did not execute the step.
fn executed_by(source: &Source<'_>, run: &Run, step: &StepId) -> String {
    let record = run.record(step);
    let by = record.by.as_ref().map(|by| source.clean(by.as_str())).unwrap_or_default();
    match record.recorded {
        Recorded::Skipped => format!("skipped by {by}"),
        Recorded::DoneByHand => by,
        _ => record.attempts.last().map_or(by, |attempt| source.clean(attempt.executed_by.as_str())),
    }
}

/// A phase on demand that nobody asked for is no omission.
pub(in crate::report) fn standing(run: &Run, step: &Step) -> (Mark, &'static str) {
    let on_demand = run.runbook.place(&step.id).is_some_and(|(phase, _)| phase.kind != PhaseKind::Main);
    let state = run.step_state(&step.id);
    let mark = match state {
        StepState::Pending | StepState::Ready if on_demand => return (Mark::Plain, "not asked for"),
        StepState::Succeeded | StepState::DoneByHand => Mark::Good,
        StepState::Failed => Mark::Bad,
        StepState::Unknown => Mark::Unknown,
        StepState::Skipped | StepState::Cancelled | StepState::Undone => Mark::Warning,
        StepState::Running | StepState::Verifying => Mark::Started,
        StepState::Blocked | StepState::AwaitingApproval => Mark::Waiting,
        StepState::Pending | StepState::Ready | StepState::NotApplicable => Mark::Plain,
    };
    (mark, state.word())
}

fn authorised_by(source: &Source<'_>, run: &Run, step: &StepId) -> String {
    let record = run.record(step);
    let of_attempt = record.attempts.iter().rev().find_map(|attempt| attempt.authorised_by.as_ref());
    let given = of_attempt.or_else(|| record.approval.as_ref()?.given.as_ref());
    given.map(|given| source.clean(&approved(given))).unwrap_or_default()
}

pub(super) fn approved(given: &Approved) -> String {
    let seat = given.seat.as_ref().map(|seat| format!(" ({seat})")).unwrap_or_default();
    let how = if given.spoken { ", as spoken" } else { "" };
    format!("{}{seat}{how}", given.by)
}

fn details(source: &Source<'_>, section: &mut Section, run: &Run, number: usize, step: &Step, acts: &[Item]) {
    let mut items = facts(source, run.record(&step.id), step, acts);
    let attempts = &run.record(&step.id).attempts;
    if items.is_empty() && attempts.is_empty() {
        return;
    }
    section.blocks.push(Block::Heading(4, format!("{number}. {}", source.clean(&step.title))));
    let mut shown: Option<&str> = None;
    for attempt in attempts {
        items.push(of_attempt(source, attempt));
        if attempt.resolved.text.is_empty() {
            continue;
        }
        if shown != Some(&attempt.resolved.text) {
            section.blocks.push(Block::List(std::mem::take(&mut items)));
            let text = source.lines(&attempt.resolved.text);
            section.blocks.push(Block::Code { language: attempt.resolved.lang.name(), text });
            shown = Some(&attempt.resolved.text);
        }
    }
    if !items.is_empty() {
        section.blocks.push(Block::List(items));
    }
}
