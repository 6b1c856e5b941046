//! Where something is: URLs, hosts and ports, mailboxes.

use std::net::SocketAddr;

use toml::de::DeValue;

use super::super::check::RedisAddress;
use super::super::schema::Kind;
use super::list::list;
use super::{Read, text, wrong};

/// Hosts and ports of name servers; the port is 53 unless written.
pub(in crate::estate) fn resolvers(value: &DeValue<'_>) -> Read<Vec<(String, u16)>> {
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

pub(in crate::estate) fn url(value: &DeValue<'_>) -> Read<String> {
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

/// `ana@example.com`, `Ana <ana@example.com>`: rough, so that a slip is found before it matters.
pub(in crate::estate) fn mailbox(value: &DeValue<'_>) -> Read<String> {
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

pub(in crate::estate) fn mailboxes(value: &DeValue<'_>) -> Read<Vec<String>> {
    let all = list(&Kind::MailboxList, value, mailbox)?;
    if all.is_empty() { wrong("nobody would get it", None) } else { Ok(all) }
}

pub(in crate::estate) fn urls(value: &DeValue<'_>) -> Read<Vec<String>> {
    match list(&Kind::UrlList, value, url)? {
        empty if empty.is_empty() => wrong("this is empty", Some("write at least one".to_owned())),
        urls => Ok(urls),
    }
}

pub(in crate::estate) fn redis_url(value: &DeValue<'_>) -> Read<RedisAddress> {
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

pub(in crate::estate) fn host_port(value: &DeValue<'_>) -> Read<(String, u16)> {
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

pub(in crate::estate) fn url_or_host_port(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::UrlOrHostPort, value)?;
    if text.contains("://") { url(value) } else { host_port(value).map(|_| text.trim().to_owned()) }
}

pub(in crate::estate) fn socket_address(value: &DeValue<'_>) -> Read<SocketAddr> {
    let text = text(&Kind::SocketAddress, value)?;
    text.trim().parse().or_else(|_| {
        wrong(
            format!("`{text}` is not an IP address with a port"),
            Some("write \"192.0.2.1:443\" or \"[2001:db8::1]:443\"".to_owned()),
        )
    })
}
