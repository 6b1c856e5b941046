//! Where each service's traffic goes: names and load balancers, moved after their TTL.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::estate::Estate;
use crate::ident::{RegionId, ServiceId};

/// How long clients go on with the old answer after a name was moved.
pub(super) const TTL: Duration = Duration::from_secs(8);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Routes(BTreeMap<ServiceId, Route>);

#[derive(Clone, Debug, PartialEq)]
struct Route {
    serving: RegionId,
    moving: Option<(RegionId, Duration)>,
}

impl Routes {
    pub(super) fn new(estate: &Estate, home: Option<&RegionId>) -> Self {
        let route = |regions: &[RegionId]| {
            let serving = home.filter(|home| regions.contains(home)).or(regions.first())?.clone();
            Some(Route { serving, moving: None })
        };
        Self(
            estate.services.iter().filter_map(|service| Some((service.id.clone(), route(&service.regions)?))).collect(),
        )
    }

    pub(super) fn serving(&self, service: &ServiceId) -> Option<&RegionId> {
        self.0.get(service).map(|route| &route.serving)
    }

    /// The region that serves the most; of two, the first by name.
    pub(super) fn busiest(&self) -> Option<&RegionId> {
        let mut count: BTreeMap<&RegionId, usize> = BTreeMap::new();
        for route in self.0.values() {
            *count.entry(&route.serving).or_default() += 1;
        }
        let most = count.values().copied().max()?;
        count.into_iter().find(|(_, many)| *many == most).map(|(region, _)| region)
    }

    /// Moves the name; its clients follow after the TTL.
    pub(super) fn move_to(&mut self, service: &ServiceId, region: &RegionId, now: Duration) {
        if let Some(route) = self.0.get_mut(service) {
            route.moving = (route.serving != *region).then(|| (region.clone(), now + TTL));
        }
    }

    pub(super) fn settle(&mut self, now: Duration) {
        for route in self.0.values_mut() {
            if let Some((region, _)) = route.moving.take_if(|(_, due)| *due <= now) {
                route.serving = region;
            }
        }
    }
}
