//! A readiness with something of everything.

use std::time::Duration;

use domain::log::Kind;
use domain::readiness::{Area, Exercised, Readiness, Row, Verdict};
use domain::time::Timestamp;

use super::story::at;

fn row(area: Area, name: &str, verdict: Verdict, reasons: &[&str], remedy: Option<&str>) -> Row {
    Row {
        area,
        name: name.to_owned(),
        verdict,
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        remedy: remedy.map(str::to_owned),
        last: None,
        evaluated_at: at("01:29:58"),
    }
}

fn last(days: u64, by: &str, kind: Option<Kind>, rto: Option<u64>) -> Option<Exercised> {
    let ago: Timestamp = at("01:30:00").checked_sub(Duration::from_secs(days * 86_400)).unwrap();
    let lost = rto.map(|_| "0 … 1.2s".to_owned());
    Some(Exercised { at: ago, by: by.to_owned(), kind, rto: rto.map(Duration::from_secs), lost })
}

pub(super) fn readiness() -> Readiness {
    use Area::{Backup, Clock, Credential, Disk, Dns, Notification, People, Replication, Runbook, Target, Test, Tool};
    use Verdict::{Due, Failing, NeedsVerification, Overdue, Ready, Unknown};
    let edited =
        ["edited since last exercised: Promote DR database, Switch DNS", "on demand, never exercised: Sync data back"];
    let simulated =
        ["this text was exercised; last 20d ago in a drill", "only simulated, its commands never ran: Promote"];
    let grant = "GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer) TO \"watch\", on the primary";
    let restore = "restore it somewhere, and write it down where `restore_tests` looks";
    let mut rows = vec![
        row(
            Runbook,
            "restore-orders",
            Failing,
            &["line 41: there is no role `rum`", "pgbackrest is not on PATH (called by restore)", "never exercised"],
            Some("did you mean `run`?"),
        ),
        row(Credential, "orders-db@us-west-2", Failing, &["watch: it may not execute pg_promote"], Some(grant)),
        row(
            Tool,
            "pgbackrest",
            Failing,
            &["it is not on PATH", "used by restore-orders"],
            Some("install it where this console runs"),
        ),
        row(
            Test,
            "quarterly",
            Overdue,
            &["drill, overdue by 12d; expected every 90d"],
            Some("walk regional-failover to its end"),
        ),
        row(Runbook, "regional-failover", NeedsVerification, &edited, Some("walk it in a lab or a drill")),
        row(Backup, "archive", NeedsVerification, &["no restore of it was ever proved"], Some(restore)),
        row(Test, "tabletop", Due, &["tabletop, due in 9d; expected every 180d"], Some("mara: do it")),
        row(Credential, "orders-db@eu-west-1", Unknown, &["no answer within 6s"], None),
        row(Runbook, "database-failover", Ready, &simulated, None),
        row(Test, "weekly", Ready, &["backup-verification, due in 4d; expected every 7d"], None),
        row(Backup, "orders-db", Ready, &["newest usable 14m old, expected every 1h"], None),
        row(Replication, "orders-db@us-west-2", Ready, &["streaming, 1.2s behind"], None),
        row(Credential, "orders-db@us-east-1", Ready, &["watch: may promote, and monitor"], None),
        row(Target, "orders-db@us-west-2", Ready, &["used by database-failover, regional-failover"], None),
        row(Dns, "orders.example.com", Ready, &["TTL 1m, within the RTO of DNS of 5m"], None),
        row(People, "commander", Ready, &["mara"], None),
        row(Notification, "on-call", Ready, &["configured"], None),
        row(Clock, "orders-db@us-east-1", Ready, &["within 40ms of ours"], None),
        row(Disk, "logs and readings", Ready, &["48 GB free", "/var/lib/switchback"], None),
    ];
    for (name, exercised) in [
        ("quarterly", last(102, "INC-2026-0003", Some(Kind::Drill), Some(252))),
        ("regional-failover", last(12, "INC-2026-0006", Some(Kind::Lab), Some(252))),
        ("database-failover", last(20, "INC-2026-0005", Some(Kind::Drill), Some(48))),
        ("weekly", last(3, "raj", None, None)),
        ("tabletop", last(171, "mara", None, None)),
    ] {
        rows.iter_mut().filter(|row| row.name == name).for_each(|row| row.last.clone_from(&exercised));
    }
    let estate = "orders-platform".to_owned();
    Readiness { estate, at: at("01:29:58"), looked_at: at("01:18:00"), rows }
}
