//! What is sent, byte for byte where it matters. The shapes are those that PagerDuty (Events API v2), Opsgenie (Alert
//! API) and Slack (incoming webhooks) have published; the servers here stand in for theirs.

use domain::alert::{Notice, NoticeState};
use domain::reading::AlertSeverity;
use serde_json::json as value;

use super::{Receiver, estate, json, notice, secret, send};

#[tokio::test]
async fn pagerduty_is_triggered_and_resolved_under_one_key() {
    let receiver = Receiver::accepting();
    let (_folder, source) = secret("0123456789abcdef0123456789abcdef");
    let url = receiver.server.url("/v2/enqueue");
    let estate = estate(&format!("[notify.a]\ntype = \"pagerduty\"\nrouting_key = \"{source}\"\nurl = \"{url}\"\n"));
    let firing = notice("region-down:us-east-1", NoticeState::Firing);
    send(&estate, &firing).await.unwrap();
    send(&estate, &Notice { state: NoticeState::Resolved, ..firing.clone() }).await.unwrap();
    let taken = Notice { state: NoticeState::Acknowledged, by: Some("ana".into()), ..firing.clone() };
    send(&estate, &taken).await.unwrap();

    let requests = receiver.requests();
    let acknowledge = json(&requests[2]);
    assert_eq!(acknowledge["event_action"], "acknowledge");
    assert_eq!(acknowledge["dedup_key"], "switchback/orders/region-down:us-east-1");
    assert_eq!(requests[0].line, "POST /v2/enqueue HTTP/1.1");
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    let details = serde_json::to_value(&firing).unwrap();
    let event = value!({
        "routing_key": "0123456789abcdef0123456789abcdef",
        "event_action": "trigger",
        "dedup_key": "switchback/orders/region-down:us-east-1",
        "client": "switchback",
        "payload": {
            "summary": "FIRING critical orders: us-east-1 is <down> & out", "source": "orders", "severity": "critical",
            "timestamp": "2026-11-20T02:14:38.000Z", "component": "region-down:us-east-1", "group": "orders",
            "class": "region-down", "custom_details": details,
        },
    });
    assert_eq!(json(&requests[0]), event);
    let resolve = json(&requests[1]);
    assert_eq!(resolve["event_action"], "resolve");
    assert_eq!(resolve["dedup_key"], event["dedup_key"]);
}

#[tokio::test]
async fn opsgenie_creates_and_closes_one_alias() {
    let receiver = Receiver::accepting();
    let (_folder, source) = secret("eb243592-faa2-4ba2-a551-1afdf565c889");
    let url = receiver.server.url("");
    let estate = estate(&format!("[notify.a]\ntype = \"opsgenie\"\napi_key = \"{source}\"\nurl = \"{url}\"\n"));
    let lag = Notice {
        severity: AlertSeverity::Warning,
        text: "x".repeat(200),
        ..notice("replication-lag:orders-db@us-west-2", NoticeState::Reminder)
    };
    send(&estate, &lag).await.unwrap();
    send(&estate, &Notice { state: NoticeState::Resolved, ..lag.clone() }).await.unwrap();
    send(&estate, &Notice { state: NoticeState::Acknowledged, by: Some("ana".into()), ..lag }).await.unwrap();

    let requests = receiver.requests();
    assert_eq!(requests[0].line, "POST /v2/alerts HTTP/1.1");
    assert_eq!(requests[0].header("authorization"), Some("GenieKey eb243592-faa2-4ba2-a551-1afdf565c889"));
    let create = json(&requests[0]);
    let alias = "switchback/orders/replication-lag:orders-db@us-west-2";
    assert_eq!((create["alias"].as_str(), create["priority"].as_str()), (Some(alias), Some("P3")));
    assert_eq!(create["message"].as_str().unwrap().chars().count(), 130, "the API takes no more");
    assert_eq!(create["tags"], value!(["replication-lag", "live"]));
    assert_eq!(create["details"]["incident"], "INC-2026-0007");
    let close = "POST /v2/alerts/switchback%2Forders%2Freplication-lag:orders-db@us-west-2/close?identifierType=alias";
    assert_eq!(requests[1].line, format!("{close} HTTP/1.1"));
    assert_eq!(json(&requests[1])["source"], "switchback");
    assert_eq!(requests[2].line, format!("{} HTTP/1.1", close.replace("/close?", "/acknowledge?")));
    assert_eq!(json(&requests[2])["user"], "ana");
}

#[tokio::test]
async fn a_webhook_is_given_the_notice_with_its_headers() {
    let receiver = Receiver::accepting();
    let url = receiver.server.url("/hook");
    let estate =
        estate(&format!("[notify.a]\ntype = \"webhook\"\nurl = \"{url}\"\nheaders = {{ X-Team = \"platform\" }}\n"));
    let firing = notice("region-down:us-east-1", NoticeState::Firing);
    send(&estate, &firing).await.unwrap();
    let request = receiver.only();
    assert_eq!(request.header("x-team"), Some("platform"));
    assert_eq!(serde_json::from_slice::<Notice>(&request.body).unwrap(), firing);
}

#[tokio::test]
async fn slack_is_given_text_that_it_cannot_mistake_for_markup() {
    let receiver = Receiver::accepting();
    let (_folder, source) = secret(&receiver.server.url("/services/T0/B0/x"));
    let estate = estate(&format!("[notify.a]\ntype = \"webhook\"\nurl = \"{source}\"\nformat = \"slack\"\n"));
    send(&estate, &notice("region-down:us-east-1", NoticeState::Firing)).await.unwrap();
    let request = receiver.only();
    assert_eq!(request.line, "POST /services/T0/B0/x HTTP/1.1");
    assert_eq!(json(&request), value!({"text": "FIRING critical orders: us-east-1 is &lt;down&gt; &amp; out"}));
}

#[tokio::test]
async fn plain_text_is_plain() {
    let receiver = Receiver::accepting();
    let url = receiver.server.url("/topic");
    let estate = estate(&format!("[notify.a]\ntype = \"webhook\"\nurl = \"{url}\"\nformat = \"text\"\n"));
    send(&estate, &notice("region-down:us-east-1", NoticeState::Resolved)).await.unwrap();
    let request = receiver.only();
    assert_eq!(request.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(String::from_utf8(request.body).unwrap(), "RESOLVED critical orders: us-east-1 is <down> & out");
}
