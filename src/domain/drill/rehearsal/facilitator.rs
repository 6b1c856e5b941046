//! Questions of the simulated world: answered as the scenario says, and recorded; never passed silently.

use super::Rehearsal;
use crate::drill::question;
use crate::engine::ExerciseAct;
use crate::execution::ResolvedBlock;

impl Rehearsal<'_> {
    /// What the world says of a block that only reads, or the facilitator where the world does not know.
    pub(super) fn answer(&mut self, block: &ResolvedBlock) -> (bool, String) {
        let answer = self.world.answer(block);
        if let Some(passed) = answer.passed {
            return (passed, answer.seen);
        }
        let asked = question(block);
        let known = self.state.exercise.as_deref().and_then(|exercise| exercise.answers.get(&asked.id).copied());
        let holds = known.unwrap_or_else(|| self.would_answer(block));
        if known.is_none() {
            self.facilitate(ExerciseAct::Answer { question: asked.id, text: asked.text, holds });
        }
        (holds, said(holds))
    }

    /// The same for somebody who only looks: nothing is recorded.
    pub(super) fn foreseen(&self, block: &ResolvedBlock) -> (bool, String) {
        let answer = self.world.answer(block);
        let known = |id| self.state.exercise.as_deref().and_then(|exercise| exercise.answers.get(&id).copied());
        match answer.passed {
            Some(passed) => (passed, answer.seen),
            None => {
                let holds = known(question(block).id).unwrap_or_else(|| self.would_answer(block));
                (holds, said(holds))
            }
        }
    }

    /// What the scenario says of it; what it does not speak of holds.
    fn would_answer(&self, block: &ResolvedBlock) -> bool {
        let answers = &self.kit.scenario.answers;
        answers.iter().find(|answer| block.text.contains(&answer.asked)).is_none_or(|answer| answer.holds)
    }
}

fn said(holds: bool) -> String {
    if holds { "it holds, as the facilitator says" } else { "it does not hold, as the facilitator says" }.to_owned()
}
