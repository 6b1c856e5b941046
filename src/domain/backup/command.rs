//! A command that prints JSON about its own backups: one document, or a list of them.

use serde_json::Value;

use super::BackupReading;
use super::json::{at_path, bytes_of, plain, time_of};
use super::listed::{Listed, State, mark_small, newest_of};
use crate::estate::{CommandSource, ItemPaths};
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

/// Reads what `source` prints. Times are RFC 3339 or seconds since 1970, as number or text. Several documents one after
/// the other (JSON lines) are a list.
///
/// # Errors
/// What was printed is no JSON, a path leads nowhere, or a time cannot be read.
pub fn command_json(text: &str, source: &CommandSource) -> Result<BackupReading, String> {
    let mut documents = serde_json::Deserializer::from_str(text.trim())
        .into_iter::<Value>()
        .collect::<Result<Vec<Value>, _>>()
        .map_err(|error| format!("it did not print JSON: {error}"))?;
    let document = match documents.len() {
        0 => return Err("it printed nothing".to_owned()),
        1 => documents.remove(0),
        _ => Value::Array(documents),
    };
    match &source.items {
        Some(paths) => list(&document, paths, &source.newest_json),
        None => one(&document, &source.newest_json),
    }
}

/// `newest` and, when they are there, `newer_failure`, `restore_tested`, `detail`, `bytes` and more. A `null` newest
/// means that there is no usable backup.
fn one(document: &Value, newest: &str) -> Result<BackupReading, String> {
    let found = at_path(document, newest).ok_or_else(|| format!("its JSON has no `{newest}`"))?;
    let words =
        |name: &str| document.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(sanitise_line);
    let time = |name: &str| document.get(name).map_or(Ok(None), |value| time_of(value, name));
    Ok(BackupReading {
        newest_usable: time_of(found, newest)?,
        newer_failure: words("newer_failure"),
        restore_tested: time("restore_tested")?,
        detail: words("detail"),
        bytes: document.get("bytes").and_then(Value::as_u64),
        oldest_kept: time("oldest_kept")?,
        kept: document.get("kept").and_then(Value::as_u64),
        encrypted: document.get("encrypted").and_then(Value::as_bool),
        ..BackupReading::default()
    })
}

fn list(document: &Value, paths: &ItemPaths, newest: &str) -> Result<BackupReading, String> {
    let items = at_path(document, &paths.items).ok_or_else(|| format!("its JSON has no `{}`", paths.items))?;
    let items = match items {
        Value::Array(items) => items,
        // A tool that has nothing to list.
        Value::Null => &Vec::new(),
        // One line of JSON lines is a document of its own.
        Value::Object(_) if paths.items == "." => &vec![items.clone()],
        _ => return Err(format!("`{}` is no list", paths.items)),
    };
    let mut listed = Vec::new();
    for item in items {
        // What has no time is no backup: a folder among objects.
        let Some(value) = at_path(item, newest) else { continue };
        let at = time_of(value, newest)?;
        listed.push(Listed {
            label: label(item, paths, at),
            at,
            state: state(item, paths),
            bytes: paths.size.as_deref().and_then(|path| at_path(item, path)).and_then(bytes_of),
            detail: paths.name.as_deref().and_then(|path| at_path(item, path)).map(plain),
        });
    }
    if listed.is_empty() && !items.is_empty() {
        return Err(format!("none of its {} items has `{newest}`", items.len()));
    }
    if paths.size.is_some() {
        mark_small(&mut listed, paths.min_bytes);
    }
    Ok(newest_of(listed))
}

fn label(item: &Value, paths: &ItemPaths, at: Option<Timestamp>) -> String {
    let named = paths.name.as_deref().and_then(|path| at_path(item, path)).map(plain);
    named.or_else(|| at.map(crate::time::rfc3339)).unwrap_or_else(|| "a backup without a time".to_owned())
}

fn state(item: &Value, paths: &ItemPaths) -> State {
    let Some(path) = &paths.ok else { return State::Usable };
    let Some(said) = at_path(item, path).map(plain) else {
        return State::Failed(format!("it has no `{path}`"));
    };
    if paths.running_equals.contains(&said) {
        State::Running
    } else if paths.failed_equals.contains(&said) || !(paths.ok_equals.is_empty() || paths.ok_equals.contains(&said)) {
        State::Failed(said)
    } else {
        State::Usable
    }
}

#[cfg(test)]
mod tests;
