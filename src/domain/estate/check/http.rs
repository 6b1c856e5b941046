//! `http`: one request, and what its answer has to be.

use super::super::fields::Fields;
use super::super::schema::{Kind, Section, Variant, key, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "http",
    about: "One request over a connection of its own (kept-alive ones hide failures). At most 64 KiB of the answer are \
            read. A redirect is followed ten times at most, and never to another host once a header is secret or \
            `resolve` is written.",
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
        key("follow_redirects", Kind::Bool, "true", "Whether redirects are followed."),
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
# follow_redirects = true
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
    pub follow_redirects: bool,
    /// Connect to this address whatever the name resolves to: tests a region behind DNS.
    pub resolve: Option<std::net::SocketAddr>,
    /// JSON path of the region that answered: makes this the check of a serving side.
    pub region_json: Option<String>,
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
            follow_redirects: true,
            resolve: None,
            region_json: None,
        }
    }

    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
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
            follow_redirects: fields.take("follow_redirects", value::boolean).unwrap_or(true),
            resolve: fields.take("resolve", value::socket_address),
            region_json: fields.text("region_json"),
            url: usual.url,
        })
    }
}
