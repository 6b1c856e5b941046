//! The two clocks of an incident and the time that is left to decide.

use std::time::Duration;

use super::forecast::{Forecast, Learned, remaining};
use super::tier_watch::{Standing, standing, waits_for_tiers};
use crate::engine::{Incident, State};
use crate::estate::{ClockStart, Estate, Objective};
use crate::ident::TierId;
use crate::reading::Status;
use crate::time::{Timestamp, at_offset, since};

/// A clock that runs, or ran until it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub started_at: Timestamp,
    pub stopped_at: Option<Timestamp>,
    pub elapsed: Duration,
    /// The incident was closed before anybody saw a recovery: that stopped it, and nothing is known to be well.
    pub unrecovered: bool,
}

impl Clock {
    pub(super) fn new(started_at: Timestamp, stopped_at: Option<Timestamp>, now: Timestamp) -> Self {
        let elapsed = since(stopped_at.unwrap_or(now), started_at);
        Self { started_at, stopped_at, elapsed, unrecovered: false }
    }

    /// Until the recovery, else until the incident is closed.
    pub(super) fn of_recovery(
        started_at: Timestamp,
        recovered_at: Option<Timestamp>,
        closed_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let unrecovered = recovered_at.is_none() && closed_at.is_some();
        Self { unrecovered, ..Self::new(started_at, recovered_at.or(closed_at), now) }
    }
}

/// What the header shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Clocks {
    /// From the impact.
    pub total: Clock,
    /// From the decision; `None` until then.
    pub execution: Option<Clock>,
    /// Of the runs under way.
    pub remaining: Option<Forecast>,
    /// When they will be through, at the ninetieth percentile.
    pub projected_finish: Option<Timestamp>,
    pub deadline: Option<Deadline>,
}

/// For the next tier that can still be met: by when to decide, and, once decided, how much time is to spare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub tier: TierId,
    pub rto: Duration,
    /// Start + RTO − what the rest takes.
    pub decide_by: Timestamp,
    pub spare: Duration,
    /// The spare time is *slack*: the decision is taken.
    pub decided: bool,
}

/// The clocks of the incident; `None` when there is none.
#[must_use]
pub fn clocks(estate: &Estate, state: &State, status: &Status, learned: &Learned, now: Timestamp) -> Option<Clocks> {
    let incident = state.incident.as_ref()?;
    let recovered = all_recovered_at(estate, incident, status);
    let since_start = |start| Clock::of_recovery(start, recovered, incident.closed_at, now);
    let total = since_start(incident.impact_at);
    let remaining = remaining(state, learned, now).filter(|_| total.stopped_at.is_none());
    Some(Clocks {
        total,
        execution: incident.decided_at.map(since_start),
        remaining,
        projected_finish: remaining.map(|left| at_offset(now, left.p90)),
        deadline: remaining.and_then(|left| deadline(estate, incident, status, left, now)),
    })
}

/// When the last of the tiers that were hit had recovered; `None` while one is not, or none was seen to be hit.
pub(super) fn all_recovered_at(estate: &Estate, incident: &Incident, status: &Status) -> Option<Timestamp> {
    incident.recovered.values().max().copied().filter(|_| !waits_for_tiers(estate, incident, status))
}

/// Where a tier's clock starts; `None` while that has not happened.
pub(super) fn start_of(from: ClockStart, incident: &Incident) -> Option<Timestamp> {
    match from {
        ClockStart::Impact => Some(incident.impact_at),
        ClockStart::Declared => Some(incident.opened_at),
        ClockStart::Decided => incident.decided_at,
    }
}

/// The next tier that can still be met.
fn deadline(estate: &Estate, incident: &Incident, status: &Status, left: Forecast, now: Timestamp) -> Option<Deadline> {
    deadlines(estate, incident, status, left, now)
        .filter(|deadline| deadline.decide_by >= now)
        .min_by_key(|deadline| deadline.decide_by)
}

/// By when it had, or has, to be decided for each tier that is not back yet, soonest first. None while no run says how
/// long the rest takes.
#[must_use]
pub fn decide_by(estate: &Estate, state: &State, status: &Status, learned: &Learned, now: Timestamp) -> Vec<Deadline> {
    let (Some(incident), Some(left)) = (state.open(), remaining(state, learned, now)) else { return Vec::new() };
    let mut all: Vec<_> = deadlines(estate, incident, status, left, now).collect();
    all.sort_by_key(|deadline| deadline.decide_by);
    all
}

fn deadlines<'a>(
    estate: &'a Estate,
    incident: &'a Incident,
    status: &'a Status,
    left: Forecast,
    now: Timestamp,
) -> impl Iterator<Item = Deadline> + 'a {
    let tiers = estate.tiers.iter().filter(|tier| !incident.recovered.contains_key(&tier.id));
    tiers.filter(|tier| standing(&tier.id, incident, status) != Standing::Unaffected).filter_map(move |tier| {
        let Objective::Within(rto) = tier.rto else { return None };
        let due = at_offset(start_of(tier.from, incident)?, rto);
        let decide_by = due.checked_sub(left.p90).ok()?;
        let decided = incident.decided_at.is_some();
        Some(Deadline { tier: tier.id.clone(), rto, decide_by, spare: since(decide_by, now), decided })
    })
}
