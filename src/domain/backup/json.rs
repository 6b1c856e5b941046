//! Paths into the JSON that backup tools print, and the ways in which they write times.

use serde_json::Value;

use crate::time::Timestamp;

/// The value at `path` (`items.0.end`); the document itself at `.`.
pub(super) fn at_path<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    if path == "." {
        return Some(document);
    }
    path.split('.').try_fold(document, |at, key| match at {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => at.get(key),
    })
}

/// RFC 3339 or seconds since 1970, as number or text; `null` and an empty text are no time.
pub(super) fn time_of(value: &Value, name: &str) -> Result<Option<Timestamp>, String> {
    let unreadable = || format!("`{name}` is no time: write RFC 3339 or seconds since 1970");
    let seconds = |seconds: f64| {
        #[allow(clippy::cast_possible_truncation)]
        let milliseconds = (seconds * 1000.0) as i64;
        Timestamp::from_millisecond(milliseconds).map(Some).map_err(|_| unreadable())
    };
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => seconds(number.as_f64().ok_or_else(unreadable)?),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => seconds(number),
            _ => text.trim().parse().map(Some).map_err(|_| unreadable()),
        },
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(unreadable()),
    }
}

/// A time that may be missing or unreadable: then it is not known.
pub(super) fn moment(value: Option<&Value>) -> Option<Timestamp> {
    value.and_then(|value| time_of(value, "").ok().flatten())
}

/// A size in bytes, as number or text.
pub(super) fn bytes_of(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A value as people write it: text without quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
