//! The simulated world: the estate's regions, servers, services and backups, with causes and effects.
//!
//! Time and orders come in, samples come out, in the form real probes give them. The same seed and the same sequence
//! of calls give the same bytes.

mod answer;
mod backups;
mod cache;
mod cluster;
mod conditions;
mod look;
mod meaning;
mod orders;
mod perform;
mod routes;
mod schedule;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub use answer::{Answer, Write};
pub use perform::{Performance, Ticket};

use self::backups::Backups;
use self::cluster::{Cluster, Surroundings};
use self::conditions::Conditions;
use self::perform::Pending;
use self::routes::Routes;
use self::schedule::Schedule;
use super::noise::Noise;
use crate::estate::{Estate, RegionRole};
use crate::ident::{DatabaseId, RegionId};
use crate::reading::{Health, Sample};
use crate::time::{Now, Timestamp};

/// The coarsest step in which positions move.
const STEP: Duration = Duration::from_millis(500);

/// What heals itself did so once, in the past that a world comes with.
const LOST_AFTER: Duration = Duration::from_secs(120);
const LOST_FOR: Duration = Duration::from_secs(33);

/// A copy of an estate that lives by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    estate: Arc<Estate>,
    /// Connects time since boot with the wall clock.
    anchor: Option<Now>,
    /// How far it has come, time since boot.
    at: Duration,
    conditions: Conditions,
    clusters: BTreeMap<DatabaseId, Cluster>,
    routes: Routes,
    /// When the pods of its past were lost, and were back by themselves.
    lost_pods: Option<(Duration, Duration)>,
    backups: Backups,
    schedule: Schedule,
    pending: Vec<Pending>,
    next_ticket: u64,
}

impl World {
    /// Everything is well, the primary region serves.
    #[must_use]
    pub fn new(estate: &Arc<Estate>, seed: u64) -> Self {
        let noise = Noise::new(seed);
        let home = home(estate);
        let clusters = estate.databases.iter().map(|database| {
            let regions: Vec<RegionId> = estate
                .regions
                .iter()
                .map(|region| region.id.clone())
                .filter(|id| database.servers.contains_key(id))
                .collect();
            let primary =
                home.iter().find(|home| regions.contains(home)).or(regions.first()).cloned().unwrap_or_default();
            (database.id.clone(), Cluster::new(&regions, &primary, noise.of(database.id.as_str())))
        });
        Self {
            clusters: clusters.collect(),
            routes: Routes::new(estate, home.as_ref()),
            backups: Backups::new(estate, noise.of("backups")),
            schedule: Schedule::new(estate, noise.of("schedule")),
            conditions: Conditions::default(),
            lost_pods: None,
            anchor: None,
            at: Duration::ZERO,
            pending: Vec::new(),
            next_ticket: 1,
            estate: Arc::clone(estate),
        }
    }

    /// The samples of the `span` before `until`, as if probes had run all the while: for a world that was not advanced
    /// yet. Shorter where the machine was booted within the span.
    pub fn history(&mut self, until: Now, span: Duration) -> Vec<Sample> {
        if self.anchor.is_none() {
            let begun = until.boot.saturating_sub(span);
            self.begin(begun);
            if span > LOST_AFTER * 2 {
                self.lost_pods = Some((begun + LOST_AFTER, begun + LOST_AFTER + LOST_FOR));
            }
        }
        self.advance(until)
    }

    /// Lets time pass, and returns what the probes saw meanwhile, oldest first. A time that is not later changes nothing.
    pub fn advance(&mut self, to: Now) -> Vec<Sample> {
        if self.anchor.is_none() {
            self.begin(to.boot);
        }
        self.anchor = Some(to);
        let mut samples = Vec::new();
        while self.at < to.boot {
            let step = (self.at + STEP).min(to.boot);
            let next = self.next().map_or(step, |next| next.min(step));
            self.pass(next.max(self.at + Duration::from_millis(1)).min(to.boot));
            self.probe(&mut samples);
        }
        samples
    }

    /// When something happens next, time since boot; `None` before the beginning. Asking earlier tells nothing new.
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        self.anchor?;
        [self.schedule.next(), self.next_pending()].into_iter().flatten().min()
    }

    /// The region most services are served from, while it is up: what an outage strikes.
    #[must_use]
    pub fn serving_region(&self) -> Option<&RegionId> {
        let up = |region: &&RegionId| self.conditions.region(region) != Health::Down;
        self.routes.busiest().or_else(|| self.clusters.values().flat_map(Cluster::writable).next()).filter(up)
    }

    fn begin(&mut self, at: Duration) {
        self.at = at;
        self.schedule.begin(at);
        self.backups.begin(at);
        self.anchor = Some(Now { wall: Timestamp::UNIX_EPOCH, boot: at });
    }

    fn pass(&mut self, to: Duration) {
        let passed = to.saturating_sub(self.at);
        self.at = to;
        self.routes.settle(to);
        self.carry_out_due();
        let around = Around { estate: &self.estate, conditions: &self.conditions, routes: &self.routes };
        for (database, cluster) in &mut self.clusters {
            cluster.pass(to, passed, &AroundDatabase { around: &around, database });
        }
        let (conditions, clusters) = (&self.conditions, &self.clusters);
        self.backups.pass(to, |database| {
            let cluster = database.and_then(|database| clusters.get(database));
            cluster.is_none_or(|cluster| cluster.writable().any(|region| conditions.region(region) != Health::Down))
        });
    }

    /// A moment of the simulation on the wall clock.
    fn wall(&self, at: Duration) -> Timestamp {
        let anchor = self.anchor.unwrap_or(Now { wall: Timestamp::UNIX_EPOCH, boot: Duration::ZERO });
        if at >= anchor.boot {
            crate::time::at_offset(anchor.wall, at - anchor.boot)
        } else {
            anchor.wall.checked_sub(anchor.boot - at).unwrap_or(Timestamp::MIN)
        }
    }
}

/// Where everything is served from at the beginning.
fn home(estate: &Estate) -> Option<RegionId> {
    let with = |role: RegionRole| estate.regions.iter().find(|region| region.role == role);
    with(RegionRole::Primary)
        .or_else(|| with(RegionRole::Active))
        .or(estate.regions.first())
        .map(|region| region.id.clone())
}

/// What surrounds the clusters.
struct Around<'w> {
    estate: &'w Estate,
    conditions: &'w Conditions,
    routes: &'w Routes,
}

struct AroundDatabase<'w> {
    around: &'w Around<'w>,
    database: &'w DatabaseId,
}

impl Surroundings for AroundDatabase<'_> {
    fn region_is_up(&self, region: &RegionId) -> bool {
        self.around.conditions.region(region) != Health::Down
            && self.around.conditions.of(self.database.as_str(), Some(region)) != Health::Down
    }

    fn busy(&self, primary: &RegionId) -> bool {
        let mut users =
            self.around.estate.services.iter().filter(|service| service.databases.contains(self.database)).peekable();
        users.peek().is_none()
            || users.any(|service| {
                self.around.routes.serving(&service.id).is_some_and(|serving| {
                    serving == primary
                        && self.around.conditions.region(serving) != Health::Down
                        && self.around.conditions.of(service.id.as_str(), Some(serving)) != Health::Down
                })
            })
    }
}
