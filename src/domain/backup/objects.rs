//! Objects under a prefix of a bucket: what `aws s3api list-objects-v2` and `head-object` print.

use serde_json::Value;

use super::json::{bytes_of, moment};
use super::listed::{Listed, mark_small, newest_of};
use super::{BackupReading, Checksum};
use crate::untrusted::sanitise_line;

/// The newest objects and the oldest, of a list that may hold hundreds of thousands: what [`objects`] reads.
pub const OBJECTS_QUERY: &str = "{count: length(Contents || `[]`), \
                                 oldest: sort_by(Contents || `[]`, &LastModified)[:20].[Key, LastModified, Size], \
                                 newest: sort_by(Contents || `[]`, &LastModified)[-200:].[Key, LastModified, Size]}";

/// The newest object and its key, by the same rules as for files: not empty, not under `min_bytes`, not tiny beside
/// the others; what ends with `/` marks a folder. Its time is the store's, and copying an object rewrites it.
///
/// # Errors
/// The text is not what [`OBJECTS_QUERY`] makes of the list.
pub fn objects(json: &str, min_bytes: u64) -> Result<(BackupReading, Option<String>), String> {
    let document: Value =
        serde_json::from_str(json.trim()).map_err(|error| format!("not the JSON of aws s3api: {error}"))?;
    let rows =
        |key: &str| document.get(key).and_then(Value::as_array).ok_or_else(|| format!("its JSON has no `{key}`"));
    let seen = rows("newest")?.len();
    let mut newest = listed(rows("newest")?)?;
    let oldest = listed(rows("oldest")?)?;
    let count = document.get("count").and_then(Value::as_u64);
    mark_small(&mut newest, min_bytes);
    let reading = newest_of(newest);
    let first =
        oldest.iter().filter(|it| it.bytes.is_some_and(|bytes| bytes >= min_bytes.max(1))).min_by_key(|it| it.at);
    // Of a longer list only the count is known, not how many of it are good.
    let kept = if count.is_none_or(|count| count as usize <= seen) { reading.kept } else { count };
    let key = reading.detail.clone();
    let oldest_kept = first.and_then(|it| it.at).filter(|_| reading.newest_usable.is_some());
    Ok((BackupReading { oldest_kept, kept, running: None, ..reading }, key))
}

fn listed(rows: &[Value]) -> Result<Vec<Listed>, String> {
    let mut found = Vec::new();
    for row in rows {
        let key = row[0].as_str().ok_or("an object of the list has no key")?;
        if key.ends_with('/') {
            continue;
        }
        found.push(Listed {
            label: key.to_owned(),
            at: moment(row.get(1)),
            bytes: Some(row.get(2).and_then(bytes_of).ok_or("an object of the list has no size")?),
            detail: Some(key.to_owned()),
            ..Listed::default()
        });
    }
    Ok(found)
}

/// Adds what `head-object` tells of the newest object: encryption, a stored checksum, and whether it was replicated.
///
/// # Errors
/// The text is not what the command prints.
pub fn object_head(json: &str, mut reading: BackupReading) -> Result<BackupReading, String> {
    let head: Value =
        serde_json::from_str(json.trim()).map_err(|error| format!("not the JSON of aws s3api: {error}"))?;
    reading.encrypted = Some(head["ServerSideEncryption"].is_string() || head["SSECustomerAlgorithm"].is_string());
    reading.checksum = Checksum::Unknown;
    match head["ReplicationStatus"].as_str() {
        None | Some("COMPLETED" | "COMPLETE" | "REPLICA") => {}
        Some("PENDING") => reading.warnings.push("the newest object is not replicated yet".to_owned()),
        Some(other) => {
            reading.warnings.push(sanitise_line(&format!("replication of the newest object: {other}")));
        }
    }
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: &[(&str, &str, u64)]) -> String {
        let rows: Vec<Value> = rows.iter().map(|(key, at, bytes)| serde_json::json!([key, at, bytes])).collect();
        serde_json::json!({"count": rows.len(), "oldest": rows, "newest": rows}).to_string()
    }

    const DAYS: [(&str, &str, u64); 4] = [
        ("db/", "2026-11-16T00:00:00Z", 0),
        ("db/1.gz", "2026-11-17T00:00:00+00:00", 5_000_000),
        ("db/2.gz", "2026-11-18T00:00:00+00:00", 5_200_000),
        ("db/3.gz", "2026-11-19T00:00:00+00:00", 5_100_000),
    ];

    #[test]
    fn the_newest_object_counts_and_a_marker_does_not() {
        let (reading, key) = objects(&list(&DAYS), 1).unwrap();
        assert_eq!(key.as_deref(), Some("db/3.gz"));
        assert_eq!(reading.oldest_kept, "2026-11-17T00:00:00Z".parse().ok());
        assert_eq!((reading.kept, reading.vouched), (Some(3), false));
    }

    #[test]
    fn a_tiny_pointer_beside_the_dumps_is_no_backup() {
        let mut rows = DAYS.to_vec();
        rows.push(("db/4.gz", "2026-11-20T00:00:00Z", 5_000_000));
        rows.push(("db/latest.json", "2026-11-20T00:00:01Z", 90));
        let (reading, key) = objects(&list(&rows), 1).unwrap();
        assert_eq!(key.as_deref(), Some("db/4.gz"));
        assert!(reading.newer_failure.unwrap().starts_with("db/latest.json: 90 bytes"));
    }

    #[test]
    fn an_empty_prefix_has_no_backup_and_another_text_is_an_error() {
        let (reading, key) = objects(&list(&[]), 1).unwrap();
        assert_eq!((reading.newest_usable, reading.kept, key), (None, Some(0), None));
        assert!(objects("null", 1).is_err() && objects("", 1).is_err());
    }

    #[test]
    fn the_head_tells_encryption_and_replication() {
        let head = |json: &str| object_head(json, BackupReading::default()).unwrap();
        assert_eq!(head(r#"{"ServerSideEncryption": "aws:kms"}"#).encrypted, Some(true));
        assert_eq!(head("{}").encrypted, Some(false));
        assert!(head(r#"{"ReplicationStatus": "COMPLETED"}"#).warnings.is_empty());
        assert_eq!(head(r#"{"ReplicationStatus": "FAILED"}"#).warnings, ["replication of the newest object: FAILED"]);
    }
}
