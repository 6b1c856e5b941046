//! `statuspage`: an incident of a status page at Atlassian Statuspage.

use super::super::fields::Fields;
use super::super::schema::{Key, Kind, Section, Variant, key, needed};
use super::super::source::SecretSource;
use super::super::value;
use crate::log::IncidentStatus;

const URL: &str = "https://api.statuspage.io";

/// The words of the API, from well to worst.
const COMPONENT: [&str; 5] =
    ["operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"];

const IMPACT: [&str; 4] = ["none", "minor", "major", "critical"];

static SHOWN_AS: Section = Section {
    about: "What the components are shown as, status by status.",
    keys: &[
        shown_as("investigating", "\"major_outage\""),
        shown_as("identified", "\"major_outage\""),
        shown_as("failing_over", "\"major_outage\""),
        shown_as("monitoring", "\"degraded_performance\""),
        shown_as("resolved", "\"operational\""),
    ],
};

const fn shown_as(status: &'static str, usual: &'static str) -> Key {
    key(status, Kind::Word(&COMPONENT), usual, "Of the components meanwhile.")
}

pub(super) const KIND: Variant = Variant {
    word: "statuspage",
    about: "An incident of a page at Atlassian Statuspage: the first update creates it, each further one goes to the \
            same, from whichever console, and `resolved` ends it. *Failing over* is *identified* there. An incident that \
            is there already is known by its metadata, so that none is created twice.",
    keys: &[
        needed("page", Kind::Text, "The page's id: the API's, not its address."),
        needed("api_key", Kind::Secret, "An API key of the account, of a user who may manage incidents."),
        key("components", Kind::TextList, "[]", "Ids of the components that it affects."),
        key("component_status", Kind::Table(&SHOWN_AS), "", "What these are shown as, status by status."),
        key("impact", Kind::Word(&IMPACT), "\"major\"", "How the page rates it."),
        key("notify", Kind::Bool, "true", "Whether the page tells its subscribers of each update."),
        key("public_url", Kind::Url, "none", "The page's address, for templates: `status_page`."),
        key("url", Kind::Url, "\"https://api.statuspage.io\"", "The API's address, up to `/v1`."),
    ],
    example: r#"[channels.status-page]
type = "statuspage"
page = "kctbh9vrtdwd"
api_key = "env:STATUSPAGE_API_KEY"
components = ["8kbf7d35c070", "vtnh60py4yd7"]
component_status = { investigating = "partial_outage", failing_over = "major_outage" }
# impact = "major"
# notify = true
public_url = "https://status.example.com"
# url = "https://api.statuspage.io"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatuspageOutlet {
    pub page: String,
    pub api_key: SecretSource,
    pub components: Vec<String>,
    /// In the order of [`IncidentStatus::ALL`].
    component_status: [&'static str; 5],
    pub impact: StatuspageImpact,
    /// The page tells its subscribers.
    pub notify: bool,
    pub public_url: Option<String>,
    /// `https://api.statuspage.io`, without a slash at the end.
    pub url: String,
}

/// How the page rates the incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatuspageImpact(&'static str);

impl StatuspageImpact {
    /// The API's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.0
    }
}

impl StatuspageOutlet {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let written = fields.sub("component_status");
        let of = |status: &str, usual: &'static str| {
            written.as_ref().and_then(|written| written.word(status, &COMPONENT)).unwrap_or(usual)
        };
        Some(Self {
            page: fields.text("page")?,
            api_key: fields.take("api_key", value::secret)?,
            components: fields.texts("components").unwrap_or_default(),
            component_status: [
                of("investigating", "major_outage"),
                of("identified", "major_outage"),
                of("failing_over", "major_outage"),
                of("monitoring", "degraded_performance"),
                of("resolved", "operational"),
            ],
            impact: StatuspageImpact(fields.word("impact", &IMPACT).unwrap_or("major")),
            notify: fields.take("notify", value::boolean).unwrap_or(true),
            public_url: fields.take("public_url", value::url),
            url: fields.take("url", value::url).as_deref().unwrap_or(URL).trim_end_matches('/').to_owned(),
        })
    }

    /// What the components are shown as, in the API's words.
    #[must_use]
    pub const fn component_status(&self, status: IncidentStatus) -> &'static str {
        self.component_status[status as usize]
    }
}
