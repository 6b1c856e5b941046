//! `opsgenie`: the Alert API.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::source::SecretSource;
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "opsgenie",
    about: "Opsgenie's Alert API: an alert is created, acknowledged and closed under one alias, \
            `switchback/ESTATE/RULE:SUBJECT`. Critical is P1, warning P3, info P5. The key is that of an *API* \
            integration which may create and update.",
    keys: &[
        needed("api_key", Kind::Secret, "The integration's key."),
        key("site", Kind::Word(&["us", "eu"]), "\"us\"", "Where the account lives."),
        key("url", Kind::Url, "that of the site", "The API's address, up to `/v2`."),
    ],
    example: r#"[notify.on-call]
type = "opsgenie"
api_key = "file:/run/secrets/opsgenie"
site = "eu"
# url = "https://api.eu.opsgenie.com"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpsgenieChannel {
    pub api_key: SecretSource,
    /// `https://api.opsgenie.com`, without a slash at the end.
    pub url: String,
}

impl OpsgenieChannel {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let usual = match fields.word("site", &["us", "eu"]) {
            Some("eu") => "https://api.eu.opsgenie.com",
            _ => "https://api.opsgenie.com",
        };
        let url = fields.take("url", value::url);
        Some(Self {
            api_key: fields.take("api_key", value::secret)?,
            url: url.as_deref().unwrap_or(usual).trim_end_matches('/').to_owned(),
        })
    }
}
