//! `dns`: what a name resolves to, as each of several resolvers says.

use std::net::IpAddr;

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;
use crate::diagnostic::Diagnostic;
use crate::ident::RegionId;

const RECORDS: &[&str] = &["A", "AAAA", "CNAME", "TXT", "MX", "SRV", "NS", "SOA"];
const CODES: &[&str] = &["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"];

pub(super) const KIND: Variant = Variant {
    word: "dns",
    about: "A name, asked of each resolver on its own, over UDP and, when the answer is cut, TCP. Down when no resolver \
            answers as it should; degraded when some do: during a switch the value is \"2 of 3 resolvers …\". A resolver \
            that keeps answers tells what *remains* of the TTL; all of it is told by the authoritative servers of the \
            zone: name those where `ttl_max` matters. With `regions` it tells which side serves.",
    keys: &[
        needed("query", Kind::Text, "The name that is asked for."),
        key("record", Kind::Word(RECORDS), "\"A\"", "The type of record."),
        key("resolvers", Kind::Resolvers, "the system's", "Servers that are asked, authoritative ones too."),
        key("rcode", Kind::Word(CODES), "\"NOERROR\"", "The response code that is good."),
        key("answers", Kind::TextList, "any", "Exactly these records, in any order."),
        key("answer_regex", Kind::Regex, "none", "Expression that one of the records must match."),
        key("ttl_max", Kind::Duration, "none", "A longer TTL is degraded: clients keep the old answer that long."),
        key("regions", Kind::PerRegion(&Kind::TextList), "none", "Records that point to each region."),
    ],
    example: r#"[[checks]]
name = "www-points-to"
service = "checkout"
type = "dns"
query = "www.example.com"
# record = "A"
resolvers = ["192.0.2.53", "[2001:db8::53]:53", "ns1.example.com:53"]
# rcode = "NOERROR"
# answers = ["192.0.2.1", "192.0.2.2"]
# answer_regex = '^192\.0\.2\.'
ttl_max = "60s"
regions = { us-east-1 = ["192.0.2.1", "192.0.2.2"], us-west-2 = ["198.51.100.1"] }
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsCheck {
    pub query: String,
    /// `A`, `CNAME`, …
    pub record: String,
    /// Host and port; those of the system when empty.
    pub resolvers: Vec<(String, u16)>,
    /// The response code that is good: `NOERROR` unless written.
    pub rcode: String,
    /// Exactly these, in the form of [`plain_record`].
    pub answers: Option<Vec<String>>,
    pub answer_regex: Option<String>,
    pub ttl_max: Option<std::time::Duration>,
    /// Which records point to which region; makes this the check of a serving side.
    pub regions: Vec<(RegionId, Vec<String>)>,
}

impl DnsCheck {
    pub(super) fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let record = fields.word("record", RECORDS).unwrap_or("A");
        let query = fields.text("query")?;
        if !is_name(&query) {
            let found = Diagnostic::error("estate::value", fields.span_of("query"), format!("`{query}` is not a name"));
            report.push(found.help("write a name such as \"www.example.com\""));
            return None;
        }
        let mut records = |written: Vec<String>, span: std::ops::Range<usize>| -> Vec<String> {
            for wrong in written.iter().filter(|text| !fits(record, text)) {
                let message = format!("`{wrong}` is no {record} record");
                report.push(Diagnostic::error("estate::value", span.clone(), message).help(match record {
                    "A" => "write an IPv4 address; for IPv6 set record = \"AAAA\"",
                    _ => "write an IPv6 address",
                }));
            }
            written.iter().map(|text| plain_record(text)).collect()
        };
        let regions = fields.sub("regions").map(|regions| {
            let of = |name: &str| Some((RegionId::new(name), records(regions.texts(name)?, regions.span_of(name))));
            regions.own_names().into_iter().filter_map(of).collect()
        });
        let regions: Vec<(RegionId, Vec<String>)> = regions.unwrap_or_default();
        let answers = fields.texts("answers").map(|written| records(written, fields.span_of("answers")));
        for (at, (region, points)) in regions.iter().enumerate() {
            let twice = regions[..at].iter().find_map(|(other, theirs)| {
                points.iter().find(|point| theirs.contains(point)).map(|point| (other, point))
            });
            if let Some((other, point)) = twice {
                let message = format!("`{point}` points to {other} and to {region}");
                let found = Diagnostic::error("estate::check", fields.span_of("regions"), message);
                report.push(found.help("a record tells the side that serves only if it belongs to one region"));
            }
        }
        Some(Self {
            query,
            record: record.to_owned(),
            resolvers: fields.take("resolvers", value::resolvers).unwrap_or_default(),
            rcode: fields.word("rcode", CODES).unwrap_or("NOERROR").to_owned(),
            answers,
            answer_regex: fields.take("answer_regex", value::regex),
            ttl_max: fields.take("ttl_max", value::duration),
            regions,
        })
    }
}

/// A record as it is compared: addresses in their shortest form, names in lower case without the last dot.
#[must_use]
pub fn plain_record(text: &str) -> String {
    let word = |word: &str| match word.parse::<IpAddr>() {
        Ok(address) => address.to_string(),
        Err(_) => word.trim_end_matches('.').to_lowercase(),
    };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// RFC 1035, 2.3.4: labels of 1 to 63 bytes, 253 in all.
fn is_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    text.len() <= 253
        && text.is_ascii()
        && !text.contains(char::is_whitespace)
        && text.split('.').all(|label| (1..=63).contains(&label.len()))
}

fn fits(record: &str, text: &str) -> bool {
    match (record, text.trim().parse::<IpAddr>()) {
        ("A", address) => matches!(address, Ok(IpAddr::V4(_))),
        ("AAAA", address) => matches!(address, Ok(IpAddr::V6(_))),
        _ => true,
    }
}
