//! The score and the hotwash: its pages, an action rated, what is learned written down.

use domain::drill::score::score;
use domain::log::{Lesson, LessonKind, Rating};
use domain::report::{Chart, metrics};
use domain::untrusted::sanitise_line;

use std::sync::Arc;
use std::time::Duration;

use super::answers;
use super::list::closes;
use super::turn::Turn;
use crate::action::Id;
use crate::keys::{Code, Key};
use crate::model::{Form, FormField, Model, Overlay, Purpose, ScorePage, ScoreView, Scored, Scrolled};

/// An action item has so long, until a person says otherwise.
const DUE: Duration = Duration::from_secs(30 * 86_400);

/// A rating among choices.
fn rated(rating: Rating) -> String {
    format!("{} {}", rating.letter(), rating.words())
}

/// The form of a rating or of a lesson.
pub(super) fn form(model: &Model, id: Id, action: Option<usize>) -> Option<Form> {
    match id {
        Id::AddStrength => Some(lesson(model, LessonKind::Strength)),
        Id::AddImprovement => Some(lesson(model, LessonKind::Improvement)),
        Id::AddAction => Some(lesson(model, LessonKind::Action)),
        _ => rate(model, action),
    }
}

fn rate(model: &Model, action: Option<usize>) -> Option<Form> {
    let exercise = model.exercise()?;
    let expected = exercise.scenario.expected.iter().enumerate();
    let names: Vec<String> = expected.map(|(at, action)| format!("{}: {}", at + 1, action.text)).collect();
    let at = action.filter(|at| *at < names.len()).unwrap_or(0);
    let before = exercise.ratings.get(&at);
    let rating = before.map_or(Rating::P, |before| before.rating);
    let comment = before.map(|before| before.comment.clone()).unwrap_or_default();
    let fields = vec![
        FormField::choice("action", names.get(at)?.clone(), names),
        FormField::choice("rating", rated(rating), Rating::ALL.map(rated).to_vec()),
        FormField::text("comment", comment, false),
    ];
    let mut form = Form::new(Purpose::Rate, Vec::new(), fields);
    form.focus = 1;
    Some(form)
}

fn lesson(model: &Model, kind: LessonKind) -> Form {
    let mut fields = vec![FormField::text("text", "", true)];
    if kind == LessonKind::Action {
        let people = model.scene.estate.people.iter().map(|person| person.name.to_string()).collect();
        let due = domain::time::at_offset(model.real.wall, DUE).strftime("%Y-%m-%d").to_string();
        fields.push(FormField { required: false, ..FormField::suggest("owner", "", people) });
        fields.push(FormField::text("due", due, false));
    }
    Form::new(Purpose::Learn { kind }, Vec::new(), fields)
}

/// The action that was rated, how, and the comment.
pub(super) fn rating(form: &Form) -> Option<(usize, Rating, String)> {
    let rating = Rating::ALL.get(form.chosen("rating")?)?;
    Some((form.chosen("action")?, *rating, form.answer("comment").to_owned()))
}

/// # Errors
/// The day it is due is none.
pub(super) fn learned(form: &Form, kind: LessonKind) -> Result<Lesson, (&'static str, String)> {
    let owner = Some(form.answer("owner")).filter(|owner| !owner.is_empty()).map(Into::into);
    let due = match form.answer("due") {
        "" => None,
        day => Some(answers::day(day).map_err(|why| ("due", why))?),
    };
    Ok(Lesson { kind, text: form.answer("text").to_owned(), owner, due })
}

impl Turn<'_> {
    /// The score is a function of the log: made anew when that grows, and only for those who look at it.
    pub(super) fn rescore(&mut self) {
        let says = |overlay: &Overlay| {
            matches!(overlay, Overlay::Facilitator(_) | Overlay::FacilitatorDetail(_) | Overlay::Score(_))
        };
        let state = &self.model.state;
        let entries = state.entries.len();
        if !self.model.ui.overlays.iter().any(says) {
            self.model.conduct.scored = None;
        } else if self.model.conduct.scored.as_ref().is_none_or(|scored| scored.entries != entries) {
            let chart = metrics(state).and_then(|metrics| Chart::of(state, &metrics, sanitise_line));
            self.model.conduct.scored = score(state).map(|score| Arc::new(Scored { score, chart, entries }));
        }
    }

    pub(super) fn score_key(&mut self, mut view: ScoreView, key: Key) {
        if closes(key) || key == Key::char('=') {
            return;
        }
        let actions = self.model.exercise().map_or(0, |exercise| exercise.scenario.expected.len());
        match (key.code, key.moves()) {
            (Code::Tab | Code::Right, _) => (view.page, view.scroll) = (view.page.turned(true), 0),
            (Code::BackTab | Code::Left, _) => (view.page, view.scroll) = (view.page.turned(false), 0),
            (_, Some(by)) if view.page == ScorePage::Actions => {
                view.action = view.action.saturating_add_signed(by).min(actions.saturating_sub(1));
            }
            // Of a text only the view knows how long it is.
            (_, Some(by)) => view.scroll = view.scroll.saturating_add_signed(by).min(10_000),
            _ => {}
        }
        let action = (view.page == ScorePage::Actions).then_some(view.action);
        self.open(Overlay::Score(view));
        match key.types() {
            Some('?') => self.open(Overlay::Help(Scrolled::default())),
            Some('r') => self.hotwash(Id::Rate, action, key),
            Some('+') => self.hotwash(Id::AddStrength, None, key),
            Some('-') => self.hotwash(Id::AddImprovement, None, key),
            Some('a') => self.hotwash(Id::AddAction, None, key),
            _ => {}
        }
    }

    fn hotwash(&mut self, id: Id, action: Option<usize>, key: Key) {
        if !self.may_take(id, key) {
            return;
        }
        match form(self.model, id, action) {
            Some(form) => self.open(Overlay::Form(form)),
            None => self.refuse("nothing was expected of the players"),
        }
    }
}
