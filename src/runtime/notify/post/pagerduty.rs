//! PagerDuty's Events API v2, <https://developer.pagerduty.com/docs/events-api-v2/trigger-events/>.

use domain::alert::{Notice, NoticeState};
use domain::estate::PagerDutyChannel;
use domain::time::rfc3339;
use serde_json::{Value, json};

use super::super::secret::Used;
use super::answer::{Call, post};
use super::{Fault, cut};

/// Limits of the API, in characters.
const SUMMARY: usize = 1024;
const DEDUP_KEY: usize = 255;

pub(super) async fn send(channel: &PagerDutyChannel, notice: &Notice, used: &mut Used) -> Result<(), Fault> {
    let key = used.read(&channel.routing_key).await?;
    let access = format!("check {}: the integration key of a service's Events API V2 integration", channel.routing_key);
    post(Call::json(channel.url.clone(), &event(notice, &key), access)).await
}

fn event(notice: &Notice, routing_key: &str) -> Value {
    let action = match notice.state {
        NoticeState::Firing | NoticeState::Reminder => "trigger",
        NoticeState::Acknowledged => "acknowledge",
        NoticeState::Resolved => "resolve",
    };
    json!({
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": cut(&notice.alias(), DEDUP_KEY),
        "client": "switchback",
        "payload": {
            "summary": cut(&notice.headline(), SUMMARY),
            "source": notice.estate,
            // `critical`, `warning` and `info` are PagerDuty's words too.
            "severity": notice.severity.word(),
            "timestamp": rfc3339(notice.at),
            "component": notice.key,
            "group": notice.estate,
            "class": notice.rule,
            "custom_details": notice,
        },
    })
}
