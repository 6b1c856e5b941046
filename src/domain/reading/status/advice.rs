//! What the readings recommend.

use serde::{Deserialize, Serialize};

use crate::ident::RegionId;
use crate::time::{Timestamp, rfc3339_ms};

/// What the readings speak for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    #[default]
    None,
    Failover,
    /// Several regions serve, and one of them is down: no database has to be promoted.
    MoveTraffic,
}

impl Advice {
    pub const ALL: [Self; 3] = [Self::None, Self::Failover, Self::MoveTraffic];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Failover => "failover",
            Self::MoveTraffic => "move-traffic",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// `advice` is a failover.
    pub failover: bool,
    #[serde(default)]
    pub advice: Advice,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub because: Vec<String>,
    /// Why nothing is advised although `from` is down and `to` could take over.
    #[serde(default)]
    pub withheld: Option<String>,
    /// When that ends, if nothing else changes.
    #[serde(default, with = "rfc3339_ms::option")]
    pub withheld_until: Option<Timestamp>,
}
