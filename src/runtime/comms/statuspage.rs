//! Atlassian Statuspage, <https://developer.statuspage.io/#tag/incidents>. It knows no key for idempotence: what we told
//! it is known by the metadata of its incident, so that an attempt whose answer was lost is not told twice.

use domain::comms::{Before, Outgoing};
use domain::estate::StatuspageOutlet;
use domain::log::IncidentStatus;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::runtime::notify::Fault;
use crate::runtime::notify::post::answer::{Call, ask};
use crate::runtime::notify::post::cut;
use crate::runtime::notify::secret::Used;

/// Longest name of an incident that the page shows whole, in characters.
const NAME: usize = 240;

/// What is read of an incident of the page.
#[derive(Debug, Deserialize)]
struct Shown {
    id: String,
    #[serde(default)]
    metadata: Value,
    #[serde(default)]
    incident_updates: Vec<Told>,
}

#[derive(Debug, Deserialize)]
struct Told {
    #[serde(default)]
    body: String,
    #[serde(default)]
    status: String,
}

/// Creates the page's incident, or tells the one there is; gives its id.
pub(super) async fn send(
    page: &StatuspageOutlet,
    outgoing: &Outgoing,
    before: &Before,
    used: &mut Used,
) -> Result<String, Fault> {
    let door = Door::open(page, used).await?;
    let shown = match &before.receipt {
        Some(id) if !before.doubt => Some(id.to_owned()),
        known => {
            let shown = match known {
                Some(id) => Some(door.incident(id).await?),
                None => door.ours(&outgoing.incident_id).await?,
            };
            if let Some(shown) = &shown
                && shown.incident_updates.iter().any(|told| said(told, outgoing))
            {
                return Ok(shown.id.clone());
            }
            shown.map(|shown| shown.id)
        }
    };
    let (method, path) = match &shown {
        Some(id) => (Method::PATCH, vec!["incidents", id.as_str()]),
        None => (Method::POST, vec!["incidents"]),
    };
    let answer = door.ask(method, &path, &incident(page, outgoing, shown.is_none())).await?;
    let created: Result<Shown, _> = serde_json::from_slice(&answer);
    match (shown, created) {
        (Some(id), _) => Ok(id),
        (None, Ok(created)) => Ok(created.id),
        (None, Err(_)) => Err(Fault {
            unsure: true,
            ..Fault::pointless("its answer has no id of an incident", "look at the page: it may stand there")
        }),
    }
}

/// Reads the page, and changes nothing.
pub(super) async fn look(page: &StatuspageOutlet, used: &mut Used) -> Result<(), Fault> {
    Door::open(page, used).await?.ask(Method::GET, &[], &Value::Null).await.map(drop)
}

fn said(told: &Told, outgoing: &Outgoing) -> bool {
    told.body.trim() == outgoing.text.trim() && told.status == word(outgoing.status)
}

fn incident(page: &StatuspageOutlet, outgoing: &Outgoing, new: bool) -> Value {
    let components: Map<String, Value> =
        page.components.iter().map(|id| (id.clone(), json!(page.component_status(outgoing.status)))).collect();
    let mut incident = json!({
        "name": cut(&outgoing.subject, NAME),
        "status": word(outgoing.status),
        "body": outgoing.text,
        "impact_override": page.impact.word(),
        "deliver_notifications": page.notify,
    });
    if !components.is_empty() {
        incident["component_ids"] = json!(page.components);
        incident["components"] = Value::Object(components);
    }
    if new {
        incident["metadata"] = json!({"switchback": {"incident": outgoing.incident_id}});
    }
    json!({ "incident": incident })
}

/// The page's words for where an incident is.
const fn word(status: IncidentStatus) -> &'static str {
    match status {
        IncidentStatus::Investigating => "investigating",
        IncidentStatus::Identified | IncidentStatus::FailingOver => "identified",
        IncidentStatus::Monitoring => "monitoring",
        IncidentStatus::Resolved => "resolved",
    }
}

/// The API of one page, with its key.
struct Door<'p> {
    page: &'p StatuspageOutlet,
    authorization: HeaderValue,
}

impl<'p> Door<'p> {
    async fn open(page: &'p StatuspageOutlet, used: &mut Used) -> Result<Self, Fault> {
        let key = used.read(&page.api_key).await?;
        let mut authorization = HeaderValue::from_str(&format!("OAuth {key}"))
            .map_err(|_| Fault::pointless("the key holds characters that no key has", access(page)))?;
        authorization.set_sensitive(true);
        Ok(Self { page, authorization })
    }

    /// The page's incident that was made for this one of ours.
    async fn ours(&self, incident: &str) -> Result<Option<Shown>, Fault> {
        let shown: Vec<Shown> = self.read(&["incidents"]).await?;
        Ok(shown.into_iter().find(|shown| shown.metadata["switchback"]["incident"] == incident))
    }

    /// The page's incident of this id.
    async fn incident(&self, id: &str) -> Result<Shown, Fault> {
        self.read(&["incidents", id]).await
    }

    async fn read<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Fault> {
        let answer = self.ask(Method::GET, path, &Value::Null).await;
        // Nothing is told by this: whatever went wrong here, it has not arrived.
        let answer = answer.map_err(|fault| Fault { unsure: false, ..fault })?;
        serde_json::from_slice(&answer)
            .map_err(|_| Fault::pointless("what it says of incidents cannot be read", "check `page` and `url`"))
    }

    async fn ask(&self, method: Method, path: &[&str], body: &Value) -> Result<Vec<u8>, Fault> {
        let wrong =
            || Fault::pointless("its address is not a URL", "write the API's, such as https://api.statuspage.io");
        let mut url = Url::parse(&self.page.url).map_err(|_| wrong())?;
        url.path_segments_mut()
            .map_err(|()| wrong())?
            .pop_if_empty()
            .extend(["v1", "pages", &self.page.page])
            .extend(path);
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        let access = access(self.page);
        ask(Call { method, url: url.into(), headers, content: "application/json", body, access }).await
    }
}

fn access(page: &StatuspageOutlet) -> String {
    format!("check {}: an API key of a user who may manage incidents of the page", page.api_key)
}
