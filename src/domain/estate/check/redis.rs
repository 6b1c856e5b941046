//! `redis`: a server of Redis or Valkey, or a Sentinel that watches some.

use std::collections::BTreeMap;

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;
use super::lag::{self, LagMarks};
use crate::estate::{Estate, SecretSource};
use crate::ident::RegionId;

pub(super) const KIND: Variant = Variant {
    word: "redis",
    about: "PING, ROLE, INFO replication and INFO persistence over one connection. The link of a replica counts, not \
            its offset: that stands still when the link breaks, and no lag is read from it then. A server that loads \
            its data is down; a replica before its first synchronisation, or whose link is down, is degraded. The lag \
            of a replica is the difference to its master's offset, so let a check of the same name read the master in \
            its region too (`cache@us-east-1`, `cache@us-west-2`). A master that hangs keeps the link up for a minute: \
            after 20 s without a word from it the replica is unknown. With `sentinel` the address is that of a \
            Sentinel, and who is master is what it says. The user needs `+ping +info +role`, of a Sentinel `+sentinel`.",
    keys: &[
        needed("url", Kind::RedisUrl, "Address; port 6379 unless written. User and password are keys of their own."),
        key("user", Kind::Text, "the default one", "User of the login."),
        key("password", Kind::Secret, "none", "Where the password is."),
        key("tls_verify", Kind::Bool, "true", "Whether the certificate must be valid."),
        key("role", Kind::Word(&["master", "replica"]), "any", "What it must be; another one is down."),
        key("sentinel", Kind::Text, "none", "Name of the group that this Sentinel is asked about."),
        lag::MEMBERS,
        lag::WARNING,
        lag::CRITICAL,
        lag::MAX_BYTES,
    ],
    example: r#"[[checks]]
name = "cache@us-west-2"
type = "redis"
url = "rediss://cache.us-west-2.example.com:6379"
user = "switchback"
password = "env:CACHE_PASSWORD"
# tls_verify = true
role = "replica"
# lag_warning = "1m"
# lag_critical = "5m"
max_lag_bytes = 1000000

[[checks]]
name = "cache-sentinel"
type = "redis"
url = "redis://sentinel.example.com:26379"
sentinel = "cache"
members = { us-east-1 = ["10.0.0.1:6379"], us-west-2 = ["10.1.0.1:6379"] }
"#,
};

/// Where a Redis listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisAddress {
    pub tls: bool,
    pub host: String,
    pub port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedisRole {
    Master,
    Replica,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisCheck {
    pub address: RedisAddress,
    pub user: Option<String>,
    pub password: Option<SecretSource>,
    pub tls_verify: bool,
    pub role: Option<RedisRole>,
    /// The group to ask a Sentinel about.
    pub sentinel: Option<String>,
    pub members: BTreeMap<String, RegionId>,
    pub marks: LagMarks,
}

impl RedisCheck {
    /// Content with whatever answers there.
    #[must_use]
    pub fn of(address: RedisAddress) -> Self {
        Self {
            address,
            user: None,
            password: None,
            tls_verify: true,
            role: None,
            sentinel: None,
            members: BTreeMap::new(),
            marks: LagMarks::default(),
        }
    }

    pub(super) fn read(fields: &Fields<'_, '_>, estate: &Estate) -> Option<Self> {
        Some(Self {
            user: fields.text("user"),
            password: fields.take("password", value::secret),
            tls_verify: fields.take("tls_verify", value::boolean).unwrap_or(true),
            role: fields.word("role", &["master", "replica"]).map(|word| match word {
                "master" => RedisRole::Master,
                _ => RedisRole::Replica,
            }),
            sentinel: fields.text("sentinel"),
            members: lag::members(fields, estate),
            marks: LagMarks::read(fields, LagMarks::default()),
            ..Self::of(fields.take("url", value::redis_url)?)
        })
    }
}
