//! Velero: its backups, schedules and storage locations, as `kubectl get … -o json` prints them.

use serde_json::Value;

use super::json::moment;
use super::listed::{Listed, State, newest_of};
use super::{BackupReading, DestinationReading};
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

const SCHEDULE: &str = "velero.io/schedule-name";
const RUNNING: [&str; 8] =
    ["New", "InProgress", "WaitingForPluginOperations", "Finalizing", "Queued", "ReadyToStart", "Uploading", ""];

/// The newest backup (of `schedule`, when one is named) that is `Completed` without an error, not expired at `now`,
/// and in a location that answers. Its point is when it *started*: `completionTimestamp` is set on failed ones too.
///
/// # Errors
/// The text is not a list of Kubernetes objects.
pub fn velero(json: &str, schedule: Option<&str>, now: Timestamp) -> Result<BackupReading, String> {
    let document: Value =
        serde_json::from_str(json.trim()).map_err(|error| format!("not the JSON of kubectl get: {error}"))?;
    let items = document.get("items").and_then(Value::as_array).ok_or("not a list of Kubernetes objects")?;
    let of_kind = |kind: &'static str| items.iter().filter(move |item| item["kind"].as_str() == Some(kind));
    let dark: Vec<&str> = of_kind("BackupStorageLocation")
        .filter(|location| location["status"]["phase"].as_str() == Some("Unavailable"))
        .filter_map(|location| location["metadata"]["name"].as_str())
        .collect();
    let backups: Vec<&Value> = of_kind("Backup")
        .filter(|it| schedule.is_none_or(|name| it["metadata"]["labels"][SCHEDULE].as_str() == Some(name)))
        .collect();
    let listed = |of: Option<&str>| {
        let chosen = backups.iter().filter(|it| of.is_none() || location(it) == of);
        newest_of(chosen.map(|backup| one(backup, &dark, now)).collect())
    };
    let mut locations: Vec<&str> = backups.iter().filter_map(|backup| location(backup)).collect();
    locations.sort_unstable();
    locations.dedup();
    let destinations =
        locations.iter().map(|name| DestinationReading::of(sanitise_line(name), Ok(listed(Some(name))))).collect();
    let reading = listed(None);
    let newest = backups.iter().filter(|it| started(it).is_some()).find(|it| started(it) == reading.newest_usable);
    let mut warnings = warnings(of_kind("Schedule"), schedule);
    if newest.is_some_and(|it| it["spec"]["snapshotVolumes"].as_bool() == Some(false)) {
        warnings.push("holds no volume snapshots (snapshotVolumes is false)".to_owned());
    }
    warnings.extend(dark.iter().map(|name| sanitise_line(&format!("storage location {name} is unavailable"))));
    Ok(BackupReading { vouched: true, destinations, warnings, ..reading })
}

fn location(backup: &Value) -> Option<&str> {
    backup["spec"]["storageLocation"].as_str()
}

fn started(backup: &Value) -> Option<Timestamp> {
    moment(Some(&backup["status"]["startTimestamp"]))
}

fn one(backup: &Value, dark: &[&str], now: Timestamp) -> Listed {
    let status = &backup["status"];
    let phase = status["phase"].as_str().unwrap_or_default();
    // Left out when it is 0.
    let errors = status["errors"].as_u64().unwrap_or(0);
    let expires = moment(Some(&status["expiration"]));
    let label = backup["metadata"]["name"].as_str().unwrap_or("a backup without a name").to_owned();
    let state = match phase {
        "Completed" if errors > 0 => State::Failed(format!("completed with {errors} errors")),
        "Completed" if expires.is_some_and(|at| at <= now) => State::Failed("has expired".to_owned()),
        "Completed" if location(backup).is_some_and(|at| dark.contains(&at)) => {
            State::Failed(format!("its storage location {} is unavailable", location(backup).unwrap_or_default()))
        }
        "Completed" => State::Usable,
        running if RUNNING.contains(&running) => State::Running,
        other => State::Failed(because(other, errors, status)),
    };
    let made = started(backup).or_else(|| moment(Some(&backup["metadata"]["creationTimestamp"])));
    Listed { detail: Some(label.clone()), label, at: made, state, bytes: None }
}

/// `PartiallyFailed, 3 errors`, `FailedValidation: …`.
fn because(phase: &str, errors: u64, status: &Value) -> String {
    let said = status["failureReason"].as_str().or_else(|| status["validationErrors"][0].as_str());
    match (said, errors) {
        (Some(said), _) => format!("{phase}: {said}"),
        (None, 0) => phase.to_owned(),
        (None, 1) => format!("{phase}, 1 error"),
        (None, errors) => format!("{phase}, {errors} errors"),
    }
}

fn warnings<'a>(schedules: impl Iterator<Item = &'a Value>, schedule: Option<&str>) -> Vec<String> {
    let mut found = Vec::new();
    let mut known = false;
    for item in schedules {
        let name = item["metadata"]["name"].as_str().unwrap_or_default();
        if schedule.is_some_and(|schedule| schedule != name) {
            continue;
        }
        known = true;
        if item["spec"]["paused"].as_bool() == Some(true) {
            found.push(sanitise_line(&format!("schedule {name} is paused")));
        }
    }
    if let (Some(schedule), false) = (schedule, known) {
        found.push(sanitise_line(&format!("there is no schedule {schedule}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = include_str!("../../../tests/data/velero/get.json");

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn partially_failed_is_not_usable_and_is_told_beside_the_good_one() {
        let reading = velero(LIST, Some("cluster-daily"), at("2026-11-20T06:00:00Z")).unwrap();
        assert_eq!(reading.newest_usable, Some(at("2026-11-19T01:00:05Z")));
        assert_eq!(reading.newer_failure.as_deref(), Some("cluster-daily-20261120010004: PartiallyFailed, 2 errors"));
        assert_eq!(reading.detail.as_deref(), Some("cluster-daily-20261119010005"));
        assert_eq!(reading.warnings, Vec::<String>::new());
        assert_eq!(reading.destinations.len(), 1);
    }

    #[test]
    fn an_expired_backup_is_none() {
        let reading = velero(LIST, Some("cluster-daily"), at("2027-03-01T00:00:00Z")).unwrap();
        assert_eq!(reading.newest_usable, None);
        assert!(reading.newer_failure.unwrap().contains("PartiallyFailed"));
    }

    #[test]
    fn one_in_progress_is_no_failure_and_another_schedule_is_not_counted() {
        let reading = velero(LIST, Some("shop-hourly"), at("2026-11-20T06:00:00Z")).unwrap();
        assert_eq!((reading.newest_usable, reading.newer_failure), (Some(at("2026-11-20T04:00:02Z")), None));
        assert_eq!(reading.running, Some(true));
        assert!(reading.warnings.contains(&"schedule shop-hourly is paused".to_owned()));
        let nobody = velero(LIST, Some("nobody"), at("2026-11-20T06:00:00Z")).unwrap();
        assert_eq!((nobody.newest_usable, nobody.kept), (None, Some(0)));
        assert_eq!(nobody.warnings, ["there is no schedule nobody"]);
    }

    #[test]
    fn a_location_that_does_not_answer_restores_nothing() {
        let dark = LIST.replace(r#""phase": "Available""#, r#""phase": "Unavailable""#);
        let reading = velero(&dark, Some("cluster-daily"), at("2026-11-20T06:00:00Z")).unwrap();
        assert_eq!(reading.newest_usable, None);
        assert!(reading.warnings.contains(&"storage location default is unavailable".to_owned()));
    }

    #[test]
    fn another_text_is_an_error() {
        assert!(velero("error: no context", None, Timestamp::UNIX_EPOCH).is_err());
        assert!(velero("{}", None, Timestamp::UNIX_EPOCH).is_err());
    }
}
