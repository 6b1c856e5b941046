//! Time zones.

use toml::de::DeValue;

use super::super::schema::Kind;
use super::{Read, text, wrong};
use crate::time::{zone, zone_like};

pub(in crate::estate) fn time_zone(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::TimeZone, value)?;
    if zone(text).is_some() {
        Ok(text.to_owned())
    } else {
        wrong(format!("`{text}` is not a time zone"), Some(zone_like(text)))
    }
}
