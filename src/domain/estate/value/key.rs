//! Public keys of people.

use toml::de::DeValue;

use super::super::schema::Kind;
use super::{Problem, Read, list, text};
use crate::identity::PublicKey;

/// One line of a `.pub` file, or several. What is wrong with one is said without repeating it: it may be a secret.
pub(in crate::estate) fn public_keys(value: &DeValue<'_>) -> Read<Vec<PublicKey>> {
    match value {
        DeValue::Array(_) => list(&Kind::PublicKeys, value, public_key),
        other => public_key(other).map(|key| vec![key]),
    }
}

fn public_key(value: &DeValue<'_>) -> Read<PublicKey> {
    PublicKey::parse(text(&Kind::PublicKeys, value)?).map_err(|error| Problem {
        code: "estate::key",
        message: error.to_string(),
        help: Some(error.remedy()),
    })
}
