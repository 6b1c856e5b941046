//! Which region to fail over to: ranked by health, lag, priority, weight, latency, each with its reasons.

use std::time::Duration;

use super::{Board, Health};
use crate::estate::{Database, Region};
use crate::ident::RegionId;
use crate::time::{Now, human};

/// One region as a place to fail over to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) region: RegionId,
    /// 1 is best; `None` for one that cannot be chosen.
    pub(super) rank: Option<u32>,
    pub(super) because: Vec<String>,
}

/// Compared field by field: the smaller is the better place.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
struct Order {
    health: u8,
    lag: LagClass,
    priority: u32,
    missing_weight: f64,
    latency: Duration,
}

/// Milliseconds of difference decide nothing; crossing the database's own marks does.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum LagClass {
    Within,
    OverWarning,
    OverCritical,
    Unknown,
}

impl Board {
    pub(super) fn candidates(&self, now: Now) -> Vec<Candidate> {
        let serving = self.serving_now(now);
        let mut ranked: Vec<(Order, usize)> = Vec::new();
        let mut candidates = Vec::new();
        for region in &self.estate.regions {
            let (order, because) = match self.obstacle(region, serving.contains(&region.id), now) {
                Some(obstacle) => (None, vec![obstacle]),
                None => {
                    let (order, because) = self.merits(region, now);
                    (Some(order), because)
                }
            };
            if let Some(order) = order {
                ranked.push((order, candidates.len()));
            }
            candidates.push(Candidate { region: region.id.clone(), rank: None, because });
        }
        ranked.sort_by(|(one, _), (other, _)| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
        for (rank, (_, at)) in (1..).zip(ranked) {
            candidates[at].rank = Some(rank);
        }
        candidates
    }

    /// Why it cannot be failed over to.
    fn obstacle(&self, region: &Region, serves: bool, now: Now) -> Option<String> {
        if serves && !self.estate.active_active() {
            return Some("it is the side that serves".to_owned());
        }
        let rolled = self.roll_up_region(&region.id, now)?;
        if !matches!(rolled.health, Health::Ok | Health::Degraded) {
            return Some(format!("{}: {}", rolled.health.word(), rolled.because));
        }
        self.databases_in(&region.id).find_map(|database| {
            let cluster = self.clusters.get(&database.id)?;
            match cluster.servers.get(&region.id)?.answering(now) {
                None => Some(format!("{} does not answer there", database.id)),
                Some(seen) => {
                    let primary = cluster.last_root().filter(|_| cluster.root.as_ref() != Some(&region.id))?;
                    (!crate::replication::same_cluster(seen, primary))
                        .then(|| format!("{} there is not the same cluster", database.id))
                }
            }
        })
    }

    fn merits(&self, region: &Region, now: Now) -> (Order, Vec<String>) {
        let rolled = self.roll_up_region(&region.id, now);
        let health = rolled.as_ref().map_or(Health::Unknown, |rolled| rolled.health);
        let mut because = vec![match rolled {
            Some(rolled) if health == Health::Degraded => format!("degraded: {}", rolled.because),
            _ => "healthy".to_owned(),
        }];
        let mut lag = LagClass::Within;
        for database in self.databases_in(&region.id) {
            let Some(cluster) = self.clusters.get(&database.id) else { continue };
            let behind = cluster.behind(&region.id, now);
            let class = class_of(database, behind);
            if class > lag {
                lag = class;
            }
            because.push(match behind {
                Some(behind) => format!("{} lag {}", database.id, human(behind)),
                None => format!("{} lag unknown", database.id),
            });
        }
        because.push(format!("priority {}", region.priority));
        because.push(format!("weight {}", region.weight));
        let latency = self.latency_of(&region.id);
        because.extend(latency.map(|latency| format!("answers in {}", human(latency))));
        let order = Order {
            health: u8::from(health != Health::Ok),
            lag,
            priority: region.priority,
            missing_weight: 1.0 - region.weight,
            latency: latency.unwrap_or(Duration::MAX),
        };
        (order, because)
    }

    fn databases_in(&self, region: &RegionId) -> impl Iterator<Item = &Database> {
        let region = region.clone();
        self.estate.databases.iter().filter(move |database| database.servers.contains_key(&region))
    }

    /// The median over the region's checks.
    pub(super) fn latency_of(&self, region: &RegionId) -> Option<Duration> {
        let mut latencies: Vec<Duration> = self
            .estate
            .checks
            .iter()
            .filter(|check| check.region.as_ref() == Some(region))
            .filter_map(|check| self.tracks.get(&check.id)?.latency())
            .collect();
        latencies.sort_unstable();
        latencies.get(latencies.len() / 2).copied()
    }
}

fn class_of(database: &Database, lag: Option<Duration>) -> LagClass {
    match lag {
        None => LagClass::Unknown,
        Some(lag) if lag > database.lag_critical => LagClass::OverCritical,
        Some(lag) if lag > database.lag_warning => LagClass::OverWarning,
        Some(_) => LagClass::Within,
    }
}
