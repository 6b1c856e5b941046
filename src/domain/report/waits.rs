//! How long people were waited for.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::State;
use crate::ident::{RunId, StepId};
use crate::log::Event;
use crate::time::{Timestamp, since};

pub(super) fn approvals_took(state: &State) -> Duration {
    let mut asked: BTreeMap<(RunId, &StepId), Timestamp> = BTreeMap::new();
    let mut waited = Duration::ZERO;
    for entry in &state.entries {
        match &entry.event {
            Event::ApprovalRequested { run, step, .. } => {
                asked.insert((*run, step), entry.occurred_at);
            }
            Event::ApprovalGiven { run, step, .. } | Event::ApprovalDeclined { run, step, .. } => {
                let since_asked = asked.remove(&(*run, step)).map(|at| since(entry.occurred_at, at));
                waited += since_asked.unwrap_or_default();
            }
            _ => {}
        }
    }
    waited
}

/// What of the time from `from` to `to` no attempt was under way in, its verification included.
pub(super) fn nothing_ran(state: &State, from: Timestamp, to: Timestamp) -> Duration {
    let mut under_way: Vec<_> = attempts(state).collect();
    under_way.sort_unstable();
    let (mut idle, mut reached) = (Duration::ZERO, from);
    for (begun, ended) in under_way.into_iter().filter(|(begun, _)| *begun < to) {
        idle += since(begun, reached);
        reached = reached.max(ended);
    }
    idle + since(to, reached)
}

/// One without an outcome is under way to the end of what is known.
fn attempts(state: &State) -> impl Iterator<Item = (Timestamp, Timestamp)> {
    let records = state.runs.iter().flat_map(|run| run.steps.values());
    records.flat_map(|record| {
        let last = record.attempts.len();
        (1..).zip(&record.attempts).map(move |(nth, attempt)| {
            let ended = attempt.outcome.as_ref().map_or(Timestamp::MAX, |outcome| outcome.ended_at);
            let verified = record.ended_at.filter(|_| nth == last && attempt.verified.is_some());
            (attempt.intended_at, verified.map_or(ended, |verified| verified.max(ended)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Kind;
    use crate::report::tests::story::Story;

    #[test]
    fn only_what_no_attempt_fills_is_waited() {
        let state = Story::failover(Kind::Live).state;
        let start: Timestamp = "2026-11-20T02:06:55Z".parse().unwrap();
        let at = |second| crate::time::at_offset(start, Duration::from_secs(second));
        // Attempts: 110 to 130, 175 to 178, 180 to 183, 190 to 192 and verified at 195.
        assert_eq!(nothing_ran(&state, at(90), at(195)), Duration::from_secs(20 + 45 + 2 + 7));
        assert_eq!(nothing_ran(&state, at(120), at(125)), Duration::ZERO);
    }
}
