//! The whole status at one instant, put together from everything the board holds.

use super::{Board, CheckStatus, Context, Health, RegionStatus, ServiceStatus, Status};
use crate::alert::{Answers, Audience, Book, Sight};
use crate::engine::State;
use crate::estate::RegionRole;
use crate::ident::{CheckId, DatabaseId, RegionId};
use crate::objective::{self, AtRisk, Learned};
use crate::readiness::readiness;
use crate::replication::{Cluster, Exposure, Isolation};
use crate::time::Now;

/// Clocks further apart than this are shown.
const SKEW_SHOWN_MS: i64 = 2000;

impl Board {
    /// The estate at `now`, with what the incident of `context` adds. Its alerts are those of a book that was opened this
    /// instant: who keeps one puts its own in their place.
    #[must_use]
    pub fn status(&self, context: &Context<'_>, now: Now) -> Status {
        let (mut status, sight) = self.assess(context, now);
        let (mut book, answers) = (Book::default(), Answers::default());
        let audience = Audience { estate: &self.estate.name, kind: context.kind, incident: None };
        book.keep(sight, &self.estate.alerts, &answers, &audience, now);
        status.alerts = book.statuses(&answers, now.wall);
        status
    }

    /// The services alone: all that the clocks of tiers are judged by, at a small part of the cost.
    #[must_use]
    pub fn services(&self, now: Now) -> Status {
        let services = self.service_statuses(now);
        Status { at: now.wall, services, blind: self.network.blind, ..Status::default() }
    }

    /// The same without alerts, and what their rules see.
    #[must_use]
    pub fn assess(&self, context: &Context<'_>, now: Now) -> (Status, Sight) {
        let replication = self.replication_statuses(context, now);
        let regions = self.region_statuses(&replication, now);
        let recommendation = self.recommend(&regions, context, now);
        let skew = self.clock_skew();
        let mut status = Status {
            at: now.wall,
            estate: self.estate.name.clone(),
            kind: context.kind.word().to_owned(),
            checks: self.check_statuses(None, now),
            services: self.service_statuses(now),
            replication,
            evaluation: None,
            readiness: Vec::new(),
            backups: self.backup_statuses(now),
            objectives: Vec::new(),
            recommendation,
            alerts: Vec::new(),
            automatic: self.automatic_statuses(context, now),
            blind: self.network.blind,
            clock_skew_ms: skew.as_ref().map(|(_, ms)| *ms),
            clock_skew_of: skew.map(|(check, _)| check),
            regions,
        };
        status.readiness = readiness(&self.estate, self.past.as_deref(), &status.backups, now.wall);
        let rows = objective::rows(&self.estate, context.incident, &status, &Learned::default(), now.wall);
        let sight = self.sight(&status, &rows, context, now);
        status.objectives = rows.into_iter().map(Into::into).collect();
        (status, sight)
    }

    fn region_statuses(&self, replication: &[super::ReplicationStatus], now: Now) -> Vec<RegionStatus> {
        let mut candidates = self.candidates(replication, now).into_iter();
        self.estate
            .regions
            .iter()
            .map(|region| {
                let candidate = candidates.next();
                let part = self.part_of(&region.id, now);
                let status = self.roll_up_region(&region.id, now).map_or(Health::Unknown, |rolled| rolled.health);
                let held = self.regions.get(&region.id).copied().unwrap_or_default();
                RegionStatus {
                    name: region.id.clone(),
                    role: role_word(region.role).to_owned(),
                    serving: part.serving,
                    was_serving: part.was_serving,
                    status,
                    since: held.since.filter(|_| held.health == status).map(|since| since.wall),
                    last_good: (status == Health::Down).then(|| self.last_good(&region.id)).flatten(),
                    candidate: candidate.as_ref().and_then(|candidate| candidate.rank),
                    cost: candidate.as_ref().and_then(|candidate| candidate.cost.clone()),
                    candidate_because: candidate.map(|candidate| candidate.because).unwrap_or_default(),
                    latency: self.latency_of(&region.id),
                    checks: self.check_statuses(Some(&region.id), now),
                }
            })
            .collect()
    }

    /// Of the checks that speak for `region`, or for none.
    fn check_statuses(&self, region: Option<&RegionId>, now: Now) -> Vec<CheckStatus> {
        self.estate
            .checks
            .iter()
            .filter(|check| check.region.as_ref() == region)
            .filter_map(|check| self.check_status(check, now))
            .collect()
    }

    fn service_statuses(&self, now: Now) -> Vec<ServiceStatus> {
        self.estate
            .services
            .iter()
            .map(|service| {
                let status = self.service_health(service, now);
                let held = self.services.get(&service.id).copied().unwrap_or_default();
                ServiceStatus {
                    name: service.id.clone(),
                    tier: service.tier.clone(),
                    status,
                    since: held.since.filter(|_| held.health == status).map(|since| since.wall),
                    serving: self.seen_serving(service, now),
                }
            })
            .collect()
    }

    fn replication_statuses(&self, context: &Context<'_>, now: Now) -> Vec<super::ReplicationStatus> {
        let servers = self.clusters.values().flat_map(|cluster| {
            let isolation = self.isolation(cluster, context.incident);
            cluster.servers.keys().filter_map(move |region| cluster.standing(region, isolation, now))
        });
        servers.chain(self.copy_rows(now)).collect()
    }

    /// What is known of the isolation of the cluster's primary.
    pub(super) fn isolation(&self, cluster: &Cluster, incident: Option<&State>) -> Isolation {
        cluster
            .root
            .as_ref()
            .map(|root| super::isolation::standing(incident, &cluster.database, root).isolation())
            .unwrap_or_default()
    }

    /// What promoting the database's standby in `region` as it was last read would lose.
    #[must_use]
    pub fn at_risk(
        &self,
        database: &DatabaseId,
        region: &RegionId,
        incident: Option<&State>,
        now: Now,
    ) -> Option<AtRisk> {
        self.exposure(database, region, incident, now).map(|exposure| exposure.at_risk)
    }

    pub(super) fn exposure(
        &self,
        database: &DatabaseId,
        region: &RegionId,
        incident: Option<&State>,
        now: Now,
    ) -> Option<Exposure> {
        let cluster = self.clusters.get(database)?;
        cluster.exposure(region, self.isolation(cluster, incident), now)
    }

    fn backup_statuses(&self, now: Now) -> Vec<super::BackupStatus> {
        self.estate
            .backups
            .iter()
            .filter_map(|backup| Some(self.backups.get(&backup.id)?.status(backup, now)))
            .collect()
    }

    /// The clock that differs most from ours, by how much, and the check that showed it.
    fn clock_skew(&self) -> Option<(CheckId, i64)> {
        self.tracks
            .iter()
            .filter_map(|(check, track)| Some((check, track.skew_ms?)))
            .filter(|(_, skew)| skew.abs() > SKEW_SHOWN_MS)
            .max_by_key(|(_, skew)| skew.abs())
            .map(|(check, skew)| (check.clone(), skew))
    }
}

const fn role_word(role: RegionRole) -> &'static str {
    match role {
        RegionRole::Primary => "primary",
        RegionRole::Standby => "standby",
        RegionRole::Active => "active",
    }
}
