//! The world as the console sees it: through the same readings as the real one.

use std::collections::BTreeMap;

use super::*;
use crate::drill::demo_estate;
use crate::execution::{End, Part, Resolved, ResolvedBlock, ResolvedTarget};
use crate::ident::{Hash, RunId};
use crate::log::Kind;
use crate::reading::{BackupHealth, Board, Context, Health, Status, Stream};
use crate::runbook::{Lang, world_lines};

mod asked;
mod faults;
mod kinds;
mod properties;
mod troubles;
mod truths;

const MINUTES: Duration = Duration::from_secs(15 * 60);

/// A world, and a board that sees it.
struct Stage {
    world: World,
    board: Board,
    now: Now,
}

fn start() -> Now {
    Now { wall: Timestamp::from_second(1_795_000_000).unwrap(), boot: Duration::from_secs(86_400) }
}

impl Stage {
    fn healthy() -> Self {
        let estate = demo_estate();
        let mut stage = Self { world: World::new(&estate, 7), board: Board::new(estate), now: start() };
        for sample in stage.world.history(stage.now, MINUTES) {
            stage.board.observe(&sample);
        }
        stage
    }

    fn pass(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.now = self.now.after(Duration::from_secs(1));
            for sample in self.world.advance(self.now) {
                self.board.observe(&sample);
            }
        }
    }

    fn order(&mut self, lines: &str) {
        for line in world_lines(lines, &BTreeMap::new()) {
            self.world.apply(&line.unwrap()).unwrap();
        }
    }

    fn status(&self) -> Status {
        self.board.status(&Context::calm(Kind::Demo), self.now)
    }

    fn region(&self, name: &str) -> Health {
        self.status().regions.into_iter().find(|region| region.name.as_str() == name).unwrap().status
    }

    /// Where the log of the database ends on one side.
    fn end(&self, region: &str) -> u64 {
        self.world.present(&"orders-db".into()).unwrap().server(&region.into()).unwrap().end
    }

    fn service(&self, name: &str) -> (Health, Option<String>) {
        let service = self.status().services.into_iter().find(|service| service.name.as_str() == name).unwrap();
        (service.status, service.serving.map(|region| region.to_string()))
    }
}

fn block(lang: Lang, text: &str, target: Option<(&str, &str)>) -> Resolved {
    Resolved {
        run: RunId(ulid::Ulid::from_parts(1, 1)),
        step: "promote".into(),
        part: Part::Run,
        attempt: 1,
        lang,
        text: text.to_owned(),
        target: target.map(|(database, region)| ResolvedTarget {
            name: format!("{database}@{region}"),
            region: Some(region.into()),
            database: Some(database.into()),
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

fn question(block: Resolved) -> ResolvedBlock {
    ResolvedBlock {
        lang: block.lang,
        text: block.text,
        target: block.target,
        env: block.env,
        secrets: block.secrets,
        timeout: block.timeout,
        pass_env: block.pass_env,
    }
}

fn bytes(seed: u64) -> String {
    let mut world = World::new(&demo_estate(), seed);
    let mut samples = world.history(start(), MINUTES);
    world.apply(&world_lines("down us-east-1", &BTreeMap::new())[0].clone().unwrap()).unwrap();
    samples.extend(world.advance(start().after(Duration::from_secs(60))));
    serde_json::to_string(&samples).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert!(bytes(7) == bytes(7));
    assert!(bytes(7) != bytes(8));
}

#[test]
fn the_first_frame_shows_a_healthy_estate_with_a_past() {
    let stage = Stage::healthy();
    let status = stage.status();
    for region in &status.regions {
        assert_eq!(region.status, Health::Ok, "{}: {:?}", region.name, region.checks);
    }
    for service in &status.services {
        // Nobody says what serves the cache: it goes with the databases.
        let serving = service.serving.as_ref().map(RegionId::as_str);
        assert_eq!((service.status, serving), (Health::Ok, Some("us-east-1")), "{}", service.name);
    }
    for backup in &status.backups {
        // The newest run of the cluster's backup stored a part only: that is how the story begins.
        let wanted = if backup.kind == "velero" { BackupHealth::Failed } else { BackupHealth::Ok };
        assert_eq!(backup.status, wanted, "{backup:?}");
    }
    let standbys: Vec<_> = status.replication.iter().filter(|row| row.role == "standby").collect();
    assert_eq!(standbys.len(), 3, "two of the database, one of the cache");
    for standby in standbys {
        assert_eq!(standby.state, Stream::Streaming, "{standby:?}");
        assert!(standby.lag.is_some_and(|lag| lag < Duration::from_secs(5)), "{standby:?}");
        assert!(standby.trend.iter().flatten().count() >= 10, "{standby:?}");
    }
    assert!(!status.recommendation.failover);
    let pods = &status.automatic[0];
    assert_eq!((pods.serving.as_deref(), pods.recent.len(), pods.recent[0].kept), (Some("us-east-1"), 1, Some(true)));
}

#[test]
fn near_regions_answer_sooner_and_nobody_is_kept_waiting_while_all_is_well() {
    let mut world = World::new(&demo_estate(), 7);
    let mut latencies: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    for sample in world.history(start(), MINUTES) {
        if let crate::reading::Source::Check(check) = &sample.source
            && check.as_str().starts_with("payments@")
        {
            latencies.entry(check.to_string()).or_default().extend(sample.latency);
        }
    }
    let mut median = |check: &str| {
        let of = latencies.get_mut(check).unwrap();
        of.sort();
        of[of.len() / 2]
    };
    let (east, west) = (median("payments@us-east-1"), median("payments@us-west-2"));
    assert!(east < west && west < Duration::from_millis(100), "{east:?} {west:?}");
}

#[test]
fn a_cache_loses_its_link_with_its_master() {
    let mut stage = Stage::healthy();
    stage.order("down us-east-1");
    stage.pass(60);
    let copies = stage.status().replication;
    let cache = copies.iter().find(|row| row.database.as_str() == "cache" && row.region.as_str() == "us-west-2");
    let cache = cache.expect("it is read in both regions");
    assert_eq!((cache.state, cache.lag, cache.notes[0].as_str()), (Stream::Absent, None, "link down"));
}

#[test]
fn a_region_that_goes_down_turns_red_and_takes_its_services_along() {
    let mut stage = Stage::healthy();
    stage.order("down us-east-1");
    let estate = demo_estate();
    let check = &estate.checks[0];
    stage.pass(check.interval.as_secs() * u64::from(check.fail_after) + check.timeout.as_secs());
    assert_eq!(stage.region("us-east-1"), Health::Down);
    assert_eq!(stage.region("us-west-2"), Health::Ok);
    assert_eq!(stage.service("payments").0, Health::Down);
    let status = stage.status();
    let west = status.replication.iter().find(|row| row.region.as_str() == "us-west-2").unwrap();
    assert_eq!(west.state, Stream::Frozen);
    assert!(status.recommendation.failover, "{:?}", status.recommendation);
    assert_eq!(status.recommendation.to.as_ref().map(RegionId::as_str), Some("us-west-2"));
}

#[test]
fn the_loss_that_is_shown_holds_the_loss_that_is() {
    for extra in ["", "lag orders-db@us-west-2 20s"] {
        let mut stage = Stage::healthy();
        stage.order(extra);
        stage.pass(61);
        stage.order("down us-east-1");
        stage.pass(40);
        let lost = stage.end("us-east-1") - stage.end("us-west-2");
        assert!(lost > 0);
        let status = stage.status();
        let row = status.replication.iter().find(|row| row.region.as_str() == "us-west-2").unwrap();
        let at_risk = row.at_risk.as_ref().unwrap();
        assert!(at_risk.bytes_at_least.is_none_or(|least| least <= lost), "{at_risk:?}, lost {lost}");
    }
}

#[test]
fn a_failover_is_walked_to_its_end() {
    let mut stage = Stage::healthy();
    stage.order("down us-east-1");
    stage.pass(30);
    stage.order("fence orders-db@us-east-1\npromote orders-db@us-west-2");
    stage.pass(15);
    let row =
        |stage: &Stage| stage.status().replication.into_iter().find(|row| row.region.as_str() == "us-west-2").unwrap();
    assert_eq!((row(&stage).role.as_str(), row(&stage).timeline), ("primary", Some(2)));
    stage.order("serve all us-west-2");
    stage.pass(40);
    for service in ["payments", "orders", "reports", "batch"] {
        assert_eq!(stage.service(service), (Health::Ok, Some("us-west-2".to_owned())), "{service}");
    }
    let third = stage.status().replication.into_iter().find(|row| row.region.as_str() == "eu-west-1").unwrap();
    assert_eq!(third.state, Stream::Streaming, "the other standby follows the new primary: {third:?}");
}

#[test]
fn an_old_primary_that_comes_back_unfenced_splits_the_brain() {
    for (fence, split) in [("", true), ("fence orders-db@us-east-1", false)] {
        let mut stage = Stage::healthy();
        stage.order("down us-east-1");
        stage.order(fence);
        stage.pass(20);
        stage.order("promote orders-db@us-west-2");
        stage.pass(20);
        stage.order("up us-east-1");
        stage.pass(20);
        assert_eq!(stage.status().replication.iter().any(|row| row.split_brain), split, "{fence}");
    }
}

#[test]
fn a_fenced_side_comes_back_as_a_standby() {
    let mut stage = Stage::healthy();
    stage.order("fence orders-db@us-east-1");
    stage.pass(3);
    stage.order("promote orders-db@us-west-2");
    stage.pass(20);
    stage.order("up orders-db@us-east-1");
    stage.pass(20);
    let east = stage.status().replication.into_iter().find(|row| row.region.as_str() == "us-east-1").unwrap();
    assert_eq!((east.role.as_str(), east.state), ("standby", Stream::Streaming), "{east:?}");
}

#[test]
fn a_clean_stop_loses_nothing() {
    let mut stage = Stage::healthy();
    stage.order("fence orders-db@us-east-1");
    assert_eq!(stage.end("us-east-1"), stage.end("us-west-2"));
}

#[test]
fn what_does_not_exist_is_refused_with_its_name() {
    let mut stage = Stage::healthy();
    for (line, says) in [
        ("promote orders-db@mars", "orders-db@mars"),
        ("serve paymints us-west-2", "paymints"),
        ("down nothing", "nothing"),
        ("down cache@mars", "mars"),
        ("backup nothing now", "nothing"),
        ("lag other@us-west-2 5s", "other@us-west-2"),
    ] {
        let line = world_lines(line, &BTreeMap::new())[0].clone().unwrap();
        assert!(stage.world.apply(&line).unwrap_err().contains(says));
    }
}

#[test]
fn a_restore_that_was_proved_is_seen_by_its_verify_and_in_the_panel() {
    let mut stage = Stage::healthy();
    let verify = || {
        let mut block = block(Lang::Bash, "switchback restored \"$BACKUP\" --within 10m", None);
        block.env.insert("BACKUP".to_owned(), "orders-db".to_owned());
        question(block)
    };
    assert_eq!(stage.world.answer(&verify()).passed, Some(false), "nothing was restored yet");
    stage.order("restored orders-db now");
    stage.pass(90);
    assert_eq!(stage.world.answer(&verify()).passed, Some(true));
    let backup = stage.status().backups.into_iter().find(|backup| backup.name.as_str() == "orders-db").unwrap();
    let tested = backup.restore_tested.unwrap();
    assert!(crate::time::since(stage.now.wall, tested) < Duration::from_secs(120), "{backup:?}");
}

#[test]
fn slow_is_degraded_and_a_backup_can_be_made() {
    let mut stage = Stage::healthy();
    stage.order("degrade payments@us-east-1\ndown cache@us-west-2\nbackup orders-db now");
    stage.pass(90);
    assert_eq!(stage.service("payments").0, Health::Degraded);
    assert_eq!(stage.region("us-west-2"), Health::Ok, "the cache is not critical");
    let backup = stage.status().backups.into_iter().find(|backup| backup.name.as_str() == "orders-db").unwrap();
    assert!(backup.age.unwrap() < Duration::from_secs(120), "{backup:?}");
    stage.order("up payments@us-east-1");
    stage.pass(30);
    assert_eq!(stage.service("payments").0, Health::Ok);
}
