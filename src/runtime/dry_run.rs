//! Asks the questions of a dry run, which are guards and verifies by their type. Nothing in here can start an attempt,
//! and nothing that is asked is kept.

use domain::dry_run::{DryRun, Question};
use futures_util::stream::{self, StreamExt};

use super::capability::Asker;
use super::exec::Surroundings;
use super::sim::SimExec;

/// So many questions at once.
const AT_ONCE: usize = 8;

/// What may ask, and nothing else.
#[derive(Clone, Debug)]
pub struct Questioner(Asker);

impl Questioner {
    /// Of a live or lab estate; blocks are asked in these surroundings.
    #[must_use]
    pub const fn live(surroundings: Surroundings) -> Self {
        Self(Asker::Live(surroundings))
    }

    /// Of the demonstration.
    #[must_use]
    pub const fn simulated(world: SimExec) -> Self {
        Self(Asker::Simulated(world))
    }

    /// Read-only: nothing is run to be asked.
    #[must_use]
    pub const fn none() -> Self {
        Self(Asker::None)
    }

    /// Asks each question once, within its own time, and writes the answers down.
    pub async fn ask(&self, questions: &[Question], dry: &mut DryRun) {
        let answers = questions.iter().map(|question| async move {
            let answer = match &self.0 {
                Asker::None => (None, "--read-only: not asked".to_owned()),
                asker => {
                    let answer = asker.ask(question.block().clone()).await;
                    (answer.passed, answer.seen)
                }
            };
            (question, answer)
        });
        let answers: Vec<_> = stream::iter(answers).buffered(AT_ONCE).collect().await;
        for (question, (passed, seen)) in answers {
            dry.answered(question, passed, &seen);
        }
    }
}
