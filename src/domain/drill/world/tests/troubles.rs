//! What the lines of an exercise do to the estate as the console sees it.

use super::*;
use crate::execution::WriteAnswer;

/// The share of the looks of `check` in the next `seconds` that were good.
fn good_share(stage: &mut Stage, check: &str, seconds: u64) -> f64 {
    let (mut good, mut all) = (0.0, 0.0);
    for _ in 0..seconds {
        stage.now = stage.now.after(Duration::from_secs(1));
        for sample in stage.world.advance(stage.now) {
            if sample.source == crate::reading::Source::Check(check.into()) {
                all += 1.0;
                good += f64::from(u8::from(matches!(sample.outcome, crate::reading::Outcome::Good { .. })));
            }
            stage.board.observe(&sample);
        }
    }
    good / all
}

#[test]
fn a_share_of_requests_fails_until_it_is_healed() {
    let mut stage = Stage::healthy();
    stage.order("errors payments@us-east-1 40%");
    let share = good_share(&mut stage, "payments@us-east-1", 600);
    assert!((0.45..0.75).contains(&share), "{share}");
    assert!((stage.world.failing(&"payments".into()) - 0.4).abs() < 1e-9);
    stage.order("heal payments@us-east-1");
    assert!((good_share(&mut stage, "payments@us-east-1", 60) - 1.0).abs() < 1e-9);
    assert!(stage.world.failing(&"payments".into()) < 1e-9);
}

#[test]
fn what_flaps_is_down_and_up_by_turns() {
    let mut stage = Stage::healthy();
    stage.order("flap us-east-1 every 20s");
    let east = |stage: &Stage| {
        stage.world.holds(&crate::runbook::check_lines("us-east-1 down", &BTreeMap::new())[0].clone().unwrap())
    };
    let mut seen = Vec::new();
    for _ in 0..6 {
        stage.pass(10);
        seen.push(east(&stage));
    }
    // One second short of each turn, then on it.
    assert_eq!(seen, [true, false, false, true, true, false]);
    stage.order("up us-east-1");
    stage.pass(30);
    assert!(!east(&stage));
}

#[test]
fn what_is_slow_is_degraded_and_what_is_slower_than_its_timeout_is_down() {
    let mut stage = Stage::healthy();
    stage.order("slow payments@us-east-1 1200ms\nslow orders@us-east-1 30s");
    stage.pass(60);
    assert_eq!((stage.service("payments").0, stage.service("orders").0), (Health::Degraded, Health::Down));
}

#[test]
fn a_region_that_is_lost_is_not_brought_back_by_being_up() {
    let mut stage = Stage::healthy();
    stage.order("lose us-east-1");
    stage.pass(60);
    assert_eq!(stage.region("us-east-1"), Health::Down);
    stage.order("up us-east-1");
    stage.pass(60);
    let tried = stage.world.try_write(&"orders-db".into(), &"us-east-1".into());
    assert!(matches!(tried, WriteAnswer::NoAnswer { .. }), "{tried:?}");
    assert_eq!(stage.region("us-east-1"), Health::Down, "nothing runs in it");
    stage.order("up orders-db@us-east-1\nup payments@us-east-1");
    stage.pass(60);
    assert_eq!(stage.world.try_write(&"orders-db".into(), &"us-east-1".into()), WriteAnswer::Accepted);
    let lost = stage.world.lost(&"orders-db".into());
    assert!(lost.bytes > 0 && lost.span > Duration::from_secs(60), "what came after the newest backup: {lost:?}");
}

#[test]
fn a_standby_that_is_cut_off_falls_behind_and_catches_up() {
    let mut stage = Stage::healthy();
    let behind = |stage: &Stage| stage.end("us-east-1") - stage.end("us-west-2");
    let usual = behind(&stage);
    stage.order("replication orders-db@us-west-2 stops");
    stage.pass(120);
    let most = behind(&stage);
    assert!(most > 50 * usual.max(1), "{most}");
    stage.order("replication orders-db@us-west-2 starts");
    stage.pass(10);
    assert!((usual..most).contains(&behind(&stage)), "it takes a while: {}", behind(&stage));
    stage.pass(170);
    assert!(behind(&stage) < most / 50, "{} of {most}", behind(&stage));
}

#[test]
fn lag_grows_under_load_and_drains_afterwards() {
    let mut stage = Stage::healthy();
    let lag = |stage: &Stage| {
        let cluster = stage.world.present(&"orders-db".into()).unwrap();
        stage.now.boot.saturating_sub(cluster.server(&"us-west-2".into()).unwrap().replayed_of)
    };
    stage.order("load all 500%");
    stage.pass(120);
    let under_load = lag(&stage);
    assert!(under_load > Duration::from_secs(20), "{under_load:?}");
    stage.order("load all 100%");
    stage.pass(300);
    assert!(lag(&stage) < Duration::from_secs(3), "{:?}", lag(&stage));
}

#[test]
fn a_side_that_is_too_small_sheds_what_it_cannot_carry_until_it_is_scaled() {
    let mut stage = Stage::healthy();
    stage.order("scale us-west-2 40%");
    stage.pass(60);
    stage.order("fence orders-db@us-east-1\npromote orders-db@us-west-2");
    stage.pass(5);
    stage.order("serve all us-west-2");
    stage.pass(60);
    let failing = stage.world.failing(&"payments".into());
    assert!((failing - 0.6).abs() < 1e-6, "{failing}");
    assert_ne!(stage.service("payments").0, Health::Ok);
    stage.order("scale us-west-2 100%");
    stage.pass(15);
    let meanwhile = stage.world.failing(&"payments".into());
    assert!(meanwhile > 0.0 && meanwhile < failing, "capacity comes by and by: {meanwhile}");
    stage.pass(90);
    assert!(stage.world.failing(&"payments".into()) < 1e-9);
    assert_eq!(stage.service("payments").0, Health::Ok);
}

#[test]
fn clients_follow_a_name_by_and_by() {
    let mut stage = Stage::healthy();
    stage.world = stage.world.clone().with_usual_ttl(Duration::from_secs(60));
    stage.order("down us-east-1\npromote orders-db@us-west-2");
    stage.pass(10);
    assert!((stage.world.failing(&"orders".into()) - 1.0).abs() < 1e-9);
    stage.order("serve orders us-west-2");
    stage.pass(30);
    let half = stage.world.failing(&"orders".into());
    assert!((0.4..0.6).contains(&half), "{half}");
    stage.pass(31);
    assert!(stage.world.failing(&"orders".into()) < 1e-9);
}

#[test]
fn backups_that_fail_age_until_one_is_made() {
    let mut stage = Stage::healthy();
    let backup =
        |stage: &Stage| stage.status().backups.into_iter().find(|backup| backup.name.as_str() == "orders-wal").unwrap();
    stage.order("backup orders-wal fails");
    stage.pass(40 * 60);
    assert_ne!(backup(&stage).status, BackupHealth::Ok);
    assert!(backup(&stage).age.unwrap() > Duration::from_secs(20 * 60), "{:?}", backup(&stage).age);
    stage.order("backup orders-wal now");
    stage.pass(90);
    assert_eq!(backup(&stage).status, BackupHealth::Ok);
}

#[test]
fn a_fence_is_taken_away_again() {
    let mut stage = Stage::healthy();
    let east = |stage: &Stage| stage.world.try_write(&"orders-db".into(), &"us-east-1".into());
    stage.order("fence orders-db@us-east-1");
    assert!(matches!(east(&stage), WriteAnswer::Refused { .. }));
    stage.order("unfence orders-db@us-east-1");
    assert_eq!(east(&stage), WriteAnswer::Accepted);
}

#[test]
fn everything_is_well_again_when_all_is_healed() {
    let mut stage = Stage::healthy();
    for line in [
        "lose us-east-1",
        "errors payments 50%",
        "flap orders every 10s",
        "slow reports 20s",
        "lag orders-db@us-west-2 40s",
        "replication orders-db@eu-west-1 stops",
        "load all 400%",
        "scale us-east-1 10%",
        "corrupt orders-db",
        "dns fails",
        "credentials fail in us-west-2",
        "backup orders-db fails",
        "down cache@us-west-2",
    ] {
        stage.order(line);
        stage.pass(5);
    }
    stage.pass(60);
    assert!(stage.status().services.iter().any(|service| service.status != Health::Ok));
    stage.order("heal all\nbackup cluster now\nbackup orders-db now");
    stage.pass(300);
    let status = stage.status();
    assert!(status.regions.iter().all(|region| region.status == Health::Ok), "{:?}", status.regions);
    for service in &status.services {
        assert_eq!(service.status, Health::Ok, "{}", service.name);
    }
    assert!(status.backups.iter().all(|backup| backup.status == BackupHealth::Ok), "{:?}", status.backups);
    assert!(status.replication.iter().all(|row| row.role != "standby" || row.state == Stream::Streaming));
}
