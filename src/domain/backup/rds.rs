//! RDS: what `aws rds describe-…` prints about instances, clusters, automated backups and snapshots.

use serde_json::Value;

use super::BackupReading;
use super::json::moment;
use super::listed::{Listed, State, newest_of};
use crate::untrusted::sanitise_line;

/// The point up to which `id` can be restored. Of an instance or cluster that is `LatestRestorableTime`, which is
/// missing while automated backups are off; of automated backups in another region the end of their window; of
/// snapshots the newest that is `available` (one that is being created has no end).
///
/// # Errors
/// The text is not what the command prints, or nothing in it is `id`.
pub fn rds(json: &str, id: &str) -> Result<BackupReading, String> {
    let document: Value =
        serde_json::from_str(json.trim()).map_err(|error| format!("not the JSON of aws rds: {error}"))?;
    let list = |key: &str| document.get(key).and_then(Value::as_array);
    for key in ["DBSnapshots", "DBClusterSnapshots"] {
        if let Some(snapshots) = list(key) {
            return Ok(of_snapshots(snapshots));
        }
    }
    let found = [
        ("DBInstances", "DBInstanceIdentifier"),
        ("DBClusters", "DBClusterIdentifier"),
        ("DBInstanceAutomatedBackups", "DBInstanceIdentifier"),
        ("DBClusterAutomatedBackups", "DBClusterIdentifier"),
    ]
    .into_iter()
    .find_map(|(key, name)| Some((key, list(key)?, name)));
    let Some((key, items, name)) = found else { return Err("aws rds told of no database".to_owned()) };
    let one = items.iter().find(|item| item[name].as_str() == Some(id));
    match (one, key.contains("Automated")) {
        (Some(one), true) => Ok(of_automated(one)),
        (Some(one), false) => Ok(of_database(one)),
        (None, true) => {
            Ok(BackupReading { newer_failure: Some("no automated backup is kept here".to_owned()), ..empty() })
        }
        (None, false) => Err(format!("RDS knows no `{id}` there")),
    }
}

fn empty() -> BackupReading {
    BackupReading { vouched: true, kept: None, ..BackupReading::default() }
}

fn of_database(database: &Value) -> BackupReading {
    let latest = moment(database.get("LatestRestorableTime"));
    let off = database["BackupRetentionPeriod"].as_u64() == Some(0);
    let failure = match latest {
        Some(_) => None,
        None if off => Some("automated backups are off: their retention is 0 days".to_owned()),
        None => Some("RDS tells no point up to which it could be restored".to_owned()),
    };
    BackupReading {
        newest_usable: latest,
        newer_failure: failure,
        oldest_kept: moment(database.get("EarliestRestorableTime")),
        encrypted: database["StorageEncrypted"].as_bool(),
        detail: Some("point in time".to_owned()),
        ..empty()
    }
}

fn of_automated(backup: &Value) -> BackupReading {
    let window = &backup["RestoreWindow"];
    let latest = moment(window.get("LatestTime"));
    let status = backup["Status"].as_str().unwrap_or("unknown");
    BackupReading {
        newest_usable: latest,
        newer_failure: latest.is_none().then(|| sanitise_line(&format!("no restore window yet: {status}"))),
        oldest_kept: moment(window.get("EarliestTime")),
        encrypted: backup["Encrypted"].as_bool().or_else(|| backup["StorageEncrypted"].as_bool()),
        detail: Some(sanitise_line(status)),
        ..empty()
    }
}

fn of_snapshots(snapshots: &[Value]) -> BackupReading {
    let text = |it: &Value, keys: [&str; 2]| keys.iter().find_map(|key| it[*key].as_str().map(str::to_owned));
    let listed = snapshots.iter().map(|it| {
        let label = text(it, ["DBSnapshotIdentifier", "DBClusterSnapshotIdentifier"]).unwrap_or_default();
        let state = match it["Status"].as_str().unwrap_or("its status is not told") {
            "available" => State::Usable,
            "creating" | "copying" | "modifying" => State::Running,
            other => State::Failed(other.to_owned()),
        };
        Listed { at: moment(it.get("SnapshotCreateTime")), state, bytes: None, detail: Some(label.clone()), label }
    });
    let reading = newest_of(listed.collect());
    let newest = snapshots.iter().find(|it| {
        it["Status"].as_str() == Some("available") && moment(it.get("SnapshotCreateTime")) == reading.newest_usable
    });
    let encrypted = newest.and_then(|it| it["Encrypted"].as_bool().or_else(|| it["StorageEncrypted"].as_bool()));
    BackupReading { vouched: true, encrypted, ..reading }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNAPSHOTS: &str = include_str!("../../../tests/data/aws/rds-describe-db-snapshots.json");
    const CLUSTERS: &str = include_str!("../../../tests/data/aws/rds-describe-db-clusters.json");
    const AUTOMATED: &str = include_str!("../../../tests/data/aws/rds-describe-db-instance-automated-backups.json");

    fn first(json: &str, list: &str, name: &str) -> (Value, String) {
        let document: Value = serde_json::from_str(json).unwrap();
        let id = document[list][0][name].as_str().unwrap().to_owned();
        (document, id)
    }

    #[test]
    fn a_cluster_can_be_restored_up_to_its_latest_restorable_time() {
        let (document, id) = first(CLUSTERS, "DBClusters", "DBClusterIdentifier");
        let reading = rds(CLUSTERS, &id).unwrap();
        assert_eq!(reading.newest_usable, moment(document["DBClusters"][0].get("LatestRestorableTime")));
        assert!(reading.newest_usable.is_some() && reading.encrypted.is_some());
        assert!(rds(CLUSTERS, "nobody").unwrap_err().contains("knows no `nobody`"));
    }

    #[test]
    fn backups_that_are_off_are_no_backup() {
        let off = r#"{"DBInstances": [{"DBInstanceIdentifier": "orders", "BackupRetentionPeriod": 0}]}"#;
        let reading = rds(off, "orders").unwrap();
        assert_eq!(reading.newest_usable, None);
        assert!(reading.newer_failure.unwrap().contains("retention is 0 days"));
    }

    #[test]
    fn the_other_region_tells_its_window() {
        let (_, id) = first(AUTOMATED, "DBInstanceAutomatedBackups", "DBInstanceIdentifier");
        let reading = rds(AUTOMATED, &id).unwrap();
        assert_eq!(reading.newest_usable, "2020-12-07T21:05:20.939Z".parse().ok());
        assert_eq!(reading.encrypted, Some(false));
        let gone = rds(r#"{"DBInstanceAutomatedBackups": []}"#, &id).unwrap();
        assert!(gone.newest_usable.is_none() && gone.newer_failure.is_some());
    }

    #[test]
    fn only_an_available_snapshot_counts() {
        let reading = rds(SNAPSHOTS, "mysqldb").unwrap();
        assert_eq!(reading.newest_usable, "2018-02-08T22:28:08.598Z".parse().ok());
        assert_eq!(reading.encrypted, Some(false));
        let creating = rds(&SNAPSHOTS.replace("\"available\"", "\"creating\""), "mysqldb").unwrap();
        assert_eq!((creating.newest_usable, creating.newer_failure, creating.running), (None, None, Some(true)));
        let failed = rds(&SNAPSHOTS.replace("\"available\"", "\"failed\""), "mysqldb").unwrap();
        assert!(failed.newer_failure.unwrap().ends_with(": failed"));
    }

    #[test]
    fn another_text_is_an_error() {
        assert!(rds("Unable to locate credentials", "x").is_err() && rds("{}", "x").is_err());
    }
}
