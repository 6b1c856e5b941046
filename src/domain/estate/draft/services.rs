//! Services that users notice, made of the endpoints that are watched today; what is no health address of a service becomes
//! a check of its own.

use std::collections::BTreeSet;

use super::place::Places;
use super::{By, Check, Database, Service, Told, plain_name};
use crate::found::{Endpoint, Look, without_place};

/// More services are checks.
const MOST: usize = 40;

/// More endpoints are not looked at.
const ENDPOINTS: usize = 500;

pub(super) fn of(endpoints: &[Endpoint], databases: &[Database], places: &Places) -> (Vec<Service>, Vec<Check>) {
    let mut services: Vec<Service> = Vec::new();
    let mut extra = Vec::new();
    for endpoint in endpoints.iter().filter(|endpoint| !matches!(endpoint.look, Look::None(_))).take(ENDPOINTS) {
        let base = plain_name(&without_place(&endpoint.name)).unwrap_or_else(|| "site".to_owned());
        let region = places.of(endpoint.place.as_ref()).map(str::to_owned);
        let placed = region.as_deref().is_some_and(|region| place(&mut services, &base, region, endpoint));
        // The check that follows from a health address looks for nothing but an answer.
        let enough = matches!(&endpoint.look, Look::Http(http) if http.plain()) && endpoint.slow.is_none();
        if !(placed && enough && usual(endpoint)) {
            extra.push((base, region, placed, endpoint));
        }
    }
    for service in &mut services {
        service.health.sort_by_key(|(region, _)| places.order(region));
    }
    let derived = services.iter().map(|service| &service.name).chain(databases.iter().map(|database| &database.name));
    let mut names = Names { derived: derived.cloned().collect(), taken: BTreeSet::new() };
    let checks = extra.into_iter().map(|(base, region, placed, endpoint)| {
        let name = names.free(&base, region.as_deref(), placed);
        Check { name, region, service: placed.then_some(base), endpoint: endpoint.clone() }
    });
    let checks = checks.collect();
    (services, checks)
}

/// Makes it the health address of its service there, unless there is one.
fn place(services: &mut Vec<Service>, base: &str, region: &str, endpoint: &Endpoint) -> bool {
    let Look::Http(http) = &endpoint.look else { return false };
    let told = Told::new(http.url.clone(), By::file(&endpoint.origin, &endpoint.name));
    let room = services.len() < MOST;
    match services.iter_mut().find(|service| service.name == base) {
        Some(service) if service.health.iter().any(|(taken, _)| taken == region) => return false,
        Some(service) => service.health.push((region.to_owned(), told)),
        None if room => services.push(Service { name: base.to_owned(), health: vec![(region.to_owned(), told)] }),
        None => return false,
    }
    true
}

/// It is looked at no less often than checks are here.
fn usual(endpoint: &Endpoint) -> bool {
    endpoint.left.is_empty() && endpoint.every.is_none_or(|every| every.as_secs() <= 60)
}

/// Names of checks.
struct Names {
    /// Of services and databases, which have checks of that name.
    derived: BTreeSet<String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// That of the check it replaces, or one that nobody has.
    fn free(&mut self, base: &str, region: Option<&str>, replaces: bool) -> String {
        let with = |name: &str| region.map_or_else(|| name.to_owned(), |region| format!("{name}@{region}"));
        if replaces {
            return with(base);
        }
        let base = if self.derived.contains(base) { format!("{base}-check") } else { base.to_owned() };
        let numbered = (2..=ENDPOINTS).map(|number| format!("{base}-{number}"));
        let mut free = std::iter::once(base.clone()).chain(numbered).filter(|name| !self.derived.contains(name));
        let name = free.find_map(|name| Some(with(&name)).filter(|name| self.taken.insert(name.clone())));
        name.unwrap_or(base)
    }
}
