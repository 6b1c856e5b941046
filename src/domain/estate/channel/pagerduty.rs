//! `pagerduty`: the Events API v2.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::source::SecretSource;
use super::super::value;

const URL: &str = "https://events.pagerduty.com/v2/enqueue";

pub(super) const KIND: Variant = Variant {
    word: "pagerduty",
    about: "PagerDuty's Events API v2: an alert is triggered, acknowledged and resolved under one `dedup_key`, \
            `switchback/ESTATE/RULE:SUBJECT`. Severities are the same words. The key is the *integration key* of a \
            service with an *Events API V2* integration.",
    keys: &[
        needed("routing_key", Kind::Secret, "The integration key."),
        key(
            "url",
            Kind::Url,
            "\"https://events.pagerduty.com/v2/enqueue\"",
            "Where events go; in the EU `https://events.eu.pagerduty.com/v2/enqueue`.",
        ),
    ],
    example: r#"[notify.on-call]
type = "pagerduty"
routing_key = "env:PAGERDUTY_ROUTING_KEY"
# url = "https://events.eu.pagerduty.com/v2/enqueue"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagerDutyChannel {
    pub routing_key: SecretSource,
    pub url: String,
}

impl PagerDutyChannel {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self {
            routing_key: fields.take("routing_key", value::secret)?,
            url: fields.take("url", value::url).unwrap_or_else(|| URL.to_owned()),
        })
    }
}
