//! Barman: `barman -f json list-backup SERVER`, and `barman -f json check SERVER` when it is asked for.

use serde_json::Value;

use super::BackupReading;
use super::json::{bytes_of, moment};
use super::listed::{Listed, State, newest_of};
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

/// Only these hold a whole backup. The second waits for WAL that is still to be archived.
const DONE: [&str; 2] = ["DONE", "WAITING_FOR_WALS"];
const RUNNING: [&str; 3] = ["STARTED", "EMPTY", "SYNCING"];
/// A check that says what the list says as well, about old failures too.
const TOLD_BY_THE_LIST: &str = "failed_backups";

/// The newest backup of `server` that is done. Its point is when it ended. Failed and started ones stand first in the
/// list and have no end.
///
/// # Errors
/// The tool reported an error, or the text is not what it prints.
pub fn barman(json: &str, server: &str) -> Result<BackupReading, String> {
    let document = document(json, "list-backup")?;
    let entries = document.get(server).and_then(Value::as_array);
    let entries = entries.ok_or_else(|| format!("barman told nothing of the server `{server}`"))?;
    let listed = entries.iter().map(|entry| {
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let label = text("backup_id").unwrap_or("a backup without an id").to_owned();
        let status = text("status").unwrap_or_default();
        let ended = moment(entry.get("end_time_timestamp"));
        let state = match status {
            done if DONE.contains(&done) && ended.is_some() => State::Usable,
            done if DONE.contains(&done) => State::Failed(format!("{done}, and no time at which it ended")),
            running if RUNNING.contains(&running) => State::Running,
            "" => State::Failed("its status is not told".to_owned()),
            other => State::Failed(other.to_owned()),
        };
        Listed {
            at: ended.or_else(|| moment(entry.get("begin_time_timestamp"))).or_else(|| of_id(&label)),
            label,
            state,
            bytes: entry.get("size_bytes").and_then(bytes_of),
            detail: text("backup_type").or(text("mode")).map(str::to_owned),
        }
    });
    Ok(BackupReading { vouched: true, ..newest_of(listed.collect()) })
}

/// `20261120T023000` is when it began, by the clock of the server that Barman runs on, taken for UTC: it only orders
/// what has no other time.
fn of_id(id: &str) -> Option<Timestamp> {
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    let part = |from: usize, to: usize| digits.get(from..to);
    let written = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?
    );
    written.parse().ok()
}

/// The checks that failed, each with its hint; `None` when all are ok.
///
/// # Errors
/// The tool reported an error, or the text is not what it prints.
pub fn barman_check(json: &str, server: &str) -> Result<Option<String>, String> {
    let document = document(json, "check")?;
    let checks = document.get(server).and_then(Value::as_object);
    let checks = checks.ok_or_else(|| format!("barman checked nothing of the server `{server}`"))?;
    let text = |check: &Value, key: &str| check.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let failed: Vec<String> = checks
        .iter()
        .filter(|(name, check)| name.as_str() != TOLD_BY_THE_LIST && text(check, "status") != "OK")
        .map(|(name, check)| match text(check, "hint") {
            hint if hint.is_empty() => name.replace('_', " "),
            hint => format!("{} ({hint})", name.replace('_', " ")),
        })
        .collect();
    Ok((!failed.is_empty()).then(|| sanitise_line(&format!("barman check: {}", failed.join(", ")))))
}

fn document(json: &str, of: &str) -> Result<Value, String> {
    let document: Value =
        serde_json::from_str(json.trim()).map_err(|error| format!("not the JSON of barman {of}: {error}"))?;
    match document.get("_ERROR") {
        None => Ok(document),
        Some(errors) => {
            let words =
                errors.as_array().map_or_else(Vec::new, |errors| errors.iter().filter_map(Value::as_str).collect());
            Err(sanitise_line(&format!("barman says: {}", words.join("; "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = include_str!("../../../tests/data/barman/list-backup.json");
    const RUNNING_LIST: &str = include_str!("../../../tests/data/barman/list-backup-running.json");
    const EMPTY: &str = include_str!("../../../tests/data/barman/list-backup-empty.json");
    const ERROR: &str = include_str!("../../../tests/data/barman/list-backup-error.json");
    const CHECK: &str = include_str!("../../../tests/data/barman/check.json");
    const CHECK_DARK: &str = include_str!("../../../tests/data/barman/check-dark.json");

    #[test]
    fn a_failed_backup_stands_first_and_does_not_hide_the_good_one() {
        let reading = barman(LIST, "orders").unwrap();
        let entries: Value = serde_json::from_str(LIST).unwrap();
        assert_eq!(entries["orders"][0]["status"], "FAILED", "the sample holds the trap");
        let good = &entries["orders"][1];
        assert_eq!(reading.newest_usable, moment(Some(&good["end_time_timestamp"])));
        assert!(reading.newest_usable.is_some() && reading.vouched);
        let failure = reading.newer_failure.unwrap();
        assert!(failure.ends_with(": FAILED"), "{failure}");
    }

    #[test]
    fn one_that_is_being_made_is_no_failure() {
        let reading = barman(RUNNING_LIST, "orders").unwrap();
        assert_eq!((reading.newer_failure, reading.running), (None, Some(true)));
        assert!(reading.newest_usable.is_some());
    }

    #[test]
    fn no_backup_is_told_and_an_error_is_unknown() {
        let none = barman(EMPTY, "empty").unwrap();
        assert_eq!((none.newest_usable, none.kept), (None, Some(0)));
        assert_eq!(barman(ERROR, "nosuch").unwrap_err(), "barman says: Unknown server 'nosuch'");
        assert!(barman(EMPTY, "orders").is_err() && barman("ERROR: no", "orders").is_err());
    }

    #[test]
    fn what_the_tool_itself_checks_is_told_without_old_failures() {
        let well = CHECK.replace("FAILED", "OK");
        assert_eq!(barman_check(&well, "orders"), Ok(None));
        assert_eq!(barman_check(CHECK, "orders"), Ok(None), "only `failed_backups` failed");
        let dark = barman_check(CHECK_DARK, "orders").unwrap().unwrap();
        assert!(dark.starts_with("barman check: ") && dark.contains("postgresql"), "{dark}");
    }
}
