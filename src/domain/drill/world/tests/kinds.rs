//! An estate with a check of every kind and a backup of every tool.

use super::*;
use crate::engine::State;
use crate::estate::{CheckKind, Estate, parse};
use crate::reading::{Outcome, Payload, Sample, Source, evaluate};
use crate::runbook::CheckLine;

/// Checks that stand in both regions, as `NAME@REGION`.
const EVERYWHERE: &str = include_str!("everywhere.toml");
const ONCE: &str = include_str!("everything.toml");

fn everything() -> Arc<Estate> {
    let places = ["us-east-1", "us-west-2"].map(|region| EVERYWHERE.replace("REGION", region));
    let read = parse(&format!("{ONCE}\n{}", places.concat()));
    assert_eq!(read.diagnostics, vec![]);
    Arc::new(read.estate)
}

fn stage() -> Stage {
    let estate = everything();
    let mut stage = Stage { world: World::new(&estate, 11), board: Board::new(estate), now: start() };
    for sample in stage.world.history(stage.now, MINUTES) {
        stage.board.observe(&sample);
    }
    stage
}

/// Each check's health, in the order of the estate, as a guard sees it.
fn healths(stage: &Stage) -> Vec<(String, Health)> {
    let is = |name: &str, health: Health| {
        let line = CheckLine::Is { name: name.to_owned(), health, held: None };
        let state = State::default();
        evaluate(&line, &stage.board, &state, None, stage.now).verdict.lets_through()
    };
    let of = |name: &str| {
        let known = [Health::Ok, Health::Degraded, Health::Down];
        known.into_iter().find(|health| is(name, *health)).unwrap_or_default()
    };
    let checks = &stage.board.estate().checks;
    checks.iter().map(|check| (check.id.to_string(), of(check.id.as_str()))).collect()
}

#[test]
fn every_kind_is_there() {
    let estate = everything();
    let kinds: std::collections::BTreeSet<&str> = estate.checks.iter().map(|check| check.kind.name()).collect();
    assert_eq!(kinds.len(), 13, "{kinds:?}");
    let tools: std::collections::BTreeSet<&str> = estate.backups.iter().map(|backup| backup.source.name()).collect();
    assert_eq!(tools.len(), 10, "{tools:?}");
}

#[test]
fn every_kind_is_well_while_all_is_well() {
    let stage = stage();
    for (check, health) in healths(&stage) {
        assert_eq!(health, Health::Ok, "{check}");
    }
    let status = stage.status();
    for backup in &status.backups {
        assert_eq!(backup.status, BackupHealth::Ok, "{backup:?}");
        assert!(backup.detail.is_some() && backup.facts.kept.is_some() && backup.facts.oldest_kept.is_some());
    }
    assert_eq!(status.services[0].serving.as_ref().map(RegionId::as_str), Some("us-east-1"));
    assert!(status.regions.iter().all(|region| region.status == Health::Ok));
    assert!(status.replication.iter().all(|row| row.role != "unknown" && !row.split_brain), "{:?}", status.replication);
}

#[test]
fn every_check_of_a_dark_region_goes_down_and_no_other() {
    let mut stage = stage();
    stage.order("down us-east-1");
    stage.pass(400);
    for (check, health) in healths(&stage) {
        let (name, region) = check.split_once('@').unwrap_or((&check, ""));
        match (name, region) {
            (_, "us-east-1") | ("sentinel", _) => assert_eq!(health, Health::Down, "{check}"),
            // Without a leader.
            ("shared-ha" | "ha", _) => assert_eq!(health, Health::Down, "{check}"),
            // It is read-only, and not asked for: it answers.
            _ => assert!(health == Health::Ok || health == Health::Degraded, "{check}: {health:?}"),
        }
    }
}

/// The newest of what a check says.
fn newest(stage: &mut Stage, check: &str) -> Sample {
    let mut found = None;
    for _ in 0..150 {
        stage.now = stage.now.after(Duration::from_secs(1));
        let seen = stage.world.advance(stage.now);
        found = seen.into_iter().rfind(|sample| sample.source == Source::Check(check.into())).or(found);
    }
    found.unwrap()
}

fn says(stage: &mut Stage, check: &str) -> String {
    match newest(stage, check).outcome {
        Outcome::Good { payload: Payload::Text { text } } => text,
        Outcome::Good { payload: Payload::Copies { copies } } => copies.text,
        Outcome::Good { payload: Payload::Serving { region } } => region.to_string(),
        Outcome::Good { .. } => "good".to_owned(),
        other => other.why().unwrap_or_default().to_owned(),
    }
}

#[test]
fn each_says_what_the_real_reading_says() {
    let mut stage = stage();
    for (check, text) in [
        ("page@us-east-1", "200 OK"),
        ("port@us-east-1", "open"),
        ("ha@us-east-1", "leader pg-us-east-1"),
        ("cache@us-east-1", "master, 1 of 1 replicas online"),
        ("cache@us-west-2", "replica, link up"),
        ("sentinel", "master 10.0.0.1:6379"),
        ("deployment@us-east-1", "3 of 3 ready"),
        ("nodes@us-west-2", "5 of 5 ready"),
        ("healthy@us-east-1", "16 of 16 checkers find it healthy, 100 %"),
        ("alarm@us-east-1", "2 alarms OK"),
        ("www", "us-east-1"),
        ("www-records", "us-east-1"),
    ] {
        assert_eq!(says(&mut stage, check), text, "{check}");
    }
    assert!(says(&mut stage, "certificate@us-east-1").ends_with(" days"));
    assert!(says(&mut stage, "job@us-east-1").ends_with(" ago"));
    assert!(says(&mut stage, "queue@us-east-1").parse::<f64>().unwrap() < 1000.0);
    assert!(says(&mut stage, "replica-lag@us-west-2").starts_with("ReplicaLag "));
}

#[test]
fn certificates_age_and_expire() {
    let mut stage = stage();
    stage.order("certificate certificate@us-east-1 expires 8m\ncertificate page@us-east-1 expires 8m");
    assert!(says(&mut stage, "certificate@us-east-1").starts_with("its certificate expires in "));
    assert!(says(&mut stage, "page@us-east-1").starts_with("its certificate expire"));
    stage.pass(200);
    assert!(says(&mut stage, "certificate@us-east-1").starts_with("its certificate expired "));
    assert!(says(&mut stage, "page@us-east-1").starts_with("its certificate ended on "));
    stage.order("heal certificate@us-east-1\nheal page@us-east-1");
    assert!(says(&mut stage, "certificate@us-east-1").ends_with(" days"));
    assert_eq!(says(&mut stage, "page@us-east-1"), "200 OK");
}

#[test]
fn resolvers_follow_a_name_one_after_the_other() {
    let mut stage = stage();
    stage.order("serve checkout us-west-2");
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..90 {
        stage.now = stage.now.after(Duration::from_secs(1));
        for sample in stage.world.advance(stage.now) {
            if sample.source == Source::Check("www".into()) {
                seen.insert(sample.outcome.why().is_some_and(|why| why.starts_with("the resolvers disagree")));
            }
        }
    }
    assert!(seen.contains(&true), "for a while they do not agree");
    assert_eq!(says(&mut stage, "www"), "us-west-2");
    assert_eq!(says(&mut stage, "www-records"), "us-west-2");
}

#[test]
fn wrong_data_is_seen_by_who_looks_at_data_until_it_is_recovered() {
    let mut stage = stage();
    stage.order("corrupt orders-db");
    stage.pass(60);
    let db = |stage: &Stage| healths(stage).into_iter().find(|(check, _)| check == "orders-db@us-east-1").unwrap().1;
    assert_eq!(db(&stage), Health::Ok, "it answers, and nothing of its data is asked");
    assert!(stage.world.corrupt_since(&"orders-db".into()).is_some());
    stage.order("promote orders-db@us-west-2\nfence orders-db@us-east-1");
    stage.pass(20);
    assert!(stage.world.corrupt_since(&"orders-db".into()).is_some(), "the copy is as wrong");
    stage.order("recover orders-db");
    stage.pass(20);
    assert_eq!(stage.world.corrupt_since(&"orders-db".into()), None);
    let lost = stage.world.lost(&"orders-db".into());
    assert!(lost.bytes > 0 && lost.span >= Duration::from_secs(80), "{lost:?}");
}

#[test]
fn a_question_about_data_tells_when_it_is_wrong() {
    let text = ONCE.replace(
        "[[checks]]\nname = \"sentinel\"",
        "[[checks]]\nname = \"orders@us-east-1\"\ntype = \"postgres\"\ndatabase = \"orders-db\"\n\
         query = \"SELECT count(*) > 0 FROM orders\"\n\n[[checks]]\nname = \"sentinel\"",
    );
    let estate = Arc::new(parse(&text).estate);
    let mut stage = Stage { world: World::new(&estate, 3), board: Board::new(estate), now: start() };
    assert!(stage.board.estate().checks.iter().any(|check| matches!(&check.kind, CheckKind::Postgres(_))));
    assert_eq!(says(&mut stage, "orders@us-east-1"), "good");
    stage.order("corrupt orders-db");
    assert_eq!(says(&mut stage, "orders@us-east-1"), "its query is not true");
    stage.order("heal orders-db");
    assert_eq!(says(&mut stage, "orders@us-east-1"), "good");
}
