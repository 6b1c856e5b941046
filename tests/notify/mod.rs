//! People are told: what is sent stands as the receivers published it, and what cannot be sent is known.

mod command;
mod mail;
mod requests;
mod seen;
mod tested;
mod troubles;

use std::sync::{Arc, Mutex};

use domain::alert::{Notice, NoticeState};
use domain::estate::{Estate, parse};
use domain::log::Kind;
use domain::reading::AlertSeverity;
use serde_json::Value;
use switchback::runtime::notify::{Fault, Post};

use crate::support::http::{Answer, HttpServer, Request};

/// An estate with these channels.
fn estate(channels: &str) -> Estate {
    let text = format!(
        "name = \"orders\"\n[regions.east]\nrole = \"primary\"\n[services.shop.health]\neast = \"http://127.0.0.1:9/\"\n{channels}"
    );
    let parsed = parse(&text);
    assert_eq!(parsed.diagnostics, vec![], "{text}");
    parsed.estate
}

fn notice(key: &str, state: NoticeState) -> Notice {
    Notice {
        key: key.into(),
        rule: key.split(':').next().unwrap().to_owned(),
        severity: AlertSeverity::Critical,
        state,
        text: "us-east-1 is <down> & out".to_owned(),
        estate: "orders".to_owned(),
        kind: Kind::Live,
        since: "2026-11-20T02:14:37.123Z".parse().unwrap(),
        at: "2026-11-20T02:14:38Z".parse().unwrap(),
        incident: Some("INC-2026-0007".to_owned()),
        by: None,
    }
}

/// One attempt through the estate's one channel.
async fn send(estate: &Estate, notice: &Notice) -> Result<(), Fault> {
    Post::of(&estate.notify[0]).unwrap().send(notice).await
}

/// A receiver that keeps what it was sent, and answers by `answer`.
struct Receiver {
    server: HttpServer,
    taken: Arc<Mutex<Vec<Request>>>,
}

impl Receiver {
    /// `answer` is given how many requests there were before.
    fn new(answer: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> Self {
        let taken = Arc::new(Mutex::new(Vec::new()));
        let take = Arc::clone(&taken);
        let server = HttpServer::new(move |request| {
            let before = {
                let mut taken = take.lock().unwrap();
                taken.push(request.clone());
                taken.len() - 1
            };
            answer(before, request)
        });
        Self { server, taken }
    }

    fn accepting() -> Self {
        Self::new(|_, _| Answer::text("202 Accepted", "{}"))
    }

    fn requests(&self) -> Vec<Request> {
        self.taken.lock().unwrap().clone()
    }

    fn only(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }
}

fn json(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// A file that holds a secret.
fn secret(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, format!("{text}\n")).unwrap();
    let source = format!("file:{}", path.display());
    (folder, source)
}
