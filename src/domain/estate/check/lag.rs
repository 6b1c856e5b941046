//! Marks of lag that every check of copies has: over them a copy is degraded, and people are warned.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::fields::Fields;
use super::super::model::Estate;
use super::super::schema::{Key, Kind, key};
use super::super::value;
use crate::ident::RegionId;

pub(super) const WARNING: Key =
    key("lag_warning", Kind::Duration, "\"1m\"", "A copy further behind than this is degraded.");
pub(super) const CRITICAL: Key = key("lag_critical", Kind::Duration, "\"5m\"", "Lag that is critical.");
pub(super) const MAX_BYTES: Key = key(
    "max_lag_bytes",
    Kind::Count { min: 1, max: u64::MAX },
    "none",
    "A copy that has not received more than this is degraded, also where no time is known.",
);

pub(super) const MEMBERS: Key = key(
    "members",
    Kind::PerRegion(&Kind::TextList),
    "all in the check's region",
    "Which members are in which region, by the names that they are told under.",
);

/// The region of each member that was placed.
pub(super) fn members(fields: &Fields<'_, '_>, estate: &Estate) -> BTreeMap<String, RegionId> {
    let placed = fields.per_name(MEMBERS.name).into_iter().filter_map(|(region, members)| {
        let region = estate.region(&RegionId::from(region))?.id.clone();
        Some((region, value::texts(&Kind::TextList, members.get_ref()).ok()?))
    });
    placed.flat_map(|(region, members)| members.into_iter().map(move |member| (member, region.clone()))).collect()
}

/// How far behind a copy may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LagMarks {
    pub warning: Duration,
    pub critical: Duration,
    pub max_bytes: Option<u64>,
}

impl Default for LagMarks {
    fn default() -> Self {
        Self { warning: Duration::from_secs(60), critical: Duration::from_secs(300), max_bytes: None }
    }
}

impl LagMarks {
    pub(super) fn read(fields: &Fields<'_, '_>, usual: Self) -> Self {
        Self {
            warning: fields.take(WARNING.name, value::duration).unwrap_or(usual.warning),
            critical: fields.take(CRITICAL.name, value::duration).unwrap_or(usual.critical),
            max_bytes: fields.count(MAX_BYTES.name).or(usual.max_bytes),
        }
    }
}
