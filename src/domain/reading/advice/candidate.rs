//! Which region to fail over to: ranked by health, lag, priority, weight, latency, each with its reasons.

use std::cmp::Reverse;
use std::time::Duration;

use super::order::{HealthClass, LagClass, LatencyClass, Order, thousandths};
use crate::estate::{Database, Region};
use crate::ident::RegionId;
use crate::objective::Cost;
use crate::reading::{Board, Health, ReplicationStatus};
use crate::time::{Now, human, since};

/// One region as a place to fail over to.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::reading) struct Candidate {
    /// 1 is best; `None` for one that cannot be chosen.
    pub(in crate::reading) rank: Option<u32>,
    pub(in crate::reading) because: Vec<String>,
    /// `None` for one that cannot be chosen.
    pub(in crate::reading) cost: Option<Cost>,
}

impl Board {
    /// In the order of the estate's regions.
    pub(in crate::reading) fn candidates(&self, replication: &[ReplicationStatus], now: Now) -> Vec<Candidate> {
        let serving = self.serving_now(now);
        let mut ranked: Vec<(Order, usize)> = Vec::new();
        let mut candidates = Vec::new();
        for region in &self.estate.regions {
            candidates.push(match self.obstacle(region, serving.contains(&region.id), now) {
                Some(obstacle) => Candidate { rank: None, because: vec![obstacle], cost: None },
                None => {
                    let cost = Cost::of(&region.id, &self.estate, replication, now.wall);
                    let (order, because) = self.merits(region, &cost, now);
                    ranked.push((order, candidates.len()));
                    Candidate { rank: None, because, cost: Some(cost) }
                }
            });
        }
        ranked.sort();
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

    fn merits(&self, region: &Region, cost: &Cost, now: Now) -> (Order, Vec<String>) {
        let rolled = self.roll_up_region(&region.id, now);
        let flapping: Vec<&str> = self
            .critical(&region.id)
            .filter(|check| self.tracks.get(&check.id).is_some_and(|track| track.flapping()))
            .map(|check| check.id.as_str())
            .collect();
        let (health, mut because) = match rolled {
            Some(rolled) if rolled.health == Health::Degraded => {
                (HealthClass::Degraded, vec![format!("degraded: {}", rolled.because)])
            }
            _ if flapping.is_empty() => (HealthClass::Well, vec!["healthy".to_owned()]),
            _ => (HealthClass::Flapping, vec![format!("healthy, but {} flaps", flapping.join(", "))]),
        };
        let mut lag = LagClass::Within;
        for database in self.databases_in(&region.id) {
            let Some(cluster) = self.clusters.get(&database.id) else { continue };
            if cluster.writable(now).contains(&&region.id) {
                because.push(format!("{} accepts writes there", database.id));
                continue;
            }
            let behind = cluster.behind(&region.id, now);
            lag = lag.max(class_of(database, behind));
            because.push(match (behind, cluster.dark_since(now)) {
                (Some(behind), None) => format!("{} lag {}", database.id, human(behind)),
                // What the primary wrote since then, nobody has seen.
                (Some(behind), Some(seen)) => {
                    let ago = human(since(now.wall, seen));
                    format!("{} lag ≥ {} when its primary was last seen {ago} ago", database.id, human(behind))
                }
                (None, _) => format!("{} lag unknown", database.id),
            });
        }
        because.extend(cost.sentence());
        because.push(format!("priority {}", region.priority));
        because.push(format!("weight {}", region.weight));
        let latency = self.latency_of(&region.id);
        because.extend(latency.map(|latency| format!("answers in {}", human(latency))));
        let order = Order {
            health,
            lag,
            priority: region.priority,
            weight: Reverse(thousandths(region.weight)),
            latency: LatencyClass::of(latency),
            name: region.id.clone(),
        };
        (order, because)
    }

    fn databases_in(&self, region: &RegionId) -> impl Iterator<Item = &Database> {
        let region = region.clone();
        self.estate.databases.iter().filter(move |database| database.servers.contains_key(&region))
    }

    /// The median over the region's checks.
    pub(in crate::reading) fn latency_of(&self, region: &RegionId) -> Option<Duration> {
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
