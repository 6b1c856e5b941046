//! `patroni`: a cluster of PostgreSQL that Patroni looks after.

use std::collections::BTreeMap;

use super::super::fields::Fields;
use super::super::schema::{Kind, Names, Variant, key, needed};
use super::super::value;
use super::Around;
use super::lag::{self, LagMarks};
use crate::ident::{DatabaseId, RegionId};

pub(super) const KIND: Variant = Variant {
    word: "patroni",
    about: "The REST interface of the members: `/cluster`, `/history`, and `/patroni` of each. No leader is down, and \
            so are two members that both run as primary; a paused cluster, members that contradict each other, a \
            member that does not run or is on another timeline are degraded. Lag is in bytes, as fresh as \
            `loop_wait`. `/cluster` is what the members wrote to the store they share: an agent that was killed \
            leaves a primary behind that it knows nothing of, and a console that trusts it alone is blind to a split \
            brain. Write the database's own servers into `[databases.NAME.servers]` as well, and name it here: who \
            accepts writes there is then held against the leader.",
    keys: &[
        needed("urls", Kind::UrlList, "Addresses of the members' REST interfaces; each is asked."),
        key(
            "database",
            Kind::Name(Names::Database),
            "none",
            "The database it looks after: its servers say what is so.",
        ),
        key("headers", Kind::Headers, "none", "Headers; `env:NAME` takes a value from the environment."),
        key("tls_verify", Kind::Bool, "true", "Whether the certificates must be valid."),
        lag::MEMBERS,
        lag::WARNING,
        lag::CRITICAL,
        lag::MAX_BYTES,
    ],
    example: r#"[[checks]]
name = "orders-ha"
type = "patroni"
urls = ["https://pg1.example.com:8008", "https://pg2.example.com:8008"]
database = "orders-db"
headers = { Authorization = "env:PATRONI_AUTHORIZATION" } # "Basic …", where reading needs it
# tls_verify = true
members = { us-east-1 = ["pg1"], us-west-2 = ["pg2"] }
# lag_warning = "1m"
# lag_critical = "5m"
max_lag_bytes = 1048576 # maximum_lag_on_failover: it would not be promoted
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatroniCheck {
    pub urls: Vec<String>,
    pub database: Option<DatabaseId>,
    pub headers: Vec<(String, String)>,
    pub tls_verify: bool,
    pub members: BTreeMap<String, RegionId>,
    pub marks: LagMarks,
}

impl PatroniCheck {
    /// Asked without wishes.
    #[must_use]
    pub fn of(urls: Vec<String>) -> Self {
        Self {
            urls,
            database: None,
            headers: Vec::new(),
            tls_verify: true,
            members: BTreeMap::new(),
            marks: LagMarks::default(),
        }
    }

    pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>) -> Option<Self> {
        let database = fields.name("database").map(DatabaseId::new);
        Some(Self {
            database: database.filter(|database| around.estate.database(database).is_some()),
            headers: fields.take("headers", value::headers).unwrap_or_default(),
            tls_verify: fields.take("tls_verify", value::boolean).unwrap_or(true),
            members: lag::members(fields, around.estate),
            marks: LagMarks::read(fields, LagMarks::default()),
            ..Self::of(fields.take("urls", value::urls)?)
        })
    }
}
