//! A request whose answer must have the right status and say the right thing.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::sync::OnceLock;

use domain::estate::{Estate, Family, HttpCheck, Login, SecretSource};
use domain::ident::RegionId;
use domain::reading::{Outcome, Payload};
use domain::time::Timestamp;
use regex::Regex;
use reqwest::header::{AGE, CONTENT_ENCODING, CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderValue};
use reqwest::tls::TlsInfo;
use reqwest::{Method, StatusCode, Url};
use serde_json::Value;

use super::process::shorten;
use super::{Look, Looking, Seen, json};
use crate::runtime::{clock, http, tls};

/// How much of a body is read.
const BODY: usize = 64 * 1024;
const HTML: &str = "it answers HTML where JSON is expected: a proxy or a login page may have answered";

#[derive(Debug)]
pub(super) struct HttpProbe {
    check: HttpCheck,
    regions: Vec<RegionId>,
    host: String,
    /// Made at the first look: nothing of TLS before the first frame.
    request: OnceLock<Request>,
}

/// Everything about the request that does not change.
#[derive(Clone, Debug)]
struct Request {
    client: reqwest::Client,
    method: Method,
    url: Url,
    headers: HeaderMap,
    pattern: Option<Regex>,
}

impl HttpProbe {
    pub(super) fn new(check: HttpCheck, estate: &Estate) -> Self {
        let url = Url::parse(&check.url).ok();
        let host = check.resolve.map_or_else(
            || url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned(),
            |address| address.ip().to_string(),
        );
        let regions = estate.regions.iter().map(|region| region.id.clone()).collect();
        Self { check, regions, host, request: OnceLock::new() }
    }

    /// Content with whatever answers: a look at our own network.
    pub(super) fn any_answer(url: &str) -> Self {
        Self::new(
            HttpCheck { status: vec![(100, 599)], follow_redirects: false, ..HttpCheck::get(url) },
            &Estate::default(),
        )
    }

    /// Values that headers and the login take from elsewhere.
    pub(super) fn secrets(check: &HttpCheck) -> impl Iterator<Item = String> {
        let password = check.login.as_ref().and_then(|login| secret_of(login.password.as_ref()?).ok());
        http::secrets(&check.headers).chain(password)
    }

    async fn ask(&self) -> Seen {
        let request = match self.request() {
            Ok(request) => request,
            Err(why) => return Seen::unknown(why),
        };
        let before = clock::now();
        let mut sent =
            request.client.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
        if let Some(body) = &self.check.body {
            sent = sent.body(body.clone());
        }
        let response = match sent.send().await {
            Ok(response) => response,
            Err(error) if error.is_builder() => return Seen::unknown(http::explain(error)),
            Err(error) => return Seen::bad(http::explain(error)),
        };
        let middle = before.after(clock::boottime().saturating_sub(before.boot) / 2);
        let clock_skew_ms = skew(response.headers(), middle.wall);
        let certificate = self.certificate(&response);
        let outcome = match (self.judge(request, response).await, certificate) {
            (Outcome::Good { payload }, Some(Outcome::Soft { why, .. })) => Outcome::Soft { why, payload },
            (Outcome::Good { .. }, Some(certificate)) => certificate,
            (outcome, _) => outcome,
        };
        Seen { clock_skew_ms, ..Seen::new(outcome) }
    }

    /// Made once it can be made: a file that it needs may come later.
    fn request(&self) -> Result<&Request, String> {
        if let Some(request) = self.request.get() {
            return Ok(request);
        }
        let request = Request::new(&self.check)?;
        Ok(self.request.get_or_init(|| request))
    }

    /// What is to be said of the certificate that came with the answer, when it is not well.
    fn certificate(&self, response: &reqwest::Response) -> Option<Outcome> {
        let days = self.check.cert_days?;
        let told = response.extensions().get::<TlsInfo>();
        let Some(certificate) = told.and_then(TlsInfo::peer_certificate) else {
            return Some(Outcome::Unknown { why: "no certificate came with its answer: is its URL https?".to_owned() });
        };
        match tls::validity(certificate).map(|validity| validity.judge(days, clock::now().wall)) {
            Ok(Outcome::Good { .. }) => None,
            Ok(outcome) => Some(outcome),
            Err(why) => Some(Outcome::Unknown { why }),
        }
    }

    async fn judge(&self, request: &Request, response: reqwest::Response) -> Outcome {
        let status = response.status();
        let other_than_json = other_than_json(response.headers());
        let text = Payload::Text { text: status.to_string() };
        let code = status.as_u16();
        if !self.check.status.iter().any(|(first, last)| (*first..=*last).contains(&code)) {
            return Outcome::Bad { why: refusal(status), payload: text };
        }
        let body = match http::body(response, BODY).await {
            Ok(body) => body,
            Err(error) => return Outcome::Bad { why: http::explain(error), payload: text },
        };
        match self.judge_body(request.pattern.as_ref(), &body, other_than_json) {
            Ok(Some(region)) => Outcome::Good { payload: Payload::Serving { region } },
            Ok(None) => Outcome::Good { payload: text },
            Err(why) => Outcome::Bad { why, payload: text },
        }
    }

    /// The region that answered, when the check asks for it; or what is wrong with the body.
    fn judge_body(
        &self,
        pattern: Option<&Regex>,
        body: &http::Body,
        other_than_json: Option<String>,
    ) -> Result<Option<RegionId>, String> {
        let text = String::from_utf8_lossy(&body.bytes);
        if let Some(wanted) = self.check.body_contains.as_deref().filter(|wanted| !text.contains(wanted)) {
            return Err(format!("the body does not contain `{wanted}`"));
        }
        if let Some(pattern) = pattern.filter(|pattern| !pattern.is_match(&text)) {
            return Err(format!("the body does not match `{pattern}`"));
        }
        if self.check.json.is_none() && self.check.region_json.is_none() {
            return Ok(None);
        }
        let document = other_than_json.map_or_else(|| parse(body, &text), Err)?;
        if let Some(why) = self.check.json.as_ref().and_then(|(path, wanted)| json::differs(&document, path, wanted)) {
            return Err(why);
        }
        let Some(path) = &self.check.region_json else { return Ok(None) };
        let found = json::at(&document, path).and_then(Value::as_str);
        let found = found.ok_or_else(|| format!("`{path}`, the region that serves, is not in the answer"))?;
        match self.regions.iter().find(|region| region.as_str() == found) {
            Some(region) => Ok(Some(region.clone())),
            None => {
                let found = domain::untrusted::sanitise_line(found);
                Err(format!("what serves is no region of this estate: `{found}`"))
            }
        }
    }
}

impl Look for HttpProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.ask())
    }
    fn host(&self) -> &str {
        &self.host
    }
}

/// Why an answer is not one of those that are good.
fn refusal(status: StatusCode) -> String {
    match status {
        StatusCode::UNAUTHORIZED => format!("{status}: it wants a login; a header with env:NAME can send one"),
        StatusCode::FORBIDDEN => format!("{status}: it does not let this console in"),
        _ => status.to_string(),
    }
}

/// What the head says the body is, where that can be no JSON.
fn other_than_json(headers: &HeaderMap) -> Option<String> {
    let word = |name| headers.get(name).map(|value| value.as_bytes().to_ascii_lowercase());
    if let Some(encoding) = word(CONTENT_ENCODING).filter(|encoding| encoding != b"identity") {
        let encoding = domain::untrusted::sanitise_line(&encoding);
        return Some(format!("its answer is compressed ({}), which was not asked for", shorten(&encoding, 20)));
    }
    word(CONTENT_TYPE).filter(|kind| kind.starts_with(b"text/html")).map(|_| HTML.to_owned())
}

fn parse(body: &http::Body, text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with('<') {
        return Err(HTML.into());
    }
    if body.cut {
        return Err("its JSON is longer than 64 KiB".into());
    }
    serde_json::from_str(text).map_err(|error| format!("its JSON cannot be read: {error}"))
}

impl Request {
    fn new(check: &HttpCheck) -> Result<Self, String> {
        let mut url = Url::parse(&check.url).map_err(|error| format!("its URL is wrong: {error}"))?;
        let mut headers = http::headers(&check.headers)?;
        let bound = check.login.is_some() || check.resolve.is_some() || headers.values().any(HeaderValue::is_sensitive);
        let mut resolve = None;
        if let Some(address) = check.resolve {
            let host = url.host_str().unwrap_or_default().to_owned();
            let authority = url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
            // A port in the URL would win over that of the address.
            url.set_port(None).map_err(|()| "its URL cannot be sent to another address".to_owned())?;
            let value = HeaderValue::from_str(&authority).map_err(|_| "its URL has no proper host".to_owned())?;
            headers.entry(HOST).or_insert(value);
            resolve = Some((host, address));
        }
        let most = check.max_redirects as usize;
        let redirects = match check.follow_redirects {
            false => http::Redirects::Stop,
            true if bound => http::Redirects::SameHost(most),
            true => http::Redirects::Follow(most),
        };
        let options = http::Options {
            verify: check.tls_verify,
            ca: check.ca.as_ref().map(PathBuf::from),
            keep_certificate: check.cert_days.is_some(),
            from: check.ip.map(|family| match family {
                Family::V4 => Ipv4Addr::UNSPECIFIED.into(),
                Family::V6 => Ipv6Addr::UNSPECIFIED.into(),
            }),
            proxy: check.proxy.clone(),
            redirects,
            resolve,
        };
        let shared = options == http::Options::default();
        let client = if shared { http::shared_client() } else { http::client(&options) };
        let client = client.map_err(|error| error.to_string())?;
        if let Some(login) = &check.login {
            headers.extend(basic(&client, &url, login)?);
        }
        let method = if check.method.is_empty() { "GET" } else { &check.method };
        Ok(Self {
            client,
            method: Method::from_bytes(method.as_bytes()).map_err(|_| "its method is not one of HTTP".to_owned())?,
            url,
            headers,
            pattern: check.body_regex.as_deref().map(Regex::new).transpose().map_err(|error| error.to_string())?,
        })
    }
}

/// What a login adds to the head, marked as secret.
fn basic(client: &reqwest::Client, url: &Url, login: &Login) -> Result<HeaderMap, String> {
    let password = login.password.as_ref().map(secret_of).transpose()?;
    let request = client.get(url.clone()).basic_auth(&login.user, password).build();
    Ok(request.map_err(http::explain)?.headers().clone())
}

fn secret_of(source: &SecretSource) -> Result<String, String> {
    match source {
        SecretSource::Env(variable) => std::env::var(variable)
            .map_err(|_| format!("its password needs the environment variable {variable}, which is not set")),
        SecretSource::File(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| format!("its password in {path}: {error}"))?;
            let line = text.lines().next().map(str::trim).filter(|line| !line.is_empty());
            line.map(str::to_owned).ok_or_else(|| format!("its password in {path}: the file is empty"))
        }
    }
}

/// How far the server's clock is ahead, to about a second. What came from a cache tells an older time.
fn skew(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    if headers.contains_key(AGE) {
        return None;
    }
    let theirs = jiff::fmt::rfc2822::parse(headers.get(DATE)?.to_str().ok()?).ok()?.timestamp();
    // `Date` is cut to whole seconds: half of one on average.
    Some(theirs.as_millisecond() + 500 - now.as_millisecond())
}
