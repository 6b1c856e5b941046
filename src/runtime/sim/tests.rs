//! The world on real time, as the session sees it.

use std::collections::BTreeMap;

use domain::drill::demo_estate;
use domain::execution::{End, Part, Resolved, ResolvedTarget, WriteAnswer};
use domain::ident::{Hash, RunId};
use domain::reading::{Outcome, Payload, Source};
use domain::runbook::Lang;
use tokio::sync::watch;

use super::attempt::simulated;
use super::*;

fn block(lang: Lang, text: &str) -> Resolved {
    Resolved {
        run: RunId(ulid::Ulid::from_parts(1, 1)),
        step: "step".into(),
        part: Part::Run,
        attempt: 1,
        lang,
        text: text.to_owned(),
        target: Some(ResolvedTarget {
            name: "orders-db@us-west-2".to_owned(),
            region: Some("us-west-2".into()),
            database: Some("orders-db".into()),
            dsn: None,
            address: None,
            aws: None,
        }),
        env: BTreeMap::new(),
        secrets: BTreeMap::new(),
        timeout: Duration::from_secs(90),
        exit: vec![0],
        out: None,
        may_set: Vec::new(),
        pass_env: Vec::new(),
        idempotent: false,
        readonly: false,
        runbook: Hash::ZERO,
    }
}

#[tokio::test]
async fn the_primary_fails_once_on_a_key_and_its_probes_fall_silent() {
    let (exec, history) = SimExec::new(&demo_estate(), 7, Some(Duration::from_secs(3600)));
    assert!(history.len() > 1000, "{}", history.len());
    let (send, mut samples) = mpsc::channel(1024);
    exec.fail_primary();
    let driver = tokio::spawn(exec.clone().drive(send));
    let silent = loop {
        let sample = samples.recv().await.unwrap();
        if let (Source::Check(check), Outcome::Bad { why, .. }) = (&sample.source, &sample.outcome) {
            break (check.to_string(), why.clone());
        }
    };
    assert!(silent.1.contains("timeout"), "{silent:?}");
    exec.fail_primary();
    assert!(exec.world().serving_region().is_none(), "the second time does nothing");
    drop(samples);
    driver.await.unwrap();
}

#[tokio::test]
async fn a_promotion_is_performed_and_seen_by_its_verify() {
    let (exec, _) = SimExec::new(&demo_estate(), 7, None);
    let (send, mut samples) = mpsc::channel(1024);
    let (print, mut printed) = mpsc::channel(16);
    tokio::spawn(exec.clone().drive(send));
    let (_cancel, cancelled) = watch::channel(false);
    let exec = exec.printing_to(print);
    let outcome = exec.clone().run(block(Lang::World, "promote orders-db@us-west-2"), cancelled).await;
    assert_eq!(outcome.end, End::Succeeded { exit: Some(0) });
    assert_eq!(outcome.summary, "orders-db@us-west-2 is promoted");
    assert_eq!(printed.recv().await.unwrap().1, "orders-db@us-west-2 is promoted\n");
    loop {
        let sample = samples.recv().await.unwrap();
        let writable = match sample.outcome.payload() {
            Some(Payload::Server { server }) => !server.in_recovery,
            _ => false,
        };
        if sample.source == Source::Check("orders-db@us-west-2".into()) && writable {
            break;
        }
    }
    let asked = block(Lang::Sql, "SELECT NOT pg_is_in_recovery()");
    let asked = ResolvedBlock {
        lang: asked.lang,
        text: asked.text,
        target: asked.target,
        env: asked.env,
        secrets: asked.secrets,
        timeout: asked.timeout,
        pass_env: asked.pass_env,
    };
    assert_eq!(exec.ask(&asked).passed, Some(true));
}

#[tokio::test]
async fn a_cancelled_attempt_ends_at_once_and_changes_nothing() {
    let (exec, _) = SimExec::new(&demo_estate(), 7, None);
    let (cancel, cancelled) = watch::channel(false);
    cancel.send_replace(true);
    let exec = exec.expecting(Some(Duration::from_secs(600)));
    let outcome = exec.clone().run(block(Lang::World, "fence orders-db@us-east-1"), cancelled).await;
    assert_eq!(outcome.end, End::Cancelled);
    assert_eq!(exec.try_write(&"orders-db".into(), &"us-east-1".into()), WriteAnswer::Accepted);
}

#[test]
fn things_take_a_tenth_of_their_time_within_bounds() {
    assert_eq!(simulated(Some(Duration::from_secs(30))), Duration::from_secs(3));
    assert_eq!(simulated(Some(Duration::from_secs(1))), Duration::from_millis(400));
    assert_eq!(simulated(Some(Duration::from_secs(3600))), Duration::from_secs(4));
}
