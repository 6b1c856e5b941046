//! What an incident measured: the instants between which its figures lie, and the figures beside their objectives.
//! Computed from the log alone, so that anybody who holds it gets the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{points, waits};
use crate::engine::{Incident, State};
use crate::estate::{ClockStart, Objective, Tier};
use crate::ident::{DatabaseId, TierId};
use crate::log::Event;
use crate::objective::{AtRisk, of_recovery_point};
use crate::reading::Verdict;
use crate::time::{Timestamp, since};

/// Between two of these lies every figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    Impact,
    Detected,
    Declared,
    Decided,
    ExecutionStarted,
    NoReturn,
    TrafficMoved,
    Verified,
    /// The last of the tiers that were hit.
    Recovered,
    Resolved,
}

impl Point {
    pub const ALL: [Self; 10] = [
        Self::Impact,
        Self::Detected,
        Self::Declared,
        Self::Decided,
        Self::ExecutionStarted,
        Self::NoReturn,
        Self::TrafficMoved,
        Self::Verified,
        Self::Recovered,
        Self::Resolved,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Impact => "impact",
            Self::Detected => "detected",
            Self::Declared => "declared",
            Self::Decided => "decided",
            Self::ExecutionStarted => "execution started",
            Self::NoReturn => "point of no return",
            Self::TrafficMoved => "traffic moved",
            Self::Verified => "verified",
            Self::Recovered => "recovered",
            Self::Resolved => "resolved",
        }
    }
}

/// When, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub at: Timestamp,
    pub basis: String,
}

/// One tier's recovery time beside its objective.
#[derive(Clone, Debug, PartialEq)]
pub struct TierResult {
    pub tier: TierId,
    pub clock: ClockStart,
    pub recovered_at: Option<Timestamp>,
    /// From the decision.
    pub execution: Option<Duration>,
    /// From the impact.
    pub total: Option<Duration>,
    /// From where its objective counts.
    pub counted: Option<Duration>,
    pub rto: Objective,
    pub verdict: Verdict,
}

/// What a database lost, beside the objective of one tier that depends on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    pub database: DatabaseId,
    pub tier: Option<TierId>,
    pub rpo: Objective,
    /// `None` when no point of no return froze it.
    pub lost: Option<AtRisk>,
    pub verdict: Verdict,
}

/// Everything measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    points: BTreeMap<Point, Endpoint>,
    pub tiers: Vec<TierResult>,
    pub losses: Vec<Loss>,
    /// From approvals being asked for until they were answered.
    pub approvals_took: Duration,
    /// Between the decision and the recovery: when nothing ran, and people looked, thought, ticked and confirmed.
    pub nothing_ran: Option<Duration>,
}

impl Metrics {
    #[must_use]
    pub fn point(&self, point: Point) -> Option<&Endpoint> {
        self.points.get(&point)
    }

    /// `None` while either is unknown, or when they are not in this order.
    #[must_use]
    pub fn between(&self, from: Point, to: Point) -> Option<Duration> {
        let (from, to) = (self.points.get(&from)?.at, self.points.get(&to)?.at);
        (from <= to).then(|| since(to, from))
    }
}

/// Measures the incident; `None` when the log holds none.
#[must_use]
pub fn metrics(state: &State) -> Option<Metrics> {
    let incident = state.incident.as_ref()?;
    let points: BTreeMap<_, _> =
        Point::ALL.into_iter().filter_map(|point| Some((point, points::endpoint(point, state, incident)?))).collect();
    let tiers = incident.estate.tiers.iter().map(|tier| tier_result(tier, state, incident)).collect();
    let mut metrics = Metrics {
        points,
        tiers,
        losses: losses(incident),
        approvals_took: waits::approvals_took(state),
        nothing_ran: None,
    };
    let ends = metrics.point(Point::Decided).zip(metrics.point(Point::Recovered));
    metrics.nothing_ran = ends.map(|(decided, recovered)| waits::nothing_ran(state, decided.at, recovered.at));
    Some(metrics)
}

fn tier_result(tier: &Tier, state: &State, incident: &Incident) -> TierResult {
    let recovered_at = incident.recovered.get(&tier.id).copied();
    let started_at = match tier.from {
        ClockStart::Impact => Some(incident.impact_at),
        ClockStart::Declared => Some(incident.opened_at),
        ClockStart::Decided => incident.decided_at,
    };
    let until = |start: Option<Timestamp>| Some(since(recovered_at?, start?));
    let counted = until(started_at);
    let verdict = match (tier.rto, counted) {
        (Objective::NotApplicable, _) => Verdict::NotApplicable,
        (Objective::Within(rto), Some(took)) if took <= rto => Verdict::Ok,
        (Objective::Within(_), Some(_)) => Verdict::Missed,
        // Without a recovery only a tier that was seen broken is known to have been hit.
        (Objective::Within(rto), None) if still_broken(state, incident, &tier.id) => {
            let end = incident.closed_at.or_else(|| state.told_until());
            let over = started_at.zip(end).is_some_and(|(start, end)| since(end, start) > rto);
            if over { Verdict::Missed } else { Verdict::Unknown }
        }
        (Objective::Within(_), None) => Verdict::Unknown,
    };
    TierResult {
        tier: tier.id.clone(),
        clock: tier.from,
        recovered_at,
        execution: until(incident.decided_at),
        total: until(Some(incident.impact_at)),
        counted,
        rto: tier.rto,
        verdict,
    }
}

/// It broke again, or one of its services was served by nobody, and it did not recover since.
pub(crate) fn still_broken(state: &State, incident: &Incident, tier: &TierId) -> bool {
    let of_tier = |subject: &str| {
        let mut services = incident.estate.services.iter();
        services.any(|service| service.id.as_str() == subject && service.tier.as_ref() == Some(tier))
    };
    let broke = |event: &Event| match event {
        Event::TierRelapsed { tier: broken } => broken == tier,
        Event::ServingChanged { subject, to: None, .. } => of_tier(subject),
        _ => false,
    };
    !incident.recovered.contains_key(tier) && state.entries.iter().any(|entry| broke(&entry.event))
}

/// Each database once per tier that depends on it, and once without an objective when none does.
fn losses(incident: &Incident) -> Vec<Loss> {
    let mut losses = Vec::new();
    for database in &incident.estate.databases {
        let lost = incident.recovery_point.get(&database.id);
        let services = incident.estate.services.iter().filter(|service| service.databases.contains(&database.id));
        let named: BTreeSet<_> = services.filter_map(|service| service.tier.as_ref()).collect();
        let tiers: Vec<_> = incident.estate.tiers.iter().filter(|tier| named.contains(&tier.id)).collect();
        let loss = |tier: Option<&Tier>| {
            let rpo = tier.map_or(Objective::NotApplicable, |tier| tier.rpo);
            let verdict = match (rpo, lost) {
                (Objective::NotApplicable, _) => Verdict::NotApplicable,
                (Objective::Within(_), None) => Verdict::Unknown,
                (Objective::Within(rpo), Some(lost)) => of_recovery_point(lost, rpo),
            };
            let tier = tier.map(|tier| tier.id.clone());
            Loss { database: database.id.clone(), tier, rpo, lost: lost.cloned(), verdict }
        };
        if tiers.is_empty() {
            losses.push(loss(None));
        }
        losses.extend(tiers.into_iter().map(|tier| loss(Some(tier))));
    }
    losses
}

/// As people read it after the fact: an interval that only may lie inside its objective is not known to have met it.
#[must_use]
pub const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "met",
        Verdict::Missed => "missed",
        Verdict::AtRisk | Verdict::Unknown => "unknown",
        Verdict::NotApplicable => "n/a",
    }
}
