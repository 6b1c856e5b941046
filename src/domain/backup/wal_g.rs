//! WAL-G: `backup-list --detail --json`, and `wal-verify integrity timeline --json` when it is asked for.

use serde::Deserialize;

use super::listed::{Listed, State, newest_of};
use super::{BackupReading, DestinationReading};
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

#[derive(Deserialize)]
struct Entry {
    #[serde(alias = "name")]
    backup_name: String,
    /// When the sentinel was uploaded: later than the end of the backup.
    #[serde(default)]
    time: Option<Timestamp>,
    #[serde(default)]
    finish_time: Option<Timestamp>,
    #[serde(default)]
    compressed_size: Option<u64>,
    #[serde(default)]
    storage_name: Option<String>,
}

impl Entry {
    /// The backup that this one only holds the difference to: `…_D_000000010000000000000002`.
    fn parent(&self) -> Option<&str> {
        self.backup_name.split_once("_D_").map(|(_, parent)| parent)
    }

    fn listed(&self, all: &[&Entry]) -> Listed {
        Listed {
            label: self.backup_name.clone(),
            at: self.finish_time.or(self.time),
            state: obstacle(self, all).map_or(State::Usable, State::Failed),
            bytes: self.compressed_size,
            detail: Some(if self.parent().is_some() { "delta" } else { "full" }.to_owned()),
        }
    }
}

/// The newest backup of the list whose whole chain is there. Its point is when it finished.
///
/// # Errors
/// The text is not what the tool prints.
pub fn wal_g(json: &str) -> Result<BackupReading, String> {
    let entries: Option<Vec<Entry>> =
        serde_json::from_str(json.trim()).map_err(|error| format!("not the JSON of wal-g backup-list: {error}"))?;
    let entries = entries.unwrap_or_default();
    let listed = |of: Option<&str>| {
        // What a storage holds of a chain is no backup there while the rest of it lies in another.
        let chosen: Vec<&Entry> =
            entries.iter().filter(|entry| of.is_none() || entry.storage_name.as_deref() == of).collect();
        chosen.iter().map(|entry| entry.listed(&chosen)).collect::<Vec<_>>()
    };
    let mut storages: Vec<&str> = entries.iter().filter_map(|entry| entry.storage_name.as_deref()).collect();
    storages.sort_unstable();
    storages.dedup();
    let destinations = storages
        .iter()
        .filter(|_| storages.len() > 1)
        .map(|storage| DestinationReading::of(sanitise_line(storage), Ok(newest_of(listed(Some(storage))))))
        .collect();
    Ok(BackupReading { vouched: true, running: None, destinations, ..newest_of(listed(None)) })
}

fn obstacle(entry: &Entry, all: &[&Entry]) -> Option<String> {
    let mut at = entry;
    // A chain is never longer than the list: more would be a circle.
    for _ in 0..=all.len() {
        let parent = at.parent()?;
        let named = |other: &&&Entry| {
            let own = other.backup_name.trim_start_matches("base_");
            own == parent || own.strip_prefix(parent).is_some_and(|rest| rest.starts_with("_D_"))
        };
        match all.iter().find(named) {
            Some(before) => at = before,
            None => return Some(format!("base_{parent}, which it builds on, is not there")),
        }
    }
    Some("what it builds on goes in a circle".to_owned())
}

#[derive(Deserialize)]
struct Verified {
    integrity: Option<Integrity>,
    timeline: Option<Verdict>,
}

#[derive(Deserialize)]
struct Integrity {
    status: String,
    #[serde(default)]
    details: Vec<Range>,
}

#[derive(Deserialize)]
struct Verdict {
    status: String,
}

#[derive(Deserialize)]
struct Range {
    timeline_id: u32,
    start_segment: String,
    segments_count: u64,
    status: String,
}

/// What `wal-verify` found wrong with the archived log; `None` when it is well. The newest segment may be found
/// while an older one is lost.
///
/// # Errors
/// The text is not what the tool prints.
pub fn wal_g_verify(json: &str) -> Result<Option<String>, String> {
    let verified: Verified =
        serde_json::from_str(json.trim()).map_err(|error| format!("not the JSON of wal-g wal-verify: {error}"))?;
    if verified.integrity.is_none() && verified.timeline.is_none() {
        return Err("wal-g wal-verify told neither integrity nor timeline".to_owned());
    }
    let integrity = verified.integrity.filter(|it| it.status != "OK" || it.details.iter().any(lost));
    let timeline = verified.timeline.filter(|it| it.status != "OK");
    let said = integrity.map(|it| match it.details.iter().find(|range| lost(range)) {
        Some(range) => format!(
            "wal-verify: {} WAL segment(s) lost from {} on timeline {}",
            range.segments_count, range.start_segment, range.timeline_id
        ),
        None => format!("wal-verify: integrity {}", it.status),
    });
    let said = said.or_else(|| timeline.map(|it| format!("wal-verify: timeline {}", it.status)));
    Ok(said.map(|said| sanitise_line(&said)))
}

fn lost(range: &Range) -> bool {
    range.status == "MISSING_LOST"
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = include_str!("../../../tests/data/wal-g/backup-list.json");
    const VERIFY: &str = include_str!("../../../tests/data/wal-g/wal-verify.json");

    fn names(json: &str) -> Vec<String> {
        let entries: Vec<Entry> = serde_json::from_str(json).unwrap();
        entries.into_iter().map(|entry| entry.backup_name).collect()
    }

    #[test]
    fn a_real_list_is_read_by_when_backups_finished() {
        let reading = wal_g(LIST).unwrap();
        let last: serde_json::Value = serde_json::from_str(LIST).unwrap();
        let finished = last.as_array().unwrap().iter().filter_map(|it| it["finish_time"].as_str()).max().unwrap();
        assert_eq!(reading.newest_usable, finished.parse().ok());
        assert_eq!(reading.newer_failure, None);
        assert_eq!(reading.oldest_kept, "2025-12-20T02:00:18.538578Z".parse().ok());
        assert!(reading.vouched);
    }

    #[test]
    fn a_delta_needs_its_parent() {
        let parent = names(LIST).into_iter().find(|name| name.ends_with("000000BD")).unwrap();
        let without: Vec<serde_json::Value> = serde_json::from_str::<Vec<serde_json::Value>>(LIST)
            .unwrap()
            .into_iter()
            .filter(|it| it["backup_name"] != parent.as_str())
            .filter(|it| !it["backup_name"].as_str().unwrap().contains("00000044"))
            .collect();
        let reading = wal_g(&serde_json::to_string(&without).unwrap()).unwrap();
        let why = reading.newer_failure.unwrap();
        assert!(why.contains("base_0000004300000388000000BD, which it builds on, is not there"), "{why}");
        assert!(reading.newest_usable < "2025-12-30T10:10:40Z".parse().ok());
    }

    #[test]
    fn a_lost_segment_is_told_although_the_newest_is_found() {
        let said = wal_g_verify(VERIFY).unwrap();
        assert_eq!(
            said.as_deref(),
            Some("wal-verify: 1 WAL segment(s) lost from 000000430000030600000060 on timeline 67")
        );
        let well = r#"{"integrity":{"status":"OK","details":[]},"timeline":{"status":"OK","details":{}}}"#;
        assert_eq!(wal_g_verify(well), Ok(None));
        let timeline = well.replace(r#""timeline":{"status":"OK""#, r#""timeline":{"status":"FAILURE""#);
        assert_eq!(wal_g_verify(&timeline).unwrap().as_deref(), Some("wal-verify: timeline FAILURE"));
        assert!(wal_g_verify("{}").is_err());
    }

    #[test]
    fn an_empty_list_has_no_backup_and_another_text_is_an_error() {
        for empty in ["[]", "null"] {
            let reading = wal_g(empty).unwrap();
            assert_eq!((reading.newest_usable, reading.kept), (None, Some(0)));
        }
        assert!(wal_g("").is_err() && wal_g("INFO: No backups found").is_err());
    }
}
