//! A cluster that looks after itself is told as it is: who leads, how far the other is, what it remembers.

use std::sync::Arc;
use std::time::Duration;

use domain::estate::{CheckKind, Estate, PatroniCheck};
use domain::log::Kind;
use domain::reading::{Board, Context, Outcome, Payload, Sample, Status, Stream};
use domain::replication::{CopiesReading, CopySource};
use switchback::runtime::clock;
use switchback::runtime::probe::{Capability, Probe};

use crate::probes::{check, estate};
use crate::support::http::{Answer, HttpServer};
use crate::support::patroni::Pair;
use crate::support::wait::until_async;

const PATIENT: Duration = Duration::from_secs(20);

fn watching(urls: Vec<String>) -> Estate {
    let members = [("pg1", "us-east-1"), ("pg2", "us-west-2")];
    let members = members.map(|(member, region)| (member.to_owned(), region.into())).into();
    let patroni = PatroniCheck { members, ..PatroniCheck::of(urls) };
    estate(vec![check("orders-ha", CheckKind::Patroni(patroni), PATIENT)])
}

async fn look(estate: &Estate) -> Sample {
    Probe::all(estate, Capability::Full).remove(0).look().await
}

fn copies(sample: &Sample) -> Option<&CopiesReading> {
    match sample.outcome.payload() {
        Some(Payload::Copies { copies }) => Some(copies),
        _ => None,
    }
}

fn leader(sample: &Sample) -> Option<&str> {
    copies(sample)?.leader.as_deref()
}

fn status(estate: &Estate, samples: &[Sample]) -> Status {
    let mut board = Board::new(Arc::new(estate.clone()));
    for sample in samples {
        board.observe(sample);
    }
    board.status(&Context::calm(Kind::Live), clock::now())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switchover_a_pause_and_a_death_are_told() {
    let mut pair = tokio::task::spawn_blocking(Pair::new).await.unwrap();
    let estate = watching(pair.urls());
    until_async("both members run", || async {
        let sample = look(&estate).await;
        matches!(&sample.outcome, Outcome::Good { .. }) && copies(&sample).is_some_and(|seen| seen.copies.len() == 2)
    })
    .await;
    let sample = look(&estate).await;
    let first = leader(&sample).unwrap().to_owned();
    let second = if first == "pg1" { "pg2" } else { "pg1" };
    let seen = status(&estate, std::slice::from_ref(&sample));
    let standby = seen.replication.iter().find(|row| row.role == "standby").unwrap();
    assert_eq!(
        (standby.member.as_deref(), standby.source, standby.state),
        (Some(second), CopySource::Patroni, Stream::Streaming)
    );
    assert_eq!(standby.region.as_str(), if second == "pg1" { "us-east-1" } else { "us-west-2" });
    assert!(standby.not_received_bytes.is_some() && standby.lag.is_none(), "{standby:?}");

    let order = format!(r#"{{"leader": "{first}", "candidate": "{second}"}}"#);
    let said = pair.send(&first, reqwest::Method::POST, "switchover", &order).await;
    assert!(said.contains("Successfully"), "{said}\n{}", pair.logs());
    until_async("the other one leads, and the cluster remembers when", || async {
        let sample = look(&estate).await;
        let remembered = copies(&sample).and_then(|seen| seen.handovers.last().cloned());
        leader(&sample) == Some(second) && remembered.is_some_and(|last| last.to.as_deref() == Some(second))
    })
    .await;

    pair.send(second, reqwest::Method::PATCH, "config", r#"{"pause": true}"#).await;
    until_async("a paused cluster is degraded and says why", || async {
        matches!(look(&estate).await.outcome, Outcome::Soft { why, .. } if why.contains("paused: nothing fails over"))
    })
    .await;
    pair.send(second, reqwest::Method::PATCH, "config", r#"{"pause": null}"#).await;
    until_async("it is well again", || async { matches!(look(&estate).await.outcome, Outcome::Good { .. }) }).await;

    pair.member(second).kill();
    let sample = look(&estate).await;
    assert!(
        matches!(&sample.outcome, Outcome::Soft { why, .. } | Outcome::Bad { why, .. } if why.contains("does not tell")),
        "{sample:?}"
    );
    until_async("the first one leads again", || async { leader(&look(&estate).await) == Some(first.as_str()) }).await;
    until_async("that nothing can take over is told", || async {
        matches!(look(&estate).await.outcome, Outcome::Soft { why, .. } if why.contains("no replica: nothing can take over"))
    })
    .await;
}

const CLUSTER: &str = r#"{"members": [
    {"name": "pg1", "role": "leader", "state": "running", "timeline": 3},
    {"name": "pg2", "role": "sync_standby", "state": "streaming", "timeline": 3, "lag": 16384},
    {"name": "pg3", "role": "replica", "state": "streaming", "timeline": 2, "lag": "unknown"}]}"#;

fn member(cluster: &'static str, own: &'static str) -> HttpServer {
    HttpServer::new(move |request| match request.line.as_str() {
        line if line.contains("/cluster") => Answer::json(cluster),
        line if line.contains("/patroni") => Answer::json(own),
        line if line.contains("/history") => Answer::json(
            r#"[[1, 50332040, "no recovery target specified", "2026-11-20T08:15:04.618762+00:00", "pg2"], [2, 5, "old line"]]"#,
        ),
        _ => Answer::text("404 Not Found", ""),
    })
}

const PRIMARY: &str = r#"{"state": "running", "role": "master"}"#;
const REPLICA: &str = r#"{"state": "running", "role": "replica"}"#;

async fn said(servers: &[&HttpServer]) -> (String, Option<CopiesReading>) {
    let sample = look(&watching(servers.iter().map(|server| server.url("")).collect())).await;
    let word = match &sample.outcome {
        Outcome::Good { .. } => "good",
        Outcome::Soft { .. } => "soft",
        Outcome::Bad { .. } => "bad",
        Outcome::Unknown { .. } => "unknown",
    };
    (format!("{word}: {}", sample.outcome.why().unwrap_or_default()), copies(&sample).cloned())
}

#[tokio::test]
async fn timelines_synchronous_standbys_and_unknown_lag_are_told_apart() {
    let (why, seen) = said(&[&member(CLUSTER, PRIMARY)]).await;
    let seen = seen.unwrap();
    assert_eq!(why, "soft: pg3: on timeline 2, the leader on 3");
    let rows: Vec<_> = seen.copies.iter().map(|copy| (copy.member.as_str(), copy.state, copy.lag_bytes)).collect();
    let expected =
        [("pg1", Stream::Streaming, None), ("pg2", Stream::Streaming, Some(16384)), ("pg3", Stream::Unknown, None)];
    assert_eq!(rows, expected);
    assert_eq!(seen.copies[1].notes, ["synchronous"]);
    assert_eq!((seen.handovers.len(), seen.handovers[0].to.as_deref()), (1, Some("pg2")));
}

#[tokio::test]
async fn members_that_contradict_each_other_are_told_and_two_primaries_are_a_split_brain() {
    let other = r#"{"members": [{"name": "pg2", "role": "leader", "state": "running"}, {"name": "pg1", "role": "replica", "state": "streaming", "lag": 0}]}"#;
    let (east, west) = (member(CLUSTER, PRIMARY), member(other, PRIMARY));
    let (why, _) = said(&[&east, &west]).await;
    assert!(why.starts_with("bad: SPLIT BRAIN: "), "{why}");
    let west = member(other, REPLICA);
    let (why, _) = said(&[&east, &west]).await;
    assert!(why.starts_with("soft: members disagree on who leads"), "{why}");
}

#[tokio::test]
async fn no_leader_is_down_and_whatever_is_no_answer_of_patroni_is_told() {
    let orphans = r#"{"members": [{"name": "pg1", "role": "replica", "state": "running", "lag": 0}]}"#;
    let (why, seen) = said(&[&member(orphans, REPLICA)]).await;
    assert!(why.starts_with("bad: no leader") && seen.is_some_and(|seen| seen.leader.is_none()), "{why}");
    let cut_off = HttpServer::new(|request| match request.line.contains("/patroni") {
        true => Answer::json(REPLICA),
        false => Answer::text("502 Bad Gateway", ""),
    });
    let (why, _) = said(&[&cut_off]).await;
    assert!(why.starts_with("bad: ") && why.contains("cannot read the cluster (502 Bad Gateway)"), "{why}");
    for (answer, expected) in [
        (Answer::text("200 OK", "<html>login</html>"), "HTML where JSON is expected"),
        (Answer::json(r#"{"members": 7}"#), "cannot be read"),
        (Answer::Huge(10 * 1024 * 1024), "longer than 256 KiB"),
    ] {
        let server = HttpServer::always(answer);
        let (why, _) = said(&[&server]).await;
        assert!(why.starts_with("bad: no member answers") && why.contains(expected), "{why}");
    }
}

#[tokio::test]
async fn a_member_that_hangs_does_not_hide_what_the_others_say() {
    let (hanging, well) = (HttpServer::always(Answer::Hang), member(CLUSTER, PRIMARY));
    let mut estate = watching(vec![hanging.url(""), well.url("")]);
    estate.checks[0].timeout = Duration::from_secs(2);
    let sample = look(&estate).await;
    assert_eq!(leader(&sample), Some("pg1"));
    assert!(sample.outcome.why().is_some_and(|why| why.contains("no answer within")), "{sample:?}");
}
