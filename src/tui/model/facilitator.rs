//! What the facilitator goes through: questions of the simulated world, and the master scenario events list.

use domain::console::Question;
use domain::drill::{fires_at, reached};
use domain::engine::Exercise;
use domain::ident::{Hash, InjectId};
use domain::scenario::{Inject, SPEEDS};
use domain::time::Timestamp;

use super::Model;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FacilitatorRow {
    Question(Hash),
    Inject(InjectId),
}

/// Where the facilitator stands; `None`: on the first row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacilitatorPanel {
    pub cursor: Option<FacilitatorRow>,
}

/// How an inject that has neither fired nor been skipped stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Pending<'a> {
    /// It fires by itself.
    At(Timestamp),
    /// Once what it waits for has come.
    After(&'a domain::scenario::Trigger),
    /// What was to forestall it has come.
    Forestalled,
    /// The facilitator decides.
    Held,
}

impl FacilitatorPanel {
    #[must_use]
    pub fn position(&self, rows: &[FacilitatorRow]) -> usize {
        let here = |row: &FacilitatorRow| rows.iter().position(|other| other == row);
        self.cursor.as_ref().and_then(here).unwrap_or(0)
    }
}

impl Model {
    /// Open questions first, then injects in the order of the scenario.
    #[must_use]
    pub fn facilitated(&self) -> Vec<FacilitatorRow> {
        let Some(exercise) = self.exercise() else { return Vec::new() };
        let questions = self.questions().map(|question| FacilitatorRow::Question(question.id));
        let injects = exercise.scenario.injects.iter().map(|inject| FacilitatorRow::Inject(inject.id.clone()));
        questions.chain(injects).collect()
    }

    /// Those that wait for an answer. What did not hold may be asked again.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        let asked: &[Question] = if self.exercising() { &self.conduct.questions } else { &[] };
        asked.iter()
    }

    #[must_use]
    pub fn question(&self, id: &Hash) -> Option<&Question> {
        self.questions().find(|question| question.id == *id)
    }

    /// Injects that can still be fired or skipped.
    #[must_use]
    pub fn pending_injects(&self) -> Vec<&Inject> {
        self.exercise()
            .filter(|exercise| exercise.running())
            .map(|exercise| exercise.pending().collect())
            .unwrap_or_default()
    }

    /// `None`: it was fired, or skipped.
    #[must_use]
    pub fn pending<'a>(&self, exercise: &'a Exercise, inject: &'a Inject) -> Option<Pending<'a>> {
        if exercise.injects.contains_key(&inject.id) {
            return None;
        }
        let Some(trigger) = &inject.when else { return Some(Pending::Held) };
        Some(match (fires_at(&self.state, inject), reached(&self.state, &trigger.after)) {
            (Some(at), _) => Pending::At(at),
            (None, None) => Pending::After(trigger),
            (None, Some(_)) => Pending::Forestalled,
        })
    }

    /// The inject that the scenario fires next.
    #[must_use]
    pub fn next_inject(&self) -> Option<(&Inject, Timestamp)> {
        let exercise = self.exercise().filter(|exercise| exercise.running())?;
        let at = |inject: &'_ Inject| match self.pending(exercise, inject) {
            Some(Pending::At(at)) => Some(at),
            _ => None,
        };
        exercise.pending().filter_map(|inject| Some((inject, at(inject)?))).min_by_key(|(_, at)| *at)
    }

    /// The next speed, or the one before; `None` at the end of them.
    #[must_use]
    pub fn other_speed(&self, faster: bool) -> Option<u32> {
        let speed = self.exercise()?.speed;
        let mut speeds = SPEEDS.into_iter();
        if faster { speeds.find(|other| *other > speed) } else { speeds.rev().find(|other| *other < speed) }
    }
}
