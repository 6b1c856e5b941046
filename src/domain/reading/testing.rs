//! A small estate and its samples, for tests of what readings mean.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{Board, Change, Outcome, Payload, Sample, Source};
use crate::estate::{
    Backup, BackupSource, Check, CheckKind, ClockStart, Database, DownWhen, Estate, FilesSource, Objective,
    PostgresCheck, Region, RegionRole, Service, TcpCheck, Tier,
};
use crate::ident::{BackupId, CheckId, DatabaseId, RegionId, ServiceId, TierId};
use crate::replication::{Lsn, Receiver, ServerReading};
use crate::time::{Now, Timestamp, at_offset};

pub(crate) const EAST: &str = "us-east-1";
pub(crate) const WEST: &str = "us-west-2";

/// `second` seconds after the beginning, on both clocks.
pub(crate) fn now(second: f64) -> Now {
    let start = Now { wall: Timestamp::from_second(1_700_000_000).unwrap(), boot: Duration::from_secs(50_000) };
    start.after(Duration::from_secs_f64(second))
}

pub(crate) fn check(name: &str, region: &str) -> Check {
    Check {
        id: CheckId::new(format!("{name}@{region}")),
        region: Some(RegionId::from(region)),
        service: None,
        kind: CheckKind::Tcp(TcpCheck::open("localhost", 1)),
        interval: Duration::from_secs(10),
        timeout: Duration::from_secs(5),
        fail_after: 3,
        recover_after: 2,
        fail_when: None,
        degraded_over: None,
        critical: true,
        paused: false,
        alert: crate::estate::CheckAlert::Usual,
    }
}

fn region(id: &str, role: RegionRole, priority: u32) -> Region {
    Region {
        id: RegionId::from(id),
        role,
        priority,
        weight: 1.0,
        down_when: DownWhen::All,
        title: None,
        aws_region: None,
    }
}

/// Two regions, one service `checkout` of tier 1, one database `orders-db` with a server in each, one backup set.
pub(crate) fn estate() -> Estate {
    let database = DatabaseId::from("orders-db");
    let mut checks = Vec::new();
    for at in [EAST, WEST] {
        checks.push(Check { service: Some(ServiceId::from("checkout")), ..check("api", at) });
        let kind = CheckKind::Postgres(PostgresCheck { database: database.clone(), query: None });
        checks.push(Check { kind, ..check("orders-db", at) });
    }
    checks.push(Check { region: None, critical: false, id: CheckId::from("edge"), ..check("edge", EAST) });
    Estate {
        name: "orders".to_owned(),
        regions: vec![region(EAST, RegionRole::Primary, 1), region(WEST, RegionRole::Standby, 2)],
        tiers: vec![Tier {
            id: TierId::from("1"),
            rto: Objective::Within(Duration::from_secs(300)),
            rpo: Objective::Within(Duration::from_secs(60)),
            from: ClockStart::Impact,
            hold: Duration::from_secs(60),
        }],
        services: vec![Service {
            id: ServiceId::from("checkout"),
            tier: Some(TierId::from("1")),
            regions: vec![RegionId::from(EAST), RegionId::from(WEST)],
            databases: vec![database.clone()],
            serving: Some(CheckId::from("edge")),
        }],
        databases: vec![Database {
            id: database.clone(),
            servers: [EAST, WEST].into_iter().map(|at| (RegionId::from(at), "service=orders".to_owned())).collect(),
            write_test: BTreeMap::new(),
            control_data: BTreeMap::new(),
            lag_warning: Duration::from_secs(60),
            lag_critical: Duration::from_secs(300),
        }],
        checks,
        backups: vec![Backup {
            database: Some(database),
            timeout: Duration::from_secs(5),
            ..Backup::new(
                BackupId::from("orders"),
                BackupSource::Files(FilesSource { glob: "/backups/*".to_owned(), min_bytes: 1 }),
                Duration::from_secs(3600),
            )
        }],
        ..Estate::default()
    }
}

pub(crate) fn board() -> Board {
    Board::new(Arc::new(estate()))
}

pub(crate) fn sample(check: &str, second: f64, outcome: Outcome) -> Sample {
    let at = now(second);
    Sample {
        source: Source::Check(CheckId::from(check)),
        at: at.wall,
        boot: at.boot,
        latency: Some(Duration::from_millis(12)),
        outcome,
        clock_skew_ms: None,
    }
}

pub(crate) fn good() -> Outcome {
    Outcome::Good { payload: Payload::Nothing }
}

pub(crate) fn soft() -> Outcome {
    Outcome::Soft { why: "certificate ends soon".to_owned(), payload: Payload::Nothing }
}

pub(crate) fn bad() -> Outcome {
    Outcome::Bad { why: "timeout 2s".to_owned(), payload: Payload::Nothing }
}

pub(crate) fn server(reading: ServerReading) -> Outcome {
    Outcome::Good { payload: Payload::Server { server: Box::new(reading) } }
}

pub(crate) fn primary(second: f64, end: u64) -> ServerReading {
    ServerReading {
        system_id: Some("7".to_owned()),
        server_now: Some(now(second).wall),
        timeline: Some(1),
        current: Some(Lsn(end)),
        senders: Some(Vec::new()),
        ..ServerReading::default()
    }
}

/// A standby that holds `have`, connected and told of `latest`; its last replayed commit is a second old.
pub(crate) fn standby(second: f64, have: u64, latest: Option<u64>) -> ServerReading {
    let here = now(second).wall;
    ServerReading {
        in_recovery: true,
        system_id: Some("7".to_owned()),
        server_now: Some(here),
        received: Some(Lsn(have)),
        replayed: Some(Lsn(have)),
        have: Some(Lsn(have)),
        last_commit_replayed: here.checked_sub(Duration::from_secs(1)).ok(),
        replay_paused: Some(false),
        receiver: latest.map(|latest| Receiver {
            status: Some("streaming".to_owned()),
            latest_end: Some(Lsn(latest)),
            flushed: Some(Lsn(have)),
            last_message_at: Some(at_offset(here, Duration::ZERO)),
            ..Receiver::default()
        }),
        ..ServerReading::default()
    }
}

/// A healthy estate, polled once at `second`: the primary's log ends at `end`, the standby holds all of it.
pub(crate) fn healthy(board: &mut Board, second: f64, end: u64) -> Vec<Change> {
    [
        sample("api@us-east-1", second, good()),
        sample("api@us-west-2", second, good()),
        sample("edge", second, Outcome::Good { payload: Payload::Serving { region: RegionId::from(EAST) } }),
        sample("orders-db@us-east-1", second, server(primary(second, end))),
        sample("orders-db@us-west-2", second + 0.1, server(standby(second + 0.1, end, Some(end)))),
    ]
    .iter()
    .flat_map(|sample| board.observe(sample))
    .collect()
}

/// The eastern region does not answer at `second`; the western standby does, with nothing that feeds it.
pub(crate) fn east_dark(board: &mut Board, second: f64, west_holds: u64) -> Vec<Change> {
    [
        sample("api@us-east-1", second, bad()),
        sample("orders-db@us-east-1", second, bad()),
        sample("edge", second, bad()),
        sample("api@us-west-2", second, good()),
        sample("orders-db@us-west-2", second + 0.1, server(standby(second + 0.1, west_holds, None))),
    ]
    .iter()
    .flat_map(|sample| board.observe(sample))
    .collect()
}
