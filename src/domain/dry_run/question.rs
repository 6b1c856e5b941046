//! What may be asked in a dry run: guards and verifies, nothing else.

use crate::engine::{GuardQuestion, Run, guard_name, guard_questions, resolve_question};
use crate::execution::ResolvedBlock;
use crate::ident::StepId;
use crate::reading::Board;
use crate::runbook::{Block, Else, Step};

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
pub(super) fn guards(board: &Board, run: &Run, step: &Step, looked: &mut Vec<Looked>) -> Vec<Question> {
    let mut questions = Vec::new();
    for GuardQuestion { name, or_else, asks } in guard_questions(board, run, step) {
        let otherwise = match or_else {
            Else::Stop => Otherwise::Stops,
            Else::Skip => Otherwise::Skips,
            Else::Ask => Otherwise::Asks,
        };
        questions.extend(asking(step, Role::Guard, asks, open(name, Some(otherwise)), looked));
    }
    questions
}

/// A verify block that has to be run.
pub(super) fn verify(
    board: &Board,
    run: &Run,
    step: &Step,
    block: &Block,
    looked: &mut Vec<Looked>,
) -> Option<Question> {
    let asks = resolve_question(board, run, step, block);
    asking(step, Role::Verify, asks, open(guard_name(block, looked.len()), None), looked)
}

fn open(asks: String, otherwise: Option<Otherwise>) -> Looked {
    Looked { asks, answer: Answer::Unknown, seen: "not asked".to_owned(), otherwise, wants: None }
}

fn asking(
    step: &Step,
    role: Role,
    asks: Result<ResolvedBlock, String>,
    open: Looked,
    looked: &mut Vec<Looked>,
) -> Option<Question> {
    let place = looked.len();
    let (question, seen) = match asks {
        Ok(block) => (Some(Question { step: step.id.clone(), role, place, block }), open.seen),
        Err(why) => (None, why),
    };
    looked.push(Looked { seen, ..open });
    question
}
