//! What was declared up, down or degraded, by name and region.

use std::collections::BTreeMap;

use crate::ident::RegionId;
use crate::reading::Health;

/// Everything not named here is well.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Conditions(BTreeMap<(String, Option<RegionId>), Health>);

impl Conditions {
    /// `name` is a region, a service, a database or a check; without a region it holds in all of them. What is said of
    /// a name as a whole replaces what was said of it in one region.
    pub(super) fn set(&mut self, name: &str, region: Option<&RegionId>, health: Health) {
        if region.is_none() {
            self.0.retain(|(known, _), _| known != name);
        }
        let key = (name.to_owned(), region.cloned());
        if health == Health::Ok {
            self.0.remove(&key);
        } else {
            self.0.insert(key, health);
        }
    }

    /// The worse of what was said of the name here and everywhere.
    pub(super) fn of(&self, name: &str, region: Option<&RegionId>) -> Health {
        let everywhere = self.0.get(&(name.to_owned(), None));
        let here = region.and_then(|region| self.0.get(&(name.to_owned(), Some(region.clone()))));
        everywhere.into_iter().chain(here).copied().max().unwrap_or(Health::Ok)
    }

    pub(super) fn region(&self, region: &RegionId) -> Health {
        self.of(region.as_str(), None)
    }
}
