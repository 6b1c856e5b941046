//! One reading without the screen: a verdict within its stated time, plain or JSON; and a watcher whose readings are
//! there for the console that is opened later.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::estate::{Check, CheckKind, Database, DownWhen, Estate, HttpCheck, PostgresCheck, Region, RegionRole};
use domain::ident::{CheckId, DatabaseId, RegionId};
use domain::log::Kind;
use domain::reading::{Health, Payload, Status};
use switchback::cli::status::{Answer, Form, StatusOptions, once, watch};
use switchback::runtime::paths::Paths;
use switchback::runtime::readings;
use tempfile::TempDir;

use crate::support::http::{Answer as HttpAnswer, HttpServer};
use crate::support::postgres::Server;
use crate::support::wait::until_async;

fn region(name: &str, role: RegionRole) -> Region {
    Region {
        id: RegionId::from(name),
        role,
        priority: 1,
        weight: 1.0,
        down_when: DownWhen::All,
        title: None,
        aws_region: None,
    }
}

fn check(name: &str, region: &str, kind: CheckKind, interval: Duration) -> Check {
    Check {
        id: CheckId::from(name),
        region: Some(RegionId::from(region)),
        service: None,
        kind,
        interval,
        timeout: Duration::from_secs(10),
        fail_after: 2,
        recover_after: 2,
        fail_when: None,
        degraded_over: None,
        critical: true,
        paused: false,
        alert: domain::estate::CheckAlert::Usual,
    }
}

fn api(server: &HttpServer, interval: Duration) -> Check {
    let http = HttpCheck { status: vec![(200, 299)], follow_redirects: false, ..HttpCheck::get(server.url("/")) };
    check("api@east", "east", CheckKind::Http(http), interval)
}

fn estate(checks: Vec<Check>) -> Estate {
    Estate { name: "orders".into(), regions: vec![region("east", RegionRole::Primary)], checks, ..Estate::default() }
}

fn paths(folder: &TempDir) -> Paths {
    Paths { state: folder.path().join("state"), config: folder.path().join("config") }
}

async fn look(estate: &Arc<Estate>, folder: &TempDir, json: bool) -> (Answer, String) {
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    let options = StatusOptions { form: if json { Form::Json } else { Form::Text }, read_only: false, looker: None };
    let answer = once(estate, Kind::Live, &paths(folder), &options, &mut out, &mut notes).await.unwrap();
    assert_eq!(String::from_utf8(notes).unwrap().contains("at most"), !json);
    (answer, String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn one_look_tells_what_is_well_and_a_few_what_is_down() {
    let folder = tempfile::tempdir().unwrap();
    let well = HttpServer::always(HttpAnswer::text("200 OK", ""));
    let (answer, text) = look(&Arc::new(estate(vec![api(&well, Duration::from_secs(10))])), &folder, false).await;
    assert_eq!((answer, answer.code()), (Answer::Well, 0));
    assert!(text.contains("Nothing is down.") && text.contains("api@east, http: ok"), "{text}");

    let broken = HttpServer::always(HttpAnswer::text("503 Service Unavailable", ""));
    for interval in [Duration::from_secs(10), Duration::from_secs(1)] {
        let (answer, text) = look(&Arc::new(estate(vec![api(&broken, interval)])), &folder, true).await;
        assert_eq!((answer, answer.code()), (Answer::Down, 1));
        let status: Status = serde_json::from_str(&text).unwrap();
        assert_eq!(status.regions[0].status, Health::Down);
        assert_eq!(status.regions[0].checks[0].error.as_deref(), Some("503 Service Unavailable"));
    }
}

#[tokio::test]
async fn a_primary_and_its_standby_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let primary = Server::primary();
    let standby = Server::standby(&primary, "west");
    primary.wait_for_standby("west");
    let database = DatabaseId::from("orders-db");
    let postgres = |name: &str, region: &str| {
        let kind = CheckKind::Postgres(PostgresCheck { database: database.clone(), query: None });
        check(name, region, kind, Duration::from_secs(10))
    };
    let servers = [("east", &primary), ("west", &standby)];
    let estate = Estate {
        name: "orders".into(),
        regions: vec![region("east", RegionRole::Primary), region("west", RegionRole::Standby)],
        databases: vec![Database {
            id: database.clone(),
            servers: servers.iter().map(|(region, server)| (RegionId::from(*region), server.dsn())).collect(),
            write_test: BTreeMap::new(),
            control_data: BTreeMap::new(),
            lag_warning: Duration::from_secs(60),
            lag_critical: Duration::from_secs(300),
        }],
        checks: vec![postgres("db@east", "east"), postgres("db@west", "west")],
        ..Estate::default()
    };
    let (answer, text) = look(&Arc::new(estate), &folder, false).await;
    assert_eq!(answer, Answer::Well, "{text}");
    assert!(text.contains("db@east, postgres: ok") && text.contains("db@west, postgres: ok"), "{text}");
    assert!(text.contains(", primary\n") && text.contains(", standby\n"), "{text}");
}

#[tokio::test]
async fn a_watcher_leaves_readings_for_the_next_console() {
    let folder = tempfile::tempdir().unwrap();
    let failing = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&failing);
    let server = HttpServer::new(move |_| {
        HttpAnswer::text(if switch.load(Ordering::SeqCst) { "500 Internal Server Error" } else { "200 OK" }, "")
    });
    let estate = Arc::new(estate(vec![api(&server, Duration::from_millis(100))]));
    let paths = paths(&folder);
    let kept = paths.estate("orders");
    let becomes = |health: Health| {
        let kept = kept.clone();
        until_async("live.json says so", move || {
            let live = readings::live(&kept);
            async move { live.is_some_and(|live| live.regions[0].status == health) }
        })
    };
    let (mut out, mut notes, options) = (Vec::new(), Vec::new(), StatusOptions::default());
    tokio::select! {
        ended = watch(&estate, Kind::Live, &paths, &options, &mut out, &mut notes) => panic!("{ended:?}"),
        () = async {
            becomes(Health::Ok).await;
            failing.store(true, Ordering::SeqCst);
            becomes(Health::Down).await;
        } => {}
    }
    let told = String::from_utf8(out).unwrap();
    assert!(told.contains("Nothing is down.") && told.contains("Region east: down, was ok"), "{told}");

    let samples = readings::load(&kept);
    let good = samples
        .iter()
        .rposition(|sample| matches!(sample.outcome.payload(), Some(Payload::Text { text }) if text == "200 OK"));
    let bad = samples.iter().position(|sample| sample.outcome.why().is_some());
    assert_eq!(good.map(|at| at + 1), bad, "the last good sample stands before the first failure");
}
