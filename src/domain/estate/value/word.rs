//! Words of a closed set, and conditions written in words.

use toml::de::DeValue;

use super::super::check::{Family, Quorum, Ready};
use super::super::model::{DownWhen, FailWhen};
use super::super::schema::{Kind, Variant};
use super::list::list;
use super::number::{count, integer, percent};
use super::{Read, text, wrong, wrong_type};
use crate::diagnostic::did_you_mean;
use crate::people::Role;

/// One of `words`; returns it as the table spells it.
pub(in crate::estate) fn word(words: &'static [&'static str], value: &DeValue<'_>) -> Read<&'static str> {
    let text = text(&Kind::Word(words), value)?;
    words.iter().find(|word| **word == text).copied().map_or_else(|| not_a_word(&Kind::Word(words), text, words), Ok)
}

/// The variant that the word names.
pub(in crate::estate) fn variant(variants: &'static [Variant], value: &DeValue<'_>) -> Read<&'static Variant> {
    let text = text(&Kind::Type(variants), value)?;
    let words: Vec<&str> = variants.iter().map(|variant| variant.word).collect();
    let found = variants.iter().find(|variant| variant.word == text);
    found.map_or_else(|| not_a_word(&Kind::Type(variants), text, &words), Ok)
}

fn not_a_word<T>(kind: &Kind, text: &str, words: &[&str]) -> Read<T> {
    let help = did_you_mean(text, words.iter().copied());
    wrong(format!("`{text}` is not known here"), help.or_else(|| Some(format!("write {}", kind.expectation()))))
}

pub(in crate::estate) fn down_when(value: &DeValue<'_>) -> Read<DownWhen> {
    let text = text(&Kind::DownWhen, value)?.trim();
    let count = some_of(text).filter(|(least, all)| (1..=*all).contains(least)).map(|(least, _)| least);
    match (text, count) {
        ("all", _) => Ok(DownWhen::All),
        ("any", _) => Ok(DownWhen::Any),
        (_, Some(least)) => Ok(DownWhen::AtLeast(least)),
        _ => wrong(format!("`{text}` is not known here"), Some(format!("write {}", Kind::DownWhen.expectation()))),
    }
}

pub(in crate::estate) fn family(value: &DeValue<'_>) -> Read<Family> {
    match value.as_integer().and_then(integer) {
        Some(4) => Ok(Family::V4),
        Some(6) => Ok(Family::V6),
        Some(other) => wrong(format!("there is no IP version {other}"), Some("write 4 or 6".to_owned())),
        None => wrong_type(&Kind::Family, value),
    }
}

pub(in crate::estate) fn quorum(value: &DeValue<'_>) -> Read<Quorum> {
    if value.is_integer() {
        let many = count(&Kind::Count { min: 1, max: 256 }, value)?;
        return Ok(Quorum::AtLeast(u32::try_from(many).unwrap_or(u32::MAX)));
    }
    let text = text(&Kind::Quorum, value)?.trim();
    let count = || {
        let (least, all) = some_of(text)?;
        (least >= 1 && least <= all).then_some(Quorum::Of(least, all))
    };
    match text {
        "all" => Ok(Quorum::All),
        "any" => Ok(Quorum::Any),
        _ => count().map_or_else(
            || wrong(format!("`{text}` is not known here"), Some(format!("write {}", Kind::Quorum.expectation()))),
            Ok,
        ),
    }
}

pub(in crate::estate) fn fail_when(value: &DeValue<'_>) -> Read<FailWhen> {
    let text = text(&Kind::FailWhen, value)?.trim();
    some_of(text).and_then(|(failures, of)| FailWhen::new(failures, of)).map_or_else(
        || wrong(format!("`{text}` is not known here"), Some(format!("write {}", Kind::FailWhen.expectation()))),
        Ok,
    )
}

/// `3 of 5`.
fn some_of(text: &str) -> Option<(u32, u32)> {
    let (some, all) = text.split_once(" of ")?;
    Some((some.trim().parse().ok()?, all.trim().parse().ok()?))
}

pub(in crate::estate) fn ready(value: &DeValue<'_>) -> Read<Ready> {
    match value {
        DeValue::String(_) => percent(value).map(Ready::Share),
        _ => {
            let most = Kind::Count { min: 0, max: u32::MAX as u64 };
            count(&most, value).map(|many| Ready::Count(u32::try_from(many).unwrap_or(u32::MAX)))
        }
    }
}

pub(in crate::estate) fn roles(value: &DeValue<'_>) -> Read<Vec<Role>> {
    list(&Kind::RoleList, value, |item| {
        let text = text(&Kind::RoleList, item)?;
        Role::parse(text).map_or_else(
            || {
                wrong(
                    format!("`{text}` is not a role"),
                    did_you_mean(text, Role::ALL.iter().map(|role| role.name()))
                        .or_else(|| Some(format!("write {}", Kind::RoleList.expectation()))),
                )
            },
            Ok,
        )
    })
}
