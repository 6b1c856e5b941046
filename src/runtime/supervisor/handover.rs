//! What the console hands to a supervisor, through a pipe: the only way that a secret's value takes.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use domain::execution::Resolved;
use domain::time::millis;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct Handover {
    pub(crate) resolved: Resolved,
    /// Names and values.
    pub(crate) secrets: BTreeMap<String, String>,
    /// The attempt's folder, absolute.
    pub(crate) folder: PathBuf,
    /// The attempt's folder as the log names it, relative to the incident's.
    pub(crate) name: PathBuf,
    /// Between TERM and KILL.
    #[serde(rename = "grace_ms", with = "millis")]
    pub(crate) grace: Duration,
}

impl fmt::Debug for Handover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handover").field("name", &self.name).finish_non_exhaustive()
    }
}
