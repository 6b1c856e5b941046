//! What the names of a scenario stand for in an estate: `$FROM`, `$TO`, `$DATABASE` and the others.
//!
//! Of each kind the most important one: what `[vars]` names, as the runbooks take it, else what the service of the
//! lowest tier depends on. The same estate and regions give the same names.

use std::collections::BTreeMap;

use crate::estate::{Backup, BackupSource, Check, CheckKind, Database, Estate, Region, RegionRole, Service};
use crate::ident::{RegionId, TierId};

/// Every name there is, with what it stands for.
pub const NAMES: [(&str, &str); 11] = [
    ("ESTATE", "the estate's name"),
    ("FROM", "the region that serves at StartEx, or that of `--region`"),
    ("TO", "the region that takes over: the preferred one of those that can"),
    ("SERVICE", "the most important service that runs in both: `[vars] SERVICE`, else that of the lowest tier"),
    ("SERVICES", "all services, the most important first, for people: `payments, orders`"),
    ("TIER", "the tier of `$SERVICE`"),
    ("DATABASE", "the database with a server in both that the most important service depends on"),
    ("BACKUP", "the backup of `$DATABASE`: `[vars] BACKUP`, else the most frequent one"),
    ("CACHE", "the check of the cache (`type = \"redis\"`) in `$FROM`"),
    ("OLD_CACHE", "the host of `$CACHE`"),
    ("NEW_CACHE", "the host of the cache in `$TO`"),
];

/// The names, and what an estate has nothing for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub values: BTreeMap<String, String>,
    missing: BTreeMap<&'static str, Lack>,
}

/// Why a name stands for nothing here, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    pub name: &'static str,
    pub why: String,
    pub remedy: String,
}

impl Names {
    /// Of what a scenario needs, what the estate lacks. Empty: it can be played.
    #[must_use]
    pub fn lacking(&self, text: &str) -> Vec<&Lack> {
        let needed = super::needs(text);
        self.missing.values().filter(|lack| needed.contains(lack.name)).collect()
    }

    fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_string());
    }

    fn lacks(&mut self, name: &'static str, why: impl Into<String>, remedy: impl Into<String>) {
        self.missing.insert(name, Lack { name, why: why.into(), remedy: remedy.into() });
    }
}

/// What the names stand for when `from` is left for `to`; what is not given is chosen.
#[must_use]
pub fn names(estate: &Estate, from: Option<&RegionId>, to: Option<&RegionId>) -> Names {
    let from = from.and_then(|id| estate.region(id)).or_else(|| home(estate)).map(|region| region.id.clone());
    let Some(from) = from else {
        return without_regions(estate);
    };
    let to = to.cloned().or_else(|| preferred(estate, &from));
    let mut names = Names { from: Some(from.clone()), to: to.clone(), ..Names::default() };
    names.set("ESTATE", &estate.name);
    names.set("FROM", from.as_str());
    let Some(to) = to else {
        names.lacks("TO", format!("nothing is beside {from}"), "add a second region under [regions]");
        for (name, _) in NAMES.iter().skip(3) {
            names.lacks(name, "there is only one region", "add a second region under [regions]");
        }
        return names;
    };
    names.set("TO", to.as_str());
    let sides = Sides { estate, from: &from, to: &to };
    sides.services(&mut names);
    sides.data(&mut names);
    sides.cache(&mut names);
    names
}

fn without_regions(estate: &Estate) -> Names {
    let mut names = Names::default();
    names.set("ESTATE", &estate.name);
    for (name, _) in NAMES.iter().skip(1) {
        names.lacks(name, "the estate has no regions", "name them under [regions]");
    }
    names
}

/// Where it serves unless something happened, as the simulated world begins.
fn home(estate: &Estate) -> Option<&Region> {
    let with = |role: RegionRole| estate.regions.iter().find(|region| region.role == role);
    with(RegionRole::Primary).or_else(|| with(RegionRole::Active)).or(estate.regions.first())
}

/// The preferred one of those that hold the important database, then of those that run the important service.
fn preferred(estate: &Estate, from: &RegionId) -> Option<RegionId> {
    let databases: Vec<&Database> =
        ranked_databases(estate).into_iter().filter(|database| database.servers.contains_key(from)).collect();
    let services: Vec<&Service> =
        ranked_services(estate).into_iter().filter(|service| service.regions.contains(from)).collect();
    let others = estate.regions.iter().filter(|region| region.id != *from);
    let holds = |region: &Region| databases.iter().position(|database| database.servers.contains_key(&region.id));
    let runs = |region: &Region| services.iter().position(|service| service.regions.contains(&region.id));
    let last = |place: Option<usize>| place.unwrap_or(usize::MAX);
    let best = others.min_by_key(|region| (last(holds(region)), last(runs(region)), region.priority));
    best.map(|region| region.id.clone())
}

fn tier_rank(estate: &Estate, tier: Option<&TierId>) -> usize {
    let place = tier.and_then(|tier| estate.tiers.iter().position(|known| known.id == *tier));
    place.unwrap_or(usize::MAX)
}

/// What `[vars]` names first, then by tier, then in the order of the file.
fn ranked_services(estate: &Estate) -> Vec<&Service> {
    let named = estate.vars.get("SERVICE");
    let mut services: Vec<&Service> = estate.services.iter().collect();
    services.sort_by_key(|service| {
        (named.is_none_or(|named| service.id.as_str() != named), tier_rank(estate, service.tier.as_ref()))
    });
    services
}

fn ranked_databases(estate: &Estate) -> Vec<&Database> {
    let named = estate.vars.get("DATABASE");
    let rank = |database: &Database| {
        let users = estate.services.iter().filter(|service| service.databases.contains(&database.id));
        users.map(|service| tier_rank(estate, service.tier.as_ref())).min().unwrap_or(usize::MAX)
    };
    let mut databases: Vec<&Database> = estate.databases.iter().collect();
    databases.sort_by_key(|database| (named.is_none_or(|named| database.id.as_str() != named), rank(database)));
    databases
}

struct Sides<'e> {
    estate: &'e Estate,
    from: &'e RegionId,
    to: &'e RegionId,
}

impl<'e> Sides<'e> {
    fn services(&self, names: &mut Names) {
        let (from, to) = (self.from, self.to);
        let ranked = ranked_services(self.estate);
        let here = |service: &&&Service| service.regions.contains(from) && service.regions.contains(to);
        match ranked.iter().find(here) {
            Some(service) => {
                names.set("SERVICE", service.id.as_str());
                match &service.tier {
                    Some(tier) => names.set("TIER", tier.as_str()),
                    None => names.lacks(
                        "TIER",
                        format!("the service {} has no tier", service.id),
                        format!("add `tier = …` under [services.{}]", service.id),
                    ),
                }
            }
            None => {
                let why = format!("no service runs in both {from} and {to}");
                let remedy = format!("name one under [services], with its `health` in {from} and {to}");
                names.lacks("SERVICE", why.clone(), remedy.clone());
                names.lacks("TIER", why, remedy);
            }
        }
        let all: Vec<&str> = ranked.iter().filter(|service| service.tier.is_some()).map(|of| of.id.as_str()).collect();
        let all = if all.is_empty() { ranked.iter().map(|service| service.id.as_str()).collect() } else { all };
        if all.is_empty() {
            names.lacks("SERVICES", "the estate has no services", "name what users notice under [services]");
        } else {
            names.set("SERVICES", &all.join(", "));
        }
    }

    fn data(&self, names: &mut Names) {
        let (from, to) = (self.from, self.to);
        let both = |database: &&Database| database.servers.contains_key(from) && database.servers.contains_key(to);
        let Some(database) = ranked_databases(self.estate).into_iter().find(both) else {
            let why = format!("no database has a server in both {from} and {to}");
            let remedy = "name its servers under [databases.NAME.servers], one for each region";
            names.lacks("DATABASE", why.clone(), remedy);
            names.lacks("BACKUP", why, remedy);
            return;
        };
        names.set("DATABASE", database.id.as_str());
        match self.backup(database) {
            Some(backup) => names.set("BACKUP", backup.id.as_str()),
            None => names.lacks(
                "BACKUP",
                format!("no backup of {} is watched", database.id),
                format!("name it under [backups.{}]", database.id),
            ),
        }
    }

    /// Log that is shipped all the time is no backup to restore from.
    fn backup(&self, database: &Database) -> Option<&'e Backup> {
        let backups = &self.estate.backups;
        let named = self.estate.vars.get("BACKUP");
        let named = named.and_then(|named| backups.iter().find(|backup| backup.id.as_str() == named));
        let of = |backup: &&Backup| {
            backup.database.as_ref() == Some(&database.id) || backup.id.as_str() == database.id.as_str()
        };
        let log = |backup: &Backup| matches!(backup.source, BackupSource::Archiver { .. });
        let own = || backups.iter().filter(of).min_by_key(|backup| (log(backup), backup.every));
        named.or_else(own)
    }

    fn cache(&self, names: &mut Names) {
        let of = |region: &RegionId| {
            let here = |check: &&Check| check.region.as_ref() == Some(region) && !check.paused;
            self.estate.checks.iter().filter(here).find_map(|check| match &check.kind {
                CheckKind::Redis(redis) if redis.sentinel.is_none() => Some((check, redis)),
                _ => None,
            })
        };
        let remedy =
            |region: &RegionId| format!("add [[checks]] with `type = \"redis\"` and a name such as \"cache@{region}\"");
        match of(self.from) {
            Some((check, redis)) => {
                names.set("CACHE", check.id.as_str());
                names.set("OLD_CACHE", &redis.address.host);
            }
            None => {
                let why = format!("no cache is watched in {}", self.from);
                names.lacks("CACHE", why.clone(), remedy(self.from));
                names.lacks("OLD_CACHE", why, remedy(self.from));
            }
        }
        match of(self.to) {
            Some((_, redis)) => names.set("NEW_CACHE", &redis.address.host),
            None => names.lacks("NEW_CACHE", format!("no cache is watched in {}", self.to), remedy(self.to)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::demo_estate;

    fn bound(text: &str) -> Names {
        names(&crate::estate::parse(text).estate, None, None)
    }

    #[test]
    fn the_demonstration_has_everything() {
        let names = names(&demo_estate(), None, None);
        let values: Vec<&str> = NAMES.iter().map(|(name, _)| names.values[*name].as_str()).collect();
        assert_eq!(
            values,
            [
                "demo-shop",
                "us-east-1",
                "us-west-2",
                "orders",
                "orders, payments, reports, batch",
                "2",
                "orders-db",
                "orders-db",
                "cache@us-east-1",
                "cache.us-east-1.example.com",
                "cache.us-west-2.example.com",
            ]
        );
    }

    #[test]
    fn another_region_is_left_for_the_preferred_one_beside_it() {
        let (estate, west) = (demo_estate(), RegionId::new("us-west-2"));
        let names = names(&estate, Some(&west), None);
        assert_eq!((names.from, names.to), (Some(west), Some("us-east-1".into())));
    }

    #[test]
    fn the_most_important_of_each_kind_is_taken_and_where_its_database_can_go() {
        let names = bound(
            "name = \"x\"\n[regions.a]\nrole = \"primary\"\n[regions.b]\n[regions.c]\n[tiers.1]\nrto = \"5m\"\nrpo = 0\n\
             [tiers.2]\nrto = \"1h\"\nrpo = \"1h\"\n[services.letters]\ntier = 2\ndatabases = [\"archive\"]\n\
             [services.pay]\ntier = 1\ndatabases = [\"ledger\"]\n\
             [databases.archive.servers]\na = \"service=a\"\nb = \"service=b\"\n\
             [databases.ledger.servers]\na = \"service=a\"\nc = \"service=c\"\n",
        );
        let of = |name: &str| names.values.get(name).map(String::as_str);
        assert_eq!([of("SERVICE"), of("DATABASE"), of("TO")], [Some("pay"), Some("ledger"), Some("c")]);
        assert_eq!([of("SERVICES"), of("TIER"), of("BACKUP")], [Some("pay, letters"), Some("1"), None]);
        let lacking = names.lacking("# $BACKUP\ntext = \"$DATABASE, ${CACHE}\"\nplay.values = { B = \"$BACKUP\" }\n");
        assert_eq!(lacking.len(), 1);
        assert_eq!(lacking[0].why, "no cache is watched in a");
        assert!(lacking[0].remedy.contains("cache@a"));
    }

    #[test]
    fn an_estate_without_a_second_region_says_so() {
        for (text, why) in [("name = \"x\"\n", "the estate has no regions"), ("[regions.a]\n", "nothing is beside a")] {
            let names = bound(text);
            assert_eq!(names.lacking("title = \"$TO\"")[0].why, why);
            assert_eq!(names.lacking("title = \"no name at all\""), Vec::<&Lack>::new());
        }
    }
}
