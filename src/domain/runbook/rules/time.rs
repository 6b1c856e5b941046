//! What the recovery time is spent on: approvals that stand, steps that add up, and a lag that nobody knows any more
//! once the primary is dark.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{approval_line, front_line, guard_lines, opening, when_forced};
use crate::estate::Objective;
use crate::runbook::front_matter::Findings;
use crate::runbook::model::{CheckLine, Condition, Group, PhaseKind, Runbook, RunbookKind, Step, VariableKind};
use crate::time::human;

/// Combinations of choices that are worked out; runbooks have a handful.
const COMBINATIONS: usize = 256;
/// Steps looked at for all of them together.
const WORK: usize = 100_000;

/// `lag` in a guard of a step that is walked when the primary is gone: it never passes there.
pub(super) fn lag(runbook: &Runbook, findings: &mut Findings<'_>) {
    if runbook.kind != RunbookKind::Failover {
        return;
    }
    for step in super::main_line(runbook).filter(|step| when_forced(step)) {
        if let Some((block, _)) = guard_lines(step).find(|(_, line)| matches!(line, CheckLine::Lag { .. })) {
            let message = "`lag` is known of a primary that answers; this step is walked when MODE = forced, too";
            let help = "ask for `loss DATABASE@$TO <= 5m` there, or add `When: MODE = planned`";
            findings.warning("runbook::lag", &opening(block), message, help);
        }
    }
}

/// The recovery time of the runbook, else the shortest of the estate's tiers; and whose it is.
fn objective(runbook: &Runbook, findings: &Findings<'_>) -> Option<(Duration, String)> {
    if let Some(rto) = runbook.rto {
        return Some((rto, "the runbook's RTO".to_owned()));
    }
    let tiers = findings.estate.filter(|_| runbook.kind == RunbookKind::Failover)?.tiers.iter();
    let timed = tiers.filter_map(|tier| match tier.rto {
        Objective::Within(rto) => Some((rto, format!("the RTO of {}", tier.id))),
        Objective::NotApplicable => None,
    });
    timed.min()
}

/// An approval on the way to recovery does not wait for one person, nor longer than there is time.
pub(super) fn approvals(source: &str, runbook: &Runbook, line: &[&Step], findings: &mut Findings<'_>) {
    let Some((rto, whose)) = objective(runbook, findings) else { return };
    let after: BTreeSet<_> = runbook
        .phases
        .iter()
        .filter(|phase| phase.afterwards())
        .flat_map(|phase| &phase.groups)
        .flat_map(|group| &group.steps)
        .map(|step| &step.id)
        .collect();
    for step in line.iter().filter(|step| !after.contains(&step.id)) {
        let Some(approval) = &step.approval else { continue };
        let place = approval_line(source, step);
        match &approval.fallback {
            None => {
                let message =
                    format!("this approval waits for {} as long as it takes; {whose} is {}", approval.by, human(rto));
                let help = format!("say who else may: `Approval: {} or commander after 2m`", approval.by);
                findings.warning("runbook::approval-wait", &place, message, &help);
            }
            Some((_, wait)) if *wait >= rto => {
                let message =
                    format!("this approval falls to another after {}; {whose} is {}", human(*wait), human(rto));
                findings.warning("runbook::approval-wait", &place, message, "let it fall to another earlier");
            }
            Some(_) => {}
        }
    }
}

/// The author's own durations have to fit into the author's own objective, whichever way is taken.
pub(super) fn sum(source: &str, runbook: &Runbook, findings: &mut Findings<'_>) {
    let Some(rto) = runbook.rto else { return };
    let phases = runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main && !phase.afterwards());
    let groups: Vec<&Group> = phases.flat_map(|phase| &phase.groups).collect();
    let longest =
        ways(runbook, &groups).into_iter().map(|way| (taken(&groups, &way), way)).max_by_key(|(taken, _)| *taken);
    let Some((taken, way)) = longest.filter(|(taken, _)| *taken > rto) else { return };
    let way: Vec<String> = way.into_iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let when = if way.is_empty() { String::new() } else { format!(" when {}", way.join(" and ")) };
    let message = format!("the steps until recovery take {} at least{when}; the RTO is {}", human(taken), human(rto));
    let place = front_line(source, "rto");
    findings.warning(
        "runbook::rto",
        &place,
        message,
        "shorten or part them, run them in parallel, or correct a duration",
    );
}

/// Every combination of the values that `When` asks for.
fn ways(runbook: &Runbook, groups: &[&Group]) -> Vec<BTreeMap<String, String>> {
    let conditions = groups.iter().flat_map(|group| &group.steps).flat_map(|step| &step.when);
    let asked: BTreeSet<&str> = conditions.map(name).collect();
    let mut ways = vec![BTreeMap::new()];
    for name in asked {
        let kind = runbook.vars.iter().find(|variable| variable.name == name).map(|variable| &variable.kind);
        let values: Vec<&str> = match kind {
            Some(VariableKind::Choice { of }) => of.iter().map(String::as_str).collect(),
            Some(VariableKind::Bool) => vec!["true", "false"],
            None if name == "MODE" => vec!["planned", "forced"],
            // Anything else is taken as not given.
            _ => continue,
        };
        let steps: usize = groups.iter().map(|group| group.steps.len()).sum();
        let many = ways.len() * values.len();
        if many > COMBINATIONS || many * steps > WORK {
            break;
        }
        let with = |way: &BTreeMap<String, String>, value: &str| {
            let mut way = way.clone();
            way.insert(name.to_owned(), value.to_owned());
            way
        };
        ways = ways.iter().flat_map(|way| values.iter().map(|value| with(way, value)).collect::<Vec<_>>()).collect();
    }
    ways
}

fn name(condition: &Condition) -> &str {
    match condition {
        Condition::Is(name, _)
        | Condition::IsNot(name, _)
        | Condition::In(name, _)
        | Condition::Set(name)
        | Condition::Unset(name) => name,
    }
}

/// One step after the other; of a parallel group the longest.
fn taken(groups: &[&Group], way: &BTreeMap<String, String>) -> Duration {
    let quickest = |step: &Step| {
        let walked = step.when.iter().all(|condition| condition.holds(way));
        step.expected.filter(|_| walked).map_or(Duration::ZERO, |expected| expected.low)
    };
    let of = |group: &&Group| {
        let steps = group.steps.iter().map(quickest);
        if group.parallel {
            steps.max().unwrap_or_default()
        } else {
            steps.fold(Duration::ZERO, Duration::saturating_add)
        }
    };
    groups.iter().map(of).fold(Duration::ZERO, Duration::saturating_add)
}
