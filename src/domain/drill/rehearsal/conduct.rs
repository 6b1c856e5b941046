//! The exercise's own clock: StartEx, injects when they are due, EndEx at the latest.

use super::Rehearsal;
use super::record::HOST;
use crate::drill::{due, ends_at, faults_over, fires_at};
use crate::engine::{Command, ExerciseAct};
use crate::log::StartEx;
use crate::people::Actor;
use crate::time::Timestamp;

/// Who fires what is not due by itself, and answers what the world does not know.
pub(super) const FACILITATOR: &str = "facilitator";

/// What is known of the next inject: looked at again only when the log has grown.
#[derive(Debug, Default)]
pub(super) struct Conduct {
    entries: usize,
    next: Option<Timestamp>,
}

impl Rehearsal<'_> {
    pub(super) fn start_ex(&mut self, seed: u64) {
        let start = StartEx { incident: self.record.incident(), seed, automatic: true, ..self.kit.start.clone() };
        self.facilitate(ExerciseAct::Start(Box::new(start)));
    }

    pub(super) fn facilitate(&mut self, act: ExerciseAct) {
        // Refused once the exercise is over, when nothing of it matters any more.
        let _ = self.act(&Actor::claimed(FACILITATOR, HOST), Command::Exercise(Box::new(act)));
    }

    pub(super) fn told_to_evaluators(&mut self, text: String) {
        self.facilitate(ExerciseAct::Note { text, inject: None });
    }

    pub(super) fn fire_due(&mut self) {
        loop {
            if self.conduct.entries != self.state.entries.len() {
                self.conduct = Conduct { entries: self.state.entries.len(), next: self.next_of_the_clock() };
                for place in faults_over(&self.state) {
                    self.world.end_fault(place);
                }
            }
            if self.conduct.next.is_none_or(|next| next > self.now.wall) {
                return;
            }
            for act in due(&self.state, self.now.wall) {
                self.note(Command::Exercise(Box::new(act)));
            }
            if self.conduct.entries == self.state.entries.len() {
                return;
            }
        }
    }

    fn next_of_the_clock(&self) -> Option<Timestamp> {
        let exercise = self.state.exercise.as_deref().filter(|exercise| exercise.running())?;
        let fires = exercise.pending().filter_map(|inject| fires_at(&self.state, inject));
        fires.chain([ends_at(exercise)]).min()
    }
}
