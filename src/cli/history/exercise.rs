//! What `history` tells of an exercise: its score, however far it came.

use domain::drill::score::{Outcome, Score, score};
use domain::engine::State;
use domain::log::{EndEx, Rating};
use domain::time::Timestamp;
use serde::Serialize;

/// Beside the figures, which are counted from the impact as it was in truth.
#[derive(Serialize)]
pub(super) struct Exercise {
    pub(super) scenario: String,
    pub(super) seed: u64,
    /// The fastest that the scenario's clock went.
    pub(super) speed: u32,
    /// It played itself.
    pub(super) automatic: bool,
    pub(super) paper: bool,
    /// `null`: it goes on, or nobody is there any more.
    pub(super) ended: Option<EndEx>,
    pub(super) outcome: Outcome,
    pub(super) points: u8,
    pub(super) rating: Rating,
    #[serde(skip)]
    pub(super) score: Score,
    #[serde(skip)]
    pub(super) started_at: Timestamp,
}

impl Exercise {
    pub(super) fn of(state: &State) -> Option<Self> {
        let (exercise, score) = (state.exercise.as_deref()?, score(state)?);
        Some(Self {
            scenario: score.scenario.clone(),
            seed: score.seed,
            speed: exercise.fastest,
            automatic: score.automatic,
            paper: exercise.start.paper,
            ended: score.ended,
            outcome: score.outcome,
            points: score.points,
            rating: score.rating,
            started_at: score.started_at,
            score,
        })
    }

    /// `passed, 100 points, P; seed 7, 10×`.
    pub(super) fn result(&self) -> String {
        let result = match (self.ended, self.outcome) {
            (None, _) => "not ended".to_owned(),
            (Some(ended), Outcome::Open) => format!("broken off: {}", ended.words()),
            (Some(_), outcome) => {
                format!("{}, {} points, {}", outcome.word(), self.points, self.rating.letter())
            }
        };
        let how = match (self.automatic, self.paper) {
            (true, _) => "played by itself".to_owned(),
            (false, true) => "on paper".to_owned(),
            (false, false) => format!("{}×", self.speed),
        };
        format!("{result}; seed {}, {how}", self.seed)
    }
}
