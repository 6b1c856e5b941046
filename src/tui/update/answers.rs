//! Answers as people type them: times, severities, regions.

use domain::ident::RegionId;
use domain::log::{Mode, Sev};
use domain::time::Timestamp;
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

pub(super) use domain::time::instant;

/// `2026-12-20`, as the beginning of that day.
///
/// # Errors
/// What can be written instead.
pub(super) fn day(text: &str) -> Result<Timestamp, String> {
    let day = text.trim().parse::<jiff::civil::Date>();
    let begins = day.and_then(|day| Ok(day.to_zoned(TimeZone::UTC)?.timestamp()));
    begins.map_err(|_| format!("`{text}` is no day: write 2026-12-20, or nothing"))
}
