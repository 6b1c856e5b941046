//! What is left after withholding, looked through once more: people's names become their roles wherever they stand, and
//! what looks like an address becomes a word.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::cast::Cast;
use crate::estate::Estate;

/// Links, mail, IPv4 and IPv6 with ports, telephone numbers, names of hosts with a domain.
static ADDRESSES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let kinds = [
        r"(?<address>[A-Za-z][A-Za-z0-9+.-]*://[^\s<>]+)",
        r"(?<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
        r"(?<ipv4>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/\d+)?\b)",
        r"(?<ipv6>\[?(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{0,4}\]?|\[?\b(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}:?)*\]?)",
        r"(?<phone>\+\d[\d ()/-]{6,}\d)",
        r"(?<host>\b[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\.[A-Za-z]{2,24}\b(?::\d+)?)",
    ];
    Regex::new(&kinds.join("|")).ok()
});
/// Hosts of the estate's own connection strings.
static HOSTS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:host(?:addr)?\s*=\s*|://(?:[^@/\s"']*@)?)([^\s"',;:/?\]}]+)"#).ok());

/// Knows the names of one incident.
#[derive(Debug, Default)]
pub(in crate::report) struct Scrub {
    /// Longest first, in lower case: a name, and what stands for it.
    names: Vec<(String, String)>,
}

impl Scrub {
    pub(super) fn new<'a>(cast: &Cast, hosts: impl Iterator<Item = &'a str>, estate: Option<&'a Estate>) -> Self {
        let mut names: Vec<_> = cast.names().map(|(name, role)| (name.to_lowercase(), role.to_owned())).collect();
        let people = estate.iter().flat_map(|estate| &estate.people);
        for reach in people.flat_map(|person| [&person.phone, &person.email]).flatten() {
            names.push((reach.to_lowercase(), "[address]".to_owned()));
        }
        let found = estate.zip(HOSTS.as_ref()).map(|(estate, hosts)| {
            hosts.captures_iter(&estate.source).filter_map(|found| Some(found.get(1)?.as_str())).collect::<Vec<_>>()
        });
        let known =
            |host: &str| estate.is_some_and(|estate| estate.regions.iter().any(|region| region.id.as_str() == host));
        for host in hosts.chain(found.into_iter().flatten()).filter(|host| !known(host)) {
            names.push((host.to_lowercase(), "[host]".to_owned()));
        }
        names.retain(|(name, _)| name.chars().count() > 1);
        names.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        names.dedup_by(|(later, _), (earlier, _)| later == earlier);
        Self { names }
    }

    pub(in crate::report) fn clean(&self, text: &str) -> String {
        let text = self.without_names(text);
        let Some(addresses) = ADDRESSES.as_ref() else { return text };
        let word = |found: &Captures<'_>| if found.name("host").is_some() { "[host]" } else { "[address]" }.to_owned();
        addresses.replace_all(&text, word).into_owned()
    }

    fn without_names(&self, text: &str) -> String {
        let lower = text.to_lowercase();
        // Where lower case has other lengths than what it was made of, places are not the same in both.
        if lower.len() != text.len() {
            return self.names.iter().fold(text.to_owned(), |text, (name, role)| text.replace(name, role));
        }
        let mut clean = String::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let begins = !text[..at].ends_with(inside_a_name);
            let found = self.names.iter().find(|(name, _)| {
                begins && lower[at..].starts_with(name.as_str()) && !lower[at + name.len()..].starts_with(inside_a_name)
            });
            if let Some((name, role)) = found {
                clean.push_str(role);
                at += name.len();
            } else if let Some(c) = text[at..].chars().next() {
                clean.push(c);
                at += c.len_utf8();
            }
        }
        clean
    }
}

/// `us-east-1` does not name a machine called `east`.
fn inside_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}
