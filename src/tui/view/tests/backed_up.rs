//! What is known of the story's backups, and a few things that are not as they should be.

use std::time::Duration;

use domain::backup::{Checksum, RestoreTest};
use domain::reading::{BackupFacts, BackupHealth, DestinationStatus, Proof, RetentionKept, Status};
use domain::time::Timestamp;

use super::readings::failed;
use super::story::at;

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// The same with everything that can be known of backups, and a few things that are not as they should be.
pub(super) fn backed_up(now: Timestamp) -> Status {
    let mut status = failed(now);
    let [orders, clickhouse, cluster] = &mut status.backups[..] else { return status };
    let ago = |hours: i64| at("02:00:00").checked_sub(jiff::SignedDuration::from_hours(hours)).ok();
    let place = |name: &str, role: &str, minutes: u64, status| DestinationStatus {
        name: name.to_owned(),
        role: role.to_owned(),
        status,
        newest_usable: None,
        age: Some(secs(minutes * 60)),
        every: secs(3600),
        encrypted: Some(true),
        error: None,
    };
    orders.facts = BackupFacts {
        proof: Proof::Tested,
        destinations: vec![
            place("s3://orders-backup-us-west-2", "primary", 14, BackupHealth::Ok),
            place("gs://orders-backup", "secondary", 26, BackupHealth::Ok),
            place("nas:/backup/orders", "local", 290, BackupHealth::Late),
        ],
        oldest_kept: ago(24 * 15),
        kept: Some(38),
        retention: Some(secs(14 * 86_400)),
        retention_kept: RetentionKept::Kept,
        encrypted: Some(true),
        encryption_expected: true,
        checksum: Checksum::Verified,
        checksum_at: ago(30),
        restore_test: Some(RestoreTest {
            at: ago(72).unwrap(),
            passed: true,
            by: Some("runbook backup-verification".to_owned()),
            detail: Some("14 tables, 1203441 rows".to_owned()),
        }),
        restore_test_every: Some(secs(30 * 86_400)),
        running: Some(true),
        bytes: Some(9_100_000_000),
        concerns: vec!["nas:/backup/orders: late, 4h50m old".to_owned()],
        ..BackupFacts::default()
    };
    clickhouse.facts = BackupFacts {
        proof: Proof::Exists,
        oldest_kept: ago(24 * 3),
        kept: Some(3),
        retention: Some(secs(30 * 86_400)),
        retention_kept: RetentionKept::Short,
        encrypted: Some(false),
        restore_test_every: Some(secs(30 * 86_400)),
        restore_test_overdue: true,
        concerns: vec![
            "retention not kept: reaches back 3d of 30d".to_owned(),
            "restore test overdue: 41d ago, every 30d".to_owned(),
        ],
        ..BackupFacts::default()
    };
    cluster.facts = BackupFacts { proof: Proof::Restorable, kept: Some(7), ..BackupFacts::default() };
    status
}
