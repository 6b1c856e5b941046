//! When the last failover ended: what a cool-down counts from.

use crate::engine::{RunState, State};
use crate::ident::RegionId;
use crate::time::Timestamp;

/// A failover that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failover {
    pub at: Timestamp,
    pub to: Option<RegionId>,
}

impl Failover {
    /// That of an incident in which a point of no return was crossed: it ended with the last run, and with the recovery
    /// of the last tier.
    #[must_use]
    pub fn of(state: &State) -> Option<Self> {
        let incident = state.incident.as_ref()?;
        let crossed = incident.no_return_at?;
        let through = |run: &&crate::engine::Run| !matches!(run.state, RunState::Aborted { .. });
        let runs = state.runs.iter().filter(through);
        let ends = runs.clone().filter_map(|run| run.ended_at).chain(incident.recovered.values().copied());
        let to = runs.filter_map(|run| run.to.clone()).next_back().or_else(|| incident.to.clone());
        Some(Self { at: ends.fold(crossed, Timestamp::max), to })
    }
}
