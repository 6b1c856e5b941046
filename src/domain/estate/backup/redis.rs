//! `redis`: the snapshot (RDB) of a Redis server.

use super::super::check::RedisAddress;
use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;
use crate::estate::SecretSource;

pub(super) const KIND: Variant = Variant {
    word: "redis",
    about: "`INFO` of a Redis or Valkey server: its last snapshot (RDB). The time is when saving *began*, for the data \
            is of that moment. A server that saved nothing since it started looks well in `INFO` and has no backup; \
            while it is younger than `every` that is not known yet.",
    keys: &[
        needed("url", Kind::RedisUrl, "Address; port 6379 unless written. User and password are keys of their own."),
        key("user", Kind::Text, "the default one", "User of the login: it needs `+info`."),
        key("password", Kind::Secret, "none", "Where the password is."),
        key("tls_verify", Kind::Bool, "true", "Whether the certificate must be valid."),
    ],
    example: r#"[backups.cache]
type = "redis"
every = "1h"
url = "rediss://cache.us-east-1.example.com:6379"
user = "switchback"
password = "env:CACHE_PASSWORD"
# tls_verify = true
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisSource {
    pub address: RedisAddress,
    pub user: Option<String>,
    pub password: Option<SecretSource>,
    pub tls_verify: bool,
}

impl RedisSource {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self {
            address: fields.take("url", value::redis_url)?,
            user: fields.text("user"),
            password: fields.take("password", value::secret),
            tls_verify: fields.take("tls_verify", value::boolean).unwrap_or(true),
        })
    }
}
