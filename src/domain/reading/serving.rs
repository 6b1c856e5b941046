//! Which side serves: observed from who accepts writes and where names point, never read from the file.

use std::collections::BTreeSet;

use super::roll_up::roll_up;
use super::track::Track;
use super::{Board, Health, age};
use crate::estate::{Check, DownWhen, Service};
use crate::ident::RegionId;
use crate::time::Now;

/// What is known of a region's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Something says now that it serves, or that another does; `None` while nothing tells.
    pub(super) serving: Option<bool>,
    /// It was the last one seen to serve.
    pub(super) was_serving: bool,
}

impl Board {
    /// Where the service's traffic goes, as seen now: from its own checks of a serving side. Only of a service that has
    /// none it is inferred: the side where its databases accept writes, or, without databases, where every one does.
    /// A name that does not answer is not taken to point where the writes go: it may not have been moved yet.
    pub(super) fn seen_serving(&self, service: &Service, now: Now) -> Option<RegionId> {
        let pointing = self.index.pointing(&service.id);
        let named = self
            .checks_at(pointing)
            .filter_map(|check| self.fresh_serving(check, now))
            .max_by_key(|(_, measured)| measured.boot)
            .map(|(region, _)| region);
        let by_writes = || {
            let clusters = service.databases.iter().filter_map(|database| self.clusters.get(database));
            clusters.filter(|cluster| cluster.live_root(now).is_some()).find_map(|cluster| cluster.root.clone())
        };
        if !pointing.is_empty() {
            return named;
        }
        by_writes().or_else(|| service.databases.is_empty().then(|| self.only_writer(now)).flatten())
    }

    /// The one region where databases accept writes, when there is one.
    fn only_writer(&self, now: Now) -> Option<RegionId> {
        let mut writers = self.clusters.values().flat_map(|cluster| cluster.writable(now));
        let first = writers.next()?;
        writers.all(|other| other == first).then(|| first.clone())
    }

    fn fresh_serving(&self, check: &Check, now: Now) -> Option<(RegionId, Now)> {
        let track: &Track = self.tracks.get(&check.id)?;
        if !matches!(track.health(check, now), Health::Ok | Health::Degraded) {
            return None;
        }
        track
            .serving
            .clone()
            .filter(|(_, measured)| age(*measured, now) <= super::track::stale_after(check.interval, check.timeout))
    }

    /// Regions that something says serve now.
    pub(super) fn serving_now(&self, now: Now) -> BTreeSet<RegionId> {
        let by_name = self.estate.services.iter().filter_map(|service| self.seen_serving(service, now));
        let by_writes = self.clusters.values().flat_map(|cluster| cluster.writable(now)).cloned();
        by_name.chain(by_writes).collect()
    }

    /// Regions that were the last to be seen serving something, dark or not.
    pub(super) fn served_last(&self) -> BTreeSet<RegionId> {
        let by_name = self.serving.values();
        let by_writes = self.clusters.values().flat_map(|cluster| cluster.wrote_last());
        by_name.chain(by_writes).cloned().collect()
    }

    pub(super) fn part_of(&self, region: &RegionId, now: Now) -> Part {
        let serving = self.serving_now(now);
        let last = self.served_last();
        let dark = last.contains(region) && !serving.contains(region) && self.region_is_dark(region, now);
        Part {
            serving: match () {
                () if serving.contains(region) => Some(true),
                () if dark || serving.is_empty() => None,
                () => Some(false),
            },
            was_serving: last.contains(region),
        }
    }

    fn region_is_dark(&self, region: &RegionId, now: Now) -> bool {
        self.roll_up_region(region, now)
            .is_some_and(|rolled| matches!(rolled.health, Health::Down | Health::Unknown | Health::Stale))
    }

    /// Of a service: its checks on the side that serves it, or served it last; with no side known, all of them.
    pub(super) fn service_health(&self, service: &Service, now: Now) -> Health {
        let checks: Vec<Health> =
            self.checks_of(service).into_iter().map(|check| self.check_health(check, now)).collect();
        roll_up(&checks, DownWhen::All).health
    }

    /// What tells how a service is.
    pub(super) fn checks_of(&self, service: &Service) -> Vec<&Check> {
        let side = self.serving.get(&service.id);
        self.checks_at(self.index.watching(&service.id))
            .filter(|check| match (&check.region, side) {
                (Some(region), Some(side)) => region == side,
                (None, _) | (_, None) => true,
            })
            .collect()
    }
}
