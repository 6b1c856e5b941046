//! A command that prints JSON about its own backups.

use serde_json::Value;

use super::BackupReading;
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

/// Reads `newest` (a path such as `newest_usable` or `items.0.end`) and, when they are there, `newer_failure`,
/// `restore_tested`, `detail` and `bytes`. Times are RFC 3339 or seconds since 1970, as number or text; a `null`
/// newest means that there is no usable backup.
///
/// # Errors
/// What was printed is no JSON, the path leads nowhere, or a time cannot be read.
pub fn command_json(text: &str, newest: &str) -> Result<BackupReading, String> {
    let document: Value =
        serde_json::from_str(text.trim()).map_err(|error| format!("it did not print JSON: {error}"))?;
    let found = at_path(&document, newest).ok_or_else(|| format!("its JSON has no `{newest}`"))?;
    let words =
        |name: &str| document.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(sanitise_line);
    Ok(BackupReading {
        newest_usable: time_of(found, newest)?,
        newer_failure: words("newer_failure"),
        restore_tested: document.get("restore_tested").map_or(Ok(None), |tested| time_of(tested, "restore_tested"))?,
        detail: words("detail"),
        bytes: document.get("bytes").and_then(Value::as_u64),
    })
}

fn at_path<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(document, |at, key| match at {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => at.get(key),
    })
}

fn time_of(value: &Value, name: &str) -> Result<Option<Timestamp>, String> {
    let unreadable = || format!("`{name}` is no time: write RFC 3339 or seconds since 1970");
    let seconds = |seconds: f64| {
        #[allow(clippy::cast_possible_truncation)]
        let milliseconds = (seconds * 1000.0) as i64;
        Timestamp::from_millisecond(milliseconds).map(Some).map_err(|_| unreadable())
    };
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => seconds(number.as_f64().ok_or_else(unreadable)?),
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => seconds(number),
            _ => text.trim().parse().map(Some).map_err(|_| unreadable()),
        },
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(unreadable()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest(text: &str, path: &str) -> Result<Option<i64>, String> {
        command_json(text, path).map(|reading| reading.newest_usable.map(Timestamp::as_second))
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
        assert!(newest(r#"{"newest_usable": "yesterday"}"#, "newest_usable").unwrap_err().contains("is no time"));
    }

    #[test]
    fn the_rest_is_taken_when_it_is_there() {
        let text = r#"{"newest_usable": 0, "newer_failure": "disk \u001b[31mfull", "restore_tested": 10,
                       "detail": "PARTIAL", "bytes": 7}"#;
        let reading = command_json(text, "newest_usable").unwrap();
        assert_eq!(reading.restore_tested.map(Timestamp::as_second), Some(10));
        assert_eq!((reading.detail.as_deref(), reading.bytes), (Some("PARTIAL"), Some(7)));
        assert!(!reading.newer_failure.unwrap().contains('\u{1b}'), "outside text is made harmless");
    }
}
