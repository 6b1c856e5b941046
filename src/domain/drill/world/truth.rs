//! What is so in the world, whatever its probes have seen of it: what a score holds the console's figures against.

use std::borrow::Cow;
use std::time::Duration;

use super::World;
use super::cluster::{Cluster, Role, Stopped};
use super::ledger::{Diverged, Lost};
use crate::ident::{DatabaseId, RegionId, ServiceId};
use crate::reading::Health;
use crate::runbook::CheckLine;

impl World {
    /// Those there are, in the order of their names.
    pub fn databases(&self) -> impl Iterator<Item = &DatabaseId> {
        self.clusters.keys()
    }

    /// Writes of this database that were acknowledged and are gone for good.
    #[must_use]
    pub fn lost(&self, database: &DatabaseId) -> Lost {
        self.present(database).map(|cluster| cluster.ledger.lost()).unwrap_or_default()
    }

    /// What two sides wrote while both took writes; `None` where that never was so.
    #[must_use]
    pub fn diverged(&self, database: &DatabaseId) -> Option<Diverged> {
        self.present(database)?.ledger.diverged()
    }

    /// Since when its data is wrong, time since boot.
    #[must_use]
    pub fn corrupt_since(&self, database: &DatabaseId) -> Option<Duration> {
        self.clusters.get(database)?.corrupt
    }

    /// The share of its users' requests that fail now, 0 to 1: those that still go to a side that is down or cannot take
    /// writes, and those that a side sheds.
    #[must_use]
    pub fn failing(&self, service: &ServiceId) -> f64 {
        let demands = self.estate.regions.iter().map(|region| &region.id).filter_map(|region| {
            let demand = self.routes.demand(service, region, self.at);
            (demand > 0.0).then_some((region, demand))
        });
        let (mut all, mut failing) = (0.0, 0.0);
        for (region, demand) in demands {
            all += demand;
            failing += demand * self.failing_in(service, region);
        }
        if all > 0.0 { failing / all } else { 1.0 }
    }

    fn failing_in(&self, service: &ServiceId, region: &RegionId) -> f64 {
        let trouble = self.trouble_of_service(service, region);
        if trouble.is_down() || !self.can_write_from(service, region) { 1.0 } else { trouble.errors }
    }

    /// Whether a line of a `check` block is true, by the world itself. That it was so for a while is not looked at.
    #[must_use]
    pub fn holds(&self, line: &CheckLine) -> bool {
        match line {
            CheckLine::Is { name, health, .. } => self.health(name) == Some(*health),
            CheckLine::Lag { database, region, below } => {
                self.present(database).and_then(|cluster| {
                    let server = cluster.server(region)?;
                    let lag = self.at.saturating_sub(server.replayed_of);
                    Some(server.role == Role::Primary || lag < *below)
                }) == Some(true)
            }
            CheckLine::Loss { database, at_most, .. } => self.lost(database).span <= *at_most,
            CheckLine::Fenced { database, region } => {
                let server = self.clusters.get(database).and_then(|cluster| cluster.server(region));
                server.is_some_and(|server| server.stopped.is_some_and(|how| how != Stopped::Crashed))
            }
            CheckLine::Backup { name, below } => self.backups.get(name).is_some_and(|set| set.age(self.at) < *below),
            CheckLine::Serving { name, region } => self.serves(name, region),
        }
    }

    fn serves(&self, name: &str, region: &RegionId) -> bool {
        if let Some(cluster) = self.clusters.get(name) {
            return cluster.writable().any(|at| at == region && self.server_is_reachable(&DatabaseId::new(name), at));
        }
        let meant = |service: &&crate::estate::Service| {
            if name == "all" { service.regions.contains(region) } else { service.id.as_str() == name }
        };
        let mut services = self.estate.services.iter().filter(meant).peekable();
        services.peek().is_some() && services.all(|service| self.routes.serving(&service.id) == Some(region))
    }

    /// Of a region, a service, a database or one of them `@REGION`; a check is what it looks at.
    fn health(&self, name: &str) -> Option<Health> {
        let whole = self.estate.check(&name.into());
        let (name, region) = match name.split_once('@') {
            Some((name, region)) => (name, Some(RegionId::new(region))),
            None => (name, None),
        };
        let as_bad = |share: f64| match share {
            share if share >= 1.0 => Health::Down,
            share if share > 0.0 => Health::Degraded,
            _ => Health::Ok,
        };
        if let Some(cluster) = self.clusters.get(name) {
            let database = DatabaseId::new(name);
            let answers = |server: &super::cluster::Server| {
                server.stopped.is_none() && self.server_is_reachable(&database, &server.region)
            };
            let mut servers = cluster.servers.iter().filter(|server| match &region {
                Some(region) => server.region == *region,
                None => server.role == Role::Primary,
            });
            return Some(if servers.any(answers) { Health::Ok } else { Health::Down });
        }
        if self.estate.service(&name.into()).is_some() {
            let service = ServiceId::new(name);
            return Some(match &region {
                Some(region) => {
                    let trouble = self.trouble_of_service(&service, region);
                    trouble.health.max(as_bad(trouble.errors))
                }
                None => as_bad(self.failing(&service)),
            });
        }
        let down = |down: bool| if down { Health::Down } else { Health::Ok };
        if self.estate.region(&name.into()).is_some() {
            return Some(down(self.conditions.region_is_down(&RegionId::new(name), self.at)));
        }
        let check = whole?;
        let own = self.conditions.of(check.id.as_str(), None, self.at);
        let region = check.region.as_ref().is_some_and(|region| self.conditions.region_is_down(region, self.at));
        Some(if region { Health::Down } else { own.health })
    }

    /// The cluster at this moment, whenever it was looked at last.
    pub(super) fn present(&self, database: &DatabaseId) -> Option<Cow<'_, Cluster>> {
        let cluster = self.clusters.get(database)?;
        if cluster.has_come_to(self.at) {
            return Some(Cow::Borrowed(cluster));
        }
        let mut cluster = cluster.clone();
        cluster.pass(self.at, &self.around(database));
        Some(Cow::Owned(cluster))
    }
}
