//! A POST, and what its answer means.

use std::sync::OnceLock;
use std::time::Duration;

use domain::untrusted::sanitise_line;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, StatusCode, Url};

use super::{Again, Fault, page};
use crate::runtime::{clock, http};

/// How much of an answer is read. It is cut once it is free of secrets: half of one would not be known again.
const BODY: usize = 4 * 1024;

/// How much of a good answer is read.
const ANSWER: usize = 4 * 1024 * 1024;

/// What is asked of a receiver.
#[derive(Debug)]
pub(in crate::runtime) struct Call {
    pub(in crate::runtime) method: Method,
    pub(in crate::runtime) url: String,
    pub(in crate::runtime) headers: HeaderMap,
    pub(in crate::runtime) content: &'static str,
    pub(in crate::runtime) body: Vec<u8>,
    /// What helps when we are not let in.
    pub(in crate::runtime) access: String,
}

impl Call {
    pub(in crate::runtime) fn json(url: String, body: &serde_json::Value, access: String) -> Self {
        Self {
            method: Method::POST,
            url,
            headers: HeaderMap::new(),
            content: "application/json",
            body: body.to_string().into_bytes(),
            access,
        }
    }
}

/// # Errors
/// Anything but an answer from 200 to 299.
pub(in crate::runtime) async fn post(call: Call) -> Result<(), Fault> {
    ask(call).await.map(drop)
}

/// The same, for what is answered.
///
/// # Errors
/// Anything but an answer from 200 to 299, or one too long to be read.
pub(in crate::runtime) async fn ask(call: Call) -> Result<Vec<u8>, Fault> {
    let Call { method, url, mut headers, content, body, access } = call;
    let url = address(&url)?;
    headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(content));
    let request = client()?.request(method, url).headers(headers).body(body);
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    if status.is_success() {
        return Ok(http::body(response, ANSWER).await.map(|body| body.bytes).unwrap_or_default());
    }
    let wait = response.headers().get(RETRY_AFTER).and_then(retry_after);
    let said = http::body(response, BODY).await.map(|body| said(&body.bytes)).unwrap_or_default();
    Err(refused(status, wait, &said, access))
}

/// Somebody answers there, whatever it says: what is asked tells it nothing.
///
/// # Errors
/// Nobody does.
pub(in crate::runtime) async fn reach(url: &str) -> Result<(), Fault> {
    client()?.head(address(url)?).send().await.map(drop).map_err(unreachable)
}

fn address(url: &str) -> Result<Url, Fault> {
    Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(|| {
        Fault::pointless("its address is not a URL", "write one that starts with https://; it is not repeated here")
    })
}

fn refused(status: StatusCode, wait: Option<Duration>, said: &str, access: String) -> Fault {
    let why = if said.is_empty() { status.to_string() } else { format!("{status}: {said}") };
    let (remedy, again) = match status.as_u16() {
        429 => (
            "it takes no more for now: send less there; for alerts, by a higher `at_least`".to_owned(),
            wait_or_soon(wait),
        ),
        408 | 425 | 500..=599 => ("the receiver is in trouble: look there".to_owned(), wait_or_soon(wait)),
        401 | 403 => (access, Again::Pointless),
        300..=399 => ("it sends us elsewhere: write the address it leads to".to_owned(), Again::Pointless),
        404 | 410 => ("check the address; it may have been withdrawn".to_owned(), Again::Pointless),
        _ => (format!("it does not accept what is sent; {access}"), Again::Pointless),
    };
    // Something in between gave up waiting for who may have taken it.
    let unsure = matches!(status.as_u16(), 408 | 502 | 504);
    Fault { why, remedy, again, unsure }
}

fn wait_or_soon(wait: Option<Duration>) -> Again {
    wait.map_or(Again::Soon, Again::After)
}

fn unreachable(error: reqwest::Error) -> Fault {
    let certificate = error_chain_says(&error, "certificate");
    let remedy = if certificate {
        "its certificate must be valid for that name, and be signed by an authority this machine trusts"
    } else {
        "does this machine reach it? A proxy is taken from HTTPS_PROXY"
    };
    let unsure = !error.is_connect() && !error.is_builder() && !certificate;
    Fault { why: http::explain(error), remedy: remedy.to_owned(), again: Again::Soon, unsure }
}

fn error_chain_says(error: &dyn std::error::Error, word: &str) -> bool {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        if inner.to_string().contains(word) {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(domain::time::since(at, clock::now().wall))
}

/// A body, on one line; of a page what it says to people.
fn said(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = sanitise_line(page::words(&text).as_deref().unwrap_or(&text));
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// One for all channels: a redirect is no answer to a POST, and what is sent is meant for nobody else.
fn client() -> Result<reqwest::Client, Fault> {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    let options = http::Options { redirects: http::Redirects::Stop, ..http::Options::default() };
    let client =
        http::client(&options).map_err(|error| Fault::pointless(error.to_string(), "mend this machine's TLS"))?;
    Ok(CLIENT.get_or_init(|| client).clone())
}
