//! Expected actions and what was observed of them, wrong ones that were taken, injects beside their plan.

use super::instants::Instants;
use super::{ActionResult, InjectResult, Observed, WrongResult};
use crate::drill::{fires_at, reached, reached_since};
use crate::engine::{Exercise, InjectState, State};
use crate::ident::InjectId;
use crate::scenario::{Expected, Milestone, Wrong};
use crate::time::{Timestamp, at_offset};
use crate::untrusted::sanitise_line;

pub(super) fn expected(state: &State, exercise: &Exercise, instants: &Instants) -> Vec<ActionResult> {
    let result = |(at, expected): (usize, &Expected)| {
        let from = reached(state, &expected.after);
        let observed_at = match from {
            Some(from) => reached_since(state, &expected.action, from),
            None => reached(state, &expected.action),
        };
        let rated = exercise.ratings.get(&at);
        ActionResult {
            text: sanitise_line(&expected.text),
            action: sanitise_line(&expected.action.to_string()),
            from,
            within: expected.within,
            observed_at,
            observed: observed(exercise, expected, from, observed_at, instants),
            rating: rated.map(|rated| rated.rating),
            comment: rated.map(|rated| sanitise_line(&rated.comment)).unwrap_or_default(),
        }
    };
    exercise.scenario.expected.iter().enumerate().map(result).collect()
}

fn observed(
    exercise: &Exercise,
    expected: &Expected,
    from: Option<Timestamp>,
    at: Option<Timestamp>,
    instants: &Instants,
) -> Observed {
    let Some(from) = from else {
        return match (is_asked_for(exercise, &expected.after), instants.over) {
            (false, _) => Observed::NotExpected,
            (true, true) => Observed::Missed,
            (true, false) => Observed::Open,
        };
    };
    let due = expected.within.map(|within| at_offset(from, within));
    match (at, due) {
        (Some(at), Some(due)) if at > due => Observed::Late,
        (Some(_), _) => Observed::InTime,
        (None, _) if instants.over => Observed::Missed,
        (None, Some(due)) if instants.end > due => Observed::Missed,
        (None, _) => Observed::Open,
    }
}

/// Whether players were to bring it about. What else an action may follow comes from the scenario, or need not come: a
/// step that fails, a guard overridden, the decision the other way.
fn is_asked_for(exercise: &Exercise, after: &Milestone) -> bool {
    match after {
        Milestone::StartEx
        | Milestone::Fired(_)
        | Milestone::StepFailed(_)
        | Milestone::StepSkipped(_)
        | Milestone::Overridden
        | Milestone::LossAccepted => false,
        Milestone::Acknowledged(inject) => fired(exercise, inject).is_some(),
        Milestone::Decided(choice) => exercise.scenario.play.decides.is_none_or(|decides| decides == *choice),
        _ => true,
    }
}

fn fired(exercise: &Exercise, inject: &InjectId) -> Option<Timestamp> {
    match exercise.injects.get(inject)? {
        InjectState::Fired { at, .. } => Some(*at),
        InjectState::Skipped { .. } => None,
    }
}

pub(super) fn wrong(state: &State, exercise: &Exercise) -> Vec<WrongResult> {
    let taken = |wrong: &Wrong| {
        let at = reached(state, &wrong.action)?;
        let right_from = wrong.unless_after.as_ref().and_then(|after| reached(state, after));
        right_from.is_none_or(|right| at < right).then(|| WrongResult {
            text: sanitise_line(&wrong.text),
            action: sanitise_line(&wrong.action.to_string()),
            at,
        })
    };
    exercise.scenario.wrong.iter().filter_map(taken).collect()
}

pub(super) fn injects(state: &State, exercise: &Exercise) -> Vec<InjectResult> {
    let injects = exercise.scenario.injects.iter();
    injects
        .map(|inject| {
            let (fired_at, acknowledged_at, skipped) = match exercise.injects.get(&inject.id) {
                Some(InjectState::Fired { at, acknowledged, .. }) => {
                    (Some(*at), acknowledged.as_ref().map(|(_, at)| *at), None)
                }
                Some(InjectState::Skipped { reason, .. }) => (None, None, Some(sanitise_line(reason))),
                None => (None, None, None),
            };
            InjectResult {
                inject: inject.id.clone(),
                planned_at: fires_at(state, inject),
                fired_at,
                acknowledged_at,
                skipped,
            }
        })
        .collect()
}
