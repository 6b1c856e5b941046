//! What was said to be wrong, by name and region.

use std::time::Duration;

use crate::ident::RegionId;
use crate::reading::Health;

/// Everything not named here is well.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Conditions(Vec<Said>);

#[derive(Clone, Debug, PartialEq)]
struct Said {
    name: String,
    /// Everywhere while `None`.
    region: Option<RegionId>,
    trouble: Trouble,
}

/// What is wrong with one thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trouble {
    pub(super) health: Health,
    /// The share of requests that fail, 0 to 1.
    pub(super) errors: f64,
    /// How much later answers come.
    pub(super) slow: Duration,
    /// Down for so long, then up for so long, since then.
    pub(super) flap: Option<(Duration, Duration)>,
}

impl Trouble {
    pub(super) const NONE: Self = Self { health: Health::Ok, errors: 0.0, slow: Duration::ZERO, flap: None };

    pub(super) fn is_down(&self) -> bool {
        self.health == Health::Down
    }

    /// Both at once: the worse health, and what is asked through both.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            health: self.health.max(other.health),
            errors: 1.0 - (1.0 - self.errors) * (1.0 - other.errors),
            slow: self.slow + other.slow,
            flap: None,
        }
    }

    /// As it is at one moment: what flaps is up or down then.
    fn at(self, moment: Duration) -> Self {
        let down = self.flap.is_some_and(|(since, every)| {
            (moment.saturating_sub(since).as_millis() / every.as_millis().max(1)).is_multiple_of(2)
        });
        Self { health: if down { Health::Down } else { self.health }, flap: None, ..self }
    }
}

impl Conditions {
    /// `name` is a region, a service, a database or a check; without a region it holds in all of them. What is said of
    /// a name as a whole replaces what was said of it in one region.
    pub(super) fn change(&mut self, name: &str, region: Option<&RegionId>, change: impl Fn(&mut Trouble)) {
        if region.is_none() {
            self.0.retain(|said| said.name != name || said.region.is_none());
        }
        let place = self.0.iter().position(|said| said.name == name && said.region.as_ref() == region);
        let place = place.unwrap_or_else(|| {
            self.0.push(Said { name: name.to_owned(), region: region.cloned(), trouble: Trouble::NONE });
            self.0.len() - 1
        });
        change(&mut self.0[place].trouble);
        self.0.retain(|said| said.trouble != Trouble::NONE);
    }

    /// Nothing is wrong with it there any more. What was said of it as a whole goes on to hold elsewhere in `regions`.
    pub(super) fn clear(&mut self, name: &str, region: Option<&RegionId>, regions: impl Iterator<Item = RegionId>) {
        let whole = self.0.iter().find(|said| said.name == name && said.region.is_none()).map(|said| said.trouble);
        self.0.retain(|said| {
            said.name != name || region.is_some() && said.region.is_some() && said.region.as_ref() != region
        });
        if let (Some(region), Some(trouble)) = (region, whole) {
            for other in regions.filter(|other| other != region) {
                self.change(name, Some(&other), |said| *said = said.and(trouble));
            }
        }
    }

    /// Nothing at all is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was said of the name here and everywhere, together.
    pub(super) fn of(&self, name: &str, region: Option<&RegionId>, at: Duration) -> Trouble {
        let holds = |said: &&Said| said.name == name && (said.region.is_none() || said.region.as_ref() == region);
        self.0.iter().filter(holds).fold(Trouble::NONE, |all, said| all.and(said.trouble.at(at)))
    }

    pub(super) fn is_down(&self, name: &str, region: Option<&RegionId>, at: Duration) -> bool {
        let holds = |said: &Said| said.name == name && (said.region.is_none() || said.region.as_ref() == region);
        self.0.iter().any(|said| holds(said) && said.trouble.at(at).is_down())
    }

    pub(super) fn region_is_down(&self, region: &RegionId, at: Duration) -> bool {
        self.is_down(region.as_str(), None, at)
    }
}
