//! What may be asked in a dry run: guards and verifies, nothing else.

use crate::engine::{guard_name, resolve_question};
use crate::execution::ResolvedBlock;
use crate::ident::StepId;
use crate::reading::Board;
use crate::runbook::{Block, Else, Lang, Step};

use super::{Answer, DryRun, Looked, Otherwise};

/// A guard or a verify that has to be run to be answered. It is made of those two roles only.
#[derive(Clone, Debug)]
pub struct Question {
    step: StepId,
    role: Role,
    /// Its place among the step's guards or verifies, as [`super::DryStep`] lists them.
    place: usize,
    block: ResolvedBlock,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Guard,
    Verify,
}

impl Question {
    #[must_use]
    pub const fn block(&self) -> &ResolvedBlock {
        &self.block
    }
}

impl DryRun {
    /// Writes down what a question was answered with.
    pub fn answered(&mut self, question: &Question, passed: Option<bool>, seen: &str) {
        let Some(step) = self.steps.iter_mut().find(|step| step.id == question.step) else { return };
        let asked = match question.role {
            Role::Guard => &mut step.guards,
            Role::Verify => &mut step.verifies,
        };
        if let Some(looked) = asked.get_mut(question.place) {
            looked.answer = Answer::told(passed);
            looked.seen = seen.to_owned();
        }
    }
}

/// The guard blocks of a step that have to be run, added to those that were answered from readings.
pub(super) fn guards(board: &Board, run: &crate::engine::Run, step: &Step, looked: &mut Vec<Looked>) -> Vec<Question> {
    let asked = step.guards.iter().filter(|block| block.lang != Lang::Check).enumerate();
    let mut questions = Vec::new();
    for (index, block) in asked {
        let otherwise = match block.or_else {
            Else::Stop => Otherwise::Stops,
            Else::Skip => Otherwise::Skips,
            Else::Ask => Otherwise::Asks,
        };
        let place = looked.len();
        looked.push(open(guard_name(block, index), Some(otherwise)));
        questions.extend(asking(board, run, step, block, (Role::Guard, place), looked));
    }
    questions
}

/// A verify block that has to be run.
pub(super) fn verify(
    board: &Board,
    run: &crate::engine::Run,
    step: &Step,
    block: &Block,
    looked: &mut Vec<Looked>,
) -> Option<Question> {
    let place = looked.len();
    looked.push(open(guard_name(block, place), None));
    asking(board, run, step, block, (Role::Verify, place), looked)
}

fn open(asks: String, otherwise: Option<Otherwise>) -> Looked {
    Looked { asks, answer: Answer::Unknown, seen: "not asked".to_owned(), otherwise, wants: None }
}

fn asking(
    board: &Board,
    run: &crate::engine::Run,
    step: &Step,
    block: &Block,
    (role, place): (Role, usize),
    looked: &mut [Looked],
) -> Option<Question> {
    match resolve_question(board, run, step, block) {
        Ok(block) => Some(Question { step: step.id.clone(), role, place, block }),
        Err(why) => {
            looked[place].seen = why;
            None
        }
    }
}
