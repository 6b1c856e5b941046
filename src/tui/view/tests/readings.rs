//! What the probes of the story say, before, during and after.

use std::time::Duration;

use domain::ident::AlertKey;
use domain::objective::AtRisk;
use domain::reading::{
    Advice, AlertSeverity, AlertState, AlertStatus, AutomaticStatus, BackupFacts, BackupHealth, BackupStatus,
    CheckStatus, HealingStatus, Health, Recommendation, RegionStatus, ReplicationStatus, ServiceStatus, Status, Stream,
    TrendUnit,
};
use domain::replication::CopySource;
use domain::time::Timestamp;

use super::story::at;

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(super) fn at_risk() -> AtRisk {
    AtRisk {
        bytes_at_least: Some(16_384),
        at_least: Duration::from_millis(1200),
        at_most: Some(secs(41)),
        basis: "primary position 0/62BC9F0 seen 02:06:55Z, standby flushed to 0/62A83A8".to_owned(),
        as_of: at("02:06:55"),
    }
}

fn check(name: &str, kind: &str, latency: u64, age: u64) -> CheckStatus {
    let wave = [41, 39, 44, 40, 52, 41, 38, 40, 47, 41, 42, 40];
    CheckStatus {
        name: name.into(),
        kind: kind.to_owned(),
        status: Health::Ok,
        since: Some(at("00:02:10")),
        value: Some("200".to_owned()),
        error: None,
        measured_at: None,
        age: Some(secs(age)),
        latency: Some(Duration::from_millis(latency)),
        flapping: false,
        suspect: false,
        critical: true,
        trend: wave.iter().map(|value| Some(value * u32::try_from(latency).unwrap() / 41)).collect(),
    }
}

fn bad(check: CheckStatus, status: Health, error: &str) -> CheckStatus {
    CheckStatus { status, since: Some(at("02:06:56")), error: Some(error.to_owned()), latency: None, ..check }
}

fn region(name: &str, role: &str, serving: bool, candidate: Option<u32>, latency: u64) -> RegionStatus {
    RegionStatus {
        name: name.into(),
        role: role.to_owned(),
        serving: Some(serving),
        was_serving: false,
        status: Health::Ok,
        since: Some(at("00:02:10")),
        last_good: Some(at("02:06:55")),
        candidate,
        candidate_because: match candidate {
            Some(1) => vec!["all 3 checks ok".to_owned(), "lag 0.2s".to_owned(), "priority 2".to_owned()],
            Some(_) => vec!["all 3 checks ok".to_owned(), "lag 0.9s".to_owned(), "priority 3".to_owned()],
            None => Vec::new(),
        },
        cost: None,
        latency: Some(Duration::from_millis(latency)),
        checks: vec![
            check(&format!("checkout@{name}"), "http", latency, 3),
            check(&format!("orders-db@{name}"), "postgres", latency / 2, 2),
            check(&format!("cluster@{name}"), "command", latency * 3, 7),
        ],
    }
}

fn link(region: &str, lag: u64) -> ReplicationStatus {
    ReplicationStatus {
        database: "orders-db".into(),
        region: region.into(),
        state: Stream::Streaming,
        not_received_bytes: Some(0),
        not_replayed_bytes: Some(lag * 20),
        lag: Some(Duration::from_millis(lag)),
        measured_at: Some(at("01:30:00")),
        role: "standby".to_owned(),
        timeline: Some(4),
        system_id: Some("7431".to_owned()),
        notes: Vec::new(),
        split_brain: false,
        at_risk: Some(AtRisk {
            bytes_at_least: Some(0),
            at_least: Duration::ZERO,
            at_most: Some(Duration::from_millis(lag)),
            basis: "primary position 0/5F00A10 seen 01:30:00Z, standby flushed to 0/5F00A10".to_owned(),
            as_of: at("01:30:00"),
        }),
        trend: [2, 3, 2, 2, 4, 2, 3, 2, 6, 3, 2, 2].iter().map(|value| Some(value * 100)).collect(),
        trend_unit: TrendUnit::Ms,
        source: CopySource::Sql,
        member: None,
    }
}

/// A cache whose link is down, one whose master is gone, and a cluster's own word in bytes.
pub(super) fn copies() -> Vec<ReplicationStatus> {
    let copy = |database: &str, member: &str, region: &str, source: CopySource| ReplicationStatus {
        database: database.into(),
        at_risk: None,
        lag: None,
        not_replayed_bytes: None,
        timeline: None,
        system_id: None,
        source,
        member: Some(member.to_owned()),
        ..link(region, 0)
    };
    vec![
        ReplicationStatus {
            state: Stream::Absent,
            not_received_bytes: None,
            notes: vec!["link down for 7m".to_owned()],
            ..copy("cache", "10.1.0.1:6379", "us-west-2", CopySource::Redis)
        },
        ReplicationStatus {
            state: Stream::Frozen,
            not_received_bytes: Some(16_384),
            notes: vec!["link down for 41s".to_owned()],
            ..copy("sessions", "10.1.0.2:6379", "us-west-2", CopySource::Redis)
        },
        ReplicationStatus {
            not_received_bytes: Some(2_097_152),
            trend_unit: TrendUnit::Bytes,
            ..copy("orders-ha", "pg3", "", CopySource::Patroni)
        },
    ]
}

pub(super) fn automatic() -> Vec<AutomaticStatus> {
    let healing =
        |from: &str, to: &str, failed: Option<&str>, served: &str, kept: Option<bool>, took: u64| HealingStatus {
            from: Some(from.to_owned()),
            to: to.to_owned(),
            failed_at: failed.map(at),
            served_at: at(served),
            took: failed.map(|_| secs(took)),
            kept,
            because: None,
            settled: true,
        };
    let of = |name: &str, promise: u64, recent: Vec<HealingStatus>| AutomaticStatus {
        name: name.to_owned(),
        promise: secs(promise),
        serving: Some("pg2".to_owned()),
        failing_since: None,
        overdue: false,
        recent,
    };
    let database = vec![
        healing("pg2", "pg1", None, "00:20:00", None, 0),
        healing("pg1", "pg2", Some("01:12:05"), "01:12:29", Some(true), 24),
    ];
    let pods = vec![healing("us-east-1", "us-east-1", Some("01:02:00"), "01:05:10", Some(false), 190)];
    let edge =
        AutomaticStatus { serving: None, failing_since: Some(at("01:28:00")), overdue: true, ..of("edge", 30, vec![]) };
    vec![of("database", 300, database), of("pods", 120, pods), edge]
}

fn frozen(link: ReplicationStatus) -> ReplicationStatus {
    ReplicationStatus {
        state: Stream::Frozen,
        not_received_bytes: Some(16_384),
        measured_at: Some(at("02:06:55")),
        notes: vec!["sender gone".to_owned()],
        at_risk: Some(at_risk()),
        trend: [2, 3, 2, 2, 4, 2, 3, 2, 6, 9, 12, 14].iter().map(|value| Some(value * 100)).collect(),
        ..link
    }
}

fn backup(
    name: &str,
    kind: &str,
    detail: Option<&str>,
    age_minutes: u64,
    every_hours: u64,
    tested_days: i64,
) -> BackupStatus {
    BackupStatus {
        name: name.into(),
        kind: kind.to_owned(),
        status: BackupHealth::Ok,
        newest_usable: None,
        age: Some(secs(age_minutes * 60)),
        every: secs(every_hours * 3600),
        restore_tested: Some(at("02:00:00").checked_sub(jiff::SignedDuration::from_hours(24 * tested_days)).unwrap()),
        detail: detail.map(str::to_owned),
        error: None,
        facts: BackupFacts::default(),
    }
}

fn service(name: &str, tier: &str, serving: &str) -> ServiceStatus {
    ServiceStatus {
        name: name.into(),
        tier: Some(tier.into()),
        status: Health::Ok,
        since: Some(at("00:02:10")),
        serving: Some(serving.into()),
    }
}

pub(super) fn healthy(now: Timestamp) -> Status {
    Status {
        at: now,
        estate: "orders-platform".to_owned(),
        kind: "live".to_owned(),
        regions: vec![
            region("us-east-1", "primary", true, None, 12),
            region("us-west-2", "standby", false, Some(1), 41),
            region("eu-west-1", "standby", false, Some(2), 93),
        ],
        services: vec![
            service("checkout", "1", "us-east-1"),
            service("catalogue", "2", "us-east-1"),
            service("reports", "3", "us-east-1"),
            service("archive", "4", "us-east-1"),
        ],
        replication: vec![link("us-west-2", 200), link("eu-west-1", 900)],
        backups: vec![
            backup("orders-db", "pgbackrest", Some("diff"), 14, 1, 3),
            backup("clickhouse", "command", None, 9 * 60, 24, 41),
            backup("cluster", "command", Some("velero"), 5 * 60, 24, 9),
        ],
        recommendation: Recommendation {
            failover: false,
            from: None,
            to: Some("us-west-2".into()),
            because: vec!["us-east-1 serves, and all of its critical checks are ok".to_owned()],
            ..Recommendation::default()
        },
        ..Status::default()
    }
}

/// us-east-1 went dark at 02:06:56.
pub(super) fn failed(now: Timestamp) -> Status {
    let mut status = healthy(now);
    let east = &mut status.regions[0];
    east.status = Health::Down;
    east.since = Some(at("02:06:56"));
    east.serving = Some(false);
    east.was_serving = true;
    east.latency = None;
    east.checks = east
        .checks
        .drain(..)
        .zip([(Health::Down, "timeout 2s"), (Health::Down, "timeout 2s"), (Health::Unknown, "no answer")])
        .map(|(check, (health, error))| bad(check, health, error))
        .collect();
    for service in &mut status.services {
        service.status = Health::Down;
        service.since = Some(at("02:06:56"));
        service.serving = None;
    }
    status.replication = status.replication.drain(..).map(frozen).collect();
    status.backups[2] = BackupStatus {
        status: BackupHealth::Failed,
        error: Some("PartiallyFailed".to_owned()),
        age: Some(secs(29 * 3600)),
        ..status.backups[2].clone()
    };
    status.recommendation = Recommendation {
        failover: true,
        advice: Advice::Failover,
        from: Some("us-east-1".into()),
        to: Some("us-west-2".into()),
        because: vec![
            "us-east-1 is down since 02:06:56Z".to_owned(),
            "us-west-2 is ok, and lost 41s at most".to_owned(),
        ],
        ..Recommendation::default()
    };
    status
}

/// us-west-2 accepts writes.
pub(super) fn promoted(now: Timestamp) -> Status {
    let mut status = failed(now);
    status.regions[1].serving = Some(true);
    status.regions[1].candidate = None;
    status.replication.remove(0);
    status
}

fn alert(severity: AlertSeverity, rule: &str, subject: &str, text: &str, since: &str) -> AlertStatus {
    AlertStatus {
        severity,
        rule: rule.to_owned(),
        text: text.to_owned(),
        since: at(since),
        key: AlertKey::new(format!("{rule}:{subject}")),
        state: AlertState::Firing,
        subject: subject.to_owned(),
        region: None,
        service: None,
        fired_at: Some(at(since)),
        told_at: Some(at(since)),
        acknowledged_by: None,
        acknowledged_at: None,
        silenced_until: None,
        silenced_by: None,
        silenced_because: None,
    }
}

/// Of every kind one.
pub(super) fn alerts() -> Vec<AlertStatus> {
    use AlertSeverity::{Critical, Warning};
    vec![
        AlertStatus {
            acknowledged_by: Some("mara".into()),
            acknowledged_at: Some(at("01:20:00")),
            ..alert(Critical, "backup-failed", "cluster", "backup cluster: PartiallyFailed", "01:12:40")
        },
        AlertStatus {
            region: Some("us-east-1".into()),
            ..alert(Critical, "region-down", "us-east-1", "us-east-1 is down", "02:06:56")
        },
        AlertStatus {
            silenced_until: Some(at("04:00:00")),
            silenced_by: Some("raj".into()),
            silenced_because: Some("the link to Ireland is being moved".to_owned()),
            told_at: None,
            ..alert(
                Warning,
                "replication-lag",
                "orders-db@eu-west-1",
                "orders-db@eu-west-1 is 2m10s behind",
                "01:41:05",
            )
        },
        AlertStatus {
            told_at: Some(at("02:05:12")),
            ..alert(
                Warning,
                "backup-late",
                "clickhouse",
                "backup clickhouse is 1d2h old, expected every 1d",
                "02:05:12",
            )
        },
        AlertStatus {
            state: AlertState::Pending,
            fired_at: None,
            told_at: None,
            ..alert(
                Warning,
                "check-down",
                "search@us-west-2",
                "search@us-west-2 is down: connection refused by 10.2.0.4:9200, and has been since the deployment of 02:10",
                "02:10:40",
            )
        },
    ]
}
