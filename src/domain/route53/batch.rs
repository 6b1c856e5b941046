//! What a `route53` block wants changed.

use std::fmt;

use serde_json::Value;

use super::record::{AliasTarget, RecordSet};

/// All of it or nothing of it is accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Of the hosted zone.
    pub zone: String,
    pub changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// What is written is laid over the set as it stands; what is not written stays.
    Upsert(Wanted),
    /// There may be no such set yet.
    Create(Wanted),
    Delete {
        name: String,
        kind: String,
        set_identifier: Option<String>,
    },
    /// This set, complete, in place of whatever stands.
    Put(Box<RecordSet>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Upsert,
    Create,
    Delete,
    Put,
}

/// A record set as far as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    pub name: String,
    pub kind: String,
    pub set_identifier: Option<String>,
    pub ttl: Option<i64>,
    pub values: Option<Vec<String>>,
    pub alias: Option<AliasTarget>,
    pub weight: Option<i64>,
    pub failover: Option<String>,
    pub health_check: Option<String>,
}

impl Change {
    /// Name, type and set identifier of the set it is about.
    #[must_use]
    pub fn about(&self) -> (&str, &str, Option<&str>) {
        match self {
            Self::Upsert(wanted) | Self::Create(wanted) => {
                (&wanted.name, &wanted.kind, wanted.set_identifier.as_deref())
            }
            Self::Delete { name, kind, set_identifier } => (name, kind, set_identifier.as_deref()),
            Self::Put(set) => (&set.name, &set.kind, set.set_identifier.as_deref()),
        }
    }

    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Upsert(_) => Action::Upsert,
            Self::Create(_) => Action::Create,
            Self::Delete { .. } => Action::Delete,
            Self::Put(_) => Action::Put,
        }
    }
}

impl Action {
    pub(super) const ALL: [Self; 4] = [Self::Upsert, Self::Create, Self::Delete, Self::Put];

    /// The word of a block.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upsert => "upsert",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Put => "put",
        }
    }
}

impl fmt::Display for Batch {
    /// The block anew: YAML that reads back as the same batch.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "zone: {}\nchanges:", self.zone)?;
        for change in &self.changes {
            write!(f, "- {}:", change.action().word())?;
            match change {
                Change::Upsert(wanted) | Change::Create(wanted) => write_wanted(f, wanted)?,
                Change::Delete { name, kind, set_identifier } => {
                    write!(f, "\n    name: {}\n    type: {kind}\n", scalar(name))?;
                    if let Some(set) = set_identifier {
                        writeln!(f, "    set_identifier: {}", scalar(set))?;
                    }
                }
                Change::Put(set) => writeln!(f, " {}", set.json())?,
            }
        }
        Ok(())
    }
}

fn write_wanted(f: &mut fmt::Formatter<'_>, wanted: &Wanted) -> fmt::Result {
    write!(f, "\n    name: {}\n    type: {}\n", scalar(&wanted.name), wanted.kind)?;
    if let Some(set) = &wanted.set_identifier {
        writeln!(f, "    set_identifier: {}", scalar(set))?;
    }
    if let Some(ttl) = wanted.ttl {
        writeln!(f, "    ttl: {ttl}")?;
    }
    if let Some(values) = &wanted.values {
        writeln!(f, "    values:")?;
        for value in values {
            writeln!(f, "    - {}", scalar(value))?;
        }
    }
    if let Some(alias) = &wanted.alias {
        writeln!(f, "    alias:\n      zone: {}\n      name: {}", alias.hosted_zone_id, scalar(&alias.dns_name))?;
        writeln!(f, "      evaluate_target_health: {}", alias.evaluate_target_health)?;
    }
    if let Some(weight) = wanted.weight {
        writeln!(f, "    weight: {weight}")?;
    }
    if let Some(failover) = &wanted.failover {
        writeln!(f, "    failover: {}", failover.to_lowercase())?;
    }
    if let Some(check) = &wanted.health_check {
        writeln!(f, "    health_check: {}", scalar(check))?;
    }
    Ok(())
}

/// Plain where that cannot be misread.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'))
        && !matches!(text, "null" | "true" | "false");
    if plain { text.to_owned() } else { Value::from(text).to_string() }
}
