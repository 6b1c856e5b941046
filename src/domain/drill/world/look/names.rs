//! Names: what resolvers and Route 53 say of them.

use std::time::Duration;

use super::{Sight, World};
use crate::drill::noise::Noise;
use crate::estate::{DnsCheck, NameRecords, Route53Check, Route53Of};
use crate::ident::RegionId;
use crate::reading::{
    Answer, Expected, HealthCheckConfig, Healths, Observation, Outcome, Resolved, judge_health_check,
};
use crate::route53::{RecordSet, ResourceRecord};

const TTL: Duration = Duration::from_secs(60);

/// How many of Route 53's checkers look.
const CHECKERS: u8 = 16;

impl World {
    /// Each resolver keeps an answer for its own part of the TTL.
    pub(super) fn look_at_name(&self, sight: &Sight<'_>, dns: &DnsCheck) -> Outcome {
        let system = [("the system's resolver".to_owned(), 53)];
        let resolvers = if dns.resolvers.is_empty() { &system[..] } else { &dns.resolvers[..] };
        let answers: Vec<Resolved> = resolvers
            .iter()
            .map(|(resolver, _)| Resolved {
                resolver: resolver.clone(),
                said: Ok(Answer {
                    rcode: dns.rcode.clone(),
                    records: self.records_of(sight, dns, resolver).into_iter().collect(),
                    ttl: Some(dns.ttl_max.unwrap_or(TTL).min(TTL)),
                    authoritative: false,
                }),
            })
            .collect();
        // Records are made up here: an expression that they would have to match is taken to match.
        match Expected::new(&DnsCheck { answer_regex: None, ..dns.clone() }, None) {
            Ok(expected) => expected.judge(&answers),
            Err(why) => Outcome::Unknown { why },
        }
    }

    fn records_of(&self, sight: &Sight<'_>, dns: &DnsCheck, resolver: &str) -> Vec<String> {
        if let Some(records) = &dns.answers {
            return records.clone();
        }
        let at = sight
            .check
            .service
            .as_ref()
            .and_then(|service| self.routes.seen_by(service, sight.noise.of(resolver).share(0), self.at));
        let at = at.or(dns.regions.first().map(|(region, _)| region));
        let of = |region: &RegionId| dns.regions.iter().find(|(known, _)| known == region).map(|(_, records)| records);
        match at.and_then(of) {
            Some(records) => records.clone(),
            None => vec![made_up(&dns.record, sight.noise)],
        }
    }

    pub(super) fn look_at_route53(&self, sight: &Sight<'_>, route53: &Route53Check) -> Outcome {
        match &route53.of {
            Route53Of::Records(records) => self.look_at_records(sight, records),
            Route53Of::HealthCheck { .. } => self.look_at_checkers(sight),
        }
    }

    /// Checkers look every 30 s, each in its own turn: what is new is seen by one after the other.
    fn look_at_checkers(&self, sight: &Sight<'_>) -> Outcome {
        let now = self.wall(self.at);
        let status = if sight.trouble.is_down() {
            "Failure: Connection timed out. The endpoint or the internet connection is down"
        } else {
            "Success: HTTP Status Code 200, OK"
        };
        let seen: Vec<Observation> = (0..CHECKERS)
            .map(|checker| {
                let ago = Duration::from_secs_f64(30.0 * sight.noise.share(u64::from(checker)));
                Observation { status: status.to_owned(), checked_at: now.checked_sub(ago).ok() }
            })
            .collect();
        let config = HealthCheckConfig { kind: "HTTPS".to_owned(), ..HealthCheckConfig::default() };
        judge_health_check(&config, &seen, now).0
    }

    /// As they stand at Route 53: moved at once, whatever resolvers still say.
    fn look_at_records(&self, sight: &Sight<'_>, records: &NameRecords) -> Outcome {
        let at = sight.check.service.as_ref().and_then(|service| self.routes.points_to(service));
        let at = at.or(records.regions.first().map(|(region, _)| region));
        let value = at
            .and_then(|region| records.regions.iter().find(|(known, _)| known == region))
            .and_then(|(_, values)| values.first().cloned())
            .unwrap_or_else(|| made_up(&records.record, sight.noise));
        let ttl = records.ttl_max.unwrap_or(TTL).min(TTL).as_secs();
        let set = RecordSet {
            name: records.query.clone(),
            kind: records.record.clone(),
            ttl: i64::try_from(ttl).ok(),
            resource_records: vec![ResourceRecord { value }],
            ..RecordSet::default()
        };
        records.judge(&[set], &Healths::new())
    }
}

/// A record in one of the ranges for documentation (RFC 5737, RFC 3849).
fn made_up(kind: &str, noise: Noise) -> String {
    let last = 1 + noise.bits(0) % 250;
    match kind {
        "A" => format!("192.0.2.{last}"),
        "AAAA" => format!("2001:db8::{last:x}"),
        "TXT" => "v=spf1 -all".to_owned(),
        "MX" => "10 mail.example.com".to_owned(),
        "SRV" => "10 5 443 www.example.com".to_owned(),
        "SOA" => "ns1.example.com hostmaster.example.com 2026112001 7200 900 1209600 60".to_owned(),
        _ => format!("host-{last}.example.com"),
    }
}
