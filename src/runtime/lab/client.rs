//! A customer: writes orders through the edge at a steady rate, and remembers which ones were acknowledged and when.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::Duration;

use domain::time::{Timestamp, rfc3339};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::plan::Lab;

/// One order every 50 ms.
const EVERY: Duration = Duration::from_millis(50);
const DEADLINE: Duration = Duration::from_secs(2);

/// One order, as the customer saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Tried {
    pub(super) id: i64,
    /// When it was sent.
    pub(super) sent: Timestamp,
    /// When the answer came; only an acknowledged order has one.
    pub(super) acknowledged: Option<Timestamp>,
    pub(super) region: Option<String>,
}

/// Runs until the process is ended. One line per order, written before the next one is sent.
pub(super) async fn run(lab: &Lab) -> std::io::Result<()> {
    let path = lab.acknowledged();
    let last = super::report::read(&path).last().map_or(0, |tried| tried.id);
    let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
    let client = crate::runtime::http::shared_client().map_err(std::io::Error::other)?;
    let url = format!("http://127.0.0.1:{}/orders", lab.edge);
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for id in last + 1.. {
        every.tick().await;
        let sent = Timestamp::now();
        let request = client
            .post(&url)
            .timeout(DEADLINE)
            .header("content-type", "application/json")
            .body(json!({ "id": id }).to_string());
        let region = match request.send().await {
            Ok(response) if response.status().as_u16() == 201 => {
                let text = response.text().await.unwrap_or_default();
                let body: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
                Some(body["region"].as_str().unwrap_or("unknown").to_owned())
            }
            _ => None,
        };
        let acknowledged = region.is_some().then(Timestamp::now);
        let line =
            json!({ "id": id, "sent": rfc3339(sent), "acknowledged": acknowledged.map(rfc3339), "region": region });
        writeln!(file, "{line}")?;
    }
    Ok(())
}
