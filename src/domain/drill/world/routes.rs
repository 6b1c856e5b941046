//! Where each service's traffic goes: names and load balancers, moved after their TTL, and how much of it there is.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::estate::{CheckKind, Estate, Service};
use crate::ident::{RegionId, ServiceId};

/// How long clients go on with the old answer after a name was moved, where the estate does not say.
const TTL: Duration = Duration::from_secs(8);

/// In the order of the estate's services.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Routes(Vec<Route>);

#[derive(Clone, Debug, PartialEq)]
struct Route {
    service: ServiceId,
    serving: Option<RegionId>,
    moving: Option<Move>,
    ttl: Duration,
    /// What is asked of it, of the usual.
    load: f64,
}

/// A name that was moved: some clients know it already.
#[derive(Clone, Debug, PartialEq)]
struct Move {
    to: RegionId,
    began: Duration,
    ends: Duration,
}

impl Move {
    /// Of clients that know it.
    fn share(&self, at: Duration) -> f64 {
        let all = self.ends.saturating_sub(self.began).as_secs_f64().max(f64::EPSILON);
        (at.saturating_sub(self.began).as_secs_f64() / all).min(1.0)
    }
}

impl Routes {
    pub(super) fn new(estate: &Estate, home: Option<&RegionId>) -> Self {
        let route = |service: &Service| Route {
            service: service.id.clone(),
            serving: home.filter(|home| service.regions.contains(home)).or(service.regions.first()).cloned(),
            moving: None,
            ttl: ttl(estate, service).unwrap_or(TTL),
            load: 1.0,
        };
        Self(estate.services.iter().map(route).collect())
    }

    /// Clients keep an answer that long, where the estate says nothing of the name.
    pub(super) fn keep_answers_for(&mut self, usual: Duration, estate: &Estate) {
        for (route, service) in self.0.iter_mut().zip(&estate.services) {
            route.ttl = ttl(estate, service).unwrap_or(usual);
        }
    }

    fn route(&self, service: &ServiceId) -> Option<&Route> {
        self.0.iter().find(|route| route.service == *service)
    }

    /// As one that asked just before it was moved sees it.
    pub(super) fn serving(&self, service: &ServiceId) -> Option<&RegionId> {
        self.route(service)?.serving.as_ref()
    }

    /// Where the name itself points, whatever clients still believe.
    pub(super) fn points_to(&self, service: &ServiceId) -> Option<&RegionId> {
        let route = self.route(service)?;
        route.moving.as_ref().map(|moving| &moving.to).or(route.serving.as_ref())
    }

    /// Where a client is sent that keeps an answer for this share of the TTL after the name was moved.
    pub(super) fn seen_by(&self, service: &ServiceId, share: f64, at: Duration) -> Option<&RegionId> {
        let route = self.route(service)?;
        let moved = route.moving.as_ref().filter(|moving| moving.share(at) >= share);
        moved.map(|moving| &moving.to).or(route.serving.as_ref())
    }

    /// What clients ask of the service in `region`, of all that is usually asked.
    pub(super) fn demand(&self, service: &ServiceId, region: &RegionId, at: Duration) -> f64 {
        let Some(route) = self.route(service) else { return 0.0 };
        let moved = route.moving.as_ref().map_or(0.0, |moving| moving.share(at));
        let mut share = 0.0;
        if route.serving.as_ref() == Some(region) {
            share += 1.0 - moved;
        }
        if route.moving.as_ref().is_some_and(|moving| moving.to == *region) {
            share += moved;
        }
        share * route.load
    }

    pub(super) fn load(&mut self, service: &ServiceId, load: f64) {
        if let Some(route) = self.0.iter_mut().find(|route| route.service == *service) {
            route.load = load;
        }
    }

    /// The region that serves the most; of two, the first by name.
    pub(super) fn busiest(&self) -> Option<&RegionId> {
        let mut count: BTreeMap<&RegionId, usize> = BTreeMap::new();
        for region in self.0.iter().filter_map(|route| route.serving.as_ref()) {
            *count.entry(region).or_default() += 1;
        }
        let most = count.values().copied().max()?;
        count.into_iter().find(|(_, many)| *many == most).map(|(region, _)| region)
    }

    /// Moves the name; its clients follow by and by, the last of them after the TTL.
    pub(super) fn move_to(&mut self, service: &ServiceId, region: &RegionId, now: Duration) {
        if let Some(route) = self.0.iter_mut().find(|route| route.service == *service) {
            let moving = Move { to: region.clone(), began: now, ends: now + route.ttl };
            route.moving = (route.serving.as_ref() != Some(region)).then_some(moving);
        }
    }

    /// When the last clients of a name follow.
    pub(super) fn next(&self) -> Option<Duration> {
        self.0.iter().filter_map(|route| route.moving.as_ref()).map(|moving| moving.ends).min()
    }

    pub(super) fn settle(&mut self, now: Duration) {
        for route in &mut self.0 {
            if let Some(moving) = route.moving.take_if(|moving| moving.ends <= now) {
                route.serving = Some(moving.to);
            }
        }
    }
}

/// What the checks of its name allow at most.
fn ttl(estate: &Estate, service: &Service) -> Option<Duration> {
    let checks = estate.checks.iter().filter(|check| check.service.as_ref() == Some(&service.id));
    checks
        .filter_map(|check| match &check.kind {
            CheckKind::Dns(dns) => dns.ttl_max,
            CheckKind::Route53(crate::estate::Route53Check {
                of: crate::estate::Route53Of::Records(records), ..
            }) => records.ttl_max,
            _ => None,
        })
        .min()
}
