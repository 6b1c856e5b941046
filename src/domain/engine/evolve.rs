//! The only mutator of [`State`]: the same for live use, resuming, the wall, export and scores.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::children;
use super::fold_run::{Meta, run_of};
use super::{Capture, Fence, FenceObserved, FenceStatement, Incident, Recorded, Run, RunState, State};
use super::{exercise, lead};
use crate::ident::Hash;
use crate::log::{Entry, Event, IncidentStatus, Kind};
use crate::{alert, comms, estate, runbook};

/// Folds one entry. Never fails: what makes no sense (an outcome of an attempt that was never intended) changes
/// nothing but the list of entries.
pub fn evolve(state: &mut State, entry: &Arc<Entry>) {
    let meta = Meta { by: &entry.actor.name, at: entry.occurred_at };
    match run_of(&entry.event) {
        Some(id) => {
            if let Some(run) = state.runs.iter_mut().find(|run| run.id == id) {
                run.fold(&entry.event, meta);
            }
            children::aborted(state, id);
        }
        None => fold_incident(state, entry, meta),
    }
    crossed_line(state, entry);
    state.vouched.fold(entry);
    state.head = Some(entry.hash);
    state.entries.push(Arc::clone(entry));
}

fn fold_incident(state: &mut State, entry: &Entry, meta: Meta<'_>) {
    match &entry.event {
        Event::IncidentOpened { .. } => open(state, entry),
        Event::RunStarted { run, runbook, runbook_name, runbook_hash, mode, from, to, values, parent } => {
            let Some(incident) = &state.incident else { return };
            let mut parsed = runbook::parse(Arc::from(runbook.as_str()), Some(&incident.estate));
            if let Some(parent) = parent {
                // One level is opened: what a child links to is text.
                parsed.forget_children();
                if let Some(of) = state.runs.iter_mut().find(|known| known.id == parent.run) {
                    of.open_child(&parent.step, *run, meta);
                }
            }
            if incident.kind == Kind::Paper {
                parsed.put_on_paper();
            }
            state.runs.push(Run {
                id: *run,
                incident: incident.label.clone(),
                kind: incident.kind,
                estate: Arc::clone(&incident.estate),
                name: runbook_name.clone(),
                parent: parent.clone(),
                runbook: Arc::new(parsed),
                hash: *runbook_hash,
                mode: *mode,
                from: from.clone(),
                to: to.clone(),
                values: values.clone(),
                state: RunState::Running,
                steps: BTreeMap::new(),
                started_at: meta.at,
                ended_at: None,
            });
        }
        Event::FenceStated { database, region, how, by } => {
            let statement = FenceStatement { how: how.clone(), by: by.clone(), at: meta.at };
            fence(state, database, region).statement = Some(statement);
        }
        Event::FenceObserved { database, region, evidence, vantages, zero_loss } => {
            let observed =
                FenceObserved { evidence: evidence.clone(), vantages: *vantages, zero_loss: *zero_loss, at: meta.at };
            fence(state, database, region).observed = Some(observed);
        }
        Event::FenceRevoked { database, region, evidence } => {
            *fence(state, database, region) = Fence { revoked: Some((meta.at, evidence.clone())), ..Fence::default() };
        }
        Event::CaptureIntended { capture, resolved } => state.captures.push(Capture {
            id: *capture,
            resolved: Arc::new((**resolved).clone()),
            by: meta.by.clone(),
            intended_at: meta.at,
            outcome: None,
        }),
        Event::CaptureFinished { capture, outcome } => {
            if let Some(known) = state.captures.iter_mut().find(|known| known.id == *capture) {
                known.outcome = Some(outcome.clone());
            }
        }
        Event::AlertFired { .. }
        | Event::AlertResolved { .. }
        | Event::AlertAcknowledged { .. }
        | Event::AlertSilenced { .. }
        | Event::SilenceEnded { .. } => fold_alert(&mut state.alerts, &entry.event),
        Event::Correction { supersedes, .. } => {
            state.superseded.insert(*supersedes, entry.seq);
        }
        Event::Newer(event) => {
            let kind = event.get("type").and_then(|kind| kind.as_str()).unwrap_or("without a type");
            state.read_only = Some(format!("entry {} (`{kind}`) was written by a newer version", entry.seq));
        }
        event => {
            if let Some(incident) = state.incident.as_mut() {
                fold_facts(incident, event, meta);
            }
            lead::fold(state, entry, meta);
            comms::fold(&mut state.updates, entry, meta.by);
            exercise::fold(state, event, meta);
        }
    }
}

fn fold_alert(alerts: &mut alert::Recorded, event: &Event) {
    match event {
        Event::AlertFired { key, severity, .. } => {
            let fired = alert::RecordedAlert { severity: *severity, acknowledged_by: None };
            alerts.firing.insert(key.clone(), fired);
        }
        Event::AlertResolved { key } => {
            alerts.firing.remove(key);
        }
        Event::AlertAcknowledged { key, by } => {
            if let Some(firing) = alerts.firing.get_mut(key) {
                firing.acknowledged_by = Some(by.clone());
            }
        }
        Event::AlertSilenced { of, until, .. } => {
            alerts.silences.insert(of.clone(), *until);
        }
        Event::SilenceEnded { of } => {
            alerts.silences.remove(of);
        }
        _ => {}
    }
}

fn fold_facts(incident: &mut Incident, event: &Event, meta: Meta<'_>) {
    match event {
        Event::ImpactCorrected { impact_at, reason } => {
            incident.impact_at = *impact_at;
            incident.impact_basis.clone_from(reason);
        }
        Event::SeverityChanged { severity, .. } => incident.severity = *severity,
        Event::StatusChanged { status, .. } | Event::UpdateIssued { status, .. } => incident.status = *status,
        Event::DecisionRecorded { failover: true, .. } => {
            incident.decided_at.get_or_insert(meta.at);
        }
        Event::TierRecovered { tier, recovered_at } => {
            incident.recovered.insert(tier.clone(), *recovered_at);
        }
        Event::TierRelapsed { tier } => {
            incident.recovered.remove(tier);
        }
        Event::IncidentClosed { .. } => incident.closed_at = Some(meta.at),
        _ => {}
    }
}

fn open(state: &mut State, entry: &Entry) {
    let Event::IncidentOpened { incident, label, kind, severity, title, impact_at, impact_basis, from, to, estate } =
        &entry.event
    else {
        return;
    };
    if state.incident.is_some() {
        return;
    }
    state.incident = Some(Incident {
        id: *incident,
        label: label.clone(),
        kind: *kind,
        severity: *severity,
        title: title.clone(),
        opened_at: entry.occurred_at,
        impact_at: *impact_at,
        impact_basis: impact_basis.clone(),
        from: from.clone(),
        to: to.clone(),
        estate: Arc::new(estate::parse(estate).estate),
        status: IncidentStatus::default(),
        commander: None,
        decided_at: None,
        closed_at: None,
        recovered: BTreeMap::new(),
        recovery_point: BTreeMap::new(),
        no_return_at: None,
    });
}

fn fence<'a>(
    state: &'a mut State,
    database: &crate::ident::DatabaseId,
    region: &crate::ident::RegionId,
) -> &'a mut Fence {
    state.fences.entry((database.clone(), region.clone())).or_default()
}

/// The first changing step executed is a decision; a point of no return that succeeded freezes what was at risk as the
/// actual recovery point.
fn crossed_line(state: &mut State, entry: &Entry) {
    let Some(incident) = state.incident.as_mut() else { return };
    if let Event::StepIntended { resolved, .. } = &entry.event
        && !resolved.readonly
    {
        incident.decided_at.get_or_insert(entry.occurred_at);
    }
    let Some((run, step)) = ended_step(&entry.event) else { return };
    let Some(run) = state.runs.iter().find(|known| known.id == run) else { return };
    let record = run.record(step);
    let crossed = matches!(record.recorded, Recorded::Succeeded | Recorded::DoneByHand);
    if !crossed || !run.step(step).is_some_and(|step| step.point_of_no_return) {
        return;
    }
    // Done by hand without an attempt, nothing was shown as the cost.
    let attempt = record.attempts.last();
    incident.no_return_at.get_or_insert(attempt.map_or(entry.occurred_at, |attempt| attempt.intended_at));
    for (database, at_risk) in attempt.into_iter().flat_map(|attempt| &attempt.at_risk) {
        incident.recovery_point.entry(database.clone()).or_insert_with(|| at_risk.clone());
    }
}

const fn ended_step(event: &Event) -> Option<(crate::ident::RunId, &crate::ident::StepId)> {
    match event {
        Event::StepFinished { run, step, .. }
        | Event::StepVerified { run, step, .. }
        | Event::StepDoneByHand { run, step, .. }
        | Event::StepSettled { run, step, .. } => Some((*run, step)),
        _ => None,
    }
}

/// Folds a whole log.
pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Arc<Entry>>) -> State {
    let mut state = State::default();
    for entry in entries {
        evolve(&mut state, entry);
    }
    state
}

impl State {
    /// Hash of the last entry; [`Hash::ZERO`] of an empty log.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.head.unwrap_or(Hash::ZERO)
    }
}
