//! How an exercise begins.

use crate::estate::Estate;
use crate::ident::IncidentId;
use crate::log::StartEx;
use crate::scenario::Names;

/// StartEx of a scenario, as it is when nothing else is said: people play it on the simulated world, at the speed of the
/// clock on the wall. Its incident, its label and its seed are yet to be given.
#[must_use]
pub fn start_ex(name: &str, scenario: &str, names: Names, estate: &Estate) -> StartEx {
    StartEx {
        incident: IncidentId(ulid::Ulid::nil()),
        label: String::new(),
        scenario_name: name.to_owned(),
        scenario: scenario.to_owned(),
        names: names.values,
        seed: 0,
        speed: 1,
        from: names.from,
        to: names.to,
        paper: false,
        automatic: false,
        estate: estate.source.clone(),
    }
}
