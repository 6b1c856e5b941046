//! What the incident's log knows of the old side's isolation.

use crate::engine::{FenceObserved, FenceStatement, State};
use crate::ident::{DatabaseId, RegionId};
use crate::replication::Isolation;
use crate::time::Timestamp;

/// Evidence that still stands, and the write that voided what came before it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing<'a> {
    pub(super) observed: Option<&'a FenceObserved>,
    pub(super) statement: Option<&'a FenceStatement>,
    pub(super) revoked: Option<(Timestamp, &'a str)>,
}

/// A write seen accepted voids everything until then; evidence gathered afterwards counts again.
pub(super) fn standing<'a>(state: Option<&'a State>, database: &DatabaseId, region: &RegionId) -> Standing<'a> {
    let Some(fence) = state.and_then(|state| state.fences.get(&(database.clone(), region.clone()))) else {
        return Standing::default();
    };
    let revoked = fence.revoked.as_ref().map(|(at, evidence)| (*at, evidence.as_str()));
    let holds = |at: Timestamp| revoked.is_none_or(|(revoked_at, _)| at > revoked_at);
    Standing {
        observed: fence.observed.as_ref().filter(|observed| holds(observed.at)),
        statement: fence.statement.as_ref().filter(|statement| holds(statement.at)),
        revoked,
    }
}

impl Standing<'_> {
    /// The earliest proof that no write can follow.
    pub(super) fn isolation(&self) -> Isolation {
        match (self.observed, self.statement) {
            (Some(observed), _) if observed.zero_loss => Isolation::Clean(observed.at),
            (Some(observed), Some(statement)) => Isolation::Since(observed.at.min(statement.at)),
            (Some(observed), None) => Isolation::Since(observed.at),
            (None, Some(statement)) => Isolation::Since(statement.at),
            (None, None) => Isolation::Open,
        }
    }
}
