//! What the rules see at one instant, before any memory of what was so before.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::ident::{AlertKey, RegionId, ServiceId};
use crate::reading::AlertSeverity;
use crate::time::Timestamp;

/// Something that is so, and should not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub key: AlertKey,
    pub rule: Rule,
    /// What it is about, as its own panel calls it: `us-east-1`, `orders-db@us-west-2`; empty where the rule says it.
    pub subject: String,
    pub region: Option<RegionId>,
    pub service: Option<ServiceId>,
    pub severity: AlertSeverity,
    pub text: String,
    /// When it began, as far as that is known.
    pub since: Timestamp,
}

/// What every rule sees. A subject that is neither found nor unknown is well.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sight {
    /// Our own network is gone: apart from saying so, nothing here counts.
    pub blind: bool,
    pub found: Vec<Finding>,
    /// What cannot be told now: such an alert neither fires nor resolves.
    pub unknown: BTreeSet<AlertKey>,
}
