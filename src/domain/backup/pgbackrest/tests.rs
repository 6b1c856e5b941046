use super::*;

const GOOD: &str = include_str!("../../../../tests/data/pgbackrest/info_1.json");
const CHECKSUM_ERROR: &str = include_str!("../../../../tests/data/pgbackrest/info_2.json");

fn reading(json: &str, stanza: &str) -> Result<BackupReading, String> {
    pgbackrest(json, stanza).map(|info| info.reading)
}

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
    let reading = reading(GOOD, "demo").unwrap();
    assert_eq!(second(&reading), Some(1_623_706_322));
    assert_eq!((reading.detail.as_deref(), reading.bytes), (Some("full"), Some(24_316_343)));
    assert_eq!(reading.newer_failure, None);
}

#[test]
fn a_backup_with_errors_is_not_usable_though_the_status_says_ok() {
    let reading = reading(CHECKSUM_ERROR, "demo").unwrap();
    assert_eq!(reading.newest_usable, None);
    assert_eq!(reading.newer_failure.as_deref(), Some("20220926-201857F: page checksums failed"));
}

#[test]
fn a_failed_one_neither_hides_the_good_one_nor_makes_it_fresh() {
    let reading = reading(&stanza(0, &[("A", None, false, 100), ("B", None, true, 200)]), "demo").unwrap();
    assert_eq!(second(&reading), Some(100));
    assert!(reading.newer_failure.unwrap().starts_with("B: "));
}

#[test]
fn a_difference_needs_what_it_builds_on() {
    let gone = reading(&stanza(0, &[("A", None, false, 100), ("C", Some("B"), false, 300)]), "demo").unwrap();
    assert_eq!(second(&gone), Some(100));
    assert_eq!(gone.newer_failure.as_deref(), Some("C: B, which it builds on, is not there"));
    let rotten = [("A", None, true, 100), ("B", Some("A"), false, 200), ("C", Some("B"), false, 300)];
    let rotten = reading(&stanza(0, &rotten), "demo").unwrap();
    assert_eq!(rotten.newest_usable, None);
    assert_eq!(rotten.newer_failure.as_deref(), Some("C: page checksums of A failed"));
    let circle = reading(&stanza(0, &[("A", Some("A"), false, 100)]), "demo").unwrap();
    assert_eq!(circle.newest_usable, None);
}

#[test]
fn no_valid_backups_is_said_with_exit_code_zero() {
    for code in [1, 2, 3] {
        let reading = reading(&stanza(code, &[("A", None, false, 100)]), "demo").unwrap();
        assert_eq!((reading.newest_usable, reading.newer_failure.as_deref()), (None, Some("no valid backups")));
    }
    assert!(reading(&stanza(99, &[]), "demo").unwrap_err().contains("code 99"));
    assert_eq!(reading(&stanza(0, &[]), "demo").unwrap().kept, Some(0));
}

#[test]
fn an_unknown_stanza_or_another_text_is_an_error() {
    assert!(reading("[]", "demo").unwrap_err().contains("no stanza `demo`"));
    assert!(reading("stanza: demo\n    status: ok", "demo").is_err());
}

#[test]
fn what_was_backed_up_before_an_upgrade_does_not_restore_the_present_cluster() {
    let upgraded = stanza(0, &[("A", None, false, 100)])
        .replace(r#""db":[{"id":1,"repo-key":1}]"#, r#""db":[{"id":1,"repo-key":1},{"id":2,"repo-key":1}]"#);
    let reading = reading(&upgraded, "demo").unwrap();
    assert_eq!(reading.newest_usable, None);
    assert!(reading.newer_failure.unwrap().contains("earlier cluster"));
}

#[test]
fn old_versions_do_not_say_error_at_all() {
    let silent = stanza(0, &[("A", None, false, 100)]).replace(r#""error":false"#, r#""error":null"#);
    assert_eq!(second(&reading(&silent, "demo").unwrap()), Some(100));
}

#[test]
fn every_repository_has_its_own_age() {
    let two = include_str!("../../../../tests/data/pgbackrest/info-two-repositories.json");
    let info = pgbackrest(two, "orders").unwrap();
    let [one, other] = &info.reading.destinations[..] else { panic!("{info:?}") };
    assert_eq!((one.name.as_str(), other.name.as_str()), ("repo1", "repo2"));
    assert!(one.newest_usable > other.newest_usable, "the second was not written since");
    assert_eq!((one.encrypted, other.encrypted), (Some(false), Some(true)));
    assert_eq!(info.reading.encrypted, Some(false), "one plain copy is enough");
    assert_eq!(info.reading.newest_usable, one.newest_usable);
    assert!(info.archived_to.is_some());
}

#[test]
fn a_lock_that_is_held_is_a_backup_being_made() {
    let held = GOOD.replace(r#""held":false"#, r#""held":true"#).replace(r#""held": false"#, r#""held": true"#);
    assert_eq!(reading(&held, "demo").unwrap().running, Some(true));
    assert_eq!(reading(GOOD, "demo").unwrap().running, Some(false));
}
