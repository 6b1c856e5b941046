//! The readings as tasks beside the session see them: the board and the state of the last moment.

use std::sync::{Arc, PoisonError, RwLock};

use domain::engine::State;
use domain::execution::GuardResult;
use domain::reading::{Board, evaluate};
use domain::runbook::CheckLine;
use domain::time::Now;

/// Shared with verifying tasks; replaced whole by the session, read for an instant.
#[derive(Clone, Debug)]
pub(super) struct Readings(Arc<RwLock<(Board, Arc<State>)>>);

impl Readings {
    pub(super) fn new(board: Board) -> Self {
        Self(Arc::new(RwLock::new((board, Arc::new(State::default())))))
    }

    pub(super) fn publish(&self, board: &Board, fences: State) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = (board.clone(), Arc::new(fences));
    }

    pub(super) fn evaluate(&self, line: &CheckLine, now: Now) -> GuardResult {
        let shared = self.0.read().unwrap_or_else(PoisonError::into_inner);
        evaluate(line, &shared.0, &shared.1, None, now)
    }
}
