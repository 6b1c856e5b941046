//! A cache with a copy: its master is where the databases take writes, and so long as that one is up the others are fed.

use std::time::Duration;

use super::World;
use super::cluster::Cluster;
use crate::estate::Check;
use crate::ident::RegionId;
use crate::reading::{Health, Outcome, Payload, Stream};
use crate::replication::{CopiesReading, CopyPosition, CopyReading, CopyRole, CopySource};

/// Bytes written a second.
const WRITTEN: u64 = 4096;

impl World {
    /// What the cache's server in the check's region says of itself.
    pub(super) fn cache(&self, check: &Check) -> Outcome {
        let master = self.clusters.values().flat_map(Cluster::writable).next();
        let here = check.region.as_ref();
        let is_master = here == master;
        let fed = master.is_some_and(|master| self.cache_is_up(check, master));
        let end = self.at.as_secs() * WRITTEN;
        let member = format!("{}:6379", here.map_or("cache", RegionId::as_str));
        let copy = CopyReading {
            member: member.clone(),
            role: if is_master { CopyRole::Primary } else { CopyRole::Standby },
            state: if fed { Stream::Streaming } else { Stream::Absent },
            position: fed.then(|| CopyPosition { history: "demonstration".to_owned(), end }),
            notes: if fed { Vec::new() } else { vec!["link down".to_owned()] },
            ..CopyReading::default()
        };
        let copies = CopiesReading {
            source: CopySource::Redis,
            text: if is_master {
                "master"
            } else if fed {
                "replica, link up"
            } else {
                "replica, link down"
            }
            .to_owned(),
            leader: if is_master {
                Some(member)
            } else {
                master.filter(|_| fed).map(|master| format!("{master}:6379"))
            },
            copies: vec![copy],
            handovers: Vec::new(),
        };
        let payload = Payload::Copies { copies: Box::new(copies) };
        if is_master || fed {
            Outcome::Good { payload }
        } else {
            Outcome::Soft { why: "link down".to_owned(), payload }
        }
    }

    fn cache_is_up(&self, check: &Check, region: &RegionId) -> bool {
        let name = check.id.as_str().split('@').next().unwrap_or_default();
        self.conditions.region(region) != Health::Down
            && self.conditions.of(name, Some(region)) != Health::Down
            && self.conditions.of(&format!("{name}@{region}"), None) != Health::Down
    }

    /// The pods are gone for a moment of its past.
    pub(super) fn pods_are_lost(&self) -> bool {
        self.lost_pods.is_some_and(|(from, to): (Duration, Duration)| (from..to).contains(&self.at))
    }
}
