//! The objectives panel: targets beside what the clocks, the forecast and the loss say of them.

use std::time::Duration;

use super::clock::{Clock, all_recovered_at, start_of};
use super::forecast::{Forecast, Learned, remaining};
use super::tier_watch::{Standing, standing};
use super::{AtRisk, rpo};
use crate::engine::{Incident, State};
use crate::estate::{ClockStart, Estate, Objective, Target, TargetKind, Tier};
use crate::ident::{DatabaseId, TierId};
use crate::reading::{Health, ObjectiveStatus, Status, Verdict};
use crate::time::{Timestamp, at_offset, since};

/// One target and how it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// `Tier 1`, `Database`, `Regional outage`.
    pub name: String,
    pub tier: Option<TierId>,
    pub rto: Objective,
    pub rpo: Objective,
    /// `None` while its clock has not started, or nothing of it was hit.
    pub clock: Option<Clock>,
    /// How long it will have taken when the runs under way are through.
    pub projected: Option<Duration>,
    /// `projected` rests on the authors' durations alone.
    pub estimated: bool,
    pub at_risk: Option<AtRisk>,
    /// `at_risk` is what was lost when the point of no return was crossed.
    pub frozen: bool,
    pub rto_verdict: Verdict,
    pub rpo_verdict: Verdict,
}

/// Tiers first, then components and scenarios, in the order of the estate.
#[must_use]
pub fn rows(estate: &Estate, state: Option<&State>, status: &Status, learned: &Learned, now: Timestamp) -> Vec<Row> {
    let left = state.and_then(|state| remaining(state, learned, now));
    let panel = Panel { estate, state, status, left, now };
    let tiers = estate.tiers.iter().map(|tier| panel.tier(tier));
    let targets = estate.targets.iter().map(|target| panel.target(target));
    tiers.chain(targets).collect()
}

struct Panel<'a> {
    estate: &'a Estate,
    state: Option<&'a State>,
    status: &'a Status,
    /// Of the runs under way.
    left: Option<Forecast>,
    now: Timestamp,
}

impl Panel<'_> {
    fn incident(&self) -> Option<&Incident> {
        self.state.and_then(|state| state.incident.as_ref())
    }

    fn tier(&self, tier: &Tier) -> Row {
        let standing = self.incident().map(|incident| standing(&tier.id, incident, self.status));
        let clock = self.incident().and_then(|incident| {
            let recovered = incident.recovered.get(&tier.id).copied();
            let running = standing != Some(Standing::Unaffected) || recovered.is_some();
            let start = start_of(tier.from, incident).filter(|_| running)?;
            Some(Clock::of_recovery(start, recovered, incident.closed_at, self.now))
        });
        let databases = databases_of(self.estate, &tier.id);
        let calm = match standing {
            Some(Standing::Unaffected) => Verdict::Ok,
            Some(_) => Verdict::Unknown,
            None => self.calm(|tier_of| tier_of == Some(&tier.id)),
        };
        let mut row = self.row(format!("Tier {}", tier.id), tier.rto, tier.rpo, clock, calm, &databases);
        row.tier = Some(tier.id.clone());
        row
    }

    /// A component's clock is that of the whole incident. Which scenario an incident is, only its title tells.
    fn target(&self, target: &Target) -> Row {
        let incident = self.incident().filter(|incident| {
            target.kind == TargetKind::Component || incident.title.to_lowercase().contains(&target.name.to_lowercase())
        });
        let clock = incident.and_then(|incident| {
            let recovered = all_recovered_at(self.estate, incident, self.status);
            let start = start_of(ClockStart::Impact, incident)?;
            Some(Clock::of_recovery(start, recovered, incident.closed_at, self.now))
        });
        let databases = databases_of_target(self.estate, target);
        let calm = if self.incident().is_some() { Verdict::Unknown } else { self.calm(|_| true) };
        self.row(target.name.clone(), target.rto, target.rpo, clock, calm, &databases)
    }

    fn row(
        &self,
        name: String,
        rto: Objective,
        rpo: Objective,
        clock: Option<Clock>,
        calm: Verdict,
        databases: &[DatabaseId],
    ) -> Row {
        let running = clock.filter(|clock| clock.stopped_at.is_none());
        let projected =
            running.zip(self.left).map(|(clock, left)| since(at_offset(self.now, left.p90), clock.started_at));
        let (rpo_verdict, at_risk) = match rpo {
            Objective::NotApplicable => (Verdict::NotApplicable, None),
            Objective::Within(rpo) => rpo::judge(databases, rpo, self.incident(), self.status, self.now),
        };
        let frozen = self
            .incident()
            .is_some_and(|incident| databases.iter().any(|database| incident.recovery_point.contains_key(database)));
        Row {
            name,
            tier: None,
            rto,
            rpo,
            clock,
            projected,
            estimated: self.left.is_some_and(|left| left.estimated),
            frozen: frozen && at_risk.is_some(),
            at_risk,
            rto_verdict: rto_verdict(rto, clock, projected, calm),
            rpo_verdict,
        }
    }

    /// Without a clock: whether anything is wrong that would start one.
    fn calm(&self, of: impl Fn(Option<&TierId>) -> bool) -> Verdict {
        let mut services = self.status.services.iter().filter(|service| of(service.tier.as_ref())).peekable();
        if services.peek().is_none() {
            return Verdict::Unknown;
        }
        services.fold(Verdict::Ok, |verdict, service| match (service.status, verdict) {
            (Health::Down, _) | (_, Verdict::AtRisk) => Verdict::AtRisk,
            (Health::Stale | Health::Unknown, _) => Verdict::Unknown,
            (Health::Ok | Health::Degraded, verdict) => verdict,
        })
    }
}

/// Databases that services of the tier lose data with.
pub(super) fn databases_of(estate: &Estate, tier: &TierId) -> Vec<DatabaseId> {
    let services = estate.services.iter().filter(|service| service.tier.as_ref() == Some(tier));
    let mut databases: Vec<DatabaseId> = services.flat_map(|service| service.databases.clone()).collect();
    databases.sort();
    databases.dedup();
    databases
}

/// Those it names; all of them when it names none.
pub(super) fn databases_of_target(estate: &Estate, target: &Target) -> Vec<DatabaseId> {
    let all = || estate.databases.iter().map(|database| database.id.clone()).collect();
    if target.databases.is_empty() { all() } else { target.databases.clone() }
}

fn rto_verdict(rto: Objective, clock: Option<Clock>, projected: Option<Duration>, calm: Verdict) -> Verdict {
    let Objective::Within(rto) = rto else { return Verdict::NotApplicable };
    match (clock, projected) {
        (None, _) => calm,
        (Some(clock), _) if clock.elapsed > rto => Verdict::Missed,
        (Some(clock), _) if clock.unrecovered => Verdict::Unknown,
        (Some(clock), _) if clock.stopped_at.is_some() => Verdict::Ok,
        (Some(_), Some(projected)) if projected > rto => Verdict::AtRisk,
        (Some(_), Some(_)) => Verdict::Ok,
        (Some(_), None) => Verdict::Unknown,
    }
}

impl From<Row> for ObjectiveStatus {
    fn from(row: Row) -> Self {
        let figure = |objective| match objective {
            Objective::Within(span) => Some(span),
            Objective::NotApplicable => None,
        };
        Self {
            name: row.name,
            tier: row.tier,
            rto: figure(row.rto),
            rpo: figure(row.rpo),
            at_risk: row.at_risk,
            rpo_verdict: row.rpo_verdict,
            rto_verdict: row.rto_verdict,
        }
    }
}
