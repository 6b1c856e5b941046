//! One value of the file: what it says, or what is wrong with it. Used twice for each value, by the check that
//! reports and by the builder that takes it, so that the two can never differ.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use regex::Regex;
use toml::de::DeValue;

use super::check::{Family, Quorum, Ready, RedisAddress};
use super::model::{DownWhen, FailWhen, Mirror, Objective};
use super::schema::{Kind, Variant};
use super::source::{Endpoint, SecretSource, SourceProblem};
use crate::diagnostic::did_you_mean;
use crate::people::Role;
use crate::time::parse_duration;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

type Read<T> = Result<T, Problem>;

fn wrong<T>(message: impl Into<String>, help: Option<String>) -> Read<T> {
    Err(Problem { code: "estate::value", message: message.into(), help })
}

fn wrong_type<T>(kind: &Kind, found: &DeValue<'_>) -> Read<T> {
    let found = match found {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Err(Problem {
        code: "estate::type",
        message: format!("this is {found}, and {} is expected", kind.expectation()),
        help: None,
    })
}

/// The text of a value that is text and not empty.
pub(super) fn text<'v>(kind: &Kind, value: &'v DeValue<'_>) -> Read<&'v str> {
    match value.as_str() {
        None => wrong_type(kind, value),
        Some(text) if text.trim().is_empty() => {
            wrong("this is empty", Some(format!("write {}, or leave the key out", kind.expectation())))
        }
        Some(text) if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') => {
            wrong("this holds a control character", Some("remove it".to_owned()))
        }
        Some(text) => Ok(text),
    }
}

/// A name; tiers may be written as numbers.
pub(super) fn name(kind: &Kind, value: &DeValue<'_>) -> Read<String> {
    match value {
        DeValue::Integer(number) => Ok(number.to_string()),
        other => text(kind, other).map(str::to_owned),
    }
}

pub(super) fn boolean(value: &DeValue<'_>) -> Read<bool> {
    value.as_bool().map_or_else(|| wrong_type(&Kind::Bool, value), Ok)
}

pub(super) fn duration(value: &DeValue<'_>) -> Read<Duration> {
    match value {
        DeValue::Integer(number) => {
            wrong("a duration has a unit", Some(format!("write \"{number}s\", \"{number}m\" or \"{number}h\"")))
        }
        other => match parse_duration(text(&Kind::Duration, other)?) {
            Ok(span) if span.is_zero() => wrong("this must be longer than 0", None),
            Ok(span) => Ok(span),
            Err(why) => wrong(why, None),
        },
    }
}

/// `None` is the word.
pub(super) fn duration_or(word: &'static str) -> impl Fn(&DeValue<'_>) -> Read<Option<Duration>> {
    move |value| {
        let zero = |number: &toml::de::DeInteger<'_>| integer(number) == Some(0);
        match value {
            DeValue::Integer(number) if word == "0" && zero(number) => Ok(None),
            DeValue::String(text) if text.trim() == word => Ok(None),
            _ => duration(value).map(Some).map_err(|problem| Problem {
                help: problem
                    .help
                    .or_else(|| Some(format!("or write {}", if word == "0" { "0" } else { "\"never\"" }))),
                ..problem
            }),
        }
    }
}

pub(super) fn objective(value: &DeValue<'_>) -> Read<Objective> {
    if let DeValue::Integer(number) = value {
        return match integer(number) {
            Some(0) => Ok(Objective::Within(Duration::ZERO)),
            _ => wrong(
                "a duration has a unit",
                Some(format!("write \"{number}s\", \"{number}m\" or \"{number}h\"; only 0 stands alone")),
            ),
        };
    }
    let text = text(&Kind::Objective, value)?.trim();
    if matches!(text.to_lowercase().as_str(), "n/a" | "na" | "none") {
        return Ok(Objective::NotApplicable);
    }
    parse_duration(text).map(Objective::Within).or_else(|why| wrong(why, Some("or write \"n/a\"".to_owned())))
}

fn integer(number: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

pub(super) fn count(kind: &Kind, value: &DeValue<'_>) -> Read<u64> {
    let Kind::Count { min, max } = kind else { return wrong_type(kind, value) };
    let Some(number) = value.as_integer() else { return wrong_type(kind, value) };
    match integer(number).and_then(|number| u64::try_from(number).ok()) {
        Some(number) if (*min..=*max).contains(&number) => Ok(number),
        _ => wrong(format!("{number} is not {}", kind.expectation()), None),
    }
}

/// A number that is one: neither infinite nor `nan`.
pub(super) fn number(value: &DeValue<'_>) -> Read<f64> {
    match decimal(&Kind::Number, value)? {
        Some(number) if number.is_finite() => Ok(number),
        _ => wrong("this is no number that anything could be compared with", None),
    }
}

fn decimal(kind: &Kind, value: &DeValue<'_>) -> Read<Option<f64>> {
    match value {
        DeValue::Integer(whole) if whole.radix() == 10 => Ok(whole.as_str().parse::<f64>().ok()),
        #[allow(clippy::cast_precision_loss)]
        DeValue::Integer(whole) => Ok(integer(whole).map(|whole| whole as f64)),
        DeValue::Float(number) => Ok(number.as_str().parse().ok()),
        _ => wrong_type(kind, value),
    }
}

pub(super) fn share(value: &DeValue<'_>) -> Read<f64> {
    match decimal(&Kind::Share, value)? {
        Some(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => wrong("this is not between 0 and 1", Some("write 0.5 for half".to_owned())),
    }
}

/// `99.9 %` as `0.999`.
pub(super) fn percent(value: &DeValue<'_>) -> Read<f64> {
    if let DeValue::Float(_) | DeValue::Integer(_) = value {
        return wrong("a percentage is text with its sign", Some("write \"99.9 %\"".to_owned()));
    }
    let text = text(&Kind::Percent, value)?;
    let Some(number) = text.trim().strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok()) else {
        return wrong(format!("`{text}` is not a percentage"), Some("write \"99.9 %\"".to_owned()));
    };
    if number > 0.0 && number < 100.0 {
        Ok(number / 100.0)
    } else {
        wrong(format!("{text} leaves no budget"), Some("write a figure above 0 % and below 100 %".to_owned()))
    }
}

/// One of `words`; returns it as the table spells it.
pub(super) fn word(words: &'static [&'static str], value: &DeValue<'_>) -> Read<&'static str> {
    let text = text(&Kind::Word(words), value)?;
    words.iter().find(|word| **word == text).copied().map_or_else(|| not_a_word(&Kind::Word(words), text, words), Ok)
}

/// The variant that the word names.
pub(super) fn variant(variants: &'static [Variant], value: &DeValue<'_>) -> Read<&'static Variant> {
    let text = text(&Kind::Type(variants), value)?;
    let words: Vec<&str> = variants.iter().map(|variant| variant.word).collect();
    let found = variants.iter().find(|variant| variant.word == text);
    found.map_or_else(|| not_a_word(&Kind::Type(variants), text, &words), Ok)
}

fn not_a_word<T>(kind: &Kind, text: &str, words: &[&str]) -> Read<T> {
    let help = did_you_mean(text, words.iter().copied());
    wrong(format!("`{text}` is not known here"), help.or_else(|| Some(format!("write {}", kind.expectation()))))
}

pub(super) fn down_when(value: &DeValue<'_>) -> Read<DownWhen> {
    let text = text(&Kind::DownWhen, value)?.trim();
    let count = some_of(text).filter(|(least, all)| (1..=*all).contains(least)).map(|(least, _)| least);
    match (text, count) {
        ("all", _) => Ok(DownWhen::All),
        ("any", _) => Ok(DownWhen::Any),
        (_, Some(least)) => Ok(DownWhen::AtLeast(least)),
        _ => wrong(format!("`{text}` is not known here"), Some(format!("write {}", Kind::DownWhen.expectation()))),
    }
}

pub(super) fn family(value: &DeValue<'_>) -> Read<Family> {
    match value.as_integer().and_then(integer) {
        Some(4) => Ok(Family::V4),
        Some(6) => Ok(Family::V6),
        Some(other) => wrong(format!("there is no IP version {other}"), Some("write 4 or 6".to_owned())),
        None => wrong_type(&Kind::Family, value),
    }
}

/// Text in which `\\r \\n \\t \\0 \\\\ \\xHH` stand for bytes, in whichever quotes it is written.
pub(super) fn bytes(value: &DeValue<'_>) -> Read<Vec<u8>> {
    let Some(text) = value.as_str() else { return wrong_type(&Kind::Bytes, value) };
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escaped = &rest[at + 1..];
        let (byte, length) = match escaped.as_bytes() {
            [b'r', ..] => (b'\r', 1),
            [b'n', ..] => (b'\n', 1),
            [b't', ..] => (b'\t', 1),
            [b'0', ..] => (0, 1),
            [b'\\', ..] => (b'\\', 1),
            [b'x', ..] => match escaped.get(1..3).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                Some(byte) => (byte, 3),
                None => return wrong("`\\x` is followed by two hexadecimal digits", None),
            },
            _ => {
                let help = "write \\r \\n \\t \\0 \\\\ or \\xHH; in \"…\" each backslash is doubled".to_owned();
                return wrong("this backslash stands for nothing", Some(help));
            }
        };
        bytes.push(byte);
        rest = &escaped[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    if bytes.is_empty() { wrong("this is empty", Some("leave the key out".to_owned())) } else { Ok(bytes) }
}

pub(super) fn quorum(value: &DeValue<'_>) -> Read<Quorum> {
    if value.is_integer() {
        let many = count(&Kind::Count { min: 1, max: 256 }, value)?;
        return Ok(Quorum::AtLeast(u32::try_from(many).unwrap_or(u32::MAX)));
    }
    let text = text(&Kind::Quorum, value)?.trim();
    let count = || {
        let (least, all) = some_of(text)?;
        (least >= 1 && least <= all).then_some(Quorum::Of(least, all))
    };
    match text {
        "all" => Ok(Quorum::All),
        "any" => Ok(Quorum::Any),
        _ => count().map_or_else(
            || wrong(format!("`{text}` is not known here"), Some(format!("write {}", Kind::Quorum.expectation()))),
            Ok,
        ),
    }
}

/// Hosts and ports of name servers; the port is 53 unless written.
pub(super) fn resolvers(value: &DeValue<'_>) -> Read<Vec<(String, u16)>> {
    let servers = list(&Kind::Resolvers, value, |item| {
        let name = text(&Kind::Text, item)?.trim();
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        if bare.parse::<std::net::IpAddr>().is_ok() || !name.contains(':') && !name.contains(['/', ' ']) {
            return Ok((bare.to_owned(), 53));
        }
        host_port(item)
    })?;
    if servers.is_empty() {
        wrong("there is nobody to ask", Some("leave the key out for the system's".to_owned()))
    } else {
        Ok(servers)
    }
}

pub(super) fn fail_when(value: &DeValue<'_>) -> Read<FailWhen> {
    let text = text(&Kind::FailWhen, value)?.trim();
    some_of(text).and_then(|(failures, of)| FailWhen::new(failures, of)).map_or_else(
        || wrong(format!("`{text}` is not known here"), Some(format!("write {}", Kind::FailWhen.expectation()))),
        Ok,
    )
}

/// `3 of 5`.
fn some_of(text: &str) -> Option<(u32, u32)> {
    let (some, all) = text.split_once(" of ")?;
    Some((some.trim().parse().ok()?, all.trim().parse().ok()?))
}

/// The elements of a list, each read by `element`.
pub(super) fn list<T>(kind: &Kind, value: &DeValue<'_>, element: impl Fn(&DeValue<'_>) -> Read<T>) -> Read<Vec<T>> {
    match value.as_array() {
        Some(array) => array.iter().map(|item| element(item.get_ref())).collect(),
        None => match (wrong_type(kind, value), value.as_str()) {
            (Err(problem), Some(text)) => Err(Problem { help: Some(format!("write [\"{text}\"]")), ..problem }),
            (other, _) => other,
        },
    }
}

pub(super) fn texts(kind: &Kind, value: &DeValue<'_>) -> Read<Vec<String>> {
    list(kind, value, |item| text(&Kind::Text, item).map(str::to_owned))
}

pub(super) fn argv(value: &DeValue<'_>) -> Read<Vec<String>> {
    if value.is_str() {
        return wrong(
            "a command is a list: nothing is handed to a shell",
            Some("write [\"program\", \"argument\"]; where a shell is wanted, [\"sh\", \"-c\", \"…\"]".to_owned()),
        );
    }
    let argv = list(&Kind::Argv, value, |item| match item.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => wrong_type(&Kind::Text, item),
    })?;
    match argv.first().map(|program| program.trim().is_empty()) {
        Some(false) => Ok(argv),
        _ => wrong("a command needs a program", Some(format!("write {}", Kind::Argv.expectation()))),
    }
}

pub(super) fn mirror(value: &DeValue<'_>) -> Read<Mirror> {
    match value {
        DeValue::Array(_) => argv(value).map(Mirror::Command),
        other => text(&Kind::PathOrArgv, other).map(|path| Mirror::Path(path.to_owned())),
    }
}

/// Inclusive ranges of HTTP answers.
pub(super) fn status_ranges(value: &DeValue<'_>) -> Read<Vec<(u16, u16)>> {
    match value {
        DeValue::Array(items) if items.is_empty() => wrong("no answer would be good", None),
        DeValue::Array(items) => items.iter().map(|item| status_range(item.get_ref())).collect(),
        other => status_range(other).map(|range| vec![range]),
    }
}

fn status_range(value: &DeValue<'_>) -> Read<(u16, u16)> {
    let written = match value {
        DeValue::Integer(number) => number.to_string(),
        DeValue::String(text) => text.to_string(),
        other => return wrong_type(&Kind::StatusRanges, other),
    };
    let (low, high) = written.split_once('-').unwrap_or((&written, &written));
    match (low.trim().parse::<u16>(), high.trim().parse::<u16>()) {
        (Ok(low), Ok(high)) if low >= 100 && high <= 599 && low <= high => Ok((low, high)),
        _ => wrong(format!("`{written}` is not an HTTP answer"), Some("write 200 or \"200-399\"".to_owned())),
    }
}

pub(super) fn url(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::Url, value)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match host {
        None => wrong(format!("`{text}` is not a URL"), Some(format!("write https://{text}"))),
        Some("") => wrong(format!("`{text}` names no host"), None),
        Some(_) if text.contains(char::is_whitespace) => {
            wrong("a URL holds no white space", Some("write %20 for a space".to_owned()))
        }
        Some(_) => Ok(text.to_owned()),
    }
}

/// Where a secret is found. What is written there is never repeated.
pub(super) fn secret(value: &DeValue<'_>) -> Read<SecretSource> {
    SecretSource::parse(text(&Kind::Secret, value)?).or_else(|problem| match problem {
        SourceProblem::Literal => Err(Problem {
            code: "estate::secret",
            message: "a secret is written here".to_owned(),
            help: Some(
                "write \"env:NAME\" or \"file:/path\": its value is taken from there when it is needed".to_owned(),
            ),
        }),
        SourceProblem::Variable => wrong("this is not the name of a variable", Some("write \"env:NAME\"".to_owned())),
        SourceProblem::Path => wrong("this is not a path from the root", Some("write \"file:/path\"".to_owned())),
    })
}

pub(super) fn endpoint(value: &DeValue<'_>) -> Read<Endpoint> {
    let text = text(&Kind::UrlOrSecret, value)?;
    if text.starts_with("env:") || text.starts_with("file:") {
        secret(value).map(Endpoint::Secret)
    } else if text.starts_with("https://") || text.starts_with("http://") {
        url(value).map(Endpoint::Url)
    } else {
        // Not repeated: it may be a secret.
        wrong("this is not a URL", Some(format!("write {}", Kind::UrlOrSecret.expectation())))
    }
}

/// `ana@example.com`, `Ana <ana@example.com>`: rough, so that a slip is found before it matters.
pub(super) fn mailbox(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::Mailbox, value)?.trim();
    let address = match text.strip_suffix('>') {
        Some(named) => named.rsplit_once('<').map(|(_, address)| address),
        None => Some(text),
    };
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>@,;".contains(c));
    match address.and_then(|address| address.split_once('@')) {
        Some((local, host)) if plain(local) && plain(host) && !text.contains(['\n', '\t']) => Ok(text.to_owned()),
        _ => wrong(format!("`{text}` is not a mail address"), Some(format!("write {}", Kind::Mailbox.expectation()))),
    }
}

pub(super) fn mailboxes(value: &DeValue<'_>) -> Read<Vec<String>> {
    let all = list(&Kind::MailboxList, value, mailbox)?;
    if all.is_empty() { wrong("nobody would get it", None) } else { Ok(all) }
}

pub(super) fn urls(value: &DeValue<'_>) -> Read<Vec<String>> {
    match list(&Kind::UrlList, value, url)? {
        empty if empty.is_empty() => wrong("this is empty", Some("write at least one".to_owned())),
        urls => Ok(urls),
    }
}

pub(super) fn redis_url(value: &DeValue<'_>) -> Read<RedisAddress> {
    let text = text(&Kind::RedisUrl, value)?.trim();
    let (tls, rest) = match (text.strip_prefix("redis://"), text.strip_prefix("rediss://")) {
        (Some(rest), _) => (false, rest),
        (None, Some(rest)) => (true, rest),
        (None, None) => {
            return wrong(format!("`{text}` is no address of Redis"), Some(format!("write redis://{text}")));
        }
    };
    let rest = rest.trim_end_matches('/');
    if rest.contains(['@', '/', '?']) {
        let help = "write user = \"…\" and password = \"env:NAME\" beside it; a database's number has no meaning here";
        return wrong("this is more than host and port", Some(help.to_owned()));
    }
    let bracketed_only = rest.ends_with(']');
    let (host, port) = match rest.rsplit_once(':').filter(|_| !bracketed_only) {
        Some((host, port)) => (host, port.parse::<u16>().ok().filter(|port| *port > 0)),
        None => (rest, Some(6379)),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match port {
        Some(port) if !host.is_empty() && !host.contains(' ') => Ok(RedisAddress { tls, host: host.to_owned(), port }),
        _ => wrong(format!("`{text}` is not an address"), Some(format!("write {}", Kind::RedisUrl.expectation()))),
    }
}

pub(super) fn ready(value: &DeValue<'_>) -> Read<Ready> {
    match value {
        DeValue::String(_) => percent(value).map(Ready::Share),
        _ => {
            let most = Kind::Count { min: 0, max: u32::MAX as u64 };
            count(&most, value).map(|many| Ready::Count(u32::try_from(many).unwrap_or(u32::MAX)))
        }
    }
}

pub(super) fn host_port(value: &DeValue<'_>) -> Read<(String, u16)> {
    let text = text(&Kind::HostPort, value)?.trim();
    let Some((host, port)) = text.rsplit_once(':') else {
        return wrong(format!("`{text}` has no port"), Some(format!("write \"{text}:443\"")));
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match port.parse::<u16>() {
        Ok(port) if port > 0 && !host.is_empty() && !host.contains(['/', ' ']) => Ok((host.to_owned(), port)),
        _ => wrong(format!("`{text}` is not an address"), Some(format!("write {}", Kind::HostPort.expectation()))),
    }
}

pub(super) fn url_or_host_port(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::UrlOrHostPort, value)?;
    if text.contains("://") { url(value) } else { host_port(value).map(|_| text.trim().to_owned()) }
}

pub(super) fn socket_address(value: &DeValue<'_>) -> Read<SocketAddr> {
    let text = text(&Kind::SocketAddress, value)?;
    text.trim().parse().or_else(|_| {
        wrong(
            format!("`{text}` is not an IP address with a port"),
            Some("write \"192.0.2.1:443\" or \"[2001:db8::1]:443\"".to_owned()),
        )
    })
}

pub(super) fn dsn(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::Dsn, value)?;
    let url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if url || text.contains('=') {
        Ok(text.to_owned())
    } else {
        wrong(
            format!("`{text}` is not a connection string"),
            Some("write \"service=NAME\", \"postgresql://host:5432/database\" or \"host=… dbname=…\"".to_owned()),
        )
    }
}

pub(super) fn regex(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::Regex, value)?;
    match Regex::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            wrong(
                format!("this regular expression does not work: {why}"),
                Some("escape special characters, such as `\\(`; a text in '…' needs no doubled backslash".to_owned()),
            )
        }
    }
}

pub(super) fn numbers(value: &DeValue<'_>) -> Read<Vec<i32>> {
    list(&Kind::Numbers, value, |item| {
        let number = item.as_integer().and_then(integer).and_then(|number| i32::try_from(number).ok());
        number.filter(|number| *number >= 0).map_or_else(|| wrong_type(&Kind::Numbers, item), Ok)
    })
}

pub(super) fn roles(value: &DeValue<'_>) -> Read<Vec<Role>> {
    list(&Kind::RoleList, value, |item| {
        let text = text(&Kind::RoleList, item)?;
        Role::parse(text).map_or_else(
            || {
                wrong(
                    format!("`{text}` is not a role"),
                    did_you_mean(text, Role::ALL.iter().map(|role| role.name()))
                        .or_else(|| Some(format!("write {}", Kind::RoleList.expectation()))),
                )
            },
            Ok,
        )
    })
}

pub(super) fn headers(value: &DeValue<'_>) -> Read<Vec<(String, String)>> {
    let Some(table) = value.as_table() else { return wrong_type(&Kind::Headers, value) };
    table
        .iter()
        .map(|(name, value)| {
            let name = name.get_ref();
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
                return wrong(format!("`{name}` is not the name of a header"), None);
            }
            let value = text(&Kind::Text, value.get_ref())?;
            if value.contains(['\n', '\t']) {
                return wrong("a header is one line", None);
            }
            Ok((name.to_string(), value.to_owned()))
        })
        .collect()
}

/// Values of runbooks' variables: texts, and numbers and truths as they would be written there.
pub(super) fn values(value: &DeValue<'_>) -> Read<BTreeMap<String, String>> {
    let Some(table) = value.as_table() else { return wrong_type(&Kind::Values, value) };
    table
        .iter()
        .map(|(name, value)| {
            let name = name.get_ref();
            let shaped = name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            if !shaped {
                return wrong(
                    format!("`{name}` is not a name of a variable"),
                    Some("use capitals, digits and `_`".to_owned()),
                );
            }
            let value = match value.get_ref() {
                DeValue::Integer(number) => number.as_str().replace('_', ""),
                DeValue::Boolean(truth) => truth.to_string(),
                other => text(&Kind::Text, other)?.to_owned(),
            };
            if value.contains(char::is_control) {
                return wrong(format!("the value of `{name}` is one line"), None);
            }
            Ok((name.to_string(), value))
        })
        .collect()
}
