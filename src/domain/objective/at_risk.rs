//! What may be lost: an interval with its basis, never one number.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::{Timestamp, human, millis, rfc3339_ms};

/// Writes at risk. The truth lies inside the interval; what cannot be bounded is `None`, not a guess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtRisk {
    pub bytes_at_least: Option<u64>,
    #[serde(rename = "ms_at_least", with = "millis")]
    pub at_least: Duration,
    /// `None` while the old side is not fenced (it may still accept writes) or nothing was ever measured.
    #[serde(rename = "ms_at_most", with = "millis::option")]
    pub at_most: Option<Duration>,
    /// What was compared with what, for people: `primary position 0/62BC9F0 seen 02:06:55Z, standby has 0/62A83A8`.
    pub basis: String,
    #[serde(with = "rfc3339_ms")]
    pub as_of: Timestamp,
}

impl AtRisk {
    /// Nothing can be lost: the zero-loss certificate of a clean stop.
    #[must_use]
    pub fn nothing(basis: impl Into<String>, as_of: Timestamp) -> Self {
        Self {
            bytes_at_least: Some(0),
            at_least: Duration::ZERO,
            at_most: Some(Duration::ZERO),
            basis: basis.into(),
            as_of,
        }
    }

    /// `1.2s … 41s`, `≥ 1.2s`, `0`.
    #[must_use]
    pub fn interval(&self) -> String {
        match self.at_most {
            Some(Duration::ZERO) => "0".to_owned(),
            Some(most) if most == self.at_least => human(most),
            Some(most) => format!("{} … {}", human(self.at_least), human(most)),
            None => format!("≥ {}", human(self.at_least)),
        }
    }
}
