//! The facilitator's panel: injects fired and left out, the simulated world's questions answered, notes, speed.

use domain::engine::ExerciseAct;
use domain::ident::InjectId;
use domain::scenario::Inject;

use super::list::closes;
use super::turn::Turn;
use crate::action::Id;
use crate::keys::{Code, Key};
use crate::model::{
    Editor, EditorFor, FacilitatorPanel, FacilitatorRow, Form, FormField, MessageList, Model, Overlay, Purpose,
    ScoreView, Scrolled,
};

/// An inject among choices: its id, and enough of its text to know it by.
pub(super) fn called(inject: &Inject) -> String {
    const ENOUGH: usize = 48;
    let text: String = inject.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words: String = text.chars().take(ENOUGH).collect();
    let more = if words.len() < text.len() { "…" } else { "" };
    match text.is_empty() {
        true => format!("{}: {}", inject.id, inject.effect.join("; ")),
        false => format!("{}: {words}{more}", inject.id),
    }
}

/// The form that fires an inject, or leaves one out with a reason; `None` when none is left.
pub(super) fn form(model: &Model, id: Id, chosen: Option<&InjectId>) -> Option<Form> {
    let pending = model.pending_injects();
    let first = pending.iter().find(|inject| Some(&inject.id) == chosen).or(pending.first())?;
    let field = FormField::choice("inject", called(first), pending.iter().map(|inject| called(inject)).collect());
    let injects = pending.iter().map(|inject| inject.id.clone()).collect();
    Some(match id {
        Id::FireInject => Form::new(Purpose::FireInject { injects }, Vec::new(), vec![field]),
        _ => {
            let reason = FormField::text("reason", "", true);
            let mut form = Form::new(Purpose::SkipInject { injects }, Vec::new(), vec![field, reason]);
            form.focus = 1;
            form
        }
    })
}

impl Turn<'_> {
    /// Opened on what waits for the facilitator: a question, else the inject that comes next. It stays on that row,
    /// whatever is asked meanwhile.
    pub(super) fn open_facilitator(&mut self) {
        let question = |row: &FacilitatorRow| matches!(row, FacilitatorRow::Question(_));
        let first = self.model.facilitated().into_iter().next();
        let pending = self.model.pending_injects();
        let next = self.model.next_inject().map(|(inject, _)| inject).or(pending.first().copied());
        let next = next.map(|inject| FacilitatorRow::Inject(inject.id.clone()));
        let cursor = first.clone().filter(question).or(next).or(first);
        self.open(Overlay::Facilitator(FacilitatorPanel { cursor }));
    }

    pub(super) fn facilitator_key(&mut self, mut panel: FacilitatorPanel, key: Key) {
        if closes(key) || key == Key::char('E') {
            return;
        }
        let rows = self.model.facilitated();
        // A question that was answered makes way for another: a key that was pressed once too often is not for that one.
        let gone = panel.cursor.as_ref().is_some_and(|row| !rows.contains(row));
        let at = panel.position(&rows);
        let to = key.moves().map_or(at, |by| at.saturating_add_signed(by).min(rows.len().saturating_sub(1)));
        panel.cursor = rows.get(to).cloned();
        let here = panel.cursor.clone().filter(|_| !gone);
        self.open(Overlay::Facilitator(panel));
        if key.moves().is_none() {
            self.facilitate(here, key);
        }
    }

    /// The row whole; what can be done to it in the panel can be done there.
    pub(super) fn facilitator_row_key(&mut self, detail: Scrolled<FacilitatorRow>, key: Key) {
        if closes(key) || key.code == Code::Enter {
            return;
        }
        let here = detail.of.clone();
        self.open(Overlay::FacilitatorDetail(detail));
        if key.moves().is_some() {
            self.scroll_list(key);
        } else {
            self.facilitate(Some(here), key);
        }
    }

    fn facilitate(&mut self, here: Option<FacilitatorRow>, key: Key) {
        let inject = match &here {
            Some(FacilitatorRow::Inject(inject)) => Some(inject.clone()),
            _ => None,
        };
        let Some(letter) = key.types() else {
            if let (Code::Enter, Some(of)) = (key.code, here) {
                self.open(Overlay::FacilitatorDetail(Scrolled { of, scroll: 0 }));
            }
            return;
        };
        match letter {
            '?' => self.open(Overlay::Help(Scrolled::default())),
            'f' => self.inject_form(Id::FireInject, inject.as_ref(), key),
            's' => self.inject_form(Id::SkipInject, inject.as_ref(), key),
            'y' | 'n' => self.answer_question(here.as_ref(), letter == 'y', key),
            'e' if self.may_take(Id::EvaluatorNote, key) => self.evaluate(inject),
            'p' | 'P' => self.take(Id::PauseExercise, key),
            '+' => self.take(Id::Faster, key),
            '-' => self.take(Id::Slower, key),
            'X' => self.take(Id::EndExercise, key),
            'W' => self.take(Id::RealWorld, key),
            'S' => self.open(Overlay::Score(ScoreView::default())),
            'm' => self.open(Overlay::Messages(MessageList::default())),
            _ => {}
        }
    }

    fn inject_form(&mut self, id: Id, inject: Option<&InjectId>, key: Key) {
        if !self.may_take(id, key) {
            return;
        }
        let done = inject.filter(|inject| !self.model.pending_injects().iter().any(|pending| pending.id == **inject));
        match (done, form(self.model, id, inject)) {
            (Some(inject), _) => self.refuse(format!("{inject} was fired or skipped already")),
            (None, Some(form)) => self.open(Overlay::Form(form)),
            (None, None) => self.refuse("every inject was fired or skipped"),
        }
    }

    fn answer_question(&mut self, here: Option<&FacilitatorRow>, holds: bool, key: Key) {
        let Some(FacilitatorRow::Question(id)) = here else {
            self.refuse("y and n answer a question of the simulated world: choose one");
            return;
        };
        let Some(text) = self.model.question(id).map(|question| question.text.clone()) else {
            self.refuse("that question is answered");
            return;
        };
        if self.may_take(Id::AnswerQuestion, key) {
            self.exercise_act(ExerciseAct::Answer { question: *id, text, holds }, "it was not answered");
        }
    }

    pub(super) fn evaluate(&mut self, inject: Option<InjectId>) {
        self.open(Overlay::Editor(Editor::new(EditorFor::EvaluatorNote { inject }, "")));
    }

    pub(super) fn change_speed(&mut self, faster: bool) {
        if let Some(speed) = self.model.other_speed(faster) {
            self.exercise_act(ExerciseAct::SetSpeed { speed }, "the speed was not changed");
        }
    }
}
