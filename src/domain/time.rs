//! Instants and durations as people and files write them.

mod said;

use std::time::Duration;

pub use self::said::{another_day, deadline, instant};
pub use jiff::Timestamp;
pub use jiff::tz::TimeZone;
use jiff::tz::TimeZoneDatabase;
use serde::{Deserialize, Serialize};

use crate::diagnostic::did_you_mean;

/// "Now", given to the domain from outside.
///
/// `wall` orders entries for people; `boot` (time since boot, which goes on in suspend) measures durations and ages,
/// because the wall clock may be set while an incident runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    pub wall: Timestamp,
    #[serde(rename = "boot_ms", with = "millis")]
    pub boot: Duration,
}

impl Now {
    /// This instant, `later` after it on both clocks.
    #[must_use]
    pub fn after(self, later: Duration) -> Self {
        Self { wall: at_offset(self.wall, later), boot: self.boot + later }
    }
}

/// `at + by`, held at the end of representable time instead of failing.
#[must_use]
pub fn at_offset(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// How long after `earlier` `later` is; zero when it is not later.
#[must_use]
pub fn since(later: Timestamp, earlier: Timestamp) -> Duration {
    later.duration_since(earlier).try_into().unwrap_or_default()
}

/// RFC 3339 in UTC with milliseconds: `2026-11-20T02:14:37.123Z`, the form of every file and JSON document.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// `02:14:37Z`, the form of the screen.
#[must_use]
pub fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%SZ").to_string()
}

/// Two units at most: `230ms`, `1.2s`, `41s`, `7m41s`, `3h05m`, `2d4h`.
#[must_use]
pub fn human(span: Duration) -> String {
    let ms = span.as_millis();
    let s = span.as_secs();
    match s {
        0 if ms == 0 => "0s".to_owned(),
        0 => format!("{ms}ms"),
        1..10 if ms % 1000 >= 50 => format!("{:.1}s", span.as_secs_f64()),
        1..60 => format!("{s}s"),
        60..3600 if s.is_multiple_of(60) => format!("{}m", s / 60),
        60..3600 => format!("{}m{:02}s", s / 60, s % 60),
        3600..86_400 if s % 3600 < 60 => format!("{}h", s / 3600),
        3600..86_400 => format!("{}h{:02}m", s / 3600, s % 3600 / 60),
        _ if s % 86_400 < 3600 => format!("{}d", s / 86_400),
        _ => format!("{}d{}h", s / 86_400, s % 86_400 / 3600),
    }
}

/// A running clock: `07:41`, `1:07:41`.
#[must_use]
pub fn stopwatch(span: Duration) -> String {
    let s = span.as_secs();
    if s >= 3600 {
        format!("{}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60)
    } else {
        format!("{:02}:{:02}", s / 60, s % 60)
    }
}

/// A time zone by its name, from the database that is part of the program: what a time is called must not depend on the
/// machine.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// What may have been meant by a name that is no time zone, or how one is written.
#[must_use]
pub fn zone_like(name: &str) -> String {
    let zones = TimeZoneDatabase::bundled();
    let names: Vec<_> = zones.available().map(|name| name.to_string()).collect();
    did_you_mean(name, names.iter().map(String::as_str))
        .unwrap_or_else(|| "write its name in the IANA database, such as Europe/Zurich, or UTC".to_owned())
}

/// Reads `90s`, `1h30m`, `250ms`, `2d`: digits with a unit (`ms s m h d`), one or more. Also `w` and `mo` (30 days)
/// and `y` (365 days), for schedules.
///
/// # Errors
/// A sentence naming what is wrong with the text.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("a duration is needed, such as 90s, 5m or 1h30m".to_owned());
    }
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let unit = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit);
        let number: u64 = number.parse().map_err(|_| format!("`{text}` is not a duration: write 90s, 5m or 1h30m"))?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 7 * 86_400_000,
            "mo" => 30 * 86_400_000,
            "y" => 365 * 86_400_000,
            "" => return Err(format!("`{text}` has no unit: write {number}s, {number}m or {number}h")),
            _ => return Err(format!("`{unit}` is not a unit of time: use ms, s, m, h or d")),
        };
        total += number
            .checked_mul(millis)
            .map(Duration::from_millis)
            .filter(|span| span.as_secs() < 200 * 365 * 86_400)
            .ok_or_else(|| format!("`{text}` is too long"))?;
        rest = tail;
    }
    Ok(total)
}

/// An instant as [`rfc3339`] writes it, for serde.
pub mod rfc3339_ms {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Timestamp;

    pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{at:.3}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        Timestamp::deserialize(deserializer)
    }

    /// The same for an instant that may be unknown (`null`).
    pub mod option {
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        use super::super::{Timestamp, rfc3339};

        pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
            at.map(rfc3339).serialize(serializer)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
            Option::deserialize(deserializer)
        }
    }
}

/// A duration as whole milliseconds, the form of every JSON document.
pub mod millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::cast_possible_truncation)]
    pub fn serialize<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(span.as_millis() as u64)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }

    /// The same for a duration that may be unknown (`null`).
    pub mod option {
        use std::time::Duration;

        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        #[allow(clippy::cast_possible_truncation)]
        pub fn serialize<S: Serializer>(span: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
            span.map(|span| span.as_millis() as u64).serialize(serializer)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
            Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_millis))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_write_them() {
        assert_eq!(parse_duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_duration("6mo"), Ok(Duration::from_secs(180 * 86_400)));
        assert!(parse_duration("5").unwrap_err().contains("no unit"));
        assert!(parse_duration("5 parsecs").is_err());
        assert!(parse_duration("99999999999999999999d").is_err());
    }

    #[test]
    fn durations_show_two_units_at_most() {
        for (secs, text) in [
            (0.0, "0s"),
            (0.23, "230ms"),
            (1.2, "1.2s"),
            (41.0, "41s"),
            (461.0, "7m41s"),
            (18_000.0, "5h"),
            (187_200.0, "2d4h"),
        ] {
            assert_eq!(human(Duration::from_secs_f64(secs)), text);
        }
        assert_eq!(stopwatch(Duration::from_secs(461)), "07:41");
    }
}
