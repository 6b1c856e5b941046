//! A status page in the shape of Statuspage's API: it keeps what it is told, and can lose its answers.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::http::{Answer, HttpServer, Request};

/// The key that it lets in.
pub(crate) const KEY: &str = "open-sesame-4711";

/// What it does instead of answering as it should.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// Does what it was asked, and says nothing.
    Silent,
    /// Does nothing, and says this.
    Says(Answer),
}

pub(crate) struct StatusPage {
    server: HttpServer,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    incidents: Vec<Value>,
    lines: Vec<String>,
    trouble: Option<Trouble>,
}

impl StatusPage {
    pub(crate) fn new() -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let keep = Arc::clone(&kept);
        let server = HttpServer::new(move |request| keep.lock().unwrap().answer(request));
        Self { server, kept }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url("")
    }

    /// Of the next request that changes something.
    pub(crate) fn has_trouble(&self, trouble: Trouble) {
        self.kept.lock().unwrap().trouble = Some(trouble);
    }

    pub(crate) fn incidents(&self) -> Vec<Value> {
        self.kept.lock().unwrap().incidents.clone()
    }

    /// First lines of what was asked, oldest first.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.kept.lock().unwrap().lines.clone()
    }
}

impl Kept {
    fn answer(&mut self, request: &Request) -> Answer {
        self.lines.push(request.line.clone());
        if request.header("authorization") != Some(&format!("OAuth {KEY}")) {
            return Answer::text("401 Unauthorized", r#"{"error":"Could not authenticate"}"#);
        }
        let mut words = request.line.split_whitespace();
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let rest = path.strip_prefix("/v1/pages/kctbh9vrtdwd").unwrap_or("/nowhere");
        let said: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let trouble = if method == "GET" { None } else { self.trouble.take() };
        if let Some(Trouble::Says(answer)) = &trouble {
            return answer.clone();
        }
        let told = match (method, rest.trim_start_matches('/').split('/').collect::<Vec<_>>().as_slice()) {
            ("GET", [""]) => json!({"id": "kctbh9vrtdwd"}),
            ("GET", ["incidents"]) => json!(self.incidents),
            ("GET", ["incidents", id]) => match self.incidents.iter().find(|incident| incident["id"] == *id) {
                Some(incident) => incident.clone(),
                None => return Answer::text("404 Not Found", r#"{"error":"not found"}"#),
            },
            ("POST", ["incidents"]) => self.create(&said["incident"]),
            ("PATCH", ["incidents", id]) => match self.update(id, &said["incident"]) {
                Some(told) => told,
                None => return Answer::text("404 Not Found", r#"{"error":"not found"}"#),
            },
            _ => return Answer::text("404 Not Found", r#"{"error":"not found"}"#),
        };
        if trouble.is_some() { Answer::Hang } else { Answer::json(&told.to_string()) }
    }

    fn create(&mut self, said: &Value) -> Value {
        let mut incident = said.clone();
        incident["id"] = json!(format!("inc{}", self.incidents.len() + 1));
        incident["incident_updates"] = json!([{"body": said["body"], "status": said["status"]}]);
        self.incidents.push(incident.clone());
        incident
    }

    fn update(&mut self, id: &str, said: &Value) -> Option<Value> {
        let incident = self.incidents.iter_mut().find(|incident| incident["id"] == id)?;
        for (key, value) in said.as_object()? {
            incident[key] = value.clone();
        }
        let told = json!({"body": said["body"], "status": said["status"]});
        incident["incident_updates"].as_array_mut()?.insert(0, told);
        Some(incident.clone())
    }
}
