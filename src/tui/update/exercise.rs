//! An exercise on the screen: its pause and its end, leaving it, and a real outage in the midst of it.

use std::sync::Arc;

use domain::drill::score::score;
use domain::engine::{Command, ExerciseAct};
use domain::log::{EndEx, Entry, Event};

use super::turn::Turn;
use crate::keys::Key;
use crate::model::{Form, FormField, Overlay, Purpose, Subject};

const END: &str = "end it: EndEx, and look at the score";
const LEAVE: &str = "leave it: it is recorded as abandoned";

/// What becomes of an exercise whose console is left.
pub(super) fn leave() -> Form {
    let choices = vec![END.to_owned(), LEAVE.to_owned()];
    Form::new(Purpose::LeaveExercise, Vec::new(), vec![FormField::choice("then", END, choices)])
}

pub(super) fn leaving(form: &Form) -> EndEx {
    if form.answer("then") == LEAVE { EndEx::Abandoned } else { EndEx::Finished }
}

impl Turn<'_> {
    pub(super) fn exercise_act(&mut self, act: ExerciseAct, what: &str) {
        self.command(Command::Exercise(Box::new(act)), what);
    }

    pub(super) fn pause_exercise(&mut self) {
        if self.model.exercise().is_some_and(|exercise| exercise.paused) {
            self.exercise_act(ExerciseAct::Resume, "the exercise does not go on");
        } else {
            self.exercise_act(ExerciseAct::Pause { reason: String::new() }, "the exercise was not paused");
        }
    }

    pub(super) fn confirm_end(&mut self, why: EndEx) {
        let because = self.model.conduct.real_world.clone().filter(|_| why == EndEx::RealWorld).unwrap_or_default();
        self.open_confirm(Subject::EndExercise { why, because });
    }

    pub(super) fn end_exercise(&mut self, why: EndEx, text: String) {
        self.exercise_act(ExerciseAct::End { why, text }, "the exercise was not ended");
    }

    /// Something real is red: the key that ends the exercise works wherever nothing is being written or confirmed.
    pub(super) fn pre_empts(&self, key: Key) -> bool {
        let ends = crate::action::row(crate::action::Id::RealWorld).keys.contains(&key);
        ends && self.model.conduct.real_world.is_some() && self.model.exercising() && !self.typing()
    }

    /// A key is text, or answers a box.
    pub(super) fn typing(&self) -> bool {
        let text = |overlay: &Overlay| {
            matches!(overlay, Overlay::Form(_) | Overlay::Editor(_) | Overlay::Confirm(_) | Overlay::Palette(_))
        };
        self.model.ui.log.editing.is_some() || self.model.overlay().is_some_and(text)
    }

    /// The score is a function of the log: made anew when that grows, and only for those who look at it.
    pub(super) fn rescore(&mut self) {
        let says = |overlay: &Overlay| matches!(overlay, Overlay::Facilitator(_) | Overlay::FacilitatorDetail(_));
        let looked_at = self.model.ui.overlays.iter().any(says);
        let entries = self.model.state.entries.len();
        let conduct = &mut self.model.conduct;
        if !looked_at {
            conduct.score = None;
        } else if conduct.score.is_none() || conduct.scored != entries {
            conduct.score = score(&self.model.state).map(Arc::new);
            conduct.scored = entries;
        }
    }

    /// What a message asks for is heard, too.
    pub(super) fn exercise_entry(&mut self, entry: &Entry) {
        if let Event::InjectFired { inject, .. } = &entry.event
            && self.model.message(inject).is_some()
        {
            self.model.ui.bell = true;
        }
    }
}
