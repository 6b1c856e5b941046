//! Durations of earlier runs, from the logs this machine keeps.

use std::sync::Arc;

use domain::engine::replay;
use domain::log::Kind;
use domain::objective::Learned;

use super::journal::{self, ReadLog};
use super::paths::Paths;

/// How many of the newest incidents count.
const NEWEST: usize = 50;

/// From the newest incidents of this kind: what is practised says little of what happens at three in the morning.
/// Reads their logs whole; never writes, and takes no lock.
#[must_use]
pub fn learned(paths: &Paths, kind: Kind) -> Learned {
    let incidents = journal::incidents(paths).unwrap_or_default();
    let alike = incidents.into_iter().filter(|incident| incident.kind == kind && !incident.automatic).take(NEWEST);
    let states: Vec<_> = alike
        .filter_map(|incident| ReadLog::glance(incident.place.dir()).ok())
        .map(|(_, entries)| replay(&entries.into_iter().map(Arc::new).collect::<Vec<_>>()))
        .collect();
    Learned::from_logs(&states)
}
