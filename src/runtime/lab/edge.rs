//! The edge: what users reach. Passes on to the active region; which one that is, a switch says.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hyper::Method;
use serde_json::{Value, json};

use super::plan::{Lab, Side};
use super::server::{Answer, Call, serve};

const DEADLINE: Duration = Duration::from_secs(3);

#[derive(Debug)]
struct Edge {
    lab: Lab,
    active: RwLock<Side>,
    kept: PathBuf,
    client: reqwest::Client,
}

/// Runs until the process is ended; the active side survives it.
pub(super) async fn run(lab: &Lab) -> std::io::Result<()> {
    let kept = lab.dir.join("edge.json");
    let active =
        std::fs::read_to_string(&kept).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Side::East);
    let client = crate::runtime::http::shared_client().map_err(std::io::Error::other)?;
    let edge = Edge { lab: lab.clone(), active: RwLock::new(active), kept, client };
    serve(lab.edge, Arc::new(edge), |edge, call| async move { edge.answer(call).await }).await
}

impl Edge {
    fn active(&self) -> Side {
        *self.active.read().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, call: Call) -> Answer {
        match (call.method.clone(), call.path.as_str()) {
            (Method::GET, "/active") => Answer::new(200, json!({ "region": self.active().region() })),
            (Method::POST, "/switch") => self.switch(&call.body),
            _ => self.pass_on(call).await,
        }
    }

    fn switch(&self, body: &Value) -> Answer {
        let Some(side) = body["region"].as_str().and_then(Side::of_region) else {
            return Answer::new(400, json!({ "error": "a region is needed: us-east-1 or us-west-2" }));
        };
        let before = std::mem::replace(&mut *self.active.write().unwrap_or_else(PoisonError::into_inner), side);
        match serde_json::to_string(&side)
            .map_err(std::io::Error::other)
            .and_then(|text| std::fs::write(&self.kept, text))
        {
            Ok(()) => Answer::new(200, json!({ "region": side.region(), "before": before.region() })),
            Err(error) => Answer::new(500, json!({ "error": error.to_string() })),
        }
    }

    async fn pass_on(&self, call: Call) -> Answer {
        let side = self.active();
        let url = format!("http://127.0.0.1:{}{}", self.lab.apps.of(side), call.path);
        let request = self.client.request(call.method, url).timeout(DEADLINE);
        let request = if call.body.is_null() {
            request
        } else {
            request.header("content-type", "application/json").body(call.body.to_string())
        };
        match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let text = response.text().await.unwrap_or_default();
                Answer::new(status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
            }
            Err(_) => Answer::new(502, json!({ "error": format!("{} does not answer", side.region()) })),
        }
    }
}
