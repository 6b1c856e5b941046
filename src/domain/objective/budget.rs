//! How the recovery time was spent, and what an incident takes from the availability that was promised.

use std::time::Duration;

use super::clock::{Clock, all_recovered_at};
use crate::engine::State;
use crate::estate::Estate;
use crate::reading::Status;
use crate::time::Timestamp;

/// The period an availability is promised over.
const PERIOD: Duration = Duration::from_secs(30 * 86_400);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Impact to declaration.
    Detection,
    /// Declaration to decision.
    Assessment,
    /// Decision to the recovery of the last tier.
    Recovery,
    /// From then to the end of the incident.
    Verification,
}

impl Phase {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Detection => "detection",
            Self::Assessment => "assessment",
            Self::Recovery => "recovery",
            Self::Verification => "verification",
        }
    }
}

/// One phase: what it was meant to take, what it took or has taken so far (`None` before it began).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseSpent {
    pub phase: Phase,
    pub budget: Option<Duration>,
    pub clock: Option<Clock>,
}

impl PhaseSpent {
    #[must_use]
    pub fn over(&self) -> bool {
        self.clock.zip(self.budget).is_some_and(|(clock, budget)| clock.elapsed > budget)
    }
}

/// The four phases of the incident; none without one.
#[must_use]
pub fn phases(estate: &Estate, state: &State, status: &Status, now: Timestamp) -> Vec<PhaseSpent> {
    let Some(incident) = &state.incident else { return Vec::new() };
    let recovered = all_recovered_at(estate, incident, status);
    let (closed, budget) = (incident.closed_at, estate.phases);
    let span = |from: Option<Timestamp>, to: Option<Timestamp>| from.map(|from| Clock::new(from, to.or(closed), now));
    let declared = Some(incident.opened_at);
    let spent = |phase, budget, clock| PhaseSpent { phase, budget, clock };
    vec![
        spent(Phase::Detection, budget.detection, span(Some(incident.impact_at), declared)),
        spent(Phase::Assessment, budget.assessment, span(declared, incident.decided_at)),
        spent(Phase::Recovery, budget.recovery, span(incident.decided_at, recovered)),
        spent(Phase::Verification, budget.verification, span(recovered, None)),
    ]
}

/// The time a promise leaves for outages within thirty days, and what this incident took of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Availability {
    /// `0.999` for 99.9 %.
    pub target: f64,
    pub budget: Duration,
    pub consumed: Duration,
}

/// `None` when the estate promises none.
#[must_use]
pub fn availability(estate: &Estate, state: Option<&State>, status: &Status, now: Timestamp) -> Option<Availability> {
    let target = estate.availability.filter(|target| (0.0..=1.0).contains(target))?;
    let incident = state.and_then(|state| state.incident.as_ref());
    let consumed = incident.map_or(Duration::ZERO, |incident| {
        let stopped = all_recovered_at(estate, incident, status).or(incident.closed_at);
        Clock::new(incident.impact_at, stopped, now).elapsed
    });
    Some(Availability { target, budget: PERIOD.mul_f64(1.0 - target), consumed })
}
