//! What is wrong with a plan whose every line is right: an order that makes two primaries, a wait that outlasts the
//! objective, a question nobody can answer. Only of native runbooks; warnings, because the author may know better.

mod order;
mod seats;
mod time;
mod values;

pub use order::promotes;

use std::collections::BTreeSet;
use std::ops::Range;

use super::front_matter::Findings;
use super::model::{Block, CheckLine, Condition, Lang, PhaseKind, Runbook, Step};
use super::{WorldLine, check_line, world_line};

/// Looks at the whole plan.
pub(super) fn check(source: &str, runbook: &Runbook, findings: &mut Findings<'_>) {
    let line: Vec<&Step> = main_line(runbook).collect();
    order::promotions(runbook, findings);
    order::traffic(&line, findings);
    time::lag(runbook, findings);
    time::approvals(source, runbook, &line, findings);
    time::sum(source, runbook, findings);
    seats::held(source, runbook, findings);
    values::filled(source, runbook, findings);
}

/// Steps of the phases that are walked, in order.
fn main_line(runbook: &Runbook) -> impl Iterator<Item = &Step> {
    let phases = runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main);
    phases.flat_map(|phase| &phase.groups).flat_map(|group| &group.steps)
}

/// Where a block begins: its opening fence.
fn opening(block: &Block) -> Range<usize> {
    block.span.start..block.span.start + 3
}

/// Lines of a block that say something.
fn significant_lines(text: &str) -> impl Iterator<Item = &str> {
    check_line::significant(text).map(|(_, line)| line)
}

/// The line of a step on which its approval stands, else its title.
fn approval_line(source: &str, step: &Step) -> Range<usize> {
    let text = source.get(step.span.clone()).unwrap_or_default();
    let mut start = step.span.start;
    for line in text.split_inclusive('\n') {
        let lower = line.to_lowercase();
        if ["approval", "approved by", "sign-off"].iter().any(|key| lower.contains(key)) {
            let at = start + (line.len() - line.trim_start().len());
            return at..at + line.trim().len();
        }
        start += line.len();
    }
    step.span.start..step.span.start + text.lines().next().unwrap_or_default().trim_end().len()
}

/// The line of a key in the front matter.
fn front_line(source: &str, key: &str) -> Range<usize> {
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let said = line.trim();
        if start > 0 && said == "---" {
            break;
        }
        if said.split(':').next().is_some_and(|found| found == key) {
            let at = start + (line.len() - line.trim_start().len());
            return at..at + said.len();
        }
        start += line.len();
    }
    0..0
}

/// Lines of the step's `check` guards, with a stand-in for every variable, which is all that their form needs.
fn guard_lines(step: &Step) -> impl Iterator<Item = (&Block, CheckLine)> {
    let blocks = step.guards.iter().filter(|block| block.lang == Lang::Check);
    blocks.flat_map(|block| significant_lines(&block.text).filter_map(move |line| Some((block, as_written(line)?))))
}

/// A line whose variables stand for themselves; a span of time that is a variable is taken for a short one.
fn as_written(line: &str) -> Option<CheckLine> {
    let span = |line: &str| {
        let (head, last) = line.rsplit_once(' ')?;
        last.starts_with('$').then(|| format!("{head} 1s"))
    };
    let read = |line: &str| check_line::check_line(line).ok();
    let place = |line: &str| {
        let words = line.split(' ').map(|word| {
            // A server may be one variable: `fenced $OLD`.
            if word.starts_with('$') && !word.contains('@') { format!("{word}@{word}") } else { word.to_owned() }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    read(line).or_else(|| read(&span(line)?)).or_else(|| read(&place(line))).or_else(|| read(&place(&span(line)?)))
}

/// The same of a line of a `world` block.
fn world_lines(step: &Step) -> impl Iterator<Item = WorldLine> {
    let block = step.drill.iter().filter(|block| block.lang == Lang::World);
    block.flat_map(|block| significant_lines(&block.text)).filter_map(|line| {
        let (word, place) = line.split_once(' ')?;
        let place = if place.starts_with('$') && !place.contains(['@', ' ']) {
            format!("{place}@{place}")
        } else {
            place.to_owned()
        };
        world_line::world_line(line).or_else(|_| world_line::world_line(&format!("{word} {place}"))).ok()
    })
}

/// Some values make both apply: neither asks for what the other excludes.
fn together(one: &Step, other: &Step) -> bool {
    let excludes = |a: &Condition, b: &Condition| {
        let (Some((name, first)), Some((same, second))) = (wanted(a), wanted(b)) else {
            return unwanted(a, b) || unwanted(b, a);
        };
        name == same && first.is_disjoint(&second)
    };
    !one.when.iter().any(|a| other.when.iter().any(|b| excludes(a, b)))
}

/// The values one of which it asks for.
fn wanted(condition: &Condition) -> Option<(&str, BTreeSet<&str>)> {
    match condition {
        Condition::Is(name, value) => Some((name, BTreeSet::from([value.as_str()]))),
        Condition::In(name, values) => Some((name, values.iter().map(String::as_str).collect())),
        Condition::IsNot(..) | Condition::Set(_) | Condition::Unset(_) => None,
    }
}

/// The first asks for exactly what the second refuses.
fn unwanted(a: &Condition, b: &Condition) -> bool {
    match (wanted(a), b) {
        (Some((name, values)), Condition::IsNot(other, value)) => {
            name == other && values.len() == 1 && values.contains(value.as_str())
        }
        (Some((name, _)), Condition::Unset(other)) => name == other,
        (None, _) | (Some(_), Condition::Is(..) | Condition::In(..) | Condition::Set(_)) => {
            matches!((a, b), (Condition::Set(one), Condition::Unset(other)) if one == other)
        }
    }
}

/// It is walked in a forced failover, as far as its `When` tells.
fn when_forced(step: &Step) -> bool {
    !step.when.iter().any(|condition| match condition {
        Condition::Is(name, value) => name == "MODE" && value != "forced",
        Condition::IsNot(name, value) => name == "MODE" && value == "forced",
        Condition::In(name, values) => name == "MODE" && !values.iter().any(|value| value == "forced"),
        Condition::Set(_) => false,
        Condition::Unset(name) => name == "MODE",
    })
}
