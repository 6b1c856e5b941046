//! Addresses and texts as they may be copied: without user, password and query, and not at all where what remains has the
//! look of a secret or is filled in only when the other tool runs.

use std::sync::LazyLock;

use crate::redact::Redactor;

static LOOKS: LazyLock<Redactor> = LazyLock::new(Redactor::default);

/// A longer text is nobody's health check.
const LONGEST: usize = 512;

/// An address that may be copied, and what of it was left behind, in words that do not repeat it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clean {
    pub(super) text: String,
    pub(super) left: Vec<String>,
}

/// Of a URL of the web.
///
/// # Errors
/// Why it cannot be copied, for people.
pub(super) fn url(text: &str) -> Result<Clean, String> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").ok_or("its address is no URL")?;
    let scheme = scheme.to_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return Err(format!("no check speaks `{}`", scheme.chars().take(16).collect::<String>()));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let path_end = path.find(['?', '#']).unwrap_or(path.len());
    let mut left = Vec::new();
    if user.is_some() {
        left.push("the user and password in its address: write user = and password = \"env:NAME\"".to_owned());
    }
    if path_end < path.len() {
        left.push("what stands behind `?` in its address".to_owned());
    }
    if host.is_empty() {
        return Err("its address names no host".to_owned());
    }
    let kept = format!("{scheme}://{host}{}", &path[..path_end]);
    Ok(Clean { text: copied(&kept)?.to_owned(), left })
}

/// Of a host with a port; `port` where none is written.
///
/// # Errors
/// Why it cannot be copied, for people.
pub(super) fn host_port(text: &str, port: Option<u16>) -> Result<String, String> {
    let text = copied(text.trim().trim_end_matches('/'))?;
    let (host, written) = match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && (!host.contains(':') || host.ends_with(']')) => {
            (host, port.parse().ok().filter(|port| *port > 0))
        }
        _ => (text, port),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:[]".contains(c);
    match written {
        Some(port) if !host.is_empty() && host.chars().all(plain) => Ok(format!("{host}:{port}")),
        _ => Err("its address is no host with a port".to_owned()),
    }
}

/// The text itself, where it may stand in another file.
///
/// # Errors
/// Why it may not, for people.
pub(super) fn copied(text: &str) -> Result<&str, String> {
    let variable = text.contains("${")
        || text.contains("{{")
        || text.split('$').skip(1).any(|rest| rest.starts_with(char::is_alphanumeric));
    match () {
        () if text.is_empty() => Err("it is empty".to_owned()),
        () if text.len() > LONGEST => Err("it is too long".to_owned()),
        () if variable => Err("it holds a variable".to_owned()),
        () if text.contains(|c: char| c.is_control() || c.is_whitespace() && c != ' ') => {
            Err("it holds a control character".to_owned())
        }
        () if secretive(text) => Err("it may hold a secret".to_owned()),
        () => Ok(text),
    }
}

/// Known forms of secrets, and words that only a machine can have made.
fn secretive(text: &str) -> bool {
    let made = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        word.len() >= 20 && digits >= 3 && digits < word.len()
    };
    let hook =
        ["/hooks/", "hooks.slack.com", "/webhooks/", "webhook.office.com"].iter().any(|word| text.contains(word));
    hook || LOOKS.redact(text) != text || text.split(|c: char| !c.is_ascii_alphanumeric()).any(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_passwords_and_queries_stay_where_they_are() {
        let clean = url("https://ana:s3cret@www.example.com:8443/health?token=abc#top").unwrap();
        assert_eq!(clean.text, "https://www.example.com:8443/health");
        assert_eq!(clean.left.len(), 2);
        assert!(clean.left.iter().all(|words| !words.contains("s3cret") && !words.contains("abc")));
    }

    #[test]
    fn what_looks_like_a_secret_is_not_copied() {
        for text in [
            "https://hooks.slack.com/services/T0/B0/abc",
            "https://www.example.com/health/9f8a7b6c5d4e3f2a1b0c9d8e",
            "https://${HOST}/health",
            "https://$HOST/health",
            "https:///health",
            "ftp://www.example.com/",
        ] {
            assert!(url(text).is_err(), "{text}");
        }
        assert_eq!(copied("Welcome to the shop"), Ok("Welcome to the shop"));
    }

    #[test]
    fn a_host_has_a_port() {
        assert_eq!(host_port("db.example.com:5432", None).as_deref(), Ok("db.example.com:5432"));
        assert_eq!(host_port("[2001:db8::1]:53", None).as_deref(), Ok("[2001:db8::1]:53"));
        assert_eq!(host_port("1.1.1.1", Some(53)).as_deref(), Ok("1.1.1.1:53"));
        assert!(host_port("db.example.com", None).is_err() && host_port("ana@db:1", None).is_err());
    }
}
