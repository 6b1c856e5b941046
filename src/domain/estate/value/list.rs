//! Several values: lists, ranges, tables of texts.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::super::model::Mirror;
use super::super::schema::Kind;
use super::{Problem, Read, text, wrong, wrong_type};

/// The elements of a list, each read by `element`.
pub(in crate::estate) fn list<T>(
    kind: &Kind,
    value: &DeValue<'_>,
    element: impl Fn(&DeValue<'_>) -> Read<T>,
) -> Read<Vec<T>> {
    match value.as_array() {
        Some(array) => array.iter().map(|item| element(item.get_ref())).collect(),
        None => match (wrong_type(kind, value), value.as_str()) {
            (Err(problem), Some(text)) => Err(Problem { help: Some(format!("write [\"{text}\"]")), ..problem }),
            (other, _) => other,
        },
    }
}

pub(in crate::estate) fn texts(kind: &Kind, value: &DeValue<'_>) -> Read<Vec<String>> {
    list(kind, value, |item| text(&Kind::Text, item).map(str::to_owned))
}

pub(in crate::estate) fn argv(value: &DeValue<'_>) -> Read<Vec<String>> {
    if value.is_str() {
        return wrong(
            "a command is a list: nothing is handed to a shell",
            Some("write [\"program\", \"argument\"]; where a shell is wanted, [\"sh\", \"-c\", \"…\"]".to_owned()),
        );
    }
    let argv = list(&Kind::Argv, value, |item| match item.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => wrong_type(&Kind::Text, item),
    })?;
    match argv.first().map(|program| program.trim().is_empty()) {
        Some(false) => Ok(argv),
        _ => wrong("a command needs a program", Some(format!("write {}", Kind::Argv.expectation()))),
    }
}

pub(in crate::estate) fn mirror(value: &DeValue<'_>) -> Read<Mirror> {
    match value {
        DeValue::Array(_) => argv(value).map(Mirror::Command),
        other => text(&Kind::PathOrArgv, other).map(|path| Mirror::Path(path.to_owned())),
    }
}

/// Inclusive ranges of HTTP answers.
pub(in crate::estate) fn status_ranges(value: &DeValue<'_>) -> Read<Vec<(u16, u16)>> {
    match value {
        DeValue::Array(items) if items.is_empty() => wrong("no answer would be good", None),
        DeValue::Array(items) => items.iter().map(|item| status_range(item.get_ref())).collect(),
        other => status_range(other).map(|range| vec![range]),
    }
}

fn status_range(value: &DeValue<'_>) -> Read<(u16, u16)> {
    let written = match value {
        DeValue::Integer(number) => number.to_string(),
        DeValue::String(text) => text.to_string(),
        other => return wrong_type(&Kind::StatusRanges, other),
    };
    let (low, high) = written.split_once('-').unwrap_or((&written, &written));
    match (low.trim().parse::<u16>(), high.trim().parse::<u16>()) {
        (Ok(low), Ok(high)) if low >= 100 && high <= 599 && low <= high => Ok((low, high)),
        _ => wrong(format!("`{written}` is not an HTTP answer"), Some("write 200 or \"200-399\"".to_owned())),
    }
}

pub(in crate::estate) fn headers(value: &DeValue<'_>) -> Read<Vec<(String, String)>> {
    let Some(table) = value.as_table() else { return wrong_type(&Kind::Headers, value) };
    table
        .iter()
        .map(|(name, value)| {
            let name = name.get_ref();
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
                return wrong(format!("`{name}` is not the name of a header"), None);
            }
            let value = text(&Kind::Text, value.get_ref())?;
            if value.contains(['\n', '\t']) {
                return wrong("a header is one line", None);
            }
            Ok((name.to_string(), value.to_owned()))
        })
        .collect()
}

/// Values of runbooks' variables: texts, and numbers and truths as they would be written there.
pub(in crate::estate) fn values(value: &DeValue<'_>) -> Read<BTreeMap<String, String>> {
    let Some(table) = value.as_table() else { return wrong_type(&Kind::Values, value) };
    table
        .iter()
        .map(|(name, value)| {
            let name = name.get_ref();
            let shaped = name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            if !shaped {
                return wrong(
                    format!("`{name}` is not a name of a variable"),
                    Some("use capitals, digits and `_`".to_owned()),
                );
            }
            let value = match value.get_ref() {
                DeValue::Integer(number) => number.as_str().replace('_', ""),
                DeValue::Boolean(truth) => truth.to_string(),
                other => text(&Kind::Text, other)?.to_owned(),
            };
            if value.contains(char::is_control) {
                return wrong(format!("the value of `{name}` is one line"), None);
            }
            Ok((name.to_string(), value))
        })
        .collect()
}
