//! `regional-failover`, forced and planned, on two real PostgreSQL servers, and back to being protected.

use std::collections::BTreeSet;
use std::time::Duration;

use super::stage::{EAST, Stage, WEST};
use crate::support::wait::until;

const TEXT: &str = include_str!("../../runbooks/regional-failover.md");

const FORCED: [&str; 14] = [
    "regional-failover",
    "--mode",
    "forced",
    "--from",
    EAST,
    "--to",
    WEST,
    "--approve",
    "promote=raj",
    "--fenced-by",
    "its processes are gone",
    "--accept-loss",
    "--reason",
    "the region is gone",
];

#[test]
fn a_lost_region_is_failed_over_unattended_and_comes_back_as_a_standby_with_what_it_alone_had() {
    let stage = Stage::new("");
    // Orders that are acknowledged and never sent.
    stage.lab.done(&["break", "replication"]);
    let only_there = stage.acknowledged_alone();
    stage.lab.done(&["break", "region"]);

    let walked = stage.walk(&FORCED);
    assert_eq!(walked.steps("succeeded"), ["promote", "update-dns"]);
    assert_eq!(
        walked.steps("not_applicable"),
        [
            "both-healthy",
            "stop-writes",
            "stop-writes-rds",
            "switch-patroni",
            "promote-patroni",
            "promote-rds",
            "stop-old-rds",
            "scale-up",
            "update-dns-health-check",
            "update-dns-route53",
            "update-dns-hand",
            "smoke-tests"
        ]
    );
    let report = stage.lab.report();
    assert_eq!(report.serving.as_deref(), Some(WEST));
    assert!(report.lost >= only_there.len(), "{} of {} lost", report.lost, only_there.len());

    // Up to the cutover, which `failback` is for.
    let recovery = TEXT.split("- [ ] **Plan cutover window**").next().unwrap();
    stage.only("Recovery to primary", recovery, "recovery");
    let aside = stage.lab.dir().join("east/aside");
    let set = [
        format!("PGDATA={}", stage.data("east").display()),
        format!("ASIDE={}", aside.display()),
        format!("SOURCE={}", stage.source("west")),
    ];
    let mut act = vec!["recovery", "--incident", "last", "--mode", "forced", "--from", EAST, "--to", WEST];
    for value in &set {
        act.extend(["--set", value]);
    }
    act.extend(["--reason", "the region is back", "--approve", "sync-data=raj"]);
    let walked = stage.walk(&act);
    assert_eq!(walked.steps("succeeded"), ["checkpoint", "save-divergent", "sync-data"]);
    assert_eq!(stage.hands.asked(), ["127.0.0.1"; 2]);

    // What only the old primary had stands in the file, and nothing else.
    let rows = std::fs::read_to_string(aside.join("orders.orders.csv")).unwrap();
    let left: BTreeSet<i64> = rows.lines().map(|row| row.split(',').next().unwrap().parse().unwrap()).collect();
    assert!(left.is_superset(&only_there), "{rows} were left, {only_there:?} only there");
    assert_eq!(left.intersection(&stage.orders("west")).count(), 0, "{rows}");
    // It was rewound, not copied anew, and follows.
    assert!(stage.output().contains("servers diverged at WAL location"), "{}", stage.output());
    let followed = stage.orders("west");
    until("the old primary has every order of the new one", || stage.orders("east").is_superset(&followed));
    assert_eq!(stage.orders("east").intersection(&left).count(), 0);
    assert!(stage.data("east").join("standby.signal").exists());

    back(&stage, "done", &[]);
    assert_eq!(stage.lab.report().lost, report.lost, "the way back lost nothing more");
}

/// Walks `failback` from west to east to its end, in the incident that is open or in one of its own.
pub(super) fn back(stage: &Stage, rebuild: &str, also: &[&str]) {
    stage.lab.done(&["heal", "app"]);
    let set = [
        format!("REBUILD={rebuild}"),
        format!("PGDATA={}", stage.data("east").display()),
        format!("PGDATA_NOW={}", stage.data("west").display()),
        format!("ASIDE={}", stage.lab.dir().join("east/put-aside").display()),
        format!("SOURCE={}", stage.source("west")),
        format!("SOURCE_BACK={}", stage.source("east")),
    ];
    let mut act = vec!["failback", "--mode", "planned", "--from", WEST, "--to", EAST];
    for value in &set {
        act.extend(["--set", value]);
    }
    let sync = if rebuild == "basebackup" { "sync-data-anew=raj" } else { "sync-data=raj" };
    act.extend(["--approve", sync, "--approve", "promote=raj", "--approve", "rejoin=raj"]);
    act.extend(["--fenced-by", "its processes are gone", "--reason", "the region is back"]);
    act.extend(also);
    let walked = stage.walk(&act);
    let done = walked.steps("succeeded");
    assert!(done.ends_with(&["stop-writes", "promote", "update-dns", "checkpoint-again", "rejoin"]), "{done:?}");
    assert_eq!(stage.lab.report().serving.as_deref(), Some(EAST));
    let ours = stage.orders("east");
    until("the side that was left follows", || stage.orders("west").is_superset(&ours));
    assert!(stage.data("west").join("standby.signal").exists());
}

#[test]
fn an_old_primary_is_rewound_and_serves_again_with_the_other_side_following() {
    let stage = Stage::new("");
    stage.lab.done(&["break", "region"]);
    stage.walk(&FORCED);
    back(&stage, "rewind", &[]);
}

#[test]
fn an_old_primary_is_rebuilt_from_a_base_backup_and_serves_again() {
    let stage = Stage::new("");
    stage.lab.done(&["break", "region"]);
    stage.walk(&FORCED);
    back(&stage, "basebackup", &[]);
    let replaced = glob::glob(&format!("{}-replaced-*", stage.data("east").display())).unwrap();
    assert_eq!(replaced.count(), 1, "the old data are put aside, not deleted");
}

#[test]
fn a_planned_failover_runs_unattended_and_loses_nothing() {
    let stage = Stage::new("");
    let data = format!("PGDATA={}", stage.data("east").display());
    let walked = stage.walk(&[
        "regional-failover",
        "--mode",
        "planned",
        "--from",
        EAST,
        "--to",
        WEST,
        "--approve",
        "promote=raj",
        "--set",
        &data,
    ]);
    assert_eq!(walked.steps("succeeded"), ["stop-writes", "promote", "update-dns"]);
    let report = stage.lab.report();
    assert_eq!((report.lost, report.rpo_ms, report.serving.as_deref()), (0, Some(0), Some(WEST)));
    assert_eq!(stage.at_risk("promote").at_most, Some(Duration::ZERO));
}
