//! The guards of a step: which there are, what the console's own say, and what an override makes of them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Incident, Reason, Refusal, Run, State, StepRun};
use crate::execution::{GuardResult, GuardVerdict, Part, Resolved, ResolvedBlock, ResolvedTarget};
use crate::ident::{DatabaseId, RegionId, StepId};
use crate::objective::AtRisk;
use crate::reading::{Board, Promotion, evaluate, implicit_guards};
use crate::runbook::{Block, CheckLine, Lang, Step, check_lines, substitute};
use crate::time::Now;

/// The step's part as it would run now. Aimed at a region that is down, its time is cut to the policy's (20 s) unless its
/// author wrote another: a dark region does not eat the recovery time, and what mends it takes as long as it takes.
///
/// # Errors
/// Why it cannot be resolved: a value that is missing, a target that does not exist.
pub fn resolve_step(board: &Board, run: &Run, step: &StepId, part: Part) -> Result<Resolved, Refusal> {
    let attempt = run.next_attempt(step, part);
    let resolved = crate::execution::resolve(&run.runbook, &run.context(step), step, part, attempt, &run.estate);
    let mut resolved = resolved.map_err(|error| Refusal::new(Reason::NotNow, error.to_string()))?;
    let block = run.step(step).and_then(|found| match part {
        Part::Run => found.run.as_ref(),
        Part::Rollback => found.rollback.as_ref(),
    });
    if block.is_none_or(|block| !block.own_timeout) && dark(board, resolved.target.as_ref()) {
        resolved.timeout = resolved.timeout.min(run.estate.policy.dark_cut);
    }
    Ok(resolved)
}

/// What it is aimed at is in a region that is down.
fn dark(board: &Board, target: Option<&ResolvedTarget>) -> bool {
    let region = target.and_then(|target| target.region.as_ref());
    region.is_some_and(|region| board.region_is_down(region))
}

/// A guard or verify block of a step, as it would be asked now; cut in a dark region as [`resolve_step`] is.
///
/// # Errors
/// As [`resolve_step`].
pub fn resolve_question(board: &Board, run: &Run, step: &Step, block: &Block) -> Result<ResolvedBlock, String> {
    let resolved = crate::execution::resolve_block(&run.runbook, &run.context(&step.id), step, block, &run.estate);
    let mut resolved = resolved.map_err(|error| error.to_string())?;
    if !block.own_timeout && dark(board, resolved.target.as_ref()) {
        resolved.timeout = resolved.timeout.min(run.estate.policy.dark_cut);
    }
    Ok(resolved)
}

/// Guards the console answers from its own readings, evaluated now: each line of the step's `check` guards, and those
/// that every point of no return has.
#[must_use]
pub fn own_guards(state: &State, board: &Board, run: &Run, step: &Step, now: Now) -> Vec<GuardResult> {
    let values = run.values_for(&step.id);
    let record = run.record(&step.id);
    let mut results = Vec::new();
    for block in step.guards.iter().filter(|block| block.lang == Lang::Check) {
        for line in check_lines(&block.text, &values) {
            let result = match line {
                Ok(line) => evaluate(&line, board, state, Some(record), now),
                Err(why) => GuardResult {
                    name: "check".to_owned(),
                    verdict: GuardVerdict::Unknown,
                    seen: why,
                    evaluated_at: now.wall,
                    measured_at: None,
                },
            };
            results.push(or_else(result, block));
        }
    }
    match promotion(run, step) {
        Some((database, target)) => {
            let promotion = Promotion { database: &database, target: &target, mode: run.mode_of(&step.id) };
            results.extend(implicit_guards(board, state, Some(record), promotion, now));
        }
        // Without a server's name nothing of it can be checked: a person has to say that this is meant so.
        None if step.point_of_no_return => results.push(with_override(nothing_named(now), record)),
        None => {}
    }
    results
}

fn nothing_named(now: Now) -> GuardResult {
    GuardResult {
        name: "point of no return names a server".to_owned(),
        verdict: GuardVerdict::Ask,
        seen: "`On:` names no DATABASE@REGION, so the state of what is promoted cannot be checked".to_owned(),
        evaluated_at: now.wall,
        measured_at: None,
    }
}

/// What a point of no return promotes: the database and region its `On:` names.
#[must_use]
pub fn promotion(run: &Run, step: &Step) -> Option<(DatabaseId, RegionId)> {
    let on = step.on.as_ref().filter(|_| step.point_of_no_return)?;
    let on = substitute(&on.0, &run.values_for(&step.id)).ok()?;
    let (database, region) = on.split_once('@')?;
    let database = run.estate.database(&DatabaseId::from(database.trim()))?;
    Some((database.id.clone(), RegionId::from(region.trim())))
}

/// Per database that was promoted, the side it was promoted away from last.
#[must_use]
pub fn old_sides(state: &State, incident: &Incident) -> BTreeMap<DatabaseId, RegionId> {
    let mut sides = BTreeMap::new();
    for run in &state.runs {
        let Some(from) = run.from.as_ref().or(incident.from.as_ref()) else { continue };
        for step in run.runbook.steps().filter(|step| run.step_state(&step.id).done()) {
            if let Some((database, _)) = promotion(run, step).filter(|(_, to)| to != from) {
                sides.insert(database, from.clone());
            }
        }
    }
    sides
}

/// What may be lost by executing this: of the database that a point of no return is about.
#[must_use]
pub fn at_stake(state: &State, board: &Board, resolved: &Resolved, now: Now) -> BTreeMap<DatabaseId, AtRisk> {
    let step = state.run(resolved.run).and_then(|run| run.step(&resolved.step));
    let target = resolved.target.as_ref().filter(|_| step.is_some_and(|step| step.point_of_no_return));
    let Some((database, region)) = target.and_then(|target| target.database.as_ref().zip(target.region.as_ref()))
    else {
        return BTreeMap::new();
    };
    let at_risk = board.at_risk(database, region, Some(state), now);
    at_risk.map(|at_risk| (database.clone(), at_risk)).into_iter().collect()
}

/// The readable lines of the `check` blocks among these, which are of one step.
pub fn lines_of(run: &Run, step: &StepId, blocks: &[Block]) -> impl Iterator<Item = CheckLine> {
    let checks: Vec<&Block> = blocks.iter().filter(|block| block.lang == Lang::Check).collect();
    // Most steps have none, and their values need not be gathered.
    let values = if checks.is_empty() { BTreeMap::new() } else { run.values_for(step) };
    checks.into_iter().flat_map(move |block| check_lines(&block.text, &values)).flatten()
}

/// Servers that `fenced` lines of these blocks of a step name.
#[must_use]
pub fn fences_named(run: &Run, step: &StepId, blocks: &[Block]) -> Vec<(DatabaseId, RegionId)> {
    let fence = |line| match line {
        CheckLine::Fenced { database, region } => Some((database, region)),
        _ => None,
    };
    lines_of(run, step, blocks).filter_map(fence).collect()
}

/// A fence that a verify waits for is tried this often.
const FENCE_EVERY: Duration = Duration::from_secs(5);

/// Whether a write is to be tried on a side that a verify wants fenced, and that was `tried` last then (time since boot):
/// until there is evidence.
#[must_use]
pub fn wants_try(state: &State, side: &(DatabaseId, RegionId), tried: Option<Duration>, now: Duration) -> bool {
    !state.fence_is_seen(side) && tried.is_none_or(|tried| now.saturating_sub(tried) >= FENCE_EVERY)
}

/// Names of the guards that have to be run (sql, http, shell), in order: what [`super::Execution::guards`] must hold.
pub fn asked_guards(step: &Step) -> impl Iterator<Item = String> {
    step.guards
        .iter()
        .filter(|block| block.lang != Lang::Check)
        .enumerate()
        .map(|(index, block)| guard_name(block, index))
}

/// How a guard block that is run is called: its language and first line, numbered so that it is one of a kind.
#[must_use]
pub fn guard_name(block: &Block, index: usize) -> String {
    let line = block.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let line: String = line.chars().take(48).collect();
    format!("{} {}: {line}", block.lang.name(), index + 1)
}

/// What the block's `else=` makes of a guard that is not met.
#[must_use]
pub fn or_else(mut result: GuardResult, block: &Block) -> GuardResult {
    if matches!(result.verdict, GuardVerdict::Fail) {
        result.verdict = GuardVerdict::of_answer(Some(false), block.or_else);
    }
    result
}

/// A guard that a person overrode by name lets through, marked for ever.
#[must_use]
pub fn with_override(mut result: GuardResult, record: &StepRun) -> GuardResult {
    let overridden = record.overrides.iter().rev().find(|overridden| overridden.guard == result.name);
    if let Some(overridden) = overridden.filter(|_| !result.verdict.lets_through()) {
        result.verdict = GuardVerdict::Overridden;
        result.seen = format!("{}; overridden by {}: {}", result.seen, overridden.authority, overridden.reason);
    }
    result
}
