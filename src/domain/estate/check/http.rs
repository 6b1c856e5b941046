//! `http`: one request, and what its answer has to be.

use super::super::fields::Fields;
use super::super::schema::{Kind, Section, Variant, key, needed};
use super::super::source::SecretSource;
use super::super::value;
use crate::diagnostic::Diagnostic;

pub(super) const KIND: Variant = Variant {
    word: "http",
    about: "One request over a connection of its own (kept-alive ones hide failures). At most 64 KiB of the answer are \
            read. A redirect is never followed to another host once a header is secret, there is a password, or `resolve` \
            is written.",
    keys: &[
        needed("url", Kind::Url, "Address."),
        key("method", Kind::Word(&["GET", "HEAD", "POST", "PUT", "OPTIONS"]), "\"GET\"", "HTTP method."),
        key("headers", Kind::Headers, "none", "Headers; `env:NAME` takes a value from the environment."),
        key("body", Kind::Text, "none", "Body of the request."),
        key("status", Kind::StatusRanges, "\"200-399\"", "Answers that are good."),
        key("body_contains", Kind::Text, "none", "Text that the answer must contain."),
        key("body_regex", Kind::Regex, "none", "Expression that must match in the answer."),
        key("json", Kind::Table(&JSON), "none", "A value in a JSON answer."),
        key("tls_verify", Kind::Bool, "true", "Whether the certificate must be valid."),
        key("ca", Kind::Text, "the system's authorities", "PEM file of the certificates that are trusted instead."),
        key(
            "cert_days",
            Kind::Count { min: 1, max: 3650 },
            "none",
            "With fewer days left of its certificate it is degraded.",
        ),
        key("user", Kind::Text, "none", "Who asks, by basic authentication."),
        key("password", Kind::Secret, "none", "The password for that."),
        key("follow_redirects", Kind::Bool, "true", "Whether redirects are followed."),
        key("max_redirects", Kind::Count { min: 1, max: 20 }, "10", "How many redirects are followed."),
        key("ip", Kind::Family, "either", "The version of IP that is spoken."),
        key("proxy", Kind::Proxy, "that of the environment", "The proxy that is asked."),
        key("resolve", Kind::SocketAddress, "none", "Connect here whatever the name resolves to."),
        key("region_json", Kind::Text, "none", "JSON path of the region that answered: tells which side serves."),
    ],
    example: r#"[[checks]]
name = "storefront@us-east-1"
type = "http"
url = "https://www.example.com/"
# method = "GET"
headers = { Accept = "text/html", Authorization = "env:STOREFRONT_TOKEN" }
# body = "{}"
status = ["200-299", 304]
body_contains = "Welcome"
body_regex = 'build [0-9]+'
# json = { path = "data.status", equals = "ok" }
# tls_verify = true
# ca = "/etc/ssl/internal-ca.pem"
cert_days = 14
# user = "console"
# password = "env:STOREFRONT_PASSWORD"
# follow_redirects = true
# max_redirects = 10
# ip = 4
# proxy = "http://proxy.example.com:3128"
resolve = "192.0.2.10:443" # tests a region behind DNS
# region_json = "region"
"#,
};

static JSON: Section = Section {
    about: "A value in a JSON answer.",
    keys: &[
        needed("path", Kind::Text, "Where it stands, such as `data.status` or `items.0.name`."),
        needed("equals", Kind::Text, "What it must be."),
    ],
};

#[derive(Clone, Debug, PartialEq)]
pub struct HttpCheck {
    pub url: String,
    pub method: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    /// Inclusive ranges of accepted answers; `200-399` unless written.
    pub status: Vec<(u16, u16)>,
    pub body_contains: Option<String>,
    pub body_regex: Option<String>,
    /// JSON path (`data.region`, `items.0.name`) that must equal the value.
    pub json: Option<(String, String)>,
    pub tls_verify: bool,
    /// Path of a PEM file; the system's authorities unless written.
    pub ca: Option<String>,
    /// Fewer days left of the certificate are *degraded*.
    pub cert_days: Option<u32>,
    pub login: Option<Login>,
    pub follow_redirects: bool,
    pub max_redirects: u32,
    pub ip: Option<Family>,
    pub proxy: Option<String>,
    /// Connect to this address whatever the name resolves to: tests a region behind DNS.
    pub resolve: Option<std::net::SocketAddr>,
    /// JSON path of the region that answered: makes this the check of a serving side.
    pub region_json: Option<String>,
}

/// Basic authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    /// None is sent where there is none.
    pub password: Option<SecretSource>,
}

/// A version of IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    V4,
    V6,
}

impl HttpCheck {
    /// A request with nothing said but where it goes.
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            method: "GET".to_owned(),
            headers: Vec::new(),
            body: None,
            status: vec![(200, 399)],
            body_contains: None,
            body_regex: None,
            json: None,
            tls_verify: true,
            ca: None,
            cert_days: None,
            login: None,
            follow_redirects: true,
            max_redirects: 10,
            ip: None,
            proxy: None,
            resolve: None,
            region_json: None,
        }
    }

    pub(super) fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        if fields.has("password") && !fields.has("user") {
            let message = "there is a password, and nobody whose it is";
            report.push(Diagnostic::error("estate::check", fields.span_of("password"), message).help("add `user`"));
        }
        if fields.has("proxy") && fields.has("resolve") {
            let message = "a proxy connects to where it resolves the name itself";
            report.push(
                Diagnostic::error("estate::check", fields.span_of("resolve"), message)
                    .help("keep `resolve` or `proxy`"),
            );
        }
        let password = fields.take("password", value::secret);
        let usual = Self::get(fields.take("url", value::url)?);
        Some(Self {
            method: fields.text("method").unwrap_or(usual.method),
            headers: fields.take("headers", value::headers).unwrap_or_default(),
            body: fields.text("body"),
            status: fields.take("status", value::status_ranges).unwrap_or(usual.status),
            body_contains: fields.text("body_contains"),
            body_regex: fields.take("body_regex", value::regex),
            json: fields.sub("json").and_then(|json| Some((json.text("path")?, json.text("equals")?))),
            tls_verify: fields.take("tls_verify", value::boolean).unwrap_or(true),
            ca: fields.text("ca"),
            cert_days: fields.small("cert_days"),
            login: fields.text("user").map(|user| Login { user, password }),
            max_redirects: fields.small("max_redirects").unwrap_or(usual.max_redirects),
            ip: fields.take("ip", value::family),
            proxy: fields.take("proxy", value::url),
            follow_redirects: fields.take("follow_redirects", value::boolean).unwrap_or(true),
            resolve: fields.take("resolve", value::socket_address),
            region_json: fields.text("region_json"),
            url: usual.url,
        })
    }
}
