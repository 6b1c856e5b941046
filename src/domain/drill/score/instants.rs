//! The instants between which the measures of an exercise lie, and how each is known.

use std::sync::Arc;

use crate::drill::reached;
use crate::engine::{Exercise, InjectState, State};
use crate::ident::InjectId;
use crate::log::{Entry, Event};
use crate::report::{Point, metrics};
use crate::scenario::{Choice, InjectKind, Milestone};
use crate::time::Timestamp;

#[derive(Clone, Debug)]
pub(super) struct Instant {
    pub(super) at: Timestamp,
    pub(super) basis: String,
}

impl Instant {
    fn new(at: Timestamp, basis: impl Into<String>) -> Self {
        Self { at, basis: basis.into() }
    }
}

pub(super) struct Instants {
    /// Of the simulated world, whatever the players took it for.
    pub(super) impact: Option<Instant>,
    pub(super) detected: Option<Instant>,
    /// The decision that the scenario asks for; any, where it asks for none.
    pub(super) decided: Option<Instant>,
    /// From when on the recovery was worked at.
    pub(super) executing: Option<Instant>,
    pub(super) recovered: Option<Instant>,
    /// `EndEx`, else the last entry.
    pub(super) end: Timestamp,
    pub(super) over: bool,
}

impl Instants {
    pub(super) fn of(state: &State, exercise: &Exercise) -> Self {
        let impact = impact(exercise);
        let detected = impact.as_ref().and_then(|impact| detected(state, exercise, impact.at));
        let last = state.entries.last().map_or(exercise.started_at, |entry| entry.occurred_at);
        let recovered = metrics(state).and_then(|all| all.point(Point::Recovered).cloned());
        Self {
            impact,
            detected,
            decided: decided(state, exercise),
            executing: executing(state),
            recovered: recovered.map(|point| Instant::new(point.at, point.basis)),
            end: exercise.ended.as_ref().map_or(last, |ended| ended.at),
            over: exercise.ended.is_some(),
        }
    }
}

/// The first inject that did something to the world; where none does, the first that was delivered.
fn impact(exercise: &Exercise) -> Option<Instant> {
    let fired = |inject: &InjectId| match exercise.injects.get(inject)? {
        InjectState::Fired { at, .. } => Some(*at),
        InjectState::Skipped { .. } => None,
    };
    if let Some(at) = exercise.impact_at() {
        let of = exercise.scenario.injects.iter();
        let inject = of.filter(|inject| !inject.effect.is_empty()).find(|inject| fired(&inject.id) == Some(at));
        let id = inject.map(|inject| inject.id.as_str()).unwrap_or_default();
        return Some(Instant::new(at, format!("impact: inject {id} fired")));
    }
    if exercise.scenario.injects.iter().any(|inject| !inject.effect.is_empty()) {
        return None;
    }
    let told = exercise.scenario.injects.iter();
    let told = told.filter(|inject| inject.is_delivered() && inject.kind != InjectKind::Administrative);
    let (at, inject) = told.filter_map(|inject| Some((fired(&inject.id)?, inject))).min_by_key(|(at, _)| *at)?;
    Some(Instant::new(at, format!("inject {} fired", inject.id)))
}

/// What a player did first: acknowledged a message of since the impact, declared, or noted something. Whoever declared
/// before it was there already.
fn detected(state: &State, exercise: &Exercise, impact: Timestamp) -> Option<Instant> {
    let known = |entry: &&Arc<Entry>| match &entry.event {
        Event::IncidentOpened { .. } => true,
        Event::NoteAdded { .. } => entry.occurred_at >= impact,
        Event::InjectAcknowledged { inject } => is_news(exercise, inject, impact),
        _ => false,
    };
    let first = state.entries.iter().filter(known).min_by_key(|entry| (entry.occurred_at, entry.seq))?;
    let by = &first.actor.name;
    let basis = match &first.event {
        Event::InjectAcknowledged { inject } => format!("inject {inject} acknowledged by {by}"),
        Event::NoteAdded { .. } => format!("noted by {by}"),
        _ => format!("declared by {by}"),
    };
    Some(Instant::new(first.occurred_at.max(impact), basis))
}

fn is_news(exercise: &Exercise, inject: &InjectId, impact: Timestamp) -> bool {
    let of_play = exercise.scenario.inject(inject).is_some_and(|inject| inject.kind != InjectKind::Administrative);
    let fired = exercise.injects.get(inject);
    of_play && matches!(fired, Some(InjectState::Fired { at, .. }) if *at >= impact)
}

fn decided(state: &State, exercise: &Exercise) -> Option<Instant> {
    let known = |at, said: &str| Instant::new(at, said);
    if let Some(choice) = exercise.scenario.play.decides {
        let at = reached(state, &Milestone::Decided(choice))?;
        return Some(known(at, &format!("decided {}", choice.word())));
    }
    let either = [Choice::FailOver, Choice::Stay].into_iter();
    let first = either.filter_map(|choice| reached(state, &Milestone::Decided(choice))).min();
    first.map(|at| known(at, "decided")).or_else(|| executing(state))
}

fn executing(state: &State) -> Option<Instant> {
    let at = state.incident.as_ref()?.decided_at?;
    let said = |entry: &Arc<Entry>| {
        entry.occurred_at == at && matches!(entry.event, Event::DecisionRecorded { failover: true, .. })
    };
    let said = state.entries.iter().any(said);
    Some(Instant::new(at, if said { "decided to fail over" } else { "first changing step" }))
}
