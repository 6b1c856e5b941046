//! Marks of lag of the copies that a check tells of: over them a copy is degraded, and people are warned.

use std::time::Duration;

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
