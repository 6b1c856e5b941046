//! What was seen of the world for an evaluation: gathered by who may look, judged here.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::ident::{ChannelId, DatabaseId, RegionId};
use crate::time::Timestamp;

/// All that was looked at. What nobody looked at is not in it, and no row speaks of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// When the looks began.
    pub at: Timestamp,
    /// Programs and scripts by the name that a runbook calls them: where they are, or `None`.
    pub tools: BTreeMap<String, Option<String>>,
    pub accounts: Vec<AccountFact>,
    pub logins: Vec<LoginFact>,
    /// Contexts of kubectl: who the cluster takes us for, or why it does not.
    pub contexts: Vec<(String, Seen<()>)>,
    pub names: Vec<NameFact>,
    /// What tells people, and why it cannot.
    pub channels: Vec<(ChannelId, Result<(), String>)>,
    /// Templates of updates that give no text.
    pub templates: Vec<TemplateFact>,
    pub disks: Vec<DiskFact>,
    /// The estate's file as it stands now; `None` where there is none.
    pub file: Option<FileFact>,
}

impl Facts {
    /// Nothing was looked at.
    #[must_use]
    pub const fn none(at: Timestamp) -> Self {
        Self {
            at,
            tools: BTreeMap::new(),
            accounts: Vec::new(),
            logins: Vec::new(),
            contexts: Vec::new(),
            names: Vec::new(),
            channels: Vec::new(),
            templates: Vec::new(),
            disks: Vec::new(),
            file: None,
        }
    }
}

/// The answer of something that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen<T> {
    Answer(T),
    /// It answered, and the answer is no.
    Refused(String),
    /// It did not answer, or was not asked.
    Silent(String),
}

/// A template that gives no text, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFact {
    pub name: String,
    /// With its line.
    pub why: String,
    pub remedy: Option<String>,
}

/// Credentials of Amazon's cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFact {
    /// `dns (profile dns-failover)`.
    pub name: String,
    /// Who AWS takes us for.
    pub seen: Seen<String>,
}

/// The login of a database's server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginFact {
    pub database: DatabaseId,
    pub region: RegionId,
    pub seen: Seen<Login>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    pub superuser: bool,
    /// It may execute `pg_promote`.
    pub may_promote: bool,
    /// A member of `pg_monitor`, or as good as one.
    pub may_monitor: bool,
    pub standby: bool,
    /// Theirs less ours, milliseconds.
    pub clock_skew_ms: Option<i64>,
}

/// A name whose answer clients keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFact {
    pub name: String,
    /// The check or the runbook that names it.
    pub named_by: String,
    /// The longest time to live of its records; `None`: they have none of their own, as an alias.
    pub seen: Seen<Option<Duration>>,
    /// What it has to stay under, and whose that is.
    pub budget: Option<(Duration, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskFact {
    pub path: String,
    pub what: String,
    pub free_bytes: Option<u64>,
    /// Why nothing can be written there.
    pub trouble: Option<String>,
}

/// The estate's file, against what this console works with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFact {
    pub path: String,
    /// `12:3: unknown key …`.
    pub errors: Vec<String>,
    pub warnings: Vec<String>,
    /// It says something else than what was loaded.
    pub changed: bool,
}
