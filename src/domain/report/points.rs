//! Where in the log each instant of the metrics is found, and how it is known.

use std::collections::BTreeMap;

use super::metrics::{Endpoint, Point, still_broken};
use super::sentence::title;
use crate::engine::{Incident, State};
use crate::execution::Part;
use crate::ident::{RegionId, RunId, StepId};
use crate::log::{Entry, Event};
use crate::reading::Health;
use crate::time::Timestamp;

pub(super) fn endpoint(point: Point, state: &State, incident: &Incident) -> Option<Endpoint> {
    match point {
        Point::Impact => Some(known(incident.impact_at, incident.impact_basis.clone())),
        Point::Detected => Some(detected(state, incident)),
        Point::Declared => {
            let opened = state.entries.iter().find(|entry| matches!(entry.event, Event::IncidentOpened { .. }));
            let by = opened.map(|entry| format!("by {}", entry.actor.name)).unwrap_or_default();
            Some(known(incident.opened_at, by))
        }
        Point::Decided => decided(state, incident),
        Point::ExecutionStarted => first_changing(state).map(|(entry, run, step)| {
            known(entry.occurred_at, format!("first changing step: {}", title(state, run, step)))
        }),
        Point::NoReturn => Some(known(incident.no_return_at?, crossed(state))),
        Point::TrafficMoved => traffic_moved(state, incident),
        Point::Verified => verified(state),
        Point::Recovered => recovered(state, incident),
        Point::Resolved => incident.closed_at.map(|at| known(at, "the incident was closed")),
    }
}

fn known(at: Timestamp, basis: impl Into<String>) -> Endpoint {
    Endpoint { at, basis: basis.into() }
}

/// Whoever declares has detected it, if no check had.
fn detected(state: &State, incident: &Incident) -> Endpoint {
    let seen = |entry: &&std::sync::Arc<Entry>| {
        matches!(entry.event, Event::RegionChanged { to: Health::Down | Health::Degraded, .. })
    };
    let first = state.entries.iter().filter(seen).min_by_key(|entry| entry.occurred_at);
    match first.map(|entry| (entry.occurred_at, &entry.event)) {
        Some((at, Event::RegionChanged { region, to, .. })) if at <= incident.opened_at => {
            known(at, format!("{region} was seen {}", to.word()))
        }
        _ => known(incident.opened_at, "by the declaration at the latest"),
    }
}

fn decided(state: &State, incident: &Incident) -> Option<Endpoint> {
    let at = incident.decided_at?;
    let recorded = state
        .entries
        .iter()
        .find(|entry| entry.occurred_at == at && matches!(entry.event, Event::DecisionRecorded { failover: true, .. }));
    let basis = match recorded {
        Some(entry) => format!("recorded by {}", entry.actor.name),
        None => "no decision was recorded before: the first changing step".to_owned(),
    };
    Some(known(at, basis))
}

fn first_changing(state: &State) -> Option<(&Entry, RunId, &StepId)> {
    state.entries.iter().find_map(|entry| match &entry.event {
        Event::StepIntended { resolved, .. } if !resolved.readonly => {
            Some((entry.as_ref(), resolved.run, &resolved.step))
        }
        _ => None,
    })
}

fn crossed(state: &State) -> String {
    let line = state
        .runs
        .iter()
        .flat_map(|run| run.runbook.steps().map(move |step| (run, step)))
        .find(|(run, step)| step.point_of_no_return && run.attempts(&step.id, Part::Run).next().is_some());
    line.map(|(_, step)| format!("intent of {}", step.title)).unwrap_or_default()
}

/// When the last of what moved was first served by the target. Services count; databases only where no service moved.
fn traffic_moved(state: &State, incident: &Incident) -> Option<Endpoint> {
    let target = incident.to.as_ref().or_else(|| state.runs.first()?.to.as_ref())?;
    let moved = moves(state, target);
    let services: BTreeMap<_, _> = moved
        .iter()
        .filter(|(subject, _)| incident.estate.services.iter().any(|service| service.id.as_str() == **subject))
        .map(|(subject, at)| (*subject, *at))
        .collect();
    let counted = if services.is_empty() { moved } else { services };
    let last = counted.values().max().copied()?;
    let subjects: Vec<_> = counted.into_keys().collect();
    Some(known(last, format!("{} served by {target}", subjects.join(", "))))
}

fn moves<'a>(state: &'a State, target: &RegionId) -> BTreeMap<&'a str, Timestamp> {
    let mut moves = BTreeMap::new();
    for entry in &state.entries {
        if let Event::ServingChanged { subject, to: Some(to), .. } = &entry.event
            && to == target
        {
            moves.entry(subject.as_str()).or_insert(entry.occurred_at);
        }
    }
    moves
}

/// The last verification after the first change, unless a later one failed.
fn verified(state: &State) -> Option<Endpoint> {
    let (first, ..) = first_changing(state)?;
    let last =
        state.entries.iter().rev().take_while(|entry| entry.seq > first.seq).find_map(|entry| match &entry.event {
            Event::StepVerified { run, step, result, .. } => Some((entry, result.passed, "verified", *run, step)),
            Event::HoldEnded { run, step, held, .. } => Some((entry, *held, "held", *run, step)),
            _ => None,
        });
    let (entry, _, how, run, step) = last.filter(|(_, passed, ..)| *passed)?;
    Some(known(entry.occurred_at, format!("{} {how}", title(state, run, step))))
}

fn recovered(state: &State, incident: &Incident) -> Option<Endpoint> {
    let tiers = || incident.estate.tiers.iter().map(|tier| &tier.id);
    if tiers().any(|tier| still_broken(state, incident, tier)) {
        return None;
    }
    let last = incident.recovered.values().max().copied()?;
    let (well, silent): (Vec<_>, Vec<_>) = tiers().partition(|tier| incident.recovered.contains_key(*tier));
    let list = |tiers: Vec<&crate::ident::TierId>| {
        tiers.into_iter().map(crate::ident::TierId::as_str).collect::<Vec<_>>().join(", ")
    };
    let tiers = if well.len() == 1 { "tier" } else { "tiers" };
    let nothing = if silent.is_empty() { String::new() } else { format!("; nothing recorded of {}", list(silent)) };
    Some(known(last, format!("{tiers} {} held ok{nothing}", list(well))))
}
