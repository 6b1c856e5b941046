//! Spans of time, and what is allowed of them.

use std::time::Duration;

use toml::de::DeValue;

use super::super::model::Objective;
use super::super::schema::Kind;
use super::number::integer;
use super::{Problem, Read, text, wrong};
use crate::time::parse_duration;

pub(in crate::estate) fn duration(value: &DeValue<'_>) -> Read<Duration> {
    match value {
        DeValue::Integer(number) => {
            wrong("a duration has a unit", Some(format!("write \"{number}s\", \"{number}m\" or \"{number}h\"")))
        }
        other => match parse_duration(text(&Kind::Duration, other)?) {
            Ok(span) if span.is_zero() => wrong("this must be longer than 0", None),
            Ok(span) => Ok(span),
            Err(why) => wrong(why, None),
        },
    }
}

/// `None` is the word.
pub(in crate::estate) fn duration_or(word: &'static str) -> impl Fn(&DeValue<'_>) -> Read<Option<Duration>> {
    move |value| {
        let zero = |number: &toml::de::DeInteger<'_>| integer(number) == Some(0);
        match value {
            DeValue::Integer(number) if word == "0" && zero(number) => Ok(None),
            DeValue::String(text) if text.trim() == word => Ok(None),
            _ => duration(value).map(Some).map_err(|problem| Problem {
                help: problem
                    .help
                    .or_else(|| Some(format!("or write {}", if word == "0" { "0" } else { "\"never\"" }))),
                ..problem
            }),
        }
    }
}

pub(in crate::estate) fn objective(value: &DeValue<'_>) -> Read<Objective> {
    if let DeValue::Integer(number) = value {
        return match integer(number) {
            Some(0) => Ok(Objective::Within(Duration::ZERO)),
            _ => wrong(
                "a duration has a unit",
                Some(format!("write \"{number}s\", \"{number}m\" or \"{number}h\"; only 0 stands alone")),
            ),
        };
    }
    let text = text(&Kind::Objective, value)?.trim();
    if matches!(text.to_lowercase().as_str(), "n/a" | "na" | "none") {
        return Ok(Objective::NotApplicable);
    }
    parse_duration(text).map(Objective::Within).or_else(|why| wrong(why, Some("or write \"n/a\"".to_owned())))
}
