//! When a tier's clock stops: all its services are ok on the serving side, and have held so.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::{Command, Incident, State};
use crate::estate::Estate;
use crate::ident::TierId;
use crate::reading::{Health, ServiceStatus, Status};
use crate::time::{Now, Timestamp, since};

/// How long an answer is waited for before the same thing is said again.
const AGAIN_AFTER: Duration = Duration::from_secs(10);

/// How a tier stands within an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing is known to check it.
    Unwatched,
    /// All its services were ok before the impact and are so still.
    Unaffected,
    /// A service of it is not ok, or not known.
    Broken,
    /// All ok again since then.
    Well(Timestamp),
}

pub(super) fn standing(tier: &TierId, incident: &Incident, status: &Status) -> Standing {
    let services: Vec<&ServiceStatus> =
        status.services.iter().filter(|service| service.tier.as_ref() == Some(tier)).collect();
    if services.is_empty() {
        return Standing::Unwatched;
    }
    if services.iter().any(|service| service.status != Health::Ok) {
        return Standing::Broken;
    }
    match services.iter().filter_map(|service| service.since).max() {
        Some(well) if well > incident.impact_at => Standing::Well(well),
        Some(_) => Standing::Unaffected,
        None => Standing::Unwatched,
    }
}

/// A tier that was hit is not back, or not for long enough.
#[must_use]
pub fn waits_for_tiers(estate: &Estate, incident: &Incident, status: &Status) -> bool {
    estate.tiers.iter().any(|tier| {
        !incident.recovered.contains_key(&tier.id)
            && matches!(standing(&tier.id, incident, status), Standing::Broken | Standing::Well(_))
    })
}

/// Tells when to record that a tier recovered, or broke again.
#[derive(Clone, Debug, Default)]
pub struct TierWatch {
    /// What was told and is not in the log yet, and when.
    told: BTreeMap<TierId, Now>,
}

impl TierWatch {
    /// What should be recorded now: [`Command::TierRecover`] dated when the last service became ok, once that has held
    /// for the tier's `hold`; [`Command::TierRelapse`] when a service of a recovered tier is down.
    pub fn observe(&mut self, estate: &Estate, state: &State, status: &Status, now: Now) -> Vec<Command> {
        let Some(incident) = state.open().filter(|_| !status.blind) else { return Vec::new() };
        let mut commands = Vec::new();
        for tier in &estate.tiers {
            let recovered = incident.recovered.contains_key(&tier.id);
            let command = match standing(&tier.id, incident, status) {
                Standing::Well(well) if !recovered && since(now.wall, well) >= tier.hold => {
                    Some(Command::TierRecover { tier: tier.id.clone(), recovered_at: well })
                }
                Standing::Broken if recovered && any_down(&tier.id, status) => {
                    Some(Command::TierRelapse { tier: tier.id.clone() })
                }
                Standing::Well(_) | Standing::Broken | Standing::Unaffected | Standing::Unwatched => None,
            };
            match command {
                None => {
                    self.told.remove(&tier.id);
                }
                Some(_)
                    if self.told.get(&tier.id).is_some_and(|told| crate::reading::age(*told, now) < AGAIN_AFTER) => {}
                Some(command) => {
                    self.told.insert(tier.id.clone(), now);
                    commands.push(command);
                }
            }
        }
        commands
    }
}

fn any_down(tier: &TierId, status: &Status) -> bool {
    status.services.iter().any(|service| service.tier.as_ref() == Some(tier) && service.status == Health::Down)
}
