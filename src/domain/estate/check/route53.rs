//! `route53`: a health check as its checkers see it, or the records of a name as they stand.

use std::time::Duration;

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key};
use super::super::value;
use super::dns::plain_record;
use crate::diagnostic::Diagnostic;
use crate::ident::RegionId;

/// Its checkers look every 30 s, or every 10.
pub(super) const UNHURRIED: Duration = Duration::from_secs(30);

pub(super) const KIND: Variant = Variant {
    word: "route53",
    about: "With `health_check`, the share of Route 53's checkers that find it healthy, above 18 % of which Route 53 takes \
            it for healthy; what no checker looked at for five minutes is unknown. With `zone` and `query`, the record \
            sets of a name as they stand at Route 53: their policy, TTL and values; with `regions` they tell which side \
            serves. Both ask the API, every 30 s unless written: it takes five calls a second from an account. See `aws.md`.",
    keys: &[
        key("health_check", Kind::Text, "none", "Id of a health check; or `zone` and `query`."),
        key("zone", Kind::Text, "none", "Id of the hosted zone."),
        key("query", Kind::Text, "none", "The name whose records are read."),
        key("record", Kind::Text, "\"A\"", "Their type."),
        key("ttl_max", Kind::Duration, "none", "A longer TTL is degraded: clients keep the old answer that long."),
        key(
            "regions",
            Kind::PerRegion(&Kind::TextList),
            "none",
            "Values or set identifiers that belong to each region.",
        ),
        key("profile", Kind::Text, "the environment's", "Profile of ~/.aws/config whose credentials are used."),
    ],
    example: r#"[[checks]]
name = "www-records"
service = "checkout"
type = "route53"
zone = "Z0123456789ABCDEFGHIJ"
query = "www.example.com"
record = "CNAME"
ttl_max = "60s"
regions = { us-east-1 = ["east"], us-west-2 = ["www.us-west-2.example.com"] }
profile = "watch"
# health_check = "1b2c3d4e-1111-2222-3333-444455556666"
interval = "30s"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route53Check {
    /// `None`: the environment's own credentials.
    pub profile: Option<String>,
    pub of: Route53Of,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route53Of {
    HealthCheck { id: String },
    Records(NameRecords),
}

/// The record sets of one name and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRecords {
    pub zone: String,
    pub query: String,
    /// `A`, `CNAME`, …
    pub record: String,
    pub ttl_max: Option<Duration>,
    /// Which values or set identifiers belong to which region, in the form of [`plain_record`].
    pub regions: Vec<(RegionId, Vec<String>)>,
}

impl Route53Check {
    pub(super) fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let profile = fields.text("profile");
        let of = match (fields.text("health_check"), fields.text("zone"), fields.text("query")) {
            (Some(id), None, None) => Route53Of::HealthCheck { id },
            (None, Some(zone), Some(query)) => Route53Of::Records(NameRecords {
                zone: zone.trim_start_matches("/hostedzone/").to_owned(),
                query,
                record: fields.text("record").unwrap_or_else(|| "A".to_owned()).to_uppercase(),
                ttl_max: fields.take("ttl_max", value::duration),
                regions: regions(fields),
            }),
            _ => {
                let message = "this check says neither `health_check` nor `zone` and `query`, or both";
                let found = Diagnostic::error("estate::check", fields.span.clone(), message);
                report.push(
                    found.help("write `health_check = \"…\"`, or `zone = \"Z…\"` and `query = \"www.example.com\"`"),
                );
                return None;
            }
        };
        Some(Self { profile, of })
    }
}

fn regions(fields: &Fields<'_, '_>) -> Vec<(RegionId, Vec<String>)> {
    let Some(regions) = fields.sub("regions") else { return Vec::new() };
    let of = |name: &str| {
        let written = regions.texts(name)?;
        Some((RegionId::new(name), written.iter().map(|text| plain_record(text)).collect()))
    };
    regions.own_names().into_iter().filter_map(of).collect()
}
