//! Whether to fail over, where to, and why: always with the evidence, and never done by itself.

mod candidate;
mod failover;
mod order;
#[cfg(test)]
mod tests;
mod withheld;

use super::{Advice, Board, CheckStatus, Context, Health, Recommendation, RegionStatus};
use crate::estate::RegionRole;
use crate::ident::RegionId;
use crate::time::{Now, human};

pub use failover::Failover;

impl Board {
    /// Fail over when the side that serves, or served last, is down and another can take over.
    pub(super) fn recommend(&self, regions: &[RegionStatus], context: &Context<'_>, now: Now) -> Recommendation {
        let serving = |region: &&RegionStatus| region.serving == Some(true) || region.was_serving;
        let from = regions
            .iter()
            .filter(serving)
            .find(|region| region.status == Health::Down)
            .or_else(|| regions.iter().find(|region| region.serving == Some(true)))
            .or_else(|| regions.iter().find(serving));
        let to = regions.iter().filter(|region| region.candidate.is_some()).min_by_key(|region| region.candidate);
        let mut advised = Recommendation {
            from: from.map(|region| region.name.clone()),
            to: to.map(|region| region.name.clone()),
            ..Recommendation::default()
        };
        match (from, to) {
            _ if self.blind() => {
                advised.because.push("our own network is down: nothing seen now can be believed".to_owned());
            }
            (None, _) => advised.because.push("no side was seen to serve yet".to_owned()),
            (Some(from), to) if from.status == Health::Down => {
                let last = self.last_failover(context);
                self.leave(from, to, regions, last.as_ref(), now, &mut advised);
            }
            (Some(from), _) => {
                advised.because.push(format!("{} is {}", from.name, from.status.word()));
                advised.because.extend(suspects(from));
            }
        }
        advised
    }

    fn leave(
        &self,
        from: &RegionStatus,
        to: Option<&RegionStatus>,
        regions: &[RegionStatus],
        last: Option<&Failover>,
        now: Now,
        advised: &mut Recommendation,
    ) {
        advised.because.extend(self.evidence(&from.name, now));
        let Some(to) = to else {
            advised.because.push("no other region can take over".to_owned());
            return;
        };
        advised.because.push(format!("{}: {}", to.name, to.candidate_because.join(", ")));
        let (withheld, noted) = self.withheld(from, regions, last, now);
        advised.because.extend(noted);
        match withheld {
            Some(withheld) => {
                advised.withheld = Some(withheld.why);
                advised.withheld_until = withheld.until;
            }
            None if self.traffic_alone(from, now) => advised.advice = Advice::MoveTraffic,
            None => advised.advice = Advice::Failover,
        }
        advised.failover = advised.advice == Advice::Failover;
        advised.because.push(self.vantage());
    }

    /// The newest that an incident, the one that is open, or the readings tell of.
    fn last_failover(&self, context: &Context<'_>) -> Option<Failover> {
        let open = context.incident.and_then(Failover::of);
        let past = self.past.as_ref().and_then(|past| past.failover.clone());
        [open, past, self.moved.clone()].into_iter().flatten().max_by_key(|failover| failover.at)
    }

    /// Every region serves there: what fails is left by traffic, unless it alone accepts a database's writes.
    fn traffic_alone(&self, from: &RegionStatus, now: Now) -> bool {
        let writes_elsewhere = |cluster: &crate::replication::Cluster| {
            cluster.root.as_ref().is_some_and(|root| *root != from.name)
                || cluster.writable(now).into_iter().any(|at| *at != from.name)
        };
        let active = self.estate.region(&from.name).is_some_and(|region| region.role == RegionRole::Active);
        active && self.estate.active_active() && self.clusters.values().all(|cluster| writes_elsewhere(cluster))
    }

    /// `us-east-1: 3 of 3 checks failed for 92s`.
    fn evidence(&self, region: &RegionId, now: Now) -> Option<String> {
        let critical: Vec<_> = self.critical(region).collect();
        let of = |health: Health| critical.iter().filter(move |check| self.check_health(check, now) == health);
        let failing = of(Health::Down).filter_map(|check| self.tracks.get(&check.id)?.failing_since());
        let shortest = failing.map(|since| super::age(since, now)).min()?;
        let (down, total) = (of(Health::Down).count(), critical.len());
        let mut text = format!("{region}: {down} of {total} checks failed for {}", human(shortest));
        let unknown = of(Health::Unknown).count() + of(Health::Stale).count();
        if unknown > 0 {
            text.push_str(&format!(", {unknown} not known"));
        }
        Some(text)
    }

    /// One machine may be cut off from what others reach.
    fn vantage(&self) -> String {
        let place = self.estate.console.region.as_ref().map(|region| format!(", which is in {region}"));
        format!("seen from this machine only{}", place.unwrap_or_default())
    }
}

/// Failures that are not believed yet, and checks that cannot make up their mind.
fn suspects(region: &RegionStatus) -> Vec<String> {
    let named = |is: fn(&CheckStatus) -> bool| -> Vec<&str> {
        region.checks.iter().filter(|check| check.critical && is(check)).map(|check| check.name.as_str()).collect()
    };
    let mut lines = Vec::new();
    let suspect = named(|check| check.suspect);
    if !suspect.is_empty() {
        lines.push(format!("failed, and is not believed to be down yet: {}", suspect.join(", ")));
    }
    let flapping = named(|check| check.flapping);
    if !flapping.is_empty() {
        lines.push(format!("answers and fails by turns: {}", flapping.join(", ")));
    }
    lines
}
