//! What services can carry in each region: as much as is usually asked of them, unless they were scaled.

use std::time::Duration;

use super::conditions::Trouble;
use crate::ident::{RegionId, ServiceId};
use crate::reading::Health;

/// How long it takes until what was ordered runs: nodes that come, pods that start.
const SCALING: Duration = Duration::from_secs(45);

/// Up to so many times what can be carried, answers only come later.
const STRAINED: f64 = 1.1;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Capacity(Vec<Scaled>);

#[derive(Clone, Debug, PartialEq)]
struct Scaled {
    service: ServiceId,
    region: RegionId,
    from: f64,
    to: f64,
    began: Duration,
}

impl Scaled {
    fn at(&self, moment: Duration) -> f64 {
        let done = moment.saturating_sub(self.began).as_secs_f64() / SCALING.as_secs_f64();
        self.from + (self.to - self.from) * done.min(1.0)
    }
}

impl Capacity {
    pub(super) fn scale(&mut self, service: &ServiceId, region: &RegionId, to: f64, now: Duration) {
        let from = self.of(service, region, now);
        self.heal(service, region);
        self.0.push(Scaled { service: service.clone(), region: region.clone(), from, to, began: now });
    }

    pub(super) fn heal(&mut self, service: &ServiceId, region: &RegionId) {
        self.0.retain(|scaled| scaled.service != *service || scaled.region != *region);
    }

    fn find(&self, service: &ServiceId, region: &RegionId) -> Option<&Scaled> {
        self.0.iter().find(|scaled| scaled.service == *service && scaled.region == *region)
    }

    /// Of what is usually asked.
    pub(super) fn of(&self, service: &ServiceId, region: &RegionId, at: Duration) -> f64 {
        self.find(service, region).map_or(1.0, |scaled| scaled.at(at))
    }

    /// How many of how many wanted run, where it was scaled; `full` are what carries the usual.
    pub(super) fn running(
        &self,
        service: &ServiceId,
        region: &RegionId,
        full: u64,
        at: Duration,
    ) -> Option<(u64, u64)> {
        let scaled = self.find(service, region)?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let many = |share: f64| (full as f64 * share).round() as u64;
        let wanted = many(scaled.to);
        Some((many(scaled.at(at)).min(wanted), wanted))
    }
}

/// What it means that `demand` meets `capacity`.
pub(super) fn strain(demand: f64, capacity: f64) -> Trouble {
    if demand <= capacity {
        return Trouble::NONE;
    }
    let busy = if capacity > 0.0 { demand / capacity } else { f64::INFINITY };
    if busy <= STRAINED {
        return Trouble { slow: Duration::from_millis(400), ..Trouble::NONE };
    }
    let errors = 1.0 - 1.0 / busy;
    Trouble { health: Health::Degraded, errors, slow: Duration::from_millis(900).mul_f64(busy.min(4.0)), flap: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_small_sheds_what_it_cannot_carry() {
        assert_eq!(strain(0.5, 1.0), Trouble::NONE);
        assert_eq!(strain(0.0, 0.0), Trouble::NONE);
        assert_eq!(strain(1.0, 1.0), Trouble::NONE, "it carries the usual");
        assert!(strain(1.05, 1.0).slow > Duration::ZERO && strain(1.05, 1.0).errors < 1e-9);
        assert!((strain(1.0, 0.4).errors - 0.6).abs() < 1e-9);
        assert!((strain(1.0, 0.0).errors - 1.0).abs() < 1e-9);
    }

    #[test]
    fn scaling_takes_its_time() {
        let (api, west, at) = (ServiceId::from("api"), RegionId::from("west"), Duration::from_secs);
        let mut capacity = Capacity::default();
        capacity.scale(&api, &west, 0.4, at(0));
        assert!((capacity.of(&api, &west, at(45)) - 0.4).abs() < 1e-9);
        capacity.scale(&api, &west, 1.0, at(100));
        let half = capacity.of(&api, &west, at(122));
        assert!((0.6..0.8).contains(&half), "{half}");
        assert_eq!(capacity.running(&api, &west, 10, at(110)), Some((5, 10)));
        assert!((capacity.of(&api, &west, at(145)) - 1.0).abs() < 1e-9);
    }
}
