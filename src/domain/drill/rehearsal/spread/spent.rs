//! Where the time between impact and recovery went, as the log tells it: each moment belongs to one thing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::super::Played;
use crate::engine::{Run, State};
use crate::execution::Part;
use crate::ident::{RunId, StepId};
use crate::log::{Entry, Event};
use crate::runbook::{CheckLine, Lang, Step, check_lines};
use crate::time::{Timestamp, since};

/// What time was spent on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum On {
    /// From the impact until an incident was declared.
    Detection,
    Decision,
    /// A step executes, or a person does it; by the runbook's name.
    Step {
        runbook: String,
        step: StepId,
        title: String,
        phase: String,
    },
    /// Names were moved, and their old answers are still used.
    Names,
    Approval,
    /// Nothing runs: somebody reads, decides, types.
    People,
    /// All is done, and the checks have yet to see it.
    Checks,
}

struct Span {
    from: Timestamp,
    to: Timestamp,
    /// Of two at once the higher counts.
    rank: u8,
    on: On,
}

/// Spans of the critical path, summed up by what they were spent on.
pub(super) fn spent(played: &Played, impact: Timestamp, recovered: Timestamp) -> BTreeMap<On, Duration> {
    let spans = spans(&played.state, impact, recovered);
    let mut edges: Vec<Timestamp> = spans.iter().flat_map(|span| [span.from, span.to]).collect();
    edges.extend([impact, recovered]);
    edges.retain(|edge| (impact..=recovered).contains(edge));
    edges.sort_unstable();
    edges.dedup();
    let mut spent = BTreeMap::new();
    for pair in edges.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let covers = spans.iter().filter(|span| span.from <= from && to <= span.to);
        let on = covers.max_by_key(|span| span.rank).map_or(On::People, |span| span.on.clone());
        *spent.entry(on).or_default() += since(to, from);
    }
    spent
}

fn spans(state: &State, impact: Timestamp, recovered: Timestamp) -> Vec<Span> {
    let mut spans = Vec::new();
    let Some(incident) = state.incident.as_ref() else { return spans };
    let declared = incident.opened_at;
    spans.push(Span { from: impact, to: declared, rank: 1, on: On::Detection });
    if let Some(decided) = incident.decided_at {
        spans.push(Span { from: declared, to: decided, rank: 1, on: On::Decision });
    }
    let mut asked: BTreeMap<(RunId, &StepId), Timestamp> = BTreeMap::new();
    let mut before: BTreeMap<RunId, Timestamp> = BTreeMap::new();
    let mut ended: BTreeMap<(RunId, &StepId), Timestamp> = BTreeMap::new();
    let mut last = declared;
    for entry in &state.entries {
        let at = entry.occurred_at;
        match &entry.event {
            Event::RunStarted { run, .. } => {
                before.insert(*run, at);
            }
            Event::StepIntended { resolved, .. } if resolved.part == Part::Run => {
                ended.insert((resolved.run, &resolved.step), at);
            }
            Event::StepFinished { run, step, .. } => {
                let from = ended.insert((*run, step), at);
                spans.extend(of_step(state, *run, step, from, at, 4));
            }
            Event::StepVerified { run, step, .. } => {
                let from = ended.insert((*run, step), at);
                let moves = state.run(*run).and_then(|run| Some((run, run.step(step)?)));
                match moves.filter(|(run, step)| moves_names(run, step)) {
                    Some(_) => spans.extend(from.map(|from| Span { from, to: at, rank: 3, on: On::Names })),
                    None => spans.extend(of_step(state, *run, step, from, at, 3)),
                }
            }
            Event::StepDoneByHand { run, step, .. } => {
                spans.extend(of_step(state, *run, step, before.get(run).copied(), at, 2));
                ended.insert((*run, step), at);
            }
            Event::ApprovalRequested { run, step, .. } => {
                asked.insert((*run, step), at);
            }
            Event::ApprovalGiven { run, step, .. } => {
                let from = asked.remove(&(*run, step));
                spans.extend(from.map(|from| Span { from, to: at, rank: 3, on: On::Approval }));
            }
            _ => {}
        }
        if let Some(run) = ends_a_step(entry) {
            before.insert(run, at);
            last = last.max(at);
        }
    }
    let busy = spans.iter().any(|span| span.to >= recovered);
    if !busy && last < recovered {
        spans.push(Span { from: last, to: recovered, rank: 1, on: On::Checks });
    }
    spans
}

fn ends_a_step(entry: &Arc<Entry>) -> Option<RunId> {
    match &entry.event {
        Event::StepVerified { run, .. }
        | Event::StepFinished { run, .. }
        | Event::StepDoneByHand { run, .. }
        | Event::StepSkipped { run, .. } => Some(*run),
        _ => None,
    }
}

fn of_step(state: &State, run: RunId, step: &StepId, from: Option<Timestamp>, to: Timestamp, rank: u8) -> Option<Span> {
    let run = state.run(run)?;
    let title = run.step(step)?.title.clone();
    let phase = run.runbook.place(step).map(|(phase, _)| phase.title.clone()).unwrap_or_default();
    let on = On::Step { runbook: run.name.clone(), step: step.clone(), title, phase };
    Some(Span { from: from?, to, rank, on })
}

/// Its verify waits for users to arrive on the other side.
fn moves_names(run: &Run, step: &Step) -> bool {
    let checks = step.verifies.iter().filter(|block| block.lang == Lang::Check);
    let values = run.values_for(&step.id);
    checks.flat_map(|block| check_lines(&block.text, &values)).flatten().any(|line| match line {
        CheckLine::Serving { name, .. } => !run.estate.databases.iter().any(|database| database.id.as_str() == name),
        _ => false,
    })
}
