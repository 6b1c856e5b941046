//! What a `check` guard says: the readings the console already has, asked whether a step may go on.
//!
//! Unknown and stale never pass, and nothing passes while our own network is down.

mod copies;
mod evidence;
mod health;
mod implicit;
#[cfg(test)]
mod tests;

pub use implicit::{Promotion, implicit_guards};

use super::Board;
use crate::engine::{State, StepRun};
use crate::execution::{GuardResult, GuardVerdict};
use crate::runbook::CheckLine;
use crate::time::{Now, Timestamp};

/// What one question of a guard found.
#[derive(Clone, Debug, PartialEq)]
struct Finding {
    verdict: GuardVerdict,
    seen: String,
    measured_at: Option<Timestamp>,
}

impl Finding {
    fn new(verdict: GuardVerdict, seen: impl Into<String>) -> Self {
        Self { verdict, seen: seen.into(), measured_at: None }
    }

    fn holds(holds: bool, seen: impl Into<String>) -> Self {
        Self::new(if holds { GuardVerdict::Pass } else { GuardVerdict::Fail }, seen)
    }

    fn unknown(seen: impl Into<String>) -> Self {
        Self::new(GuardVerdict::Unknown, seen)
    }

    fn at(self, measured_at: Option<Timestamp>) -> Self {
        Self { measured_at, ..self }
    }
}

/// Evaluates one line of a `check` block at `now`. `step` is the record of the step it guards: losses accepted and
/// guards overridden there count.
#[must_use]
pub fn evaluate(line: &CheckLine, board: &Board, state: &State, step: Option<&StepRun>, now: Now) -> GuardResult {
    let finding = match line {
        CheckLine::Fenced { database, region } => evidence::fenced(board, state, database, region, now),
        _ if board.blind() => Finding::unknown("our own network is down: nothing seen now can be believed"),
        CheckLine::Is { name, health, held } => health::is(board, name, *health, *held, now),
        CheckLine::Lag { database, region, below } => copies::lag(board, database, region, *below, now),
        CheckLine::Loss { database, region, at_most } => {
            copies::loss(board, state, step, (database, region), *at_most, now)
        }
        CheckLine::Backup { name, below } => copies::backup(board, name, *below, now),
        CheckLine::Serving { name, region } => health::serving(board, name, region, now),
    };
    recorded(line.to_string(), finding, step, now)
}

/// The finding under its name; an override by a person, which the log keeps for ever, lets it through.
fn recorded(name: String, finding: Finding, step: Option<&StepRun>, now: Now) -> GuardResult {
    let mut result = GuardResult {
        name,
        verdict: finding.verdict,
        seen: finding.seen,
        evaluated_at: now.wall,
        measured_at: finding.measured_at,
    };
    let overridden = step.and_then(|step| step.overrides.iter().rev().find(|entry| entry.guard == result.name));
    if let Some(entry) = overridden.filter(|_| !result.verdict.lets_through()) {
        result.verdict = GuardVerdict::Overridden;
        result.seen = format!("{}; overridden by {}: {}", result.seen, entry.authority, entry.reason);
    }
    result
}
