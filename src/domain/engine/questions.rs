//! What the blocks of a step ask, everything settled: its guards that have to be run, and its verifies.

use super::{Run, guard_name, resolve_question};
use crate::execution::{GuardResult, GuardVerdict, ResolvedBlock};
use crate::reading::Board;
use crate::runbook::{Block, CheckLine, Else, Lang, Step, check_lines};
use crate::time::Timestamp;

/// A guard that has to be run (sql, http, shell).
#[derive(Clone, Debug)]
pub struct GuardQuestion {
    pub name: String,
    pub or_else: Else,
    pub asks: Result<ResolvedBlock, String>,
}

impl GuardQuestion {
    /// What comes of it: `answer` says whether it holds (`None`: it does not tell) and what was seen.
    pub fn ask(self, at: Timestamp, answer: impl FnOnce(&ResolvedBlock) -> (Option<bool>, String)) -> GuardResult {
        let answered = self.asks.as_ref().map(answer).map_err(Clone::clone);
        self.answered(answered, at)
    }

    /// The same where the answer is there; `Err`: why it was not asked.
    #[must_use]
    pub fn answered(self, answer: Result<(Option<bool>, String), String>, at: Timestamp) -> GuardResult {
        let (verdict, seen) = match answer {
            Ok((passed, seen)) => (GuardVerdict::of_answer(passed, self.or_else), seen),
            Err(why) => (GuardVerdict::Unknown, why),
        };
        GuardResult { name: self.name, verdict, seen, evaluated_at: at, measured_at: None }
    }
}

/// Those of a step, in the order in which [`super::Execution::guards`] must hold their answers.
#[must_use]
pub fn guard_questions(board: &Board, run: &Run, step: &Step) -> Vec<GuardQuestion> {
    let asked = step.guards.iter().filter(|block| block.lang != Lang::Check).enumerate();
    let question = |(index, block): (usize, &Block)| GuardQuestion {
        name: guard_name(block, index),
        or_else: block.or_else,
        asks: resolve_question(board, run, step, block),
    };
    asked.map(question).collect()
}

/// What a verify block asks.
#[derive(Clone, Debug)]
pub enum VerifyQuestion {
    /// The console's own readings.
    Check(Vec<Result<CheckLine, String>>),
    /// To be run.
    Block(Result<Box<ResolvedBlock>, String>),
}

/// Each verify block of a step with what it asks.
pub fn verify_questions<'s>(
    board: &Board,
    run: &Run,
    step: &'s Step,
) -> impl Iterator<Item = (&'s Block, VerifyQuestion)> {
    let values = run.values_for(&step.id);
    step.verifies.iter().map(move |block| {
        let question = match block.lang {
            Lang::Check => VerifyQuestion::Check(check_lines(&block.text, &values)),
            _ => VerifyQuestion::Block(resolve_question(board, run, step, block).map(Box::new)),
        };
        (block, question)
    })
}
