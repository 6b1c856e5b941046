//! What a backup source said. A failed or running backup never counts and never hides a good one.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// What a backup source said, whatever the tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BackupReading {
    /// The recoverable point of the newest usable backup, as each tool defines it; `None` when there is none.
    pub newest_usable: Option<Timestamp>,
    /// A newer attempt that failed, with its cause.
    pub newer_failure: Option<String>,
    pub restore_tested: Option<Timestamp>,
    /// `full`, `diff`, `incr`, `wal`, or a file's name.
    pub detail: Option<String>,
    pub bytes: Option<u64>,
}
