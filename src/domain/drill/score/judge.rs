//! Passed or not, points and the rating of the whole: the rules that [`super::score`] documents.

use super::{ActionResult, Measure, Observed, Outcome, anybody_did_anything};
use crate::engine::{Exercise, State};
use crate::log::{EndEx, Rating};
use crate::reading::Verdict;

/// What a wrong action takes away.
const WRONG: usize = 25;

pub(super) struct Judgement {
    pub(super) outcome: Outcome,
    pub(super) points: u8,
    pub(super) rating: Rating,
}

/// How much of one thing to be judged was reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    Whole,
    /// Late.
    Half,
    /// Neither met nor known to be missed.
    Unknown,
    Missed,
}

pub(super) fn judge(
    state: &State,
    exercise: &Exercise,
    measures: &[Measure],
    actions: &[ActionResult],
    wrong: usize,
    exceptions: usize,
) -> Judgement {
    let over = exercise.ended.is_some();
    let judged = measures.iter().filter_map(|measure| of_measure(measure, over));
    let judged: Vec<Reached> = judged.chain(actions.iter().filter_map(of_action)).collect();
    let did = anybody_did_anything(state);
    let whole = did && wrong == 0 && judged.iter().all(|reached| *reached == Reached::Whole);
    let outcome = match exercise.ended.as_ref().map(|ended| ended.why) {
        None | Some(EndEx::RealWorld | EndEx::Abandoned) => Outcome::Open,
        Some(EndEx::Finished | EndEx::TimeOver) if whole => Outcome::Passed,
        Some(EndEx::Finished | EndEx::TimeOver) => Outcome::Failed,
    };
    let points = points(&judged, wrong, did);
    let missed = judged.contains(&Reached::Missed);
    let rating = match points {
        _ if whole && exceptions == 0 => Rating::P,
        _ if did && wrong == 0 && !missed => Rating::S,
        50.. => Rating::M,
        _ => Rating::U,
    };
    Judgement { outcome, points, rating }
}

/// `None` of what has no target, or may still be met.
fn of_measure(measure: &Measure, over: bool) -> Option<Reached> {
    match measure.verdict {
        Verdict::NotApplicable => None,
        Verdict::Ok => Some(Reached::Whole),
        Verdict::Missed => Some(Reached::Missed),
        Verdict::AtRisk => Some(Reached::Unknown),
        Verdict::Unknown => over.then_some(Reached::Unknown),
    }
}

const fn of_action(action: &ActionResult) -> Option<Reached> {
    match action.observed {
        Observed::InTime => Some(Reached::Whole),
        Observed::Late => Some(Reached::Half),
        Observed::Missed => Some(Reached::Missed),
        Observed::NotExpected | Observed::Open => None,
    }
}

/// Rounded down, so that 100 are all of them.
fn points(judged: &[Reached], wrong: usize, did: bool) -> u8 {
    let halves = |reached: &Reached| match reached {
        Reached::Whole => 2,
        Reached::Half => 1,
        Reached::Unknown | Reached::Missed => 0,
    };
    let share = match judged.len() {
        _ if !did => 0,
        0 => 100,
        count => judged.iter().map(halves).sum::<usize>() * 50 / count,
    };
    u8::try_from(share.saturating_sub(wrong * WRONG)).unwrap_or(100)
}
