//! Answers as people type them: times, severities, regions.

use domain::ident::RegionId;
use domain::log::{Mode, Sev};
use domain::time::{Timestamp, at_offset, parse_duration};
use jiff::tz::TimeZone;

/// `SEV1` … `SEV5`.
pub(super) fn severities() -> Vec<String> {
    (1..=5).map(|sev| Sev(sev).to_string()).collect()
}

pub(super) fn severity(text: &str) -> Option<Sev> {
    (1..=5).map(Sev).find(|sev| sev.to_string() == text)
}

pub(super) const MODES: [Mode; 2] = [Mode::Forced, Mode::Planned];

pub(super) fn modes() -> Vec<String> {
    MODES.map(|mode| mode.word().to_owned()).to_vec()
}

pub(super) fn mode(text: &str) -> Option<Mode> {
    MODES.into_iter().find(|mode| mode.word() == text)
}

/// An empty line, or `–`, is none.
pub(super) fn region(text: &str) -> Option<RegionId> {
    Some(text).filter(|text| !text.is_empty() && *text != NONE).map(RegionId::from)
}

/// Stands for "none" among choices.
pub(super) use crate::model::NONE;

/// `now`, `5m ago`, `02:06Z`, `02:06:56Z` (the last time it was that late), or RFC 3339.
///
/// # Errors
/// What can be written instead.
pub(super) fn instant(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    if text.is_empty() || text == "now" {
        return Ok(now);
    }
    if let Some(ago) = text.strip_suffix("ago") {
        let ago = parse_duration(ago)?;
        return Ok(now.checked_sub(ago).unwrap_or(Timestamp::MIN));
    }
    if let Some(clock) = text.strip_suffix(['Z', 'z']).filter(|clock| !clock.contains('-'))
        && let Ok(clock) = clock.parse::<jiff::civil::Time>()
    {
        let today = now.to_zoned(TimeZone::UTC).date();
        let at = today.to_datetime(clock).to_zoned(TimeZone::UTC).map(|at| at.timestamp());
        let at = at.map_err(|error| error.to_string())?;
        let day = std::time::Duration::from_secs(86_400);
        let minute = std::time::Duration::from_secs(60);
        return Ok(if at > at_offset(now, minute) { at.checked_sub(day).unwrap_or(at) } else { at });
    }
    let at: Timestamp = text.parse().map_err(|_| format!("`{text}` is not a time: write 02:06:56Z, 5m ago or now"))?;
    Ok(at)
}

/// `2026-12-20`, as the beginning of that day.
///
/// # Errors
/// What can be written instead.
pub(super) fn day(text: &str) -> Result<Timestamp, String> {
    let day = text.trim().parse::<jiff::civil::Date>();
    let begins = day.and_then(|day| Ok(day.to_zoned(TimeZone::UTC)?.timestamp()));
    begins.map_err(|_| format!("`{text}` is no day: write 2026-12-20, or nothing"))
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
        assert_eq!(at("23:58Z").as_deref(), Ok("2026-11-19T23:58:00Z"));
        assert_eq!(at("2026-11-20T01:00:00Z").as_deref(), Ok("2026-11-20T01:00:00Z"));
        assert!(at("yesterday").unwrap_err().contains("02:06:56Z"));
    }
}
