//! Redis: the snapshot (RDB), from `INFO`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::BackupReading;
use crate::time::{Timestamp, human};

/// The last snapshot that was saved. `rdb_last_save_time` is when saving *ended*; the data is of when it began, so the
/// time it took is subtracted. A server that has saved nothing since it started shows its own start there, with an
/// `ok` beside it: that is no backup, and while it is younger than `every` it is not known whether one is missing.
///
/// # Errors
/// The text is not what `INFO` says, or the server is too young to tell.
pub fn redis(info: &str, every: Duration, now: Timestamp) -> Result<BackupReading, String> {
    let fields: BTreeMap<&str, &str> = info.lines().filter_map(|line| line.trim().split_once(':')).collect();
    let number = |key: &str| fields.get(key).and_then(|text| text.parse::<i64>().ok());
    if number("loading") == Some(1) {
        return Err("the server is loading its data".to_owned());
    }
    let saved_at = number("rdb_last_save_time").ok_or("INFO tells nothing of snapshots")?;
    let took = number("rdb_last_bgsave_time_sec").unwrap_or(-1);
    let uptime = Duration::from_secs(number("uptime_in_seconds").and_then(|it| it.try_into().ok()).unwrap_or_default());
    let running = number("rdb_bgsave_in_progress").map(|it| it == 1);
    let failed = (fields.get("rdb_last_bgsave_status") == Some(&"err"))
        .then(|| format!("the last snapshot failed; {} changes are in none", changes(&fields)));
    // Before 7.0 nothing counts the snapshots; a start that is also the last save is then no save.
    let started = now.as_second() - i64::try_from(uptime.as_secs()).unwrap_or(i64::MAX);
    let saved = number("rdb_saves").map_or(took >= 0 || (saved_at - started).abs() > 5, |saves| saves > 0);
    if !saved {
        let words = format!("nothing was saved since the server started {} ago", human(uptime));
        return match failed {
            None if uptime < every => Err(format!("{words}: the age of what it loaded is not told")),
            failed => {
                Ok(BackupReading { newer_failure: Some(failed.unwrap_or(words)), running, ..BackupReading::default() })
            }
        };
    }
    Ok(BackupReading {
        newest_usable: Timestamp::from_second(saved_at - took.max(0)).ok(),
        newer_failure: failed,
        detail: Some("rdb".to_owned()),
        bytes: None,
        vouched: true,
        running,
        ..BackupReading::default()
    })
}

fn changes<'a>(fields: &BTreeMap<&str, &'a str>) -> &'a str {
    fields
        .get("rdb_changes_since_last_save")
        .copied()
        .filter(|text| text.chars().all(|c| c.is_ascii_digit()))
        .unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn info(saved_at: i64, took: i64, saves: i64, status: &str, uptime: i64) -> String {
        format!(
            "# Server\r\nuptime_in_seconds:{uptime}\r\n# Persistence\r\nloading:0\r\nrdb_changes_since_last_save:7\r\n\
             rdb_bgsave_in_progress:0\r\nrdb_last_save_time:{saved_at}\r\nrdb_last_bgsave_status:{status}\r\n\
             rdb_last_bgsave_time_sec:{took}\r\nrdb_saves:{saves}\r\n"
        )
    }

    fn read(text: &str) -> Result<BackupReading, String> {
        redis(text, HOUR, Timestamp::from_second(100_000).unwrap())
    }

    #[test]
    fn the_data_is_of_when_saving_began() {
        let reading = read(&info(99_000, 6, 3, "ok", 50_000)).unwrap();
        assert_eq!(reading.newest_usable.map(Timestamp::as_second), Some(98_994));
        assert!(reading.vouched && reading.newer_failure.is_none());
    }

    #[test]
    fn a_server_that_never_saved_has_no_backup_though_it_says_ok() {
        let old = read(&info(50_000, -1, 0, "ok", 50_000)).unwrap();
        assert_eq!(old.newest_usable, None);
        assert!(old.newer_failure.unwrap().contains("nothing was saved"));
        let before_7 = info(50_000, -1, 0, "ok", 50_000).replace("rdb_saves:0\r\n", "");
        assert_eq!(read(&before_7).unwrap().newest_usable, None);
        let young = read(&info(99_900, -1, 0, "ok", 100)).unwrap_err();
        assert!(young.contains("not told"), "{young}");
    }

    #[test]
    fn a_failed_snapshot_neither_hides_the_last_nor_makes_it_fresh() {
        let reading = read(&info(90_000, 0, 2, "err", 50_000)).unwrap();
        assert_eq!(reading.newest_usable.map(Timestamp::as_second), Some(90_000));
        assert_eq!(reading.newer_failure.as_deref(), Some("the last snapshot failed; 7 changes are in none"));
    }

    #[test]
    fn another_text_is_an_error() {
        assert!(read("NOAUTH Authentication required").is_err());
    }
}
