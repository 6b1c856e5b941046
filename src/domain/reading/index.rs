//! Which checks speak of which regions and services: worked out once per estate, because every sample asks.

use std::collections::BTreeMap;

use crate::estate::{Check, Estate, Service};
use crate::ident::{CheckId, RegionId, ServiceId};

/// Positions in the estate's lists of checks and services.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    checks: BTreeMap<CheckId, usize>,
    services: BTreeMap<ServiceId, usize>,
    critical: BTreeMap<RegionId, Vec<usize>>,
    /// Per service: what tells how it is.
    watching: Vec<Vec<usize>>,
    /// Per service: what tells which side serves it.
    pointing: Vec<Vec<usize>>,
    /// Per check: the services that it says something of.
    touched: Vec<Vec<usize>>,
    /// Per check: those that are calculated from it.
    made_of: Vec<Vec<usize>>,
}

impl Index {
    pub(super) fn of(estate: &Estate) -> Self {
        let mut critical: BTreeMap<RegionId, Vec<usize>> = BTreeMap::new();
        for (at, check) in estate.checks.iter().enumerate().filter(|(_, check)| check.critical && !check.paused) {
            if let Some(region) = &check.region {
                critical.entry(region.clone()).or_default().push(at);
            }
        }
        let per_service = |of: fn(&Service, &Estate) -> Vec<usize>| -> Vec<Vec<usize>> {
            estate.services.iter().map(|service| of(service, estate)).collect()
        };
        let watching = per_service(watching);
        let pointing = per_service(pointing);
        let touches = |service: usize, check: usize| {
            watching[service].contains(&check)
                || pointing[service].contains(&check)
                || reads_database_of(&estate.services[service], &estate.checks[check])
                || (pointing[service].is_empty() && reads_a_database(&estate.checks[check]))
        };
        let touched = (0..estate.checks.len())
            .map(|check| (0..estate.services.len()).filter(|service| touches(*service, check)).collect())
            .collect();
        let made_of = made_of(estate);
        Self {
            checks: estate.checks.iter().enumerate().map(|(at, check)| (check.id.clone(), at)).collect(),
            services: estate.services.iter().enumerate().map(|(at, service)| (service.id.clone(), at)).collect(),
            critical,
            watching,
            pointing,
            touched,
            made_of,
        }
    }

    pub(super) fn check(&self, id: &CheckId) -> Option<usize> {
        self.checks.get(id).copied()
    }

    pub(super) fn critical(&self, region: &RegionId) -> &[usize] {
        self.critical.get(region).map_or(&[], Vec::as_slice)
    }

    pub(super) fn watching(&self, service: &ServiceId) -> &[usize] {
        self.services.get(service).map_or(&[], |at| &self.watching[*at])
    }

    pub(super) fn pointing(&self, service: &ServiceId) -> &[usize] {
        self.services.get(service).map_or(&[], |at| &self.pointing[*at])
    }

    pub(super) fn made_of(&self, check: usize) -> &[usize] {
        self.made_of.get(check).map_or(&[], Vec::as_slice)
    }

    pub(super) fn touched(&self, check: usize) -> &[usize] {
        self.touched.get(check).map_or(&[], Vec::as_slice)
    }
}

fn made_of(estate: &Estate) -> Vec<Vec<usize>> {
    let mut made_of = vec![Vec::new(); estate.checks.len()];
    let places: BTreeMap<&CheckId, usize> =
        estate.checks.iter().enumerate().map(|(at, check)| (&check.id, at)).collect();
    for (at, check) in estate.checks.iter().enumerate() {
        for of in check.kind.made_of().iter().filter_map(|of| places.get(of)) {
            made_of[*of].push(at);
        }
    }
    made_of
}

/// Its own checks; those of its databases when it has none.
fn watching(service: &Service, estate: &Estate) -> Vec<usize> {
    let own = select(estate, |check| !check.paused && check.service.as_ref() == Some(&service.id));
    if own.is_empty() { select(estate, |check| !check.paused && reads_database_of(service, check)) } else { own }
}

/// The check named for it; else its checks outside any region, since one inside a region always names its own.
fn pointing(service: &Service, estate: &Estate) -> Vec<usize> {
    match &service.serving {
        Some(named) => select(estate, |check| check.id == *named),
        None => select(estate, |check| {
            check.region.is_none() && check.service.as_ref() == Some(&service.id) && check.kind.may_point()
        }),
    }
}

fn reads_database_of(service: &Service, check: &Check) -> bool {
    check.kind.database().is_some_and(|database| service.databases.contains(database))
}

const fn reads_a_database(check: &Check) -> bool {
    check.kind.database().is_some()
}

fn select(estate: &Estate, wanted: impl Fn(&Check) -> bool) -> Vec<usize> {
    estate.checks.iter().enumerate().filter(|(_, check)| wanted(check)).map(|(at, _)| at).collect()
}
