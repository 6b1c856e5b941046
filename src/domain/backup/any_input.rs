//! Whatever a tool prints, reading it ends with a reading or with a reason, and neither steers a terminal.

use proptest::prelude::*;
use serde_json::Value;

use super::{BackupReading, barman, barman_check, command_json, objects, pgbackrest, rds, velero, wal_g, wal_g_verify};
use crate::estate::{CommandSource, ItemPaths};
use crate::time::Timestamp;

/// What is shown of what was read; or why it cannot be read.
type Reader = fn(&str) -> Result<Vec<String>, String>;

/// Every reader of what a tool of others prints.
const READERS: [Reader; 10] = [
    |text| pgbackrest(text, "main").map(|info| shown(info.reading)),
    |text| command_json(text, &source("newest_usable", None)).map(shown),
    |text| command_json(text, &source("backup.0.timestamp.stop", None)).map(shown),
    |text| command_json(text, &source("timestamp.stop", Some("0.backup"))).map(shown),
    |text| barman(text, "main").map(shown),
    |text| barman_check(text, "main").map(|said| said.into_iter().collect()),
    |text| wal_g(text).map(shown),
    |text| wal_g_verify(text).map(|said| said.into_iter().collect()),
    |text| velero(text, None, Timestamp::UNIX_EPOCH).map(shown),
    |text| rds(text, "main").map(shown),
];

fn source(newest: &str, items: Option<&str>) -> CommandSource {
    let items = items.map(|items| ItemPaths {
        items: items.to_owned(),
        name: Some("label".to_owned()),
        size: Some("info.size".to_owned()),
        ok: Some("error".to_owned()),
        ..ItemPaths::default()
    });
    CommandSource { argv: Vec::new(), newest_json: newest.to_owned(), items }
}

fn shown(reading: BackupReading) -> Vec<String> {
    let places = reading.destinations.into_iter().flat_map(|place| [place.newer_failure, place.unread]);
    let texts = [reading.newer_failure, reading.detail, reading.unread].into_iter().chain(places);
    texts.flatten().chain(reading.warnings).collect()
}

/// The names that readers look for.
const NAMES: [&str; 34] = [
    "name",
    "status",
    "code",
    "message",
    "backup",
    "label",
    "type",
    "error",
    "prior",
    "timestamp",
    "start",
    "stop",
    "database",
    "id",
    "repo-key",
    "info",
    "size",
    "newest_usable",
    "newer_failure",
    "restore_tested",
    "main",
    "backup_name",
    "finish_time",
    "is_permanent",
    "timelines",
    "integrity",
    "items",
    "metadata",
    "phase",
    "spec",
    "completionTimestamp",
    "DBInstances",
    "LatestRestorableTime",
    "end_time",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("main".to_owned()),
        Just("20261120-021437F".to_owned()),
        Just("2026-11-20T02:14:37Z".to_owned()),
        Just("\u{1b}]0;stolen\u{7}\u{1b}[31mred\u{9b}2J\u{202e}".to_owned()),
        Just("1e308".to_owned()),
        ".{0,12}",
    ]
}

/// Values of any shape, with names that mean something.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (1_700_000_000_i64..1_800_000_000).prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        let name = prop_oneof![4 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned), 1 => word()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A stanza as the tool prints it, in which any value may be anything.
fn stanza() -> impl Strategy<Value = Value> {
    let cluster = prop_oneof![Just(serde_json::json!({"id": 1, "repo-key": 1})), document()];
    let stop = prop_oneof![any::<i64>().prop_map(Value::from), document()];
    let backup = (word(), stop, cluster.clone(), word(), document()).prop_map(|(label, stop, of, prior, error)| {
        serde_json::json!({"label": label, "timestamp": {"stop": stop}, "database": of, "prior": prior, "error": error})
    });
    let backups = prop::collection::vec(backup, 0..4);
    (backups, cluster, any::<i8>(), word()).prop_map(|(backups, of, code, message)| {
        let status = serde_json::json!({"code": code, "message": message});
        serde_json::json!([{"name": "main", "status": status, "db": [of], "backup": backups}])
    })
}

#[track_caller]
fn read_by_all(text: &str) {
    let _ = objects(text, 1);
    for reader in READERS {
        let said = match reader(text) {
            Ok(shown) => shown,
            Err(why) => {
                assert!(!why.is_empty());
                vec![why]
            }
        };
        for said in said {
            assert!(!said.chars().any(char::is_control), "{said:?} of {text:?}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(?s).{0,200}") {
        read_by_all(&text);
    }

    #[test]
    fn any_bytes_taken_for_text_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_by_all(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_document_is_read(document in document()) {
        read_by_all(&document.to_string());
    }

    #[test]
    fn any_stanza_is_read_and_so_is_each_beginning_of_it(stanza in stanza(), cut in any::<prop::sample::Index>()) {
        let text = stanza.to_string();
        read_by_all(&text);
        let end = text.char_indices().map(|(at, _)| at).nth(cut.index(text.chars().count())).unwrap_or_default();
        read_by_all(&text[..end]);
    }
}

#[test]
fn deep_and_long_documents_are_read_to_their_end() {
    read_by_all(&"[".repeat(1 << 20));
    read_by_all(&format!("{}null{}", "{\"backup\":".repeat(100_000), "}".repeat(100_000)));
    read_by_all(&format!("[{}]", "0,".repeat(1 << 20)));
}
