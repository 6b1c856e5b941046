//! Times as people say them.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{Timestamp, at_offset, parse_duration};

/// `now`, `5m ago`, `02:06`, `02:06:56Z` (UTC, the last time it was that late), or RFC 3339.
///
/// # Errors
/// What can be written instead.
pub fn instant(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    if text.is_empty() || text == "now" {
        return Ok(now);
    }
    if let Some(ago) = text.strip_suffix("ago") {
        let ago = parse_duration(ago)?;
        return Ok(now.checked_sub(ago).unwrap_or(Timestamp::MIN));
    }
    let clock = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    if clock.contains(':')
        && !clock.contains('-')
        && let Ok(clock) = clock.parse::<jiff::civil::Time>()
    {
        let today = now.to_zoned(TimeZone::UTC).date();
        let at = today.to_datetime(clock).to_zoned(TimeZone::UTC).map(|at| at.timestamp());
        let at = at.map_err(|error| error.to_string())?;
        let day = Duration::from_secs(86_400);
        let minute = Duration::from_secs(60);
        return Ok(if at > at_offset(now, minute) { at.checked_sub(day).unwrap_or(at) } else { at });
    }
    let at: Timestamp = text.parse().map_err(|_| format!("`{text}` is not a time: write 02:06:56Z, 5m ago or now"))?;
    Ok(at)
}

/// What to say when a time of the day was not taken as one of today.
#[must_use]
pub fn another_day(text: &str, at: Timestamp, now: Timestamp) -> Option<String> {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let of_the_day = text.contains(':') && !text.contains('-');
    (of_the_day && day(at) != day(now)).then(|| format!("{} is taken as {at}, the day before", text.trim()))
}

/// `20m`, `in 20m`, `02:40` (UTC, the next time it is that late), or RFC 3339.
///
/// # Errors
/// What can be written instead.
pub fn deadline(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(span) = parse_duration(text.strip_prefix("in ").unwrap_or(text)) {
        return Ok(at_offset(now, span));
    }
    let wrong = |_| format!("`{text}` is not a time: write 20m or 02:40Z");
    let at = instant(text, now).map_err(wrong)?;
    let of_the_day = text.contains(':') && !text.contains('-');
    Ok(if of_the_day && at < now { at_offset(at, Duration::from_secs(86_400)) } else { at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let now: Timestamp = "2026-11-20T02:14:37Z".parse().unwrap();
        let at = |text| instant(text, now).map(|at| at.to_string());
        assert_eq!(at("now").as_deref(), Ok("2026-11-20T02:14:37Z"));
        assert_eq!(at("8m ago").as_deref(), Ok("2026-11-20T02:06:37Z"));
        assert_eq!(at("02:06:56Z").as_deref(), Ok("2026-11-20T02:06:56Z"));
        assert_eq!(at("02:06").as_deref(), Ok("2026-11-20T02:06:00Z"));
        assert_eq!(at("23:58Z").as_deref(), Ok("2026-11-19T23:58:00Z"));
        assert_eq!(at("2026-11-20T01:00:00Z").as_deref(), Ok("2026-11-20T01:00:00Z"));
        assert!(at("0206").is_err() && at("25:00").is_err());
        assert!(at("yesterday").unwrap_err().contains("02:06:56Z"));
    }

    #[test]
    fn a_time_of_the_day_before_is_said_to_be_one() {
        let now: Timestamp = "2026-11-20T02:14:37Z".parse().unwrap();
        let said = |text| another_day(text, instant(text, now).unwrap(), now);
        assert_eq!(said("23:58").as_deref(), Some("23:58 is taken as 2026-11-19T23:58:00Z, the day before"));
        assert_eq!((said("02:06"), said("3h ago"), said("2026-11-19T23:58:00Z")), (None, None, None));
    }

    #[test]
    fn what_is_due_lies_ahead() {
        let now: Timestamp = "2026-11-20T02:14:37Z".parse().unwrap();
        let at = |text| deadline(text, now).map(|at| at.to_string());
        assert_eq!(at("20m").as_deref(), Ok("2026-11-20T02:34:37Z"));
        assert_eq!(at("in 1h").as_deref(), Ok("2026-11-20T03:14:37Z"));
        assert_eq!(at("02:40").as_deref(), Ok("2026-11-20T02:40:00Z"));
        assert_eq!(at("02:10Z").as_deref(), Ok("2026-11-21T02:10:00Z"));
        assert_eq!(at("2026-12-01T00:00:00Z").as_deref(), Ok("2026-12-01T00:00:00Z"));
        assert!(at("soon").unwrap_err().contains("20m"));
    }
}
