//! Opsgenie's Alert API, <https://docs.opsgenie.com/docs/alert-api>.

use domain::alert::{Notice, NoticeState};
use domain::estate::OpsgenieChannel;
use domain::ident::PersonId;
use domain::reading::AlertSeverity;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde_json::{Value, json};

use super::super::secret::Used;
use super::answer::{Call, post};
use super::{Fault, cut};

/// Limits of the API, in characters.
const MESSAGE: usize = 130;
const ALIAS: usize = 512;
const DESCRIPTION: usize = 15_000;

pub(super) async fn send(channel: &OpsgenieChannel, notice: &Notice, used: &mut Used) -> Result<(), Fault> {
    let key = used.read(&channel.api_key).await?;
    let access = format!(
        "check {}: the key of an API integration that may create and update alerts, and `site`",
        channel.api_key
    );
    let mut authorization = HeaderValue::from_str(&format!("GenieKey {key}"))
        .map_err(|_| Fault::pointless("the key holds characters that no key has", access.clone()))?;
    authorization.set_sensitive(true);
    let (url, body) = request(channel, notice).ok_or_else(|| {
        Fault::pointless("its address is not a URL", "write the API's, such as https://api.opsgenie.com")
    })?;
    let mut call = Call::json(url.into(), &body, access);
    call.headers.insert(AUTHORIZATION, authorization);
    post(call).await
}

fn request(channel: &OpsgenieChannel, notice: &Notice) -> Option<(Url, Value)> {
    let alias = cut(&notice.alias(), ALIAS);
    let mut url = Url::parse(&channel.url).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(["v2", "alerts"]);
    let act = match notice.state {
        NoticeState::Firing | NoticeState::Reminder => return Some((url, create(notice, &alias))),
        NoticeState::Acknowledged => "acknowledge",
        NoticeState::Resolved => "close",
    };
    url.path_segments_mut().ok()?.extend([&alias, act]);
    url.query_pairs_mut().append_pair("identifierType", "alias");
    let by = notice.by.as_ref().map_or("switchback", PersonId::as_str);
    Some((url, json!({"source": "switchback", "user": by, "note": notice.headline()})))
}

fn create(notice: &Notice, alias: &str) -> Value {
    let incident = notice.incident.clone().unwrap_or_default();
    json!({
        "message": cut(&notice.headline(), MESSAGE),
        "alias": alias,
        "description": cut(&notice.lines().join("\n"), DESCRIPTION),
        "priority": match notice.severity {
            AlertSeverity::Critical => "P1",
            AlertSeverity::Warning => "P3",
            AlertSeverity::Info => "P5",
        },
        "source": "switchback",
        "entity": notice.estate,
        "tags": [notice.rule, notice.kind.word()],
        "details": {"estate": notice.estate, "rule": notice.rule, "key": notice.key, "incident": incident},
    })
}
