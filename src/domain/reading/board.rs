//! Everything the probes have said, kept so that a whole status can be told at any instant.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::channels::Troubles;
use super::index::Index;
use super::network::Network;
use super::roll_up::roll_up;
use super::self_healing::Watch;
use super::track::{Track, stale_after};
use super::{Change, CheckStatus, Failover, Health, Outcome, Payload, Sample, Source};
use crate::backup::BackupTrack;
use crate::estate::{Check, Estate, Service};
use crate::ident::{BackupId, CheckId, DatabaseId, RegionId, ServiceId};
use crate::readiness::Past;
use crate::replication::{Cluster, Copies, Server};
use crate::time::{Now, Timestamp, human};

/// The readings of one estate. A clone shares everything that did not change since.
#[derive(Clone, Debug)]
pub struct Board {
    pub(super) estate: Arc<Estate>,
    pub(super) index: Arc<Index>,
    pub(super) tracks: BTreeMap<CheckId, Arc<Track>>,
    pub(super) clusters: BTreeMap<DatabaseId, Arc<Cluster>>,
    /// By name, of those that were looked at.
    pub(super) self_healing: BTreeMap<String, Arc<Watch>>,
    /// By the check that tells of them; only of checks that did.
    pub(super) copies: BTreeMap<CheckId, Arc<Copies>>,
    pub(super) backups: BTreeMap<BackupId, Arc<BackupTrack>>,
    pub(super) regions: BTreeMap<RegionId, Held>,
    pub(super) services: BTreeMap<ServiceId, Held>,
    /// The region each service was last seen to be served from.
    pub(super) serving: BTreeMap<ServiceId, RegionId>,
    /// `None` until it was read.
    pub(super) past: Option<Arc<Past>>,
    /// The newest failover that the readings themselves showed.
    pub(super) moved: Option<Failover>,
    pub(super) network: Network,
    /// Ways of telling people that do not work.
    pub(super) channels: Troubles,
}

/// A status with the time it was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Held {
    pub(super) health: Health,
    pub(super) since: Option<Now>,
}

impl Held {
    /// Takes the status over; tells the one before when it was another.
    fn become_at(&mut self, health: Health, at: Now) -> Option<Health> {
        if self.health == health {
            return None;
        }
        self.since = Some(at);
        Some(std::mem::replace(&mut self.health, health))
    }
}

impl Board {
    #[must_use]
    pub fn new(estate: Arc<Estate>) -> Self {
        let clusters = estate
            .databases
            .iter()
            .map(|database| {
                let servers = estate
                    .checks
                    .iter()
                    .filter(|check| check.kind.database() == Some(&database.id))
                    .filter_map(|check| {
                        let server = Server::new(stale_after(check.interval, check.timeout), check.fail_after);
                        check.region.clone().map(|region| (region, server))
                    })
                    .collect();
                let cluster = Cluster::new(database.id.clone(), servers, estate.active_active());
                (database.id.clone(), Arc::new(cluster))
            })
            .collect();
        Self {
            tracks: estate.checks.iter().map(|check| (check.id.clone(), Arc::default())).collect(),
            clusters,
            copies: BTreeMap::new(),
            self_healing: BTreeMap::new(),
            backups: estate.backups.iter().map(|backup| (backup.id.clone(), Arc::default())).collect(),
            regions: estate.regions.iter().map(|region| (region.id.clone(), Held::default())).collect(),
            services: estate.services.iter().map(|service| (service.id.clone(), Held::default())).collect(),
            serving: BTreeMap::new(),
            past: None,
            moved: None,
            network: Network::default(),
            channels: Troubles::new(),
            index: Arc::new(Index::of(&estate)),
            estate,
        }
    }

    #[must_use]
    pub const fn estate(&self) -> &Arc<Estate> {
        &self.estate
    }

    /// Takes one sample in; tells what it changed. Samples of one source come in the order they were measured; those
    /// of a history may be fed as they stand, their own times count.
    pub fn observe(&mut self, sample: &Sample) -> Vec<Change> {
        match &sample.source {
            Source::Connectivity => self.observe_connectivity(sample),
            Source::Check(_) => self.weigh(sample),
            Source::Backup(id) => {
                if let Some(track) = self.backups.get_mut(id) {
                    Arc::make_mut(track).observe(sample);
                }
                Vec::new()
            }
        }
    }

    /// What is known from incidents and from what was written down; takes the place of what was known before.
    pub fn remember(&mut self, past: Arc<Past>) {
        self.past = Some(past);
    }

    /// How long until this check is looked at again: sooner while the newest result contradicts its status.
    #[must_use]
    pub fn next_interval(&self, check: &CheckId) -> Duration {
        let Some(check) = self.check(check) else { return Duration::from_secs(10) };
        match self.tracks.get(&check.id) {
            Some(track) if track.unsettled() || self.doubted(&check.id) => {
                (check.interval / 3).max(Duration::from_secs(1)).min(check.interval)
            }
            _ => check.interval,
        }
    }

    /// When the region was last seen to be well: what an outage is dated from. While it is down this is the last good
    /// sample of the check whose failure made it so.
    #[must_use]
    pub fn last_good(&self, region: &RegionId) -> Option<Timestamp> {
        let mut good: Vec<Now> =
            self.critical(region).filter_map(|check| self.tracks.get(&check.id)?.last_good()).collect();
        good.sort_by_key(|moment| moment.wall);
        let down_when = self.estate.region(region)?.down_when;
        let down = self.regions.get(region).is_some_and(|held| held.health == Health::Down);
        let decisive = match down_when {
            crate::estate::DownWhen::Any if down => 0,
            crate::estate::DownWhen::AtLeast(many) if down => {
                (many.max(1) as usize - 1).min(good.len().saturating_sub(1))
            }
            _ => good.len().saturating_sub(1),
        };
        good.get(decisive).map(|moment| moment.wall)
    }

    pub(super) fn forget_counts(&mut self) {
        for track in self.tracks.values_mut() {
            Arc::make_mut(track).forget_counts();
        }
    }

    /// Takes in what a check said.
    pub(super) fn believe(&mut self, sample: &Sample) -> Vec<Change> {
        match &sample.source {
            Source::Check(id) => self.observe_check(id, sample),
            Source::Backup(_) | Source::Connectivity => Vec::new(),
        }
    }

    fn observe_check(&mut self, id: &CheckId, sample: &Sample) -> Vec<Change> {
        let estate = Arc::clone(&self.estate);
        let Some(at) = self.index.check(id) else { return Vec::new() };
        let check = &estate.checks[at];
        let late = self.tracks.get(id).is_none_or(|track| track.newer_than(sample));
        if late {
            return Vec::new();
        }
        let mut changes = self.observe_server(check, sample);
        self.observe_copies(check, sample);
        self.observe_self_healing(check, sample);
        let behind = self
            .behind_over_mark(check, sample)
            .or_else(|| self.copy_over_mark(check, sample.moment()))
            .or_else(|| self.leader_contradicted(check, sample.moment()));
        changes.extend(self.tracks.get_mut(id).and_then(|track| {
            let (from, to) = Arc::make_mut(track).observe(check, sample, behind)?;
            let because = track.why().unwrap_or("answers as it should").to_owned();
            Some(Change::Check { check: id.clone(), from, to, because, at: sample.at })
        }));
        let index = Arc::clone(&self.index);
        let services = index.touched(at).iter().map(|service| &estate.services[*service]);
        for service in services {
            changes.extend(self.reconsider_serving(service, sample));
            self.reconsider_service(service, sample);
        }
        changes.extend(check.region.as_ref().and_then(|region| self.reconsider_region(region, sample)));
        changes.extend(self.recalculate(at, sample));
        self.note_failover(&changes);
        changes
    }

    /// A standby further behind than its database's mark is *degraded*, whatever else it answers.
    fn behind_over_mark(&self, check: &Check, sample: &Sample) -> Option<String> {
        let database = check.kind.database()?;
        let (mark, region) = (self.estate.database(database)?.lag_warning, check.region.as_ref()?);
        let lag = self.clusters.get(database)?.lag_of(region, sample.moment())?;
        (lag > mark).then(|| format!("{} behind", human(lag)))
    }

    fn observe_server(&mut self, check: &Check, sample: &Sample) -> Vec<Change> {
        let Some(database) = check.kind.database() else { return Vec::new() };
        let (Some(region), Some(cluster)) = (&check.region, self.clusters.get_mut(database)) else { return Vec::new() };
        let reading = match &sample.outcome {
            Outcome::Unknown { .. } => return Vec::new(),
            outcome => outcome.payload().and_then(|payload| match payload {
                Payload::Server { server } => Some(server.as_ref()),
                _ => None,
            }),
        };
        let moved = Arc::make_mut(cluster).observe(region, reading, sample.moment(), sample.latency);
        let at = sample.at;
        let root = moved.root.map(|(from, to)| Change::Serving { subject: database.to_string(), from, to, at });
        let split = moved.split_brain.map(|regions| Change::SplitBrain { database: database.clone(), regions, at });
        root.into_iter().chain(split).collect()
    }

    fn reconsider_serving(&mut self, service: &Service, sample: &Sample) -> Option<Change> {
        let seen = self.seen_serving(service, sample.moment())?;
        let from = self.serving.insert(service.id.clone(), seen.clone());
        if from.as_ref() == Some(&seen) {
            return None;
        }
        Some(Change::Serving { subject: service.id.to_string(), from, to: Some(seen), at: sample.at })
    }

    fn reconsider_service(&mut self, service: &Service, sample: &Sample) {
        let health = self.service_health(service, sample.moment());
        if let Some(held) = self.services.get_mut(&service.id) {
            held.become_at(health, sample.moment());
        }
    }

    fn reconsider_region(&mut self, region: &RegionId, sample: &Sample) -> Option<Change> {
        let rolled = self.roll_up_region(region, sample.moment())?;
        let from = self.regions.get_mut(region)?.become_at(rolled.health, sample.moment())?;
        Some(Change::Region { region: region.clone(), from, to: rolled.health, because: rolled.because, at: sample.at })
    }

    /// Where several regions serve, what serves moves about without any failover.
    fn note_failover(&mut self, changes: &[Change]) {
        if self.estate.active_active() {
            return;
        }
        for change in changes {
            if let Change::Serving { from: Some(_), to: Some(to), at, .. } = change {
                self.moved = Some(Failover { at: *at, to: Some(to.clone()) });
            }
        }
    }

    fn check(&self, id: &CheckId) -> Option<&Check> {
        self.index.check(id).map(|at| &self.estate.checks[at])
    }

    pub(super) fn checks_at(&self, positions: &[usize]) -> impl Iterator<Item = &Check> {
        positions.iter().map(|at| &self.estate.checks[*at])
    }

    pub(super) fn critical(&self, region: &RegionId) -> impl Iterator<Item = &Check> {
        self.checks_at(self.index.critical(region))
    }

    pub(super) fn check_status(&self, check: &Check, now: Now) -> Option<CheckStatus> {
        let status = self.tracks.get(&check.id)?.status(check, now);
        Some(match self.check_health(check, now) {
            Health::Stale => CheckStatus { status: Health::Stale, since: None, ..status },
            _ => status,
        })
    }

    pub(super) fn check_health(&self, check: &Check, now: Now) -> Health {
        match self.tracks.get(&check.id).map_or(Health::Unknown, |track| track.health(check, now)) {
            Health::Ok | Health::Degraded | Health::Down if self.undecided(check, now) => Health::Stale,
            held => held,
        }
    }

    pub(super) fn roll_up_region(&self, region: &RegionId, now: Now) -> Option<super::roll_up::RolledUp> {
        let checks: Vec<Health> = self.critical(region).map(|check| self.check_health(check, now)).collect();
        Some(roll_up(&checks, self.estate.region(region)?.down_when))
    }
}
