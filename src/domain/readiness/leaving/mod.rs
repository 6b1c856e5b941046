//! What the console itself needs while a region is being left, and what of it lives there: a tool that goes down with the
//! region it is to fail over is none.

mod needs;
mod place;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::estate::Estate;
use crate::ident::{DatabaseId, RegionId};
use crate::runbook::Runbook;

/// Whether something goes with the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    Goes,
    Unknown,
    Stays,
}

impl Fate {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Goes => "goes",
            Self::Unknown => "unknown",
            Self::Stays => "stays",
        }
    }
}

/// One thing that the console needs, or would miss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// `console`, `name server`, `credentials`, `log`, …
    pub what: String,
    pub name: String,
    /// A failover cannot be carried out, or not be told of, without it.
    pub needed: bool,
    /// The region it lives in, as far as anything tells.
    pub lives_in: Option<RegionId>,
    #[serde(rename = "verdict")]
    pub fate: Fate,
    pub because: String,
    pub remedy: Option<String>,
}

/// What is known of the machine around the console.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Name servers of the system.
    pub resolvers: Vec<String>,
    /// The folder of logs and readings.
    pub state: String,
    /// The server that the folder is mounted from, where it is none of this machine's disks.
    pub state_server: Option<String>,
    /// Folders of runbooks, with the host of the Git remote they come from.
    pub folders: Vec<(String, Option<String>)>,
    /// `AWS_REGION` of the environment.
    pub aws_region: Option<String>,
    /// `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_STS`.
    pub aws_endpoint: Option<String>,
    /// Hosts that the connection strings name, services and files of libpq resolved.
    pub servers: BTreeMap<(DatabaseId, RegionId), Vec<String>>,
    /// Addresses of the clusters that kubectl's contexts name.
    pub clusters: Vec<(String, Option<String>)>,
    /// Addresses that a channel's secret holds: only the host is here.
    pub channel_hosts: BTreeMap<String, String>,
    pub runbooks: Vec<(String, Arc<Runbook>)>,
}

/// Everything the console needs, what goes with `region` first.
#[must_use]
pub fn leaving(estate: &Estate, around: &Surroundings, region: &RegionId) -> Vec<Need> {
    let mut needs = needs::Needs::new(estate, around, region);
    needs.collect();
    let mut found = needs.found;
    found.sort_by_key(|need| (need.fate, !need.needed));
    found
}
