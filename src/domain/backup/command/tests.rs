use super::*;
use crate::estate::{BackupSource, COMMAND_RECIPES, parse};

fn single(path: &str) -> CommandSource {
    CommandSource { argv: Vec::new(), newest_json: path.to_owned(), items: None }
}

fn newest(text: &str, path: &str) -> Result<Option<i64>, String> {
    command_json(text, &single(path)).map(|reading| reading.newest_usable.map(Timestamp::as_second))
}

#[test]
fn times_come_as_rfc_3339_or_as_seconds() {
    assert_eq!(newest(r#"{"newest_usable": "2026-11-20T02:00:00Z"}"#, "newest_usable"), Ok(Some(1_795_140_000)));
    assert_eq!(newest(r#"{"newest_usable": 1795140000}"#, "newest_usable"), Ok(Some(1_795_140_000)));
    assert_eq!(newest(r#"{"a": [{"end": "1795140000"}]}"#, "a.0.end"), Ok(Some(1_795_140_000)));
}

#[test]
fn null_is_no_backup_and_a_missing_key_is_an_error() {
    assert_eq!(newest(r#"{"newest_usable": null}"#, "newest_usable"), Ok(None));
    assert!(newest("{}", "newest_usable").unwrap_err().contains("no `newest_usable`"));
    assert!(newest("nothing to see", "newest_usable").unwrap_err().contains("did not print JSON"));
    assert!(newest("", "newest_usable").unwrap_err().contains("printed nothing"));
    assert!(newest(r#"{"newest_usable": "yesterday"}"#, "newest_usable").unwrap_err().contains("is no time"));
}

#[test]
fn the_rest_is_taken_when_it_is_there() {
    let text = r#"{"newest_usable": 0, "newer_failure": "disk \u001b[31mfull", "restore_tested": 10,
                   "detail": "PARTIAL", "bytes": 7, "encrypted": true, "kept": 3}"#;
    let reading = command_json(text, &single("newest_usable")).unwrap();
    assert_eq!(reading.restore_tested.map(Timestamp::as_second), Some(10));
    assert_eq!((reading.detail.as_deref(), reading.bytes), (Some("PARTIAL"), Some(7)));
    assert_eq!((reading.encrypted, reading.kept), (Some(true), Some(3)));
    assert!(!reading.newer_failure.unwrap().contains('\u{1b}'), "outside text is made harmless");
}

/// What the documented recipe of that name makes of `text`.
fn recipe(name: &str, text: &str) -> BackupReading {
    let (_, toml) = COMMAND_RECIPES.iter().find(|(of, _)| of.contains(name)).unwrap();
    let parsed = parse(&format!("name = \"shop\"\n[regions.east]\nrole = \"primary\"\n{toml}"));
    assert_eq!(parsed.errors().next(), None, "{name}");
    let BackupSource::Command(source) = &parsed.estate.backups[0].source else { panic!("{name} is a command") };
    command_json(text, source).unwrap()
}

fn at(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[test]
fn restic_lists_its_snapshots() {
    let reading = recipe("restic", include_str!("../../../../tests/data/restic/snapshots.json"));
    assert_eq!(reading.newest_usable, at("2026-11-20T07:47:55.602703729Z"));
    assert_eq!((reading.kept, reading.detail.as_deref(), reading.vouched), (Some(2), Some("a37ebfb4"), false));
    assert_eq!(recipe("restic", "[]").kept, Some(0));
    assert_eq!(recipe("restic", "null").kept, Some(0));
}

#[test]
fn clickhouse_backup_tells_which_are_broken() {
    let text = include_str!("../../../../tests/data/clickhouse/clickhouse-backup-list.json");
    let reading = recipe("clickhouse-backup", text);
    assert_eq!(reading.newest_usable, at("2026-11-19T02:03:07Z"));
    assert_eq!(reading.newer_failure.as_deref(), Some("shop-2026-11-20T02-00-00: ???"));
}

#[test]
fn clickhouse_tells_the_status_of_each() {
    let text = include_str!("../../../../tests/data/clickhouse/system-backups.jsonl");
    let reading = recipe("system.backups", text);
    assert_eq!(reading.newest_usable.map(Timestamp::as_second), Some(1_795_053_600));
    assert!(reading.newer_failure.unwrap().ends_with("BACKUP_FAILED"));
    assert_eq!(reading.running, Some(true));
}

#[test]
fn google_cloud_storage_lists_objects_and_folders() {
    let reading = recipe("gcloud", include_str!("../../../../tests/data/gcloud/storage-ls.json"));
    assert_eq!(reading.newest_usable, at("2026-11-19T02:00:41.117Z"));
    assert_eq!(reading.newer_failure.as_deref(), Some("db/2026-11-20.gz: 0 bytes, at least 1024 expected"));
}

#[test]
fn azure_lists_blobs() {
    let reading = recipe("az storage", include_str!("../../../../tests/data/azure/blob-list.json"));
    assert_eq!(reading.newest_usable, at("2026-11-20T02:00:39Z"));
    assert_eq!((reading.bytes, reading.kept), (Some(5_200_000), Some(2)));
}

#[test]
fn a_list_without_times_is_an_error_and_not_an_empty_list() {
    let (_, toml) = COMMAND_RECIPES.iter().find(|(of, _)| of.contains("restic")).unwrap();
    let parsed = parse(&format!("name = \"shop\"\n[regions.east]\nrole = \"primary\"\n{toml}"));
    let BackupSource::Command(source) = &parsed.estate.backups[0].source else { panic!("a command") };
    assert!(command_json(r#"[{"when": 1}]"#, source).unwrap_err().contains("none of its 1 items has `time`"));
    assert!(command_json(r#""text""#, source).unwrap_err().contains("is no list"));
}
