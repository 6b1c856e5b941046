//! Alerts on a real service that goes down and comes back: told once, answered from one console and seen in another,
//! recorded once in the log of the incident that is open.

use std::sync::Arc;

use domain::alert::{Notice, NoticeState};
use domain::log::{Event, Kind};
use domain::report::entry_sentence;
use serde_json::Value;
use switchback::cli::status::{StatusOptions, watch};
use switchback::runtime::paths::Paths;
use tokio::sync::mpsc;

use crate::support::console::Console;
use crate::support::estate::{Estate, folded};
use crate::support::http::{Answer, HttpServer};
use crate::support::service::Service;
use crate::support::wait::{until, until_async};

fn listed(estate: &Estate) -> Value {
    serde_json::from_slice(&estate.tried("raj", &["alerts", "--json"]).stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_tells_people_once_and_a_login_without_a_screen_answers() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::up();
    let (notices, mut told) = mpsc::channel(16);
    let hook = HttpServer::new(move |request| {
        notices.try_send(serde_json::from_slice(&request.body).unwrap()).unwrap();
        Answer::text("200 OK", "")
    });
    let channel = format!("[notify.hook]\ntype = \"webhook\"\nurl = \"{}\"\n", hook.url("/"));
    let estate = service.estate_with(folder.path(), &channel);
    let paths = Paths { state: estate.state.clone(), config: estate.state.clone() };
    let parsed = domain::estate::parse(&std::fs::read_to_string(&estate.file).unwrap()).estate;
    let options = StatusOptions::default();
    assert_eq!(estate.tried("raj", &["alerts"]).status.code(), Some(5), "nobody watches yet");
    let (mut out, mut notes) = (std::io::sink(), std::io::sink());
    let parsed = Arc::new(parsed);
    tokio::select! {
        ended = watch(&parsed, Kind::Live, &paths, &options, &mut out, &mut notes) => panic!("{ended:?}"),
        () = goes_down_and_comes_back(&service, &estate, &paths, &mut told) => {}
    }
    drop(hook);
    assert!(told.recv().await.is_none(), "nothing else was told");
}

async fn goes_down_and_comes_back(
    service: &Service,
    estate: &Estate,
    paths: &Paths,
    told: &mut mpsc::Receiver<Notice>,
) {
    until_async("the watch is kept", async || estate.tried("raj", &["alerts"]).status.code() == Some(0)).await;

    service.fails(true);
    let fired: Notice = told.recv().await.unwrap();
    assert_eq!(
        (fired.key.as_str(), fired.state, fired.kind),
        ("region-down:us-east-1", NoticeState::Firing, Kind::Live)
    );
    assert_eq!((fired.text.as_str(), fired.estate.as_str()), ("us-east-1 is down", "orders"));
    until_async("it is listed", async || estate.tried("raj", &["alerts"]).status.code() == Some(1)).await;

    let wrong = estate.tried("raj", &["ack", "region-down:us-east-2"]);
    assert_eq!(wrong.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean `region-down:us-east-1`?"));
    assert_eq!(estate.tried("raj", &["--read-only", "ack", "all"]).status.code(), Some(4));
    assert_eq!(estate.tried("raj", &["silence", "region-down", "--for", "2h"]).status.code(), Some(2), "no reason");
    assert_eq!(estate.login("raj", &["ack", "all"]), "raj acknowledges region-down:us-east-1.\n");
    estate.login("raj", &["silence", "check-down", "--for", "2h", "--reason", "being replaced"]);
    let listed = listed(estate);
    assert_eq!(listed["watched"], true);
    assert_eq!(listed["alerts"][0]["acknowledged_by"], "raj");
    assert_eq!(listed["alerts"][0]["state"], "firing");
    assert_eq!(listed["silences"][0]["of"], "check-down");
    until_async("the watcher's own status says who is on it", async || {
        let live = switchback::runtime::readings::live(&paths.estate("orders"));
        live.is_some_and(|live| live.alerts.iter().any(|alert| alert.acknowledged_by == Some("raj".into())))
    })
    .await;

    let taken = told.recv().await.unwrap();
    assert_eq!((taken.state, taken.by), (NoticeState::Acknowledged, Some("raj".into())));
    service.fails(false);
    let resolved = told.recv().await.unwrap();
    assert_eq!((resolved.key, resolved.state), (fired.key, NoticeState::Resolved));
    until_async("nothing fires", async || estate.tried("raj", &["alerts"]).status.code() == Some(0)).await;
}

#[test]
fn of_two_consoles_one_records_what_fires_and_what_was_answered_in_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::up();
    let estate = service.estate(folder.path());
    let mut mara = Console::open(&estate, "mara");
    mara.declares();
    let ana = Console::open(&estate, "ana");
    ana.shows(&["INC-"]);
    service.fails(true);
    let said = |what: &str| {
        let state = folded(estate.entries());
        state.entries.iter().map(|entry| entry_sentence(&state, entry)).filter(|said| said.text.contains(what)).count()
    };
    until("it is in the log", || said("alert, critical: us-east-1 is down") == 1);
    estate.login("raj", &["ack", "region-down:us-east-1"]);
    until("who is on it is in the log", || said("raj acknowledges alert region-down:us-east-1") == 1);
    mara.killed();
    // The other takes over what the first one kept: the readings, the alerts, the recording.
    service.fails(false);
    until("its end is in the log", || said("alert region-down:us-east-1 is over") == 1);
    let alerts = estate.entries().into_iter().filter(|entry| {
        matches!(entry.event, Event::AlertFired { .. } | Event::AlertAcknowledged { .. } | Event::AlertResolved { .. })
    });
    let alerts: Vec<_> = alerts.map(|entry| entry.event).collect();
    assert_eq!(alerts.len(), 3, "{alerts:#?}");
    assert_eq!(listed(&estate)["watched"], true);
    drop(ana);
}
