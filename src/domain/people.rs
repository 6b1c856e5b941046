//! Who acts: names, roles, and how sure we are of them.

use serde::{Deserialize, Serialize};

use crate::ident::PersonId;
use crate::identity::PublicKey;

/// A seat in the incident. `Owner:` and `Approval:` in runbooks name one of these or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Commander,
    Deputy,
    Operator,
    Scribe,
    /// Tells those outside: customers, the public.
    Comms,
    /// Tells those inside: executives, support, other teams. A role of its own, not a kind of `comms`: in an outage they
    /// are two people, and each is asked for by name.
    InternalComms,
    DataOwner,
    Observer,
}

impl Role {
    pub const ALL: [Self; 8] = [
        Self::Commander,
        Self::Deputy,
        Self::Operator,
        Self::Scribe,
        Self::Comms,
        Self::InternalComms,
        Self::DataOwner,
        Self::Observer,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commander => "commander",
            Self::Deputy => "deputy",
            Self::Operator => "operator",
            Self::Scribe => "scribe",
            Self::Comms => "comms",
            Self::InternalComms => "internal-comms",
            Self::DataOwner => "data-owner",
            Self::Observer => "observer",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(text.trim()))
    }
}

/// How an identity was established: `claimed` by `--as` or the operating system, or `verified` by a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identity {
    #[default]
    Claimed,
    Verified,
}

/// The author of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub name: PersonId,
    #[serde(default)]
    pub identity: Identity,
    /// The machine the console ran on.
    pub host: String,
}

impl Actor {
    #[must_use]
    pub fn claimed(name: &str, host: &str) -> Self {
        Self { name: PersonId::new(name), identity: Identity::Claimed, host: host.to_owned() }
    }
}

/// A person of the estate's `[people]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: PersonId,
    #[serde(default)]
    pub roles: Vec<Role>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Any of them makes an identity verified.
    #[serde(default)]
    pub keys: Vec<PublicKey>,
}

/// Who a runbook names: a role or a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Seat {
    Role(Role),
    Person(PersonId),
}

impl Seat {
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Role::parse(text).map_or_else(|| Self::Person(PersonId::new(text.trim())), Self::Role)
    }
}

impl std::fmt::Display for Seat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Role(role) => f.pad(role.name()),
            Self::Person(person) => f.pad(person.as_str()),
        }
    }
}
