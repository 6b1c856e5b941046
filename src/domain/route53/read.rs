//! Reading a `route53` block: YAML, every key known, every value of its type.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use serde_json::Value as Json;

use super::batch::{Action, Batch, Change, Wanted};
use super::record::{AliasTarget, RecordSet};
use crate::diagnostic::did_you_mean;
use crate::runbook::check_line::references;
use crate::runbook::substitute;
use crate::time::parse_duration;
use crate::yaml::{self, Node, Value};

/// Where the values of `$NAME` come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Filling<'a> {
    /// They are not known yet; where one stands nothing more is asked of the value.
    Later,
    From(&'a BTreeMap<String, String>),
    /// They stand in it already.
    Done,
}

/// What is wrong, and where in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

const TYPES: [&str; 16] = [
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SPF", "SRV", "SSHFP", "SVCB", "TLSA",
    "TXT",
];
const RECORD: [&str; 9] =
    ["name", "type", "set_identifier", "ttl", "values", "alias", "weight", "failover", "health_check"];
const IDENTITY: [&str; 3] = ["name", "type", "set_identifier"];
const ALIAS: [&str; 3] = ["zone", "name", "evaluate_target_health"];
/// Of the routing policies that a block keeps and does not write.
const KEPT: [&str; 7] =
    ["region", "geo_location", "geolocation", "multivalue", "multi_value_answer", "cidr", "geoproximity"];

/// Reads a whole block; every mistake is named.
pub(crate) fn read(text: &str, filling: Filling<'_>) -> Result<Batch, Vec<Wrong>> {
    let mut reader = Reader { filling, wrong: Vec::new() };
    let read = yaml::read(text, 0);
    if let Some((why, at)) = read.problem {
        reader.say(&at, why, None);
    }
    let batch = match &read.root {
        Some(root @ Node { value: Value::Map(_), .. }) => reader.batch(root),
        _ => {
            reader.say(&(0..text.len()), "write `zone:` and the record, or `changes:`", None);
            None
        }
    };
    match batch {
        Some(batch) if reader.wrong.is_empty() => Ok(batch),
        _ => Err(reader.wrong),
    }
}

struct Reader<'a> {
    filling: Filling<'a>,
    wrong: Vec<Wrong>,
}

impl Reader<'_> {
    fn say(&mut self, at: &Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.wrong.push(Wrong { at: at.clone(), message: message.into(), help });
    }

    fn batch(&mut self, root: &Node) -> Option<Batch> {
        let zone = match find(root, "zone") {
            Some(zone) => self.zone(zone),
            None => {
                let help = "the id of the hosted zone, such as `zone: Z0123456789ABCDEFGHIJ`".to_owned();
                self.say(&root.span, "`zone` is missing", Some(help));
                None
            }
        };
        let changes = match find(root, "changes") {
            Some(list) => {
                self.keys(root, &["zone", "changes"]);
                self.changes(list)
            }
            None => vec![self.single(root)],
        };
        Some(Batch { zone: zone?, changes: changes.into_iter().collect::<Option<Vec<_>>>()? })
    }

    fn zone(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        let id = text.trim_start_matches("/hostedzone/");
        let shaped =
            (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !shaped && !self.open(&text) {
            let help = Some("`aws route53 list-hosted-zones` prints it".to_owned());
            self.say(&node.span, format!("`{text}` is not the id of a hosted zone"), help);
            return None;
        }
        Some(id.to_owned())
    }

    fn changes(&mut self, list: &Node) -> Vec<Option<Change>> {
        let Value::List(items) = &list.value else {
            self.say(&list.span, "`changes` is a list: `- upsert: {…}`", None);
            return Vec::new();
        };
        if items.is_empty() {
            self.say(&list.span, "`changes` is empty", None);
        }
        items.iter().map(|item| self.change(item)).collect()
    }

    /// `- upsert: {…}`, or the record itself.
    fn change(&mut self, item: &Node) -> Option<Change> {
        let mut entries = item.entries();
        let (first, more) = (entries.next(), entries.next().is_some());
        match first {
            Some((word, key, record)) if matches!(record.value, Value::Map(_)) && !more => {
                let Some(action) = Action::ALL.into_iter().find(|action| action.word() == word) else {
                    let words = Action::ALL.map(Action::word);
                    let help = did_you_mean(word, words).or_else(|| Some(format!("use one of {}", words.join(", "))));
                    self.say(&key.span, format!("unknown change `{word}`"), help);
                    return None;
                };
                self.record(action, record, &[])
            }
            Some(_) => self.single(item),
            None => {
                self.say(&item.span, "a change is `upsert: {…}`, `create: {…}` or `delete: {…}`", None);
                None
            }
        }
    }

    /// A record whose action, `upsert` unless written, stands beside it.
    fn single(&mut self, node: &Node) -> Option<Change> {
        let action = match find(node, "action") {
            None => Action::Upsert,
            Some(written) => {
                let word = self.text(written)?.to_lowercase();
                let plain = [Action::Upsert, Action::Create, Action::Delete];
                match plain.into_iter().find(|action| action.word() == word) {
                    Some(action) => action,
                    None => {
                        let help = Some("use upsert, create or delete".to_owned());
                        self.say(&written.span, format!("unknown action `{word}`"), help);
                        return None;
                    }
                }
            }
        };
        self.record(action, node, &["zone", "action"])
    }

    fn record(&mut self, action: Action, node: &Node, beside: &[&str]) -> Option<Change> {
        if action == Action::Put {
            return self.complete(node);
        }
        let known: &[&str] = if action == Action::Delete { &IDENTITY } else { &RECORD };
        self.keys(node, &[known, beside].concat());
        let name = self.needed(node, "name").and_then(|at| self.name(at));
        let kind = self.needed(node, "type").and_then(|at| self.kind(at));
        let set_identifier = find(node, "set_identifier").and_then(|at| self.text(at));
        if action == Action::Delete {
            return Some(Change::Delete { name: name?, kind: kind?, set_identifier });
        }
        let ttl = find(node, "ttl").and_then(|at| self.ttl(at));
        let values = find(node, "values").map(|at| (at, self.values(at, kind.as_deref().unwrap_or_default())));
        let alias = find(node, "alias").and_then(|at| self.alias(at));
        if let (Some((at, _)), true) = (&values, find(node, "alias").is_some()) {
            self.say(&at.span, "a record has `values` or an `alias`, not both", None);
        }
        if let (Some(at), true) = (find(node, "ttl"), find(node, "alias").is_some()) {
            let help = Some("leave `ttl` out: an alias has the TTL of its target".to_owned());
            self.say(&at.span, "`ttl` on an alias", help);
        }
        let weight = find(node, "weight").and_then(|at| self.number(at, 0..=255));
        let failover = find(node, "failover").and_then(|at| self.failover(at));
        let health_check = find(node, "health_check").and_then(|at| self.text(at));
        let nothing = values.is_none() && alias.is_none() && ttl.is_none() && weight.is_none();
        if nothing && failover.is_none() && health_check.is_none() && self.wrong.is_empty() {
            let help = Some("write `values` and `ttl`, or `alias`, or `weight`".to_owned());
            self.say(&node.span, "this change says nothing that becomes different", help);
        }
        let values = values.map(|(_, values)| values);
        let wanted =
            Wanted { name: name?, kind: kind?, set_identifier, ttl, values, alias, weight, failover, health_check };
        Some(if action == Action::Create { Change::Create(wanted) } else { Change::Upsert(wanted) })
    }

    /// A record set in the words of the API.
    fn complete(&mut self, node: &Node) -> Option<Change> {
        match serde_json::from_value::<RecordSet>(json(node, "")) {
            Ok(set) if !set.name.is_empty() && !set.kind.is_empty() => Some(Change::Put(Box::new(set))),
            Ok(_) => {
                self.say(&node.span, "a complete record set has a `Name` and a `Type`", None);
                None
            }
            Err(error) => {
                let help = "it is written as `aws route53 list-resource-record-sets` prints it".to_owned();
                self.say(&node.span, format!("not a record set: {error}"), Some(help));
                None
            }
        }
    }

    fn needed<'n>(&mut self, node: &'n Node, key: &str) -> Option<&'n Node> {
        let found = find(node, key);
        if found.is_none() {
            self.say(&node.span, format!("`{key}` is missing"), None);
        }
        found
    }

    fn keys(&mut self, node: &Node, known: &[&str]) {
        for (name, key, _) in node.entries().filter(|(name, _, _)| !known.contains(name)) {
            let help = if KEPT.contains(&name) {
                "leave it out: an upsert keeps it as it stands".to_owned()
            } else {
                did_you_mean(name, known.iter().copied()).unwrap_or_else(|| format!("it knows {}", known.join(", ")))
            };
            self.say(&key.span, format!("unknown key `{name}`"), Some(help));
        }
    }

    /// The scalar with its values in it.
    fn text(&mut self, node: &Node) -> Option<String> {
        let Some(written) = node.text().filter(|text| !text.trim().is_empty()) else {
            self.say(&node.span, "a text is needed here", None);
            return None;
        };
        match self.filling {
            Filling::Later | Filling::Done => Some(written.to_owned()),
            Filling::From(values) => match substitute(written, values) {
                Ok(text) => Some(text),
                Err(why) => {
                    self.say(&node.span, why, None);
                    None
                }
            },
        }
    }

    /// Its value is not known yet.
    fn open(&self, text: &str) -> bool {
        matches!(self.filling, Filling::Later) && !references(text).is_empty()
    }

    fn name(&mut self, node: &Node) -> Option<String> {
        let name = self.text(node)?;
        let fine = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '/' | ':' | '@');
        let labels = name.trim_end_matches('.').split('.');
        let shaped = name.len() <= 255 && labels.clone().count() > 1 && labels.clone().all(|label| !label.is_empty());
        if !(self.open(&name) || shaped && name.chars().all(fine)) {
            let help = Some("write it whole, such as `payments.example.com`".to_owned());
            self.say(&node.span, format!("`{name}` is not the name of a record"), help);
            return None;
        }
        Some(name)
    }

    fn kind(&mut self, node: &Node) -> Option<String> {
        let kind = self.text(node)?.to_uppercase();
        if TYPES.contains(&kind.as_str()) || self.open(&kind) {
            return Some(kind);
        }
        let help = did_you_mean(&kind, TYPES).or_else(|| Some(format!("use one of {}", TYPES.join(", "))));
        self.say(&node.span, format!("`{kind}` is not a type of record"), help);
        None
    }

    /// Seconds, or a duration.
    fn ttl(&mut self, node: &Node) -> Option<i64> {
        let text = self.text(node)?;
        if self.open(&text) {
            return Some(0);
        }
        let seconds = text.parse::<i64>().ok().or_else(|| i64::try_from(parse_duration(&text).ok()?.as_secs()).ok());
        match seconds.filter(|seconds| (0..=i64::from(i32::MAX)).contains(seconds)) {
            Some(seconds) => Some(seconds),
            None => {
                let help = Some("write seconds, such as 60, or `1m`".to_owned());
                self.say(&node.span, format!("`{text}` is not a TTL"), help);
                None
            }
        }
    }

    fn number(&mut self, node: &Node, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let text = self.text(node)?;
        if self.open(&text) {
            return Some(*range.start());
        }
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let message = format!("`{text}` is not a number from {} to {}", range.start(), range.end());
            self.say(&node.span, message, None);
        }
        number
    }

    fn failover(&mut self, node: &Node) -> Option<String> {
        let role = self.text(node)?.to_uppercase();
        if !matches!(role.as_str(), "PRIMARY" | "SECONDARY") && !self.open(&role) {
            self.say(&node.span, format!("`{role}` is neither primary nor secondary"), None);
            return None;
        }
        Some(role)
    }

    fn values(&mut self, node: &Node, kind: &str) -> Vec<String> {
        let nodes: Vec<&Node> = match &node.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        if nodes.is_empty() || kind == "CNAME" && nodes.len() > 1 {
            let message = if nodes.is_empty() { "`values` is empty" } else { "a CNAME has one value" };
            self.say(&node.span, message, None);
        }
        nodes.into_iter().filter_map(|node| self.value(node, kind)).collect()
    }

    fn value(&mut self, node: &Node, kind: &str) -> Option<String> {
        let value = self.text(node)?;
        let wrong = match kind {
            _ if self.open(&value) => None,
            "A" if value.parse::<Ipv4Addr>().is_err() => Some("is not an IPv4 address"),
            "AAAA" if value.parse::<Ipv6Addr>().is_err() => Some("is not an IPv6 address"),
            "TXT" | "SPF" if !value.starts_with('"') => Some("needs double quotes inside: '\"…\"'"),
            "CNAME" | "NS" | "PTR" if value.contains(char::is_whitespace) || value.contains("://") => {
                Some("is not a name")
            }
            _ => None,
        };
        match wrong {
            Some(why) => {
                self.say(&node.span, format!("`{value}` {why}"), None);
                None
            }
            None => Some(value),
        }
    }

    fn alias(&mut self, node: &Node) -> Option<AliasTarget> {
        if !matches!(node.value, Value::Map(_)) {
            let help = Some("write `alias: {zone: Z…, name: …}`: the zone is that of the target".to_owned());
            self.say(&node.span, "an alias names the zone and the name of its target", help);
            return None;
        }
        self.keys(node, &ALIAS);
        let zone = self.needed(node, "zone").and_then(|at| self.zone(at));
        let name = self.needed(node, "name").and_then(|at| self.name(at));
        let evaluate = match find(node, "evaluate_target_health").map(|at| (at, self.text(at))) {
            None => Some(false),
            Some((_, Some(text))) if text == "true" || text == "yes" => Some(true),
            Some((_, Some(text))) if text == "false" || text == "no" => Some(false),
            Some((at, text)) => {
                if text.is_some() {
                    self.say(&at.span, "write true or false", None);
                }
                None
            }
        };
        Some(AliasTarget { hosted_zone_id: zone?, dns_name: name?, evaluate_target_health: evaluate? })
    }
}

fn find<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.entries().find(|(name, _, _)| *name == key).map(|(_, _, value)| value)
}

/// Scalars of the API that are no texts, by their key.
fn json(node: &Node, key: &str) -> Json {
    match &node.value {
        Value::Nothing => Json::Null,
        Value::Text(text) => match key {
            "TTL" | "Weight" | "Bias" => text.parse::<i64>().map_or_else(|_| Json::from(text.as_str()), Json::from),
            "EvaluateTargetHealth" | "MultiValueAnswer" => {
                text.parse::<bool>().map_or_else(|_| Json::from(text.as_str()), Json::from)
            }
            _ => Json::from(text.as_str()),
        },
        Value::List(items) => Json::Array(items.iter().map(|item| json(item, "")).collect()),
        Value::Map(_) => {
            Json::Object(node.entries().map(|(name, _, value)| (name.to_owned(), json(value, name))).collect())
        }
    }
}
