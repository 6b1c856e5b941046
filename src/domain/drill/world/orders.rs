//! What changes the simulated world: the lines of `world` blocks, of runbooks and of injects alike.

use std::time::Duration;

use super::World;
use super::cluster::{PROMOTION, Role, Server, Stopped};
use super::conditions::Trouble;
use crate::estate::{CheckKind, Service};
use crate::ident::{BackupId, DatabaseId, RegionId, ServiceId};
use crate::reading::Health;
use crate::runbook::WorldLine;

impl World {
    /// Changes the world now. What takes time (a promotion, a name that is moved, what is scaled) begins now.
    ///
    /// # Errors
    /// Why it has no effect: nothing of that name, a side that does not answer, a server that cannot be promoted.
    pub fn apply(&mut self, line: &WorldLine) -> Result<(), String> {
        self.settle();
        self.order(line)?;
        self.faults.ordered(line);
        Ok(())
    }

    fn order(&mut self, line: &WorldLine) -> Result<(), String> {
        match line {
            WorldLine::Promote { database, region } => self.promote(database, region),
            WorldLine::Fence { database, region } => self.fence(database, region),
            WorldLine::Unfence { database, region } => {
                let server = self.server(database, region)?;
                if server.stopped == Some(Stopped::Fenced) {
                    server.stopped = None;
                }
                Ok(())
            }
            WorldLine::Serve { name, region } => self.serve(name, region),
            WorldLine::Health { name, region, health: Health::Ok } => self.up(name, region.as_ref()),
            WorldLine::Health { name, region, health } => self.set_health(name, region.as_ref(), *health),
            WorldLine::Errors { name, region, percent } => {
                self.trouble(name, region.as_ref(), |trouble| trouble.errors = f64::from((*percent).min(100)) / 100.0)
            }
            WorldLine::Flap { name, region, every } => {
                let flap = Some((self.at, *every));
                self.trouble(name, region.as_ref(), |trouble| trouble.flap = flap)
            }
            WorldLine::Slow { name, region, by } => self.trouble(name, region.as_ref(), |trouble| trouble.slow = *by),
            WorldLine::Lag { database, region, lag } => {
                self.server(database, region)?.extra_lag = *lag;
                Ok(())
            }
            WorldLine::Replication { database, region, runs } => {
                self.server(database, region)?.cut = !runs;
                Ok(())
            }
            WorldLine::Load { name, percent } => {
                for service in self.services(name)? {
                    self.routes.load(&service, f64::from(*percent) / 100.0);
                }
                Ok(())
            }
            WorldLine::Scale { name, region, percent } => {
                self.scale(name, region.as_ref(), f64::from(*percent) / 100.0)
            }
            WorldLine::Certificate { name, left } => self.certify(name, Some(*left)),
            WorldLine::Corrupt { database } => {
                let now = self.at;
                self.cluster(database)?.corrupt.get_or_insert(now);
                Ok(())
            }
            WorldLine::Recover { database } => {
                self.cluster(database)?.recover();
                Ok(())
            }
            WorldLine::Lose { region } => self.lose(region),
            WorldLine::Control { of, region, works } => {
                region.as_ref().map_or(Ok(()), |region| self.known_region(region))?;
                self.controls.set(*of, region.as_ref(), *works);
                Ok(())
            }
            WorldLine::Backup { name } => self.known_backup(name).map(|()| self.backups.make(name, self.at)),
            WorldLine::BackupFails { name } => self.known_backup(name).map(|()| self.backups.fail(name)),
            WorldLine::Restored { name } => self.known_backup(name).map(|()| self.backups.restore(name, self.at)),
            WorldLine::Heal { name, region } => self.heal(name, region.as_ref()),
        }
    }

    fn cluster(&mut self, database: &DatabaseId) -> Result<&mut super::Cluster, String> {
        self.clusters.get_mut(database).ok_or_else(|| format!("there is no database `{database}`"))
    }

    fn server(&mut self, database: &DatabaseId, region: &RegionId) -> Result<&mut Server, String> {
        let server = self.clusters.get_mut(database).and_then(|cluster| cluster.server_mut(region));
        server.ok_or_else(|| format!("there is no {database}@{region}"))
    }

    fn known_region(&self, region: &RegionId) -> Result<(), String> {
        self.estate.region(region).map(|_| ()).ok_or_else(|| format!("there is no region `{region}`"))
    }

    fn known_backup(&self, name: &BackupId) -> Result<(), String> {
        self.backups.get(name).map(|_| ()).ok_or_else(|| format!("there is no backup `{name}`"))
    }

    /// `all`, or one.
    fn services(&self, name: &str) -> Result<Vec<ServiceId>, String> {
        let named = |service: &&Service| name == "all" || service.id.as_str() == name;
        let services: Vec<ServiceId> =
            self.estate.services.iter().filter(named).map(|service| service.id.clone()).collect();
        if services.is_empty() { Err(format!("there is no service `{name}`")) } else { Ok(services) }
    }

    fn promote(&mut self, database: &DatabaseId, region: &RegionId) -> Result<(), String> {
        let (reachable, done) = (self.server_is_reachable(database, region), self.at + PROMOTION);
        let server = self.server(database, region)?;
        if !reachable || server.stopped.is_some() {
            return Err(format!("{database}@{region} does not answer"));
        }
        if server.role == Role::Standby {
            server.promoting.get_or_insert(done);
        }
        Ok(())
    }

    fn fence(&mut self, database: &DatabaseId, region: &RegionId) -> Result<(), String> {
        self.server(database, region)?;
        let (conditions, at) = (&self.conditions, self.at);
        let up = |place: &RegionId| {
            !conditions.region_is_down(place, at) && !conditions.is_down(database.as_str(), Some(place), at)
        };
        if let Some(cluster) = self.clusters.get_mut(database) {
            cluster.fence(region, up);
        }
        Ok(())
    }

    fn serve(&mut self, name: &str, region: &RegionId) -> Result<(), String> {
        self.known_region(region)?;
        let database = DatabaseId::new(name);
        let moved: Vec<ServiceId> = self
            .estate
            .services
            .iter()
            .filter(|service| name == "all" || service.id.as_str() == name || service.databases.contains(&database))
            .map(|service| service.id.clone())
            .collect();
        if moved.is_empty() && self.estate.database(&database).is_none() && name != "all" {
            return Err(format!("there is no service `{name}`"));
        }
        for service in &moved {
            self.routes.move_to(service, region, self.at);
        }
        Ok(())
    }

    /// Under which names what is meant is kept: `cache@us-east-1` may be the name of a check as well as a service in a
    /// region.
    fn named<'n>(
        &self,
        name: &'n str,
        region: Option<&'n RegionId>,
    ) -> Result<Vec<(String, Option<&'n RegionId>)>, String> {
        region.map_or(Ok(()), |region| self.known_region(region))?;
        let whole = region.map_or_else(|| name.to_owned(), |region| format!("{name}@{region}"));
        let mut named = Vec::new();
        let check = self.estate.check(&whole.as_str().into());
        let of_its_own = |check: &&crate::estate::Check| {
            check.service.as_ref().is_none_or(|service| service.as_str() != name)
                && self.estate.database(&name.into()).is_none()
        };
        if check.filter(of_its_own).is_some() {
            named.push((whole.clone(), None));
        }
        let is_service = self.estate.service(&name.into()).is_some();
        let is_region = region.is_none() && self.estate.region(&name.into()).is_some();
        if is_service || is_region || self.estate.database(&name.into()).is_some() {
            named.push((name.to_owned(), region));
        }
        if named.is_empty() {
            return Err(format!("there is no region, service, database or check `{whole}`"));
        }
        Ok(named)
    }

    fn trouble(&mut self, name: &str, region: Option<&RegionId>, change: impl Fn(&mut Trouble)) -> Result<(), String> {
        for (name, region) in self.named(name, region)? {
            self.conditions.change(&name, region, &change);
        }
        Ok(())
    }

    fn set_health(&mut self, name: &str, region: Option<&RegionId>, health: Health) -> Result<(), String> {
        let named = self.named(name, region)?;
        let servers =
            self.clusters.get_mut(name).filter(|_| health == Health::Down).map(|cluster| &mut cluster.servers);
        let Some(servers) = servers else {
            for (name, region) in named {
                self.conditions.change(&name, region, |trouble| trouble.health = health);
            }
            return Ok(());
        };
        for server in servers.iter_mut().filter(|server| region.is_none_or(|region| *region == server.region)) {
            server.stopped.get_or_insert(Stopped::Crashed);
        }
        Ok(())
    }

    /// A database that comes up where another side accepts writes comes up as its standby, rebuilt from it.
    fn up(&mut self, name: &str, region: Option<&RegionId>) -> Result<(), String> {
        for (name, region) in self.named(name, region)? {
            let regions = self.estate.regions.iter().map(|region| region.id.clone());
            self.conditions.clear(&name, region, regions);
        }
        let database = DatabaseId::new(name);
        let age = self.backups.newest(&database, self.at);
        let Some(cluster) = self.clusters.get_mut(&database) else { return Ok(()) };
        let stopped = cluster.servers.iter().filter(|server| server.stopped.is_some()).map(|server| &server.region);
        let stopped: Vec<RegionId> = stopped.filter(|at| region.is_none_or(|region| region == *at)).cloned().collect();
        for region in &stopped {
            cluster.start(region, age);
        }
        Ok(())
    }

    fn scale(&mut self, name: &str, region: Option<&RegionId>, to: f64) -> Result<(), String> {
        let (services, regions) = match region {
            Some(region) => {
                self.known_region(region)?;
                (self.services(name)?, vec![region.clone()])
            }
            None if self.estate.region(&name.into()).is_some() => (self.services("all")?, vec![RegionId::new(name)]),
            None => (self.services(name)?, self.estate.regions.iter().map(|region| region.id.clone()).collect()),
        };
        for service in &services {
            for region in &regions {
                self.capacity.scale(service, region, to, self.at);
            }
        }
        Ok(())
    }

    /// Of a check, or of all checks of a service; `None`: as it was.
    fn certify(&mut self, name: &str, left: Option<Duration>) -> Result<(), String> {
        let shows = |kind: &CheckKind| match kind {
            CheckKind::Http(http) => http.url.starts_with("https:"),
            CheckKind::Tls(_) => true,
            _ => false,
        };
        let meant = self.estate.checks.iter().filter(|check| {
            let service = check.service.as_ref().is_some_and(|service| service.as_str() == name);
            (service || check.id.as_str() == name) && shows(&check.kind)
        });
        let meant: Vec<_> = meant.map(|check| check.id.clone()).collect();
        if meant.is_empty() && left.is_some() {
            return Err(format!("no check looks at a certificate of `{name}`"));
        }
        for check in meant {
            match left {
                Some(left) => _ = self.certificates.insert(check, self.at + left),
                None => _ = self.certificates.remove(&check),
            }
        }
        Ok(())
    }

    fn lose(&mut self, region: &RegionId) -> Result<(), String> {
        self.known_region(region)?;
        let down = |trouble: &mut Trouble| trouble.health = Health::Down;
        self.conditions.change(region.as_str(), None, down);
        for service in self.estate.services.iter().filter(|service| service.regions.contains(region)) {
            self.conditions.change(service.id.as_str(), Some(region), down);
        }
        for server in self.clusters.values_mut().filter_map(|cluster| cluster.server_mut(region)) {
            server.stopped = Some(Stopped::Lost(self.at));
        }
        Ok(())
    }

    /// `all`, a region with everything in it, a backup, or what else has a name.
    fn heal(&mut self, name: &str, region: Option<&RegionId>) -> Result<(), String> {
        if name == "all" && region.is_none() {
            self.controls.heal();
            let estate = std::sync::Arc::clone(&self.estate);
            let regions = estate.regions.iter().map(|region| region.id.as_str());
            let services = estate.services.iter().map(|service| service.id.as_str());
            let databases = estate.databases.iter().map(|database| database.id.as_str());
            let backups = estate.backups.iter().map(|backup| backup.id.as_str());
            let checks = estate.checks.iter().map(|check| check.id.as_str());
            let mut all = regions.chain(services).chain(databases).chain(checks).chain(backups);
            return all.try_for_each(|name| self.heal(name, None));
        }
        let is_backup = region.is_none() && self.backups.get(&name.into()).is_some();
        if is_backup {
            self.backups.heal(&name.into());
        }
        match self.up(name, region) {
            Err(_) if is_backup => return Ok(()),
            result => result?,
        }
        if let Some(cluster) = self.clusters.get_mut(name) {
            cluster.corrupt = None;
            let meant =
                cluster.servers.iter_mut().filter(|server| region.is_none_or(|region| *region == server.region));
            for server in meant {
                (server.extra_lag, server.cut) = (Duration::ZERO, false);
            }
        }
        self.certify(&region.map_or_else(|| name.to_owned(), |region| format!("{name}@{region}")), None)?;
        let estate = std::sync::Arc::clone(&self.estate);
        let place = region.cloned().unwrap_or_else(|| RegionId::new(name));
        for service in &estate.services {
            let own = service.id.as_str() == name;
            for at in &estate.regions {
                if own && region.is_none_or(|region| *region == at.id) || region.is_none() && at.id == place {
                    self.capacity.heal(&service.id, &at.id);
                }
            }
            if own && region.is_none() {
                self.routes.load(&service.id, 1.0);
            }
            if region.is_none() && estate.region(&place).is_some() {
                self.conditions.clear(service.id.as_str(), Some(&place), estate.regions.iter().map(|at| at.id.clone()));
            }
        }
        if region.is_none() && estate.region(&place).is_some() {
            for database in estate.databases.iter().filter(|database| database.servers.contains_key(&place)) {
                self.heal(database.id.as_str(), Some(&place))?;
            }
        }
        Ok(())
    }
}
