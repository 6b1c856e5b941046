//! A configuration of the blackbox exporter: what its modules ask for.

use super::address::copied;
use super::{Dns, Found, Http, Look, Source, Trouble, address};
use crate::yaml::Node;

/// How targets are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) name: String,
    asks: Asks,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Asks {
    /// What is wanted of the answer, without an address, and what cannot be taken over.
    Http(Http, Vec<String>),
    Tcp {
        tls: bool,
    },
    Dns {
        query: String,
        record: Option<String>,
    },
    Other,
}

pub(super) fn read(source: &Source<'_>) -> Result<Found, Trouble> {
    let root = source.yaml()?;
    let Some(modules) = root.get("modules") else {
        return Err(source.trouble(0, "no `modules` stand in it"));
    };
    let modules = modules.entries().map(|(name, _, node)| Module { name: name.to_owned(), asks: asks(node) }).collect();
    Ok(Found { modules, ..Found::default() })
}

fn asks(node: &Node) -> Asks {
    let part = |name: &str| node.get(name);
    match node.get("prober").and_then(Node::text) {
        Some("http") => http(part("http")),
        Some("tcp") => {
            Asks::Tcp { tls: part("tcp").and_then(|tcp| tcp.get("tls")).and_then(Node::text) == Some("true") }
        }
        Some("dns") => part("dns").and_then(dns).unwrap_or(Asks::Other),
        _ => Asks::Other,
    }
}

fn http(node: Option<&Node>) -> Asks {
    let Some(node) = node else { return Asks::Http(Http::default(), Vec::new()) };
    let texts = |key: &str| node.get(key).map(Node::items).unwrap_or_default().iter().filter_map(Node::text);
    let number = |text: &str| text.parse::<u16>().ok().filter(|status| (100..600).contains(status));
    let mut left = Vec::new();
    let expressions: Vec<&str> = texts("fail_if_body_not_matches_regexp").collect();
    let matches = match expressions.as_slice() {
        [one] => copied(one).ok().map(str::to_owned),
        _ => None,
    };
    if matches.is_none() && !expressions.is_empty() {
        left.push("what its answer must match".to_owned());
    }
    for (key, _, _) in node.entries() {
        if matches!(
            key,
            "headers"
                | "body"
                | "basic_auth"
                | "authorization"
                | "oauth2"
                | "bearer_token"
                | "fail_if_body_matches_regexp"
                | "fail_if_header_matches"
                | "fail_if_header_not_matches"
        ) {
            left.push(format!("its `{key}`"));
        }
    }
    let method = node.get("method").and_then(Node::text).map(str::to_uppercase);
    let wanted = Http {
        url: String::new(),
        method: method.filter(|method| matches!(method.as_str(), "HEAD" | "POST" | "PUT" | "OPTIONS")),
        status: texts("valid_status_codes").filter_map(number).map(|status| status.to_string()).collect(),
        matches,
        ..Http::default()
    };
    Asks::Http(wanted, left)
}

fn dns(node: &Node) -> Option<Asks> {
    let query = copied(node.get("query_name")?.text()?).ok()?.trim_end_matches('.').to_owned();
    Some(Asks::Dns { query, record: node.get("query_type").and_then(Node::text).map(str::to_uppercase) })
}

impl Module {
    /// Where its own file was not found, its name says what it is, as long as it follows the custom.
    pub(super) fn by_custom(name: &str) -> Self {
        let word = name.split(['_', '-']).next().unwrap_or_default();
        let asks = match word {
            "http" | "https" | "" => Asks::Http(Http::default(), Vec::new()),
            "tcp" => Asks::Tcp { tls: name.contains("tls") },
            _ => Asks::Other,
        };
        Self { name: name.to_owned(), asks }
    }

    /// This target, looked at as this module does, and what of it was not taken over.
    pub(super) fn look(&self, target: &str) -> Result<(Look, Vec<String>), String> {
        match &self.asks {
            Asks::Http(wanted, left) => {
                let address = if target.contains("://") { target.to_owned() } else { format!("http://{target}") };
                let clean = address::url(&address)?;
                Ok((Look::Http(Http { url: clean.text, ..wanted.clone() }), [left.clone(), clean.left].concat()))
            }
            Asks::Tcp { tls } => Ok((Look::Tcp { address: address::host_port(target, None)?, tls: *tls }, Vec::new())),
            Asks::Dns { query, record } => {
                let resolver = Some(address::host_port(target, Some(53))?);
                Ok((Look::Dns(Dns { query: query.clone(), record: record.clone(), resolver, rcode: None }), Vec::new()))
            }
            Asks::Other => Err("no check looks as its module does".to_owned()),
        }
    }
}
