//! An exercise on the screen: its pause and its end, leaving it, and a real outage in the midst of it.

use domain::engine::{Command, ExerciseAct};
use domain::log::{EndEx, Entry, Event};

use super::turn::Turn;
use crate::action::{self, Id};
use crate::keys::Key;
use crate::model::{Form, FormField, Overlay, Purpose, ScoreView, Subject};

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
        let ends = action::for_key(key, self.model).is_some_and(|action| action.id == Id::RealWorld);
        ends && self.model.conduct.real_world.is_some() && self.model.exercising() && !self.typing()
    }

    /// A key is text, or answers a box.
    pub(super) fn typing(&self) -> bool {
        let text = |overlay: &Overlay| {
            matches!(
                overlay,
                Overlay::Form(_)
                    | Overlay::Editor(_)
                    | Overlay::Drafting(_)
                    | Overlay::Confirm(_)
                    | Overlay::Palette(_)
            )
        };
        self.model.ui.filtering() || self.model.overlay().is_some_and(text)
    }

    /// What a message asks for is heard, too; at EndEx the score is due.
    pub(super) fn exercise_entry(&mut self, entry: &Entry) {
        match &entry.event {
            Event::InjectFired { inject, .. } if self.model.message(inject).is_some() => self.model.ui.bell = true,
            Event::QuestionAnswered { question, .. } => {
                self.model.conduct.questions.retain(|asked| asked.id != *question);
            }
            Event::ExerciseEnded { .. } => self.model.ui.score_due = true,
            _ => {}
        }
    }

    /// Above whatever is only looked at; messages have had their time.
    pub(super) fn show_score(&mut self) {
        if self.model.ui.score_due && !self.typing() && self.model.ui.held.is_none() {
            self.model.ui.score_due = false;
            self.model.ui.overlays.retain(|overlay| !matches!(overlay, Overlay::Delivered(_)));
            self.open(Overlay::Score(ScoreView::default()));
        }
    }
}
