//! The simulated world: the estate's regions, servers, services and backups, with causes and effects.
//!
//! Time and orders come in, samples come out, in the form real probes give them. The same seed and the same sequence
//! of calls give the same bytes.

mod answer;
mod backups;
mod capacity;
mod cluster;
mod conditions;
mod control;
mod fault;
mod ledger;
mod log;
mod look;
mod meaning;
mod orders;
mod perform;
mod routes;
mod schedule;
mod spread;
mod truth;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub use answer::Answer;
pub use fault::{Fault, FaultDoes, FaultOn, Until};
pub use ledger::{Diverged, Lost, Side};
pub use perform::{Performance, Ticket};

use self::backups::Backups;
use self::capacity::Capacity;
use self::cluster::{Cluster, Surroundings};
use self::conditions::Conditions;
use self::control::Controls;
use self::fault::Faults;
use self::perform::Pending;
use self::routes::Routes;
use self::schedule::Schedule;
use super::noise::Noise;
use crate::estate::{Estate, RegionRole};
use crate::ident::{CheckId, DatabaseId, RegionId};
use crate::reading::Sample;
use crate::time::{Now, Timestamp};

/// What heals itself did so once, in the past that a world comes with.
const LOST_AFTER: Duration = Duration::from_secs(120);
const LOST_FOR: Duration = Duration::from_secs(33);

/// A copy of an estate that lives by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    estate: Arc<Estate>,
    noise: Noise,
    /// Connects time since boot with the wall clock.
    anchor: Option<Now>,
    /// How far it has come, time since boot; and from where.
    at: Duration,
    begun: Duration,
    conditions: Conditions,
    controls: Controls,
    clusters: BTreeMap<DatabaseId, Cluster>,
    routes: Routes,
    capacity: Capacity,
    /// When certificates end that do not end as they usually do.
    certificates: BTreeMap<CheckId, Duration>,
    /// When the pods of its past were lost, and were back by themselves.
    lost_pods: Option<(Duration, Duration)>,
    backups: Backups,
    schedule: Schedule,
    faults: Faults,
    /// How far the times that things take lie apart.
    spread: Option<f64>,
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
            let regions: Vec<RegionId> = database.servers.keys().cloned().collect();
            let in_order = estate.regions.iter().map(|region| &region.id);
            let first = in_order.clone().find(|region| regions.contains(region));
            let primary = home.iter().find(|home| regions.contains(home)).or(first).or(regions.first());
            let cluster = Cluster::new(&regions, &primary.cloned().unwrap_or_default(), noise.of(database.id.as_str()));
            (database.id.clone(), cluster)
        });
        Self {
            clusters: clusters.collect(),
            routes: Routes::new(estate, home.as_ref()),
            backups: Backups::new(estate, noise.of("backups"), is_the_demonstration(estate)),
            schedule: Schedule::new(estate, noise.of("schedule")),
            conditions: Conditions::default(),
            controls: Controls::default(),
            capacity: Capacity::default(),
            certificates: BTreeMap::new(),
            faults: Faults::default(),
            spread: None,
            lost_pods: None,
            anchor: None,
            at: Duration::ZERO,
            begun: Duration::ZERO,
            pending: Vec::new(),
            next_ticket: 1,
            estate: Arc::clone(estate),
            noise,
        }
    }

    /// Clients keep the old answer of a name that was moved for so long, where the estate says nothing of it.
    #[must_use]
    pub fn with_usual_ttl(mut self, ttl: Duration) -> Self {
        self.routes.keep_answers_for(ttl, &self.estate);
        self
    }

    /// The samples of the `span` before `until`, as if probes had run all the while: for a world that was not advanced
    /// yet. Shorter where the machine was booted within the span.
    pub fn history(&mut self, until: Now, span: Duration) -> Vec<Sample> {
        if self.anchor.is_none() {
            let begun = until.boot.saturating_sub(span);
            self.begin(begun);
            if span > LOST_AFTER * 2 && is_the_demonstration(&self.estate) {
                self.lost_pods = Some((begun + LOST_AFTER, begun + LOST_AFTER + LOST_FOR));
            }
        }
        self.advance(until)
    }

    /// Lets time pass, and returns what the probes saw meanwhile, oldest first. A time that is not later changes nothing.
    /// In how many pieces time passes makes no difference.
    pub fn advance(&mut self, to: Now) -> Vec<Sample> {
        if self.anchor.is_none() {
            self.begin(to.boot);
        }
        self.anchor = Some(to);
        let mut samples = Vec::new();
        while let Some(next) = self.next().filter(|next| *next <= to.boot) {
            self.at = self.at.max(next);
            self.turn();
            self.probe(&mut samples);
        }
        self.at = self.at.max(to.boot);
        samples
    }

    /// When something happens next, time since boot; `None` before the beginning. Asking earlier tells nothing new.
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        self.anchor?;
        let promotions = self.clusters.values().filter_map(Cluster::next);
        [self.schedule.next(), self.next_pending(), self.routes.next()].into_iter().flatten().chain(promotions).min()
    }

    /// The region most services are served from, while it is up: what an outage strikes.
    #[must_use]
    pub fn serving_region(&self) -> Option<&RegionId> {
        let up = |region: &&RegionId| !self.conditions.region_is_down(region, self.at);
        self.routes.busiest().or_else(|| self.clusters.values().flat_map(Cluster::writable).next()).filter(up)
    }

    fn begin(&mut self, at: Duration) {
        (self.at, self.begun) = (at, at);
        self.schedule.begin(at);
        self.backups.begin(at);
        self.clusters.values_mut().for_each(|cluster| cluster.begin(at));
        self.anchor = Some(Now { wall: Timestamp::UNIX_EPOCH, boot: at });
    }

    /// What is due now comes about: servers become primaries, clients follow a name, attempts take effect.
    fn turn(&mut self) {
        let now = self.at;
        let due = |next: Option<Duration>| next.is_some_and(|next| next <= now);
        let promotions = self.clusters.values().any(|cluster| due(cluster.next()));
        if promotions || due(self.routes.next()) {
            self.settle();
            self.routes.settle(now);
        }
        if due(self.next_pending()) {
            self.carry_out_due();
        }
    }

    /// Positions are what they are now, before something changes how they move.
    fn settle(&mut self) {
        let around = Around { estate: &self.estate, conditions: &self.conditions, routes: &self.routes };
        for (database, cluster) in &mut self.clusters {
            cluster.pass(self.at, &AroundDatabase { around, database });
            cluster.mark();
        }
    }

    /// The same of one database, for who only looks.
    fn follow(&mut self, database: &DatabaseId) {
        let around = Around { estate: &self.estate, conditions: &self.conditions, routes: &self.routes };
        if let Some(cluster) = self.clusters.get_mut(database) {
            cluster.pass(self.at, &AroundDatabase { around, database });
        }
    }

    fn around<'w>(&'w self, database: &'w DatabaseId) -> AroundDatabase<'w> {
        let around = Around { estate: &self.estate, conditions: &self.conditions, routes: &self.routes };
        AroundDatabase { around, database }
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

/// It comes with a story: what went wrong before is for newcomers to see. A copy of somebody's own estate is well.
fn is_the_demonstration(estate: &Estate) -> bool {
    estate.source == super::DEMO_ESTATE
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
#[derive(Clone, Copy)]
struct Around<'w> {
    estate: &'w Estate,
    conditions: &'w Conditions,
    routes: &'w Routes,
}

struct AroundDatabase<'w> {
    around: Around<'w>,
    database: &'w DatabaseId,
}

impl Surroundings for AroundDatabase<'_> {
    fn server_is_up(&self, region: &RegionId, at: Duration) -> bool {
        let conditions = self.around.conditions;
        conditions.is_empty()
            || !conditions.region_is_down(region, at) && !conditions.is_down(self.database.as_str(), Some(region), at)
    }

    fn demand(&self, primary: &RegionId, at: Duration) -> f64 {
        let Around { estate, conditions, routes } = self.around;
        let well = conditions.is_empty();
        let dark = !well && conditions.region_is_down(primary, at);
        let (mut users, mut demand) = (0.0, 0.0);
        for service in estate.services.iter().filter(|service| service.databases.contains(self.database)) {
            users += 1.0;
            if well || !dark && !conditions.is_down(service.id.as_str(), Some(primary), at) {
                demand += routes.demand(&service.id, primary, at);
            }
        }
        if users > 0.0 { demand / users } else { 1.0 }
    }
}
