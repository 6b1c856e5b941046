//! One value of the file: what it says, or what is wrong with it. Used twice for each value, by the check that
//! reports and by the builder that takes it, so that the two can never differ.

mod address;
mod key;
mod list;
mod number;
mod pattern;
mod secret;
mod span;
mod word;
mod zone;

use toml::de::DeValue;

use super::schema::Kind;
use crate::toml_text;

pub(super) use address::{
    host_port, mailbox, mailboxes, redis_url, resolvers, socket_address, url, url_or_host_port, urls,
};
pub(super) use key::public_keys;
pub(super) use list::{argv, headers, list, mirror, status_ranges, texts, values};
pub(super) use number::{count, number, numbers, percent, share};
pub(super) use pattern::{bytes, regex};
pub(super) use secret::{dsn, endpoint, secret};
pub(super) use span::{duration, duration_or, objective};
pub(super) use word::{down_when, fail_when, family, quorum, ready, roles, variant, word};
pub(super) use zone::time_zone;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

type Read<T> = Result<T, Problem>;

fn wrong<T>(message: impl Into<String>, help: Option<String>) -> Read<T> {
    Err(Problem { code: "estate::value", message: message.into(), help })
}

fn wrong_type<T>(kind: &Kind, found: &DeValue<'_>) -> Read<T> {
    let found = toml_text::word(found);
    Err(Problem {
        code: "estate::type",
        message: format!("this is {found}, and {} is expected", kind.expectation()),
        help: None,
    })
}

/// The text of a value that is text and not empty.
pub(super) fn text<'v>(kind: &Kind, value: &'v DeValue<'_>) -> Read<&'v str> {
    match value.as_str() {
        None => wrong_type(kind, value),
        Some(text) if text.trim().is_empty() => {
            wrong("this is empty", Some(format!("write {}, or leave the key out", kind.expectation())))
        }
        Some(text) if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') => {
            wrong("this holds a control character", Some("remove it".to_owned()))
        }
        Some(text) => Ok(text),
    }
}

/// A name; tiers may be written as numbers.
pub(super) fn name(kind: &Kind, value: &DeValue<'_>) -> Read<String> {
    match value {
        DeValue::Integer(number) => Ok(number.to_string()),
        other => text(kind, other).map(str::to_owned),
    }
}

pub(super) fn boolean(value: &DeValue<'_>) -> Read<bool> {
    value.as_bool().map_or_else(|| wrong_type(&Kind::Bool, value), Ok)
}
