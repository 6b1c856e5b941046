//! A cluster that Patroni looks after, as its members tell it.

use std::sync::OnceLock;
use std::time::Duration;

use domain::estate::PatroniCheck;
use domain::reading::{Outcome, Payload};
use futures_util::future::join_all;
use reqwest::header::HeaderMap;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{Look, Looking, Seen};
use crate::runtime::http;

mod cluster;

use cluster::{Answers, Told};

/// How much of an answer is read.
const BODY: usize = 256 * 1024;

#[derive(Debug)]
pub(super) struct PatroniProbe {
    check: PatroniCheck,
    /// A member that hangs leaves time for what the others said.
    patience: Duration,
    host: String,
    /// Made at the first look: nothing of TLS before the first frame.
    client: OnceLock<Result<(Client, HeaderMap), String>>,
}

/// `/patroni` of a member: what it knows of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Own {
    state: String,
    role: String,
    replication: Vec<Sender>,
}

/// A row of `pg_stat_replication`, as the leader's agent passes it on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sender {
    application_name: Option<String>,
    state: Option<String>,
    sync_state: Option<String>,
}

impl PatroniProbe {
    pub(super) fn new(check: &PatroniCheck, within: Duration) -> Self {
        let first = check.urls.first().and_then(|url| Url::parse(url).ok());
        let host = first.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned();
        Self { check: check.clone(), patience: within.mul_f64(0.8), host, client: OnceLock::new() }
    }

    fn client(&self) -> &Result<(Client, HeaderMap), String> {
        self.client.get_or_init(|| {
            let headers = http::headers(&self.check.headers)?;
            let usual = http::Options::default();
            let redirects = if headers.is_empty() { usual.redirects } else { http::Redirects::SameHost(10) };
            let options = http::Options { verify: self.check.tls_verify, redirects, ..usual };
            let client =
                if options == http::Options::default() { http::shared_client() } else { http::client(&options) };
            Ok((client.map_err(|error| error.to_string())?, headers))
        })
    }

    async fn ask(&self) -> Seen {
        let (client, headers) = match self.client() {
            Ok(asked) => asked,
            Err(why) => return Seen::unknown(why.clone()),
        };
        let get = Get { client, headers, patience: self.patience };
        let members = join_all(self.check.urls.iter().map(|url| async move {
            let (cluster, own) =
                tokio::join!(get.json::<cluster::View>(url, "cluster"), get.json::<Own>(url, "patroni"));
            (url, cluster, own)
        }));
        let history = async {
            // Whichever answers has the same one. All at once: two that hang would take the time of the whole look.
            let told = join_all(self.check.urls.iter().map(|url| get.json::<Vec<serde_json::Value>>(url, "history")));
            told.await.into_iter().find_map(Result::ok).map_or_else(Vec::new, |lines| cluster::history(&lines))
        };
        let (members, history) = tokio::join!(members, history);
        let mut answers = Answers::after(history);
        for (url, cluster, own) in members {
            answers.take(address(url), cluster, own);
        }
        let Told { reading, bad, soft } = answers.told(&self.check.members);
        let payload = reading.map_or(Payload::Nothing, |reading| Payload::Copies { copies: Box::new(reading) });
        Seen::new(match (bad.is_empty(), soft.is_empty()) {
            (false, _) => Outcome::Bad { why: bad.join("; "), payload },
            (true, false) => Outcome::Soft { why: soft.join("; "), payload },
            (true, true) => Outcome::Good { payload },
        })
    }
}

/// How members are asked.
#[derive(Clone, Copy)]
struct Get<'a> {
    client: &'a Client,
    headers: &'a HeaderMap,
    patience: Duration,
}

impl Get<'_> {
    async fn json<T: DeserializeOwned>(self, url: &str, path: &str) -> Result<T, String> {
        let asked = timeout(self.patience, self.bytes(format!("{}/{path}", url.trim_end_matches('/')))).await;
        let body = asked.map_err(|_| format!("no answer within {}", domain::time::human(self.patience)))??;
        if body.bytes.trim_ascii_start().starts_with(b"<") {
            return Err("it answers HTML where JSON is expected: a proxy or a login page may have answered".to_owned());
        }
        if body.cut {
            return Err("its answer is longer than 256 KiB".to_owned());
        }
        serde_json::from_slice(&body.bytes).map_err(|error| format!("its JSON cannot be read: {error}"))
    }

    async fn bytes(self, url: String) -> Result<http::Body, String> {
        let sent = self.client.get(url).headers(self.headers.clone()).send().await.map_err(http::explain)?;
        if !sent.status().is_success() {
            return Err(sent.status().to_string());
        }
        http::body(sent, BODY).await.map_err(http::explain)
    }
}

/// `pg1.example.com:8008`.
fn address(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

impl Look for PatroniProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.ask())
    }
    fn host(&self) -> &str {
        &self.host
    }
}
