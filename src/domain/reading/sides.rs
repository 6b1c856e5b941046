//! What the engine asks of the sides of a failover.

use super::{Board, Health};
use crate::ident::{DatabaseId, RegionId};
use crate::replication::Lsn;
use crate::time::Now;

impl Board {
    /// The region is down as it was last rolled up: nothing should wait long for it.
    #[must_use]
    pub fn region_is_down(&self, region: &RegionId) -> bool {
        self.regions.get(region).is_some_and(|held| held.health == Health::Down)
    }

    /// The database's server in `region` answers, and follows another.
    #[must_use]
    pub fn is_standby(&self, database: &DatabaseId, region: &RegionId, now: Now) -> bool {
        let server = self.clusters.get(database).and_then(|cluster| cluster.servers.get(region));
        server.and_then(|server| server.answering(now)).is_some_and(|seen| seen.reading.in_recovery)
    }

    /// A standby that answers and has received past `position`: with the shutdown checkpoint of a cleanly stopped
    /// primary, nothing is lost by promoting it.
    #[must_use]
    pub fn received_past(&self, database: &DatabaseId, position: Lsn, now: Now) -> Option<&RegionId> {
        let cluster = self.clusters.get(database)?;
        let answering = cluster.servers.iter().filter_map(|(region, server)| Some((region, server.answering(now)?)));
        answering
            .filter(|(_, seen)| seen.reading.in_recovery && seen.reading.have.is_some_and(|have| have > position))
            .map(|(region, _)| region)
            .next()
    }
}
