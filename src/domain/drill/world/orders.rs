//! What changes the simulated world: the lines of `world` blocks, of runbooks and of injects alike.

use super::World;
use super::cluster::{PROMOTION, Role, Stopped};
use crate::ident::{DatabaseId, RegionId, ServiceId};
use crate::reading::Health;
use crate::runbook::WorldLine;

impl World {
    /// Changes the world now. What takes time (a promotion, a name that is moved) begins now.
    ///
    /// # Errors
    /// Why it has no effect: nothing of that name, a side that does not answer, a server that cannot be promoted.
    pub fn apply(&mut self, line: &WorldLine) -> Result<(), String> {
        match line {
            WorldLine::Promote { database, region } => self.promote(database, region),
            WorldLine::Fence { database, region } => self.fence(database, region),
            WorldLine::Serve { name, region } => self.serve(name, region),
            WorldLine::Health { name, region, health } => self.set_health(name, region.as_ref(), *health),
            WorldLine::Lag { database, region, lag } => {
                let server = self.clusters.get_mut(database).and_then(|cluster| cluster.servers.get_mut(region));
                let server = server.ok_or_else(|| no_server(database, region))?;
                server.extra_lag = *lag;
                Ok(())
            }
            WorldLine::Backup { name } => {
                self.backups.get(name).ok_or_else(|| format!("there is no backup `{name}`"))?;
                self.backups.make(name, self.at);
                Ok(())
            }
            WorldLine::Restored { name } => {
                self.backups.get(name).ok_or_else(|| format!("there is no backup `{name}`"))?;
                self.backups.restore(name, self.at);
                Ok(())
            }
        }
    }

    fn promote(&mut self, database: &DatabaseId, region: &RegionId) -> Result<(), String> {
        let reachable = self.server_is_reachable(database, region);
        let server = self.clusters.get_mut(database).and_then(|cluster| cluster.servers.get_mut(region));
        let server = server.ok_or_else(|| no_server(database, region))?;
        if !reachable || server.stopped.is_some() {
            return Err(format!("{database}@{region} does not answer"));
        }
        if server.role == Role::Standby {
            server.promoting.get_or_insert(self.at + PROMOTION);
        }
        Ok(())
    }

    fn fence(&mut self, database: &DatabaseId, region: &RegionId) -> Result<(), String> {
        let up = self.server_is_reachable(database, region);
        let cluster = self.clusters.get_mut(database).filter(|cluster| cluster.servers.contains_key(region));
        cluster.ok_or_else(|| no_server(database, region))?.fence(region, up);
        Ok(())
    }

    fn serve(&mut self, name: &str, region: &RegionId) -> Result<(), String> {
        self.estate.region(region).ok_or_else(|| format!("there is no region `{region}`"))?;
        let database = DatabaseId::new(name);
        let moved: Vec<ServiceId> = self
            .estate
            .services
            .iter()
            .filter(|service| name == "all" || service.id.as_str() == name || service.databases.contains(&database))
            .map(|service| service.id.clone())
            .collect();
        if moved.is_empty() && self.estate.database(&database).is_none() {
            return Err(format!("there is no service `{name}`"));
        }
        for service in &moved {
            self.routes.move_to(service, region, self.at);
        }
        Ok(())
    }

    fn set_health(&mut self, name: &str, region: Option<&RegionId>, health: Health) -> Result<(), String> {
        if let Some(at) = region.filter(|at| self.estate.region(at).is_none()) {
            return Err(format!("there is no region `{at}`"));
        }
        let database = DatabaseId::new(name);
        if self.estate.database(&database).is_some() {
            self.set_server_health(&database, region, health);
            return Ok(());
        }
        // `cache@us-east-1` may be the name of a check as well as a service in a region.
        let check = region.map_or_else(|| name.to_owned(), |region| format!("{name}@{region}"));
        let is_check = self.estate.check(&check.as_str().into()).is_some();
        let is_service = self.estate.service(&name.into()).is_some();
        let is_region = region.is_none() && self.estate.region(&name.into()).is_some();
        if is_check {
            self.conditions.set(&check, None, health);
        }
        if is_service || is_region {
            self.conditions.set(name, region, health);
        }
        if is_check || is_service || is_region {
            Ok(())
        } else {
            Err(format!("there is no region, service, database or check `{check}`"))
        }
    }

    /// A database that comes up where another side accepts writes comes up as its standby, rebuilt from it.
    fn set_server_health(&mut self, database: &DatabaseId, region: Option<&RegionId>, health: Health) {
        let Some(cluster) = self.clusters.get_mut(database) else { return };
        let regions: Vec<RegionId> =
            cluster.servers.keys().filter(|known| region.is_none_or(|region| region == *known)).cloned().collect();
        for region in &regions {
            match (health, cluster.servers.get_mut(region)) {
                (Health::Ok, Some(server)) if server.stopped.is_some() => cluster.start(region, self.at),
                (Health::Down, Some(server)) => {
                    server.stopped.get_or_insert(Stopped::Crashed);
                }
                _ => {}
            }
        }
        let slow = if health == Health::Degraded { Health::Degraded } else { Health::Ok };
        self.conditions.set(database.as_str(), region, slow);
    }
}

fn no_server(database: &DatabaseId, region: &RegionId) -> String {
    format!("there is no {database}@{region}")
}
