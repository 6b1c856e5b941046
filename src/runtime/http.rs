//! HTTP clients over the one TLS configuration, and bodies that cannot fill the memory.

mod explain;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;

pub use explain::{explain, explain_connect, with_causes};

use crate::runtime::tls;

/// What is done about an answer that sends us elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// At most so many.
    Follow(usize),
    /// The same, as long as they stay on the host that was asked: what is sent with the request is meant for it alone.
    SameHost(usize),
    /// The redirect is the answer.
    Stop,
}

impl Redirects {
    fn policy(self) -> Policy {
        match self {
            Self::Follow(most) => Policy::limited(most),
            Self::SameHost(most) => Policy::custom(move |attempt| {
                let first = attempt.previous().first().map(|url| (url.scheme(), url.host_str()));
                if first == Some((attempt.url().scheme(), attempt.url().host_str())) && attempt.previous().len() <= most
                {
                    attempt.follow()
                } else {
                    attempt.stop()
                }
            }),
            Self::Stop => Policy::none(),
        }
    }
}

/// What distinguishes one HTTP client from the shared one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub verify: bool,
    /// The PEM file of the certificates that are trusted; the system's authorities where there is none.
    pub ca: Option<PathBuf>,
    /// What the server presented is kept with the answer.
    pub keep_certificate: bool,
    /// Connect from this address: with an unspecified one only its version of IP is spoken.
    pub from: Option<IpAddr>,
    /// Instead of those that the environment names.
    pub proxy: Option<String>,
    pub redirects: Redirects,
    /// Connect to this address when the URL names this host.
    pub resolve: Option<(String, SocketAddr)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            verify: true,
            ca: None,
            keep_certificate: false,
            from: None,
            proxy: None,
            redirects: Redirects::Follow(10),
            resolve: None,
        }
    }
}

/// Why there is no HTTP client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// A sentence with the file's path.
    #[error("{0}")]
    Authorities(String),
    #[error("the HTTP client cannot be made: {0}")]
    Http(#[from] reqwest::Error),
}

/// An HTTP client over the shared configuration. It keeps no connection between requests: keep-alive hides failure.
///
/// # Errors
/// TLS or the client cannot be set up: a broken build or system.
pub fn client(options: &Options) -> Result<reqwest::Client, ClientError> {
    let config = match (&options.ca, options.verify) {
        (_, false) => tls::unverified_config()?,
        (None, true) => tls::client_config()?,
        (Some(file), true) => tls::config_trusting(file).map_err(ClientError::Authorities)?,
    };
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .pool_max_idle_per_host(0)
        .pool_idle_timeout(Duration::ZERO)
        .redirect(options.redirects.policy())
        .tls_info(options.keep_certificate)
        .local_address(options.from)
        .user_agent(concat!("switchback/", env!("CARGO_PKG_VERSION")));
    if let Some((host, address)) = &options.resolve {
        // A proxy would connect to wherever it resolves the name itself.
        builder = builder.resolve(host, *address).no_proxy();
    }
    if let Some(proxy) = &options.proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy)?);
    }
    Ok(builder.build()?)
}

/// The client for everything without wishes of its own, made once.
///
/// # Errors
/// TLS or the client cannot be set up: a broken build or system.
pub fn shared_client() -> Result<reqwest::Client, ClientError> {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    let client = client(&Options::default())?;
    Ok(CLIENT.get_or_init(|| client).clone())
}

/// A header's value that begins so is the name of a variable.
const FROM_ENVIRONMENT: &str = "env:";

/// The headers that a file of the estate names; `env:NAME` is replaced.
///
/// # Errors
/// A name or value is none, or a variable is not set: said for people.
pub fn headers(written: &[(String, String)]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is not a header"))?;
        let wrong = |_| format!("the value of header `{name}` is wrong");
        let value = match value.strip_prefix(FROM_ENVIRONMENT) {
            None => HeaderValue::from_str(value).map_err(wrong)?,
            Some(variable) => {
                let secret = std::env::var(variable).map_err(|_| {
                    format!("header `{name}` needs the environment variable {variable}, which is not set")
                })?;
                let mut value = HeaderValue::from_str(&secret).map_err(wrong)?;
                value.set_sensitive(true);
                value
            }
        };
        headers.append(name, value);
    }
    Ok(headers)
}

/// Values that headers take from the environment.
pub fn secrets(written: &[(String, String)]) -> impl Iterator<Item = String> {
    written.iter().filter_map(|(_, value)| std::env::var(value.strip_prefix(FROM_ENVIRONMENT)?).ok())
}

/// The beginning of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub bytes: Vec<u8>,
    /// There was more than was read.
    pub cut: bool,
}

/// Reads at most `limit` bytes and leaves the rest in the network.
///
/// # Errors
/// The connection broke before the end or the limit.
pub async fn body(mut response: reqwest::Response, limit: usize) -> Result<Body, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = limit - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Ok(Body { bytes, cut: true });
        }
    }
    Ok(Body { bytes, cut: false })
}
