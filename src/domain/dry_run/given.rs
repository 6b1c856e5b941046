//! What the command line says for a person, taken as said: the guards are looked at as they would then be.

use super::Given;
use super::begin::fold;
use crate::engine::{Command, Run, State, lines_of};
use crate::execution::GuardVerdict;
use crate::ident::RunId;
use crate::people::Actor;
use crate::reading::{Board, evaluate};
use crate::runbook::{CheckLine, Step};
use crate::time::Now;

pub(super) const FENCED_BY: &str = "--fenced-by TEXT";
pub(super) const ACCEPT_LOSS: &str = "--accept-loss";

/// The state as it would be once everything that was given had been said. What the engine would refuse to record stays
/// unsaid: its guard then says why.
#[must_use]
pub fn as_given(mut state: State, run: RunId, board: &Board, given: &Given, actor: &Actor, now: Now) -> State {
    let Some(known) = state.run(run).cloned() else { return state };
    for step in known.runbook.steps().filter(|step| known.applicable(step)) {
        for line in guard_lines(&known, step) {
            let record = state.run(run).map(|run| run.record(&step.id));
            let result = evaluate(&line, board, &state, record, now);
            if result.verdict.lets_through() {
                continue;
            }
            if let Some(command) = said(&state, &known, step, line, result.verdict, given, actor) {
                let _ = fold(&mut state, command, board, actor, now);
            }
        }
    }
    state
}

fn said(
    state: &State,
    run: &Run,
    step: &Step,
    line: CheckLine,
    verdict: GuardVerdict,
    given: &Given,
    actor: &Actor,
) -> Option<Command> {
    match line {
        CheckLine::Fenced { database, region } => {
            let fence = state.fences.get(&(database.clone(), region.clone()));
            // What was said has been seen to be untrue: it is not said again.
            let how = given.fenced_by.clone().filter(|_| fence.is_none_or(|fence| fence.revoked.is_none()))?;
            Some(Command::StateFence { database, region, how, by: actor.name.clone() })
        }
        CheckLine::Loss { database, region, .. } if given.accept_loss && verdict == GuardVerdict::Ask => {
            let (run, step, reason) = (run.id, step.id.clone(), ACCEPT_LOSS.to_owned());
            Some(Command::AcceptLoss { run, step, database, region, at_risk: None, reason })
        }
        _ => None,
    }
}

/// The lines of a step's `check` guards that can be read with the values known now.
pub(super) fn guard_lines(run: &Run, step: &Step) -> Vec<CheckLine> {
    lines_of(run, &step.id, &step.guards).collect()
}
