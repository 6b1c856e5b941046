//! How something is, as far as it is known.

use serde::{Deserialize, Serialize};

/// Unknown and stale never pass a guard and are never green.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Ok,
    Degraded,
    Down,
    /// There was a reading; it is too old to be believed (3 intervals).
    Stale,
    #[default]
    Unknown,
}

impl Health {
    pub const ALL: [Self; 5] = [Self::Ok, Self::Degraded, Self::Down, Self::Stale, Self::Unknown];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Down => "down",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
        }
    }
}
