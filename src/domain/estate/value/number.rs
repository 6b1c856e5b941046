//! Numbers, counts, shares.

use toml::de::DeValue;

use super::super::schema::Kind;
use super::list::list;
use super::{Read, text, wrong, wrong_type};

pub(super) fn integer(number: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

pub(in crate::estate) fn count(kind: &Kind, value: &DeValue<'_>) -> Read<u64> {
    let Kind::Count { min, max } = kind else { return wrong_type(kind, value) };
    let Some(number) = value.as_integer() else { return wrong_type(kind, value) };
    match integer(number).and_then(|number| u64::try_from(number).ok()) {
        Some(number) if (*min..=*max).contains(&number) => Ok(number),
        _ => wrong(format!("{number} is not {}", kind.expectation()), None),
    }
}

/// A number that is one: neither infinite nor `nan`.
pub(in crate::estate) fn number(value: &DeValue<'_>) -> Read<f64> {
    match decimal(&Kind::Number, value)? {
        Some(number) if number.is_finite() => Ok(number),
        _ => wrong("this is no number that anything could be compared with", None),
    }
}

fn decimal(kind: &Kind, value: &DeValue<'_>) -> Read<Option<f64>> {
    match value {
        DeValue::Integer(whole) if whole.radix() == 10 => Ok(whole.as_str().parse::<f64>().ok()),
        #[allow(clippy::cast_precision_loss)]
        DeValue::Integer(whole) => Ok(integer(whole).map(|whole| whole as f64)),
        DeValue::Float(number) => Ok(number.as_str().parse().ok()),
        _ => wrong_type(kind, value),
    }
}

pub(in crate::estate) fn share(value: &DeValue<'_>) -> Read<f64> {
    match decimal(&Kind::Share, value)? {
        Some(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => wrong("this is not between 0 and 1", Some("write 0.5 for half".to_owned())),
    }
}

/// `99.9 %` as `0.999`.
pub(in crate::estate) fn percent(value: &DeValue<'_>) -> Read<f64> {
    if let DeValue::Float(_) | DeValue::Integer(_) = value {
        return wrong("a percentage is text with its sign", Some("write \"99.9 %\"".to_owned()));
    }
    let text = text(&Kind::Percent, value)?;
    let Some(number) = text.trim().strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok()) else {
        return wrong(format!("`{text}` is not a percentage"), Some("write \"99.9 %\"".to_owned()));
    };
    if number > 0.0 && number < 100.0 {
        Ok(number / 100.0)
    } else {
        wrong(format!("{text} leaves no budget"), Some("write a figure above 0 % and below 100 %".to_owned()))
    }
}

pub(in crate::estate) fn numbers(value: &DeValue<'_>) -> Read<Vec<i32>> {
    list(&Kind::Numbers, value, |item| {
        let number = item.as_integer().and_then(integer).and_then(|number| i32::try_from(number).ok());
        number.filter(|number| *number >= 0).map_or_else(|| wrong_type(&Kind::Numbers, item), Ok)
    })
}
