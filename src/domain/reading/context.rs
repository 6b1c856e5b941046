//! What an incident adds to the readings: kind, fences, the recovery point, its clocks.

use crate::engine::State;
use crate::log::Kind;

/// Where a status is asked for. Without an incident the readings stand alone.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub kind: Kind,
    pub incident: Option<&'a State>,
}

impl<'a> Context<'a> {
    /// No incident.
    #[must_use]
    pub const fn calm(kind: Kind) -> Self {
        Self { kind, incident: None }
    }

    /// Within this incident; an opened one brings its own kind.
    #[must_use]
    pub fn within(kind: Kind, state: &'a State) -> Self {
        let kind = state.incident.as_ref().map_or(kind, |incident| incident.kind);
        Self { kind, incident: Some(state) }
    }
}
