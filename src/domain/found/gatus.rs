//! A configuration of Gatus: its endpoints, with what their conditions ask for.

use super::address::{self, copied};
use super::condition::Wanted;
use super::region::{hint, without_place};
use super::{Dns, Endpoint, Found, Http, Look, Source, Trouble};
use crate::time::parse_duration;
use crate::yaml::{Node, Value};

pub(super) fn read(source: &Source<'_>) -> Result<Found, Trouble> {
    let root = source.yaml()?;
    let Some(endpoints) = root.get("endpoints") else {
        return Err(source.trouble(0, "no `endpoints` stand in it"));
    };
    let enabled = |node: &&Node| text(node, "enabled") != Some("false");
    let endpoints = endpoints.items().iter().filter(enabled).filter_map(|node| endpoint(source, node)).collect();
    Ok(Found { endpoints, ..Found::default() })
}

fn endpoint(source: &Source<'_>, node: &Node) -> Option<Endpoint> {
    let (url, group) = (text(node, "url")?, text(node, "group"));
    let name = text(node, "name").or(group)?;
    let conditions = node.get("conditions").map(Node::items).unwrap_or_default();
    let wanted = Wanted::of(conditions.iter().filter_map(Node::text));
    let mut left = Vec::new();
    match wanted.left {
        0 => {}
        1 => left.push("1 of its conditions".to_owned()),
        many => left.push(format!("{many} of its conditions")),
    }
    for key in ["headers", "body"] {
        if node.get(key).is_some() {
            left.push(format!("its {key}"));
        }
    }
    let (slow, every) = (wanted.slow, text(node, "interval").and_then(|text| parse_duration(text).ok()));
    let host = url.split('@').next_back().unwrap_or_default();
    let place = hint(&[name, group.unwrap_or_default(), host]);
    let look = look(node, url, wanted, &mut left).unwrap_or_else(Look::None);
    // `us-west-2` in the group `checkout` is the checkout.
    let name = if without_place(name).is_empty() { group.unwrap_or(name) } else { name };
    Some(Endpoint { name: name.to_owned(), place, look, every, slow, left, origin: source.at(node.span.start) })
}

fn look(node: &Node, url: &str, wanted: Wanted, left: &mut Vec<String>) -> Result<Look, String> {
    if let Some(dns) = node.get("dns") {
        let query =
            copied(text(dns, "query-name").ok_or("it names nothing to ask for")?)?.trim_end_matches('.').to_owned();
        let record = text(dns, "query-type").map(str::to_uppercase);
        return Ok(Look::Dns(Dns {
            query,
            record,
            resolver: Some(address::host_port(url, Some(53))?),
            rcode: wanted.rcode,
        }));
    }
    let (scheme, rest) = url.trim().split_once("://").ok_or("its address is no URL")?;
    Ok(match scheme.to_lowercase().as_str() {
        "tcp" => Look::Tcp { address: address::host_port(rest, None)?, tls: false },
        "tls" => Look::Tls { address: address::host_port(rest, None)?, starttls: false, days: wanted.cert_days },
        "starttls" => Look::Tls { address: address::host_port(rest, None)?, starttls: true, days: wanted.cert_days },
        "icmp" => return Err("no check pings: ask what it serves".to_owned()),
        _ => {
            let clean = address::url(url)?;
            left.extend(clean.left);
            let method = text(node, "method").map(str::to_uppercase).filter(|method| method != "GET");
            let unverified = node.get("client").and_then(|client| text(client, "insecure")) == Some("true");
            Look::Http(Http {
                url: clean.text,
                method: method.filter(|method| matches!(method.as_str(), "HEAD" | "POST" | "PUT" | "OPTIONS")),
                status: wanted.status,
                contains: wanted.contains,
                matches: None,
                json: wanted.json,
                cert_days: wanted.cert_days,
                any_certificate: unverified,
            })
        }
    })
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    match &node.get(key)?.value {
        Value::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}
