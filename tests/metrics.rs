//! The status as Prometheus reads it: its own tool accepts the page, and what is not known is not in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::diagnostic::Severity;
use domain::drill::{World, demo_estate};
use domain::estate::{Estate, parse};
use domain::log::Kind;
use domain::reading::{Board, Context, Status};
use domain::report::{Exposed, Runbooks, prometheus};
use domain::runbook::world_lines;
use domain::time::Now;
use switchback::cli::status::{Answer, Form, MetricsPage, StatusOptions, once, watch};
use switchback::runtime::paths::Paths;
use tempfile::TempDir;

use crate::support::http::{Answer as HttpAnswer, HttpServer};
use crate::support::wait::until_async;

const METRICS: &[&str] = &["check", "metrics"];
const RULES: &[&str] = &["check", "rules", "/dev/stdin"];

/// What `promtool` has to say against a document.
fn objections(check: &[&str], document: &str) -> String {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/promtool/usr/bin/promtool");
    let program = if unpacked.exists() { unpacked } else { PathBuf::from("promtool") };
    let mut tool = Command::new(program)
        .args(check)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("scripts/test installs promtool");
    tool.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let said = tool.wait_with_output().unwrap();
    if said.status.success() { String::new() } else { format!("refused: {}{}", text(&said.stdout), text(&said.stderr)) }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An estate of the two servers: one region each, a tier, and a backup that is there once `backup` matches a file.
fn estate(east: &HttpServer, west: &HttpServer, backup: &Path) -> Arc<Estate> {
    let parsed = parse(&format!(
        r#"
        name = "orders \"north\" \\ 1"
        [regions.east]
        role = "primary"
        [regions.west]
        role = "standby"
        [tiers.1]
        rto = "5m"
        rpo = "n/a"
        [health]
        interval = "100ms"
        timeout = "10s"
        fail_after = 1
        [services.shop]
        tier = "1"
        [services.shop.health]
        east = "{}"
        west = "{}"
        [backups.orders]
        type = "files"
        every = "1h"
        glob = "{}/*.dump"
        "#,
        east.url("/"),
        west.url("/"),
        backup.display(),
    ));
    let wrong = parsed.diagnostics.iter().find(|found| found.severity == Severity::Error);
    assert!(wrong.is_none(), "{wrong:?}");
    Arc::new(parsed.estate)
}

fn paths(folder: &TempDir) -> Paths {
    Paths { state: folder.path().join("state"), config: folder.path().join("config") }
}

fn metrics(file: Option<PathBuf>) -> StatusOptions {
    StatusOptions {
        form: Form::Metrics(MetricsPage { file, ..MetricsPage::default() }),
        read_only: false,
        looker: None,
    }
}

fn value(page: &str, series: &str) -> Option<f64> {
    let line = page.lines().find(|line| line.starts_with(series))?;
    line.rsplit_once(' ')?.1.parse().ok()
}

#[tokio::test]
async fn prometheus_accepts_the_page_and_unknown_has_no_figure() {
    let folder = tempfile::tempdir().unwrap();
    let (east, west) = (
        HttpServer::always(HttpAnswer::text("200 OK", "")),
        HttpServer::always(HttpAnswer::text("503 Service Unavailable", "")),
    );
    let estate = estate(&east, &west, folder.path());
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    let answer = once(&estate, Kind::Live, &paths(&folder), &metrics(None), &mut out, &mut notes).await.unwrap();
    let page = String::from_utf8(out).unwrap();
    assert_eq!(objections(METRICS, &page), "", "{page}");
    assert_eq!((answer, notes.len()), (Answer::Down, 0), "{page}");

    let of = r#"estate="orders \"north\" \\ 1","#;
    let check = |region: &str| format!(r#"{{{of}check="shop@{region}",region="{region}",type="http"}}"#);
    assert_eq!(value(&page, &format!("switchback_check_up{}", check("east"))), Some(1.0), "{page}");
    assert_eq!(value(&page, &format!("switchback_check_up{}", check("west"))), Some(0.0));
    let status = format!(r#"switchback_region_status{{{of}region="west",role="standby",status="down"}}"#);
    assert_eq!(value(&page, &status), Some(1.0));
    assert_eq!(
        value(&page, &format!(r#"switchback_backup_status{{{of}backup="orders",type="files",status="failed"}}"#)),
        Some(1.0)
    );
    assert_eq!(value(&page, "switchback_recommendation_failover"), Some(0.0));
    assert_eq!(value(&page, "switchback_objective_rto_seconds"), Some(300.0));
    assert!(value(&page, "switchback_look_duration_seconds").unwrap() > 0.0);
    for unknown in [
        "switchback_backup_newest_usable_timestamp_seconds",
        "switchback_backup_age_seconds",
        "switchback_objective_rpo_seconds",
        "switchback_region_serving",
        "switchback_replication_lag_seconds",
    ] {
        assert!(!page.contains(unknown), "{unknown} is known in {page}");
    }
}

#[tokio::test]
async fn a_watcher_renews_the_file_that_a_collector_reads() {
    let folder = tempfile::tempdir().unwrap();
    let failing = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&failing);
    let east = HttpServer::new(move |_| {
        HttpAnswer::text(if switch.load(Ordering::SeqCst) { "500 Internal Server Error" } else { "200 OK" }, "")
    });
    let west = HttpServer::always(HttpAnswer::text("200 OK", ""));
    let estate = estate(&east, &west, folder.path());
    let file = folder.path().join("switchback.prom");
    let shows = |up: f64| {
        let file = file.clone();
        until_async("the file says so", move || {
            let page = std::fs::read_to_string(&file).unwrap_or_default();
            let series =
                page.lines().find(|line| line.starts_with("switchback_check_up") && line.contains("shop@east"));
            let said = series.and_then(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok());
            async move { said == Some(up) }
        })
    };
    let options = metrics(Some(file.clone()));
    let (mut out, mut notes, paths) = (Vec::new(), Vec::new(), paths(&folder));
    tokio::select! {
        ended = watch(&estate, Kind::Live, &paths, &options, &mut out, &mut notes) => panic!("{ended:?}"),
        () = async {
            shows(1.0).await;
            failing.store(true, Ordering::SeqCst);
            shows(0.0).await;
        } => {}
    }
    assert_eq!(objections(METRICS, &std::fs::read_to_string(&file).unwrap()), "");
    assert!(!String::from_utf8(out).unwrap().contains("# HELP"), "the watch itself is told in sentences");
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap());
    assert_eq!(mode & 0o777, 0o644, "a collector is another user");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "the state and the page, nothing half-written: {left:?}");
}

/// The demonstration estate after its primary region went dark.
fn dark() -> Status {
    let estate = demo_estate();
    let (mut world, mut board) = (World::new(&estate, 7), Board::new(Arc::clone(&estate)));
    let wall = "2026-11-20T02:00:00Z".parse().unwrap();
    let mut now = Now { wall, boot: Duration::from_secs(86_400) };
    for sample in world.history(now, Duration::from_secs(900)) {
        board.observe(&sample);
    }
    for order in world_lines("down us-east-1", &BTreeMap::new()) {
        world.apply(&order.unwrap()).unwrap();
    }
    for _ in 0..60 {
        now = now.after(Duration::from_secs(1));
        for sample in world.advance(now) {
            board.observe(&sample);
        }
    }
    board.status(&Context::calm(Kind::Demo), now)
}

#[test]
fn the_page_of_a_whole_estate_is_accepted_and_documented() {
    let status = dark();
    let runbooks = Runbooks { usable: 2, broken: 0 };
    let page =
        prometheus(&Exposed { status: &status, version: "1", took: Some(Duration::from_millis(1500)), runbooks });
    assert_eq!(objections(METRICS, &page), "", "{page}");
    assert_eq!(value(&page, "switchback_recommendation_failover"), Some(1.0), "{page}");
    assert_eq!(value(&page, "switchback_failover_ready"), Some(1.0));
    assert_eq!(value(&page, "switchback_status_timestamp_seconds"), Some(1_795_140_060.0));

    let documented = std::fs::read_to_string("docs/metrics.md").unwrap();
    let names = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.filter(|word| word.starts_with("switchback_")).map(str::to_owned).collect()
    };
    let of_page = names(&page.lines().filter(|line| line.starts_with("# TYPE")).collect::<String>());
    let missing: Vec<_> = of_page.difference(&names(&documented)).cloned().collect();
    assert!(missing.is_empty(), "docs/metrics.md does not say what these are: {missing:?}");
}

#[test]
fn the_documented_alert_rules_are_rules() {
    let documented = std::fs::read_to_string("docs/metrics.md").unwrap();
    let (_, rules) = documented.split_once("```yaml\n").unwrap();
    let (rules, _) = rules.split_once("```").unwrap();
    assert_eq!(objections(RULES, rules), "");
    assert!(objections(RULES, &rules.replace(" == 1", " === 1")).starts_with("refused"));
}
