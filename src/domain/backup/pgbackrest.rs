//! `pgbackrest info --output=json`: which of the listed backups could be restored.

use serde::Deserialize;

use super::BackupReading;
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

#[derive(Deserialize)]
struct Stanza {
    name: String,
    #[serde(default)]
    status: Status,
    #[serde(default)]
    backup: Vec<Backup>,
    #[serde(default)]
    db: Vec<Cluster>,
}

#[derive(Default, Deserialize)]
struct Status {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct Backup {
    label: String,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    /// Page checksums failed. Absent or null before 2.36.
    #[serde(default)]
    error: Option<bool>,
    /// The backup this one only holds the difference to.
    #[serde(default)]
    prior: Option<String>,
    timestamp: Span,
    #[serde(default)]
    database: Cluster,
    #[serde(default)]
    info: Option<Size>,
}

#[derive(Deserialize)]
struct Span {
    stop: i64,
}

/// A cluster as a repository knows it: `id` grows when the cluster is upgraded or created anew.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
struct Cluster {
    #[serde(default)]
    id: u64,
    #[serde(rename = "repo-key", default)]
    repo: u64,
}

#[derive(Deserialize)]
struct Size {
    #[serde(default)]
    size: Option<u64>,
}

/// Status codes of a stanza, from the tool's documentation.
mod code {
    pub(super) const OK: i64 = 0;
    pub(super) const MISSING_PATH: i64 = 1;
    pub(super) const NO_VALID_BACKUP: i64 = 2;
    pub(super) const MISSING_STANZA: i64 = 3;
    /// Repositories differ: backups are listed of those that are well.
    pub(super) const MIXED: i64 = 4;
}

/// The newest backup of `stanza` that could be restored: without errors, of the present cluster, with everything it
/// depends on. Its point is when it *ended*. The tool exits with 0 and says `ok` over much that is not.
///
/// # Errors
/// The text is not what the tool prints, the stanza is not in it, or the tool could not tell.
pub fn pgbackrest(json: &str, stanza: &str) -> Result<BackupReading, String> {
    let stanzas: Vec<Stanza> =
        serde_json::from_str(json).map_err(|error| format!("not the JSON of pgbackrest info: {error}"))?;
    let Some(found) = stanzas.into_iter().find(|candidate| candidate.name == stanza) else {
        return Err(format!("pgBackRest knows no stanza `{stanza}`"));
    };
    let message = sanitise_line(&found.status.message);
    match found.status.code {
        code::OK | code::MIXED => Ok(newest_of(&found)),
        code::MISSING_PATH | code::NO_VALID_BACKUP | code::MISSING_STANZA => {
            Ok(BackupReading { newer_failure: Some(message), ..BackupReading::default() })
        }
        other => Err(format!("pgBackRest says {message} (code {other})")),
    }
}

fn newest_of(stanza: &Stanza) -> BackupReading {
    let mut backups: Vec<&Backup> = stanza.backup.iter().collect();
    backups.sort_by_key(|backup| backup.timestamp.stop);
    let mut newer_failure = None;
    for backup in backups.iter().rev() {
        match obstacle(stanza, backup) {
            None => return usable(backup, newer_failure),
            Some(obstacle) => {
                newer_failure.get_or_insert_with(|| sanitise_line(&format!("{}: {obstacle}", backup.label)));
            }
        }
    }
    BackupReading { newer_failure, ..BackupReading::default() }
}

fn usable(backup: &Backup, newer_failure: Option<String>) -> BackupReading {
    BackupReading {
        newest_usable: Timestamp::from_second(backup.timestamp.stop).ok(),
        newer_failure,
        restore_tested: None,
        detail: backup.kind.as_deref().map(sanitise_line),
        bytes: backup.info.as_ref().and_then(|info| info.size),
    }
}

/// Why it could not be restored: itself, or something it depends on.
fn obstacle(stanza: &Stanza, backup: &Backup) -> Option<String> {
    let present = stanza.db.iter().filter(|known| known.repo == backup.database.repo).map(|known| known.id).max();
    if present.is_some_and(|present| present != backup.database.id) {
        return Some("of an earlier cluster: nothing was backed up since it was replaced".to_owned());
    }
    let mut at = backup;
    // A chain is never longer than the list: more would be a circle.
    for _ in 0..=stanza.backup.len() {
        if at.error == Some(true) {
            let of = if at.label == backup.label { String::new() } else { format!(" of {}", at.label) };
            return Some(format!("page checksums{of} failed"));
        }
        if at.info.as_ref().and_then(|info| info.size) == Some(0) {
            return Some(format!("{} is empty", at.label));
        }
        let prior = at.prior.as_ref()?;
        let before =
            stanza.backup.iter().find(|other| other.label == *prior && other.database.repo == backup.database.repo);
        match before {
            Some(before) => at = before,
            None => return Some(format!("{prior}, which it builds on, is not there")),
        }
    }
    Some("what it builds on goes in a circle".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../../tests/data/pgbackrest/info_1.json");
    const CHECKSUM_ERROR: &str = include_str!("../../../tests/data/pgbackrest/info_2.json");

    fn second(reading: &BackupReading) -> Option<i64> {
        reading.newest_usable.map(Timestamp::as_second)
    }

    /// A stanza with these backups: label, prior, error, end.
    fn stanza(code: i64, backups: &[(&str, Option<&str>, bool, i64)]) -> String {
        let backups: Vec<_> = backups
            .iter()
            .map(|(label, prior, error, stop)| {
                serde_json::json!({
                    "label": label, "prior": prior, "error": error, "type": "diff",
                    "timestamp": {"start": stop - 5, "stop": stop}, "database": {"id": 1, "repo-key": 1},
                    "info": {"size": 1000}
                })
            })
            .collect();
        serde_json::json!([{
            "name": "demo", "backup": backups, "db": [{"id": 1, "repo-key": 1}],
            "status": {"code": code, "message": "no valid backups"}
        }])
        .to_string()
    }

    #[test]
    fn a_real_answer_is_read() {
        let reading = pgbackrest(GOOD, "demo").unwrap();
        assert_eq!(second(&reading), Some(1_623_706_322));
        assert_eq!((reading.detail.as_deref(), reading.bytes), (Some("full"), Some(24_316_343)));
        assert_eq!(reading.newer_failure, None);
    }

    #[test]
    fn a_backup_with_errors_is_not_usable_though_the_status_says_ok() {
        let reading = pgbackrest(CHECKSUM_ERROR, "demo").unwrap();
        assert_eq!(reading.newest_usable, None);
        assert_eq!(reading.newer_failure.as_deref(), Some("20220926-201857F: page checksums failed"));
    }

    #[test]
    fn a_failed_one_neither_hides_the_good_one_nor_makes_it_fresh() {
        let reading = pgbackrest(&stanza(0, &[("A", None, false, 100), ("B", None, true, 200)]), "demo").unwrap();
        assert_eq!(second(&reading), Some(100));
        assert!(reading.newer_failure.unwrap().starts_with("B: "));
    }

    #[test]
    fn a_difference_needs_what_it_builds_on() {
        let gone = pgbackrest(&stanza(0, &[("A", None, false, 100), ("C", Some("B"), false, 300)]), "demo").unwrap();
        assert_eq!(second(&gone), Some(100));
        assert_eq!(gone.newer_failure.as_deref(), Some("C: B, which it builds on, is not there"));
        let rotten = [("A", None, true, 100), ("B", Some("A"), false, 200), ("C", Some("B"), false, 300)];
        let rotten = pgbackrest(&stanza(0, &rotten), "demo").unwrap();
        assert_eq!(rotten.newest_usable, None);
        assert_eq!(rotten.newer_failure.as_deref(), Some("C: page checksums of A failed"));
        let circle = pgbackrest(&stanza(0, &[("A", Some("A"), false, 100)]), "demo").unwrap();
        assert_eq!(circle.newest_usable, None);
    }

    #[test]
    fn no_valid_backups_is_said_with_exit_code_zero() {
        for code in [1, 2, 3] {
            let reading = pgbackrest(&stanza(code, &[("A", None, false, 100)]), "demo").unwrap();
            assert_eq!((reading.newest_usable, reading.newer_failure.as_deref()), (None, Some("no valid backups")));
        }
        assert!(pgbackrest(&stanza(99, &[]), "demo").unwrap_err().contains("code 99"));
        assert_eq!(pgbackrest(&stanza(0, &[]), "demo"), Ok(BackupReading::default()));
    }

    #[test]
    fn an_unknown_stanza_or_another_text_is_an_error() {
        assert!(pgbackrest("[]", "demo").unwrap_err().contains("no stanza `demo`"));
        assert!(pgbackrest("stanza: demo\n    status: ok", "demo").is_err());
    }

    #[test]
    fn what_was_backed_up_before_an_upgrade_does_not_restore_the_present_cluster() {
        let upgraded = stanza(0, &[("A", None, false, 100)])
            .replace(r#""db":[{"id":1,"repo-key":1}]"#, r#""db":[{"id":1,"repo-key":1},{"id":2,"repo-key":1}]"#);
        let reading = pgbackrest(&upgraded, "demo").unwrap();
        assert_eq!(reading.newest_usable, None);
        assert!(reading.newer_failure.unwrap().contains("earlier cluster"));
    }

    #[test]
    fn old_versions_do_not_say_error_at_all() {
        let silent = stanza(0, &[("A", None, false, 100)]).replace(r#""error":false"#, r#""error":null"#);
        assert_eq!(second(&pgbackrest(&silent, "demo").unwrap()), Some(100));
    }
}
