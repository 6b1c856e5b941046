//! In which region of the estate a host lives: as the estate's own addresses say, else as its name does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::Surroundings;
use crate::estate::{Check, CheckKind, Estate};
use crate::ident::RegionId;

/// Hosts of the estate by region.
#[derive(Debug)]
pub(super) struct Places<'a> {
    estate: &'a Estate,
    known: BTreeMap<String, BTreeSet<RegionId>>,
}

/// Where something lives, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lives {
    In(RegionId, String),
    /// On this machine, wherever that is.
    Here(String),
    /// In many places at once, or in none of the estate's regions.
    Elsewhere(String),
    Unknown(String),
}

impl<'a> Places<'a> {
    pub(super) fn new(estate: &'a Estate, around: &Surroundings) -> Self {
        let mut known: BTreeMap<String, BTreeSet<RegionId>> = BTreeMap::new();
        let mut add = |host: &str, region: &RegionId| {
            if !host.is_empty() {
                known.entry(plain(host)).or_default().insert(region.clone());
            }
        };
        for check in &estate.checks {
            for host in check.region.iter().flat_map(|_| hosts(check)) {
                check.region.iter().for_each(|region| add(&host, region));
            }
            let points = match &check.kind {
                CheckKind::Dns(dns) => dns.regions.as_slice(),
                _ => &[],
            };
            for (region, records) in points {
                records.iter().for_each(|record| add(record, region));
            }
        }
        for ((_, region), hosts) in &around.servers {
            hosts.iter().for_each(|host| add(host, region));
        }
        Self { estate, known }
    }

    /// Of an address: a host, with a scheme, a port, a path or a user around it or without.
    pub(super) fn of(&self, address: &str) -> Lives {
        let host = host_of(address);
        if host.is_empty() {
            return Lives::Unknown("it names no host".to_owned());
        }
        if let Ok(ip) = host.parse::<IpAddr>() {
            if ip.is_loopback() {
                return Lives::Here(format!("{host} is this machine"));
            }
            if anycast(&ip) {
                return Lives::Elsewhere(format!("{host} answers from everywhere"));
            }
        } else if host == "localhost" || host.starts_with('/') {
            return Lives::Here(format!("{host} is this machine"));
        }
        if let Some(regions) = self.known.get(&plain(&host)) {
            let mut regions = regions.iter();
            return match (regions.next(), regions.next()) {
                (Some(only), None) => Lives::In(only.clone(), format!("{host} is an address of that region")),
                _ => Lives::Elsewhere(format!("{host} serves several regions")),
            };
        }
        if let Some(region) = self.named_in(&host) {
            return Lives::In(region.clone(), format!("the name {host} says so"));
        }
        if let Ok(IpAddr::V4(ip)) = host.parse::<IpAddr>()
            && (ip.is_private() || ip.is_link_local())
        {
            return Lives::Here(format!("{host} is a private address, beside this machine"));
        }
        Lives::Unknown(format!("nothing tells where {host} lives"))
    }

    /// The only region whose name, or whose name at the provider, stands in a text as a part of its own.
    pub(super) fn named_in(&self, text: &str) -> Option<&RegionId> {
        let text = text.to_lowercase();
        let stands = |name: &str| {
            let name = name.to_lowercase();
            !name.is_empty()
                && text.match_indices(&name).any(|(at, _)| {
                    let whole = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
                    whole(text[..at].chars().next_back()) && whole(text[at + name.len()..].chars().next())
                })
        };
        let regions = self.estate.regions.iter().map(|region| &region.id);
        let mut named = regions.filter(|id| stands(id.as_str()) || stands(self.estate.aws_region(id)));
        let first = named.next()?;
        named.next().is_none().then_some(first)
    }
}

/// Resolvers that one address reaches in many places.
fn anycast(ip: &IpAddr) -> bool {
    const OPEN: [&str; 8] =
        ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "149.112.112.112", "208.67.222.222", "208.67.220.220"];
    OPEN.iter().any(|open| open.parse() == Ok(*ip))
}

fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_lowercase()
}

/// `https://user@host:443/path` → `host`.
pub(super) fn host_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    if rest.starts_with('/') {
        return rest.to_owned();
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(bracketed) = host.strip_prefix('[') {
        return bracketed.split(']').next().unwrap_or_default().to_owned();
    }
    // Two colons and more without brackets: an address of IPv6.
    match host.split_once(':') {
        Some((name, rest)) if !rest.contains(':') => plain(name),
        _ => plain(host),
    }
}

/// Hosts that a check asks.
pub(super) fn hosts(check: &Check) -> Vec<String> {
    match &check.kind {
        CheckKind::Http(http) => vec![host_of(&http.url)],
        CheckKind::Tcp(tcp) => vec![plain(&tcp.host)],
        CheckKind::Tls(tls) => vec![plain(&tls.host)],
        CheckKind::Redis(redis) => vec![plain(&redis.address.host)],
        CheckKind::Patroni(patroni) => patroni.urls.iter().map(|url| host_of(url)).collect(),
        CheckKind::Dns(_)
        | CheckKind::Postgres(_)
        | CheckKind::Kubernetes(_)
        | CheckKind::Command(_)
        | CheckKind::Heartbeat(_)
        | CheckKind::Calculated(_)
        | CheckKind::Route53(_)
        | CheckKind::CloudWatch(_) => Vec::new(),
    }
}
