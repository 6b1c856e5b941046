//! `webhook`: the notice, posted.

use super::super::fields::Fields;
use super::super::schema::{Key, Kind, Variant, key, needed};
use super::super::source::Endpoint;
use super::super::value;

const FORMATS: [&str; 3] = ["json", "slack", "text"];

/// Updates to audiences go through the same.
pub(in crate::estate) const KEYS: &[Key] = &[
    needed("url", Kind::UrlOrSecret, "Where it goes."),
    key(
        "format",
        Kind::Word(&FORMATS),
        "\"json\"",
        "`json`: the notice, one flat object. `slack`: `{\"text\": …}`, which Mattermost and Rocket.Chat know too. \
         `text`: plain text.",
    ),
    key("headers", Kind::Headers, "none", "Headers; `env:NAME` takes a value from the environment."),
];

pub(super) const KIND: Variant = Variant {
    word: "webhook",
    about: "A POST: any answer from 200 to 299 is good, a redirect is none. An address that lets everybody post who \
            knows it, such as Slack's, is a secret.",
    keys: KEYS,
    example: r#"[notify.hook]
type = "webhook"
url = "https://hooks.example.com/switchback"   # or "env:NAME", "file:/path"
# format = "json"
headers = { Authorization = "env:HOOK_AUTHORIZATION" }
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookChannel {
    pub url: Endpoint,
    pub format: WebhookFormat,
    pub headers: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WebhookFormat {
    #[default]
    Json,
    Slack,
    Text,
}

impl WebhookChannel {
    pub(in crate::estate) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self {
            url: fields.take("url", value::endpoint)?,
            format: match fields.word("format", &FORMATS) {
                Some("slack") => WebhookFormat::Slack,
                Some("text") => WebhookFormat::Text,
                _ => WebhookFormat::Json,
            },
            headers: fields.take("headers", value::headers).unwrap_or_default(),
        })
    }
}
