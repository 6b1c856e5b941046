//! What went wrong with a request, in words that say what to look at. The libraries' own text stands where nothing
//! plainer is known.

use std::error::Error;
use std::io;

use domain::time::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

/// What the library says of a server that talks before it is asked; it has no other sign of it.
const SPOKE_FIRST: &str = "received unexpected message from connection";

/// Names of a certificate that are shown.
const NAMES: usize = 3;

/// The cause of `error` for people, on one line.
#[must_use]
pub fn explain(error: reqwest::Error) -> String {
    if error.is_redirect() {
        return "it redirects again and again and never answers".to_owned();
    }
    with_causes(&error.without_url())
}

/// The same of any error: what it says, or what those behind it say more plainly.
#[must_use]
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let told = causes(error).find_map(plain).unwrap_or_else(|| chain(error));
    domain::untrusted::sanitise_line(&told)
}

/// What a connection that was not made says about the other side.
#[must_use]
pub fn explain_connect(error: &io::Error) -> String {
    connecting(error).map_or_else(|| error.to_string(), str::to_owned)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    // What is wrapped in an I/O error is no source of it, but stands in its place.
    std::iter::successors(Some(error), |cause| {
        let cause: &'a (dyn Error + 'static) = *cause;
        match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => cause.source(),
        }
    })
}

fn plain(cause: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(tls(error));
    }
    if let Some(error) = cause.downcast_ref::<hyper::Error>() {
        return answer(error).map(str::to_owned);
    }
    cause.downcast_ref::<io::Error>().and_then(connecting).map(str::to_owned)
}

fn connecting(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        _ if error.to_string() == "tls handshake eof" => {
            Some("it broke off where TLS begins; where it speaks plain HTTP, the URL begins with http://")
        }
        io::ErrorKind::ConnectionRefused => Some("connection refused: nothing listens there"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Some("connection reset: it broke the connection"),
        io::ErrorKind::UnexpectedEof => Some("it closed the connection before its answer was complete"),
        io::ErrorKind::HostUnreachable => Some("there is no way to its address (host unreachable)"),
        io::ErrorKind::NetworkUnreachable => Some("there is no way to its network (network unreachable)"),
        io::ErrorKind::AddrNotAvailable => Some("nothing can be sent to its address (address not available)"),
        // The resolver's own errors have no kind.
        _ if error.to_string().contains("Temporary failure in name resolution") => {
            Some("its name cannot be looked up now: the name server does not answer")
        }
        _ if error.to_string().starts_with("failed to lookup address information") => Some("its name does not resolve"),
        _ => None,
    }
}

fn answer(error: &hyper::Error) -> Option<&'static str> {
    if error.is_parse_too_large() {
        Some("its headers are longer than anything that is read")
    } else if error.is_parse() || error.to_string() == SPOKE_FIRST {
        Some("what answers is not HTTP; where it speaks TLS, the URL begins with https://")
    } else if error.is_incomplete_message() {
        Some("it closed the connection before its answer was complete")
    } else {
        None
    }
}

fn tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(wrong) => certificate(wrong),
        rustls::Error::InvalidMessage(_) => {
            "what answers does not speak TLS; where it speaks plain HTTP, the URL begins with http://".to_owned()
        }
        rustls::Error::AlertReceived(alert) => {
            format!("it refused TLS: {}", alert.as_str().map_or_else(|| "it did not say why".to_owned(), words))
        }
        other => format!("TLS failed: {other}"),
    }
}

/// `HandshakeFailure`, as the standard calls it, in words.
fn words(name: &str) -> String {
    name.chars().fold(String::new(), |mut words, c| {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
        words
    })
}

fn certificate(wrong: &CertificateError) -> String {
    match wrong {
        CertificateError::UnknownIssuer => {
            "its certificate is of an authority that this machine does not trust, or of none".to_owned()
        }
        CertificateError::Expired => "its certificate has ended".to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => format!("its certificate ended on {}", day(*not_after)),
        CertificateError::NotValidYet => "its certificate is not valid yet, or our clock is behind".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("its certificate is not valid before {}, or our clock is behind", day(*not_before))
        }
        CertificateError::NotValidForName => "its certificate is for another name".to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => {
            let names: Vec<&str> = presented.iter().take(NAMES).map(|name| unwrapped(name)).collect();
            let more = if presented.len() > NAMES { " and others" } else { "" };
            format!("its certificate is for {}{more}, not for {}", names.join(", "), expected.to_str())
        }
        CertificateError::Revoked => "its certificate was revoked".to_owned(),
        other if other.to_string().contains("CaUsedAsEndEntity") => {
            "its certificate is that of an authority itself, which this machine does not trust".to_owned()
        }
        other => format!("its certificate is not accepted: {other}"),
    }
}

/// `DnsName("a.example")` as `a.example`.
fn unwrapped(name: &str) -> &str {
    name.split_once('(').map_or(name, |(_, inner)| inner.trim_end_matches(')').trim_matches('"'))
}

fn day(at: UnixTime) -> String {
    let at = i64::try_from(at.as_secs()).ok().and_then(|second| Timestamp::from_second(second).ok());
    at.map_or_else(|| "a day out of reach".to_owned(), |at| at.strftime("%F").to_string())
}

/// Every cause after the other: the text of the first stops at the URL, and the reason stands behind it.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for said in causes(error).map(ToString::to_string) {
        if !text.contains(&said) {
            let joint = if text.is_empty() { "" } else { ": " };
            text = format!("{text}{joint}{said}");
        }
    }
    text
}
