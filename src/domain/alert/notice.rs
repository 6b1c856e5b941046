//! One thing to tell people: what channels send.

use serde::{Deserialize, Serialize};

use super::Alert;
use crate::ident::{AlertKey, PersonId};
use crate::log::Kind;
use crate::reading::AlertSeverity;
use crate::redact::Redactor;
use crate::time::{Timestamp, rfc3339_ms};
use crate::untrusted::sanitise_line;

/// What a notice says of where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Audience<'a> {
    pub estate: &'a str,
    pub kind: Kind,
    /// Label of the incident that is open.
    pub incident: Option<&'a str>,
}

/// A turn in an alert's life that people are told of. As JSON it is the body of a webhook: its field names are a public
/// contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The same for all notices of one alert: what a receiver deduplicates by. `region-down:us-east-1`.
    pub key: AlertKey,
    /// The rule alone: `region-down`.
    pub rule: String,
    pub severity: AlertSeverity,
    pub state: NoticeState,
    /// One line for people, redacted and free of control characters.
    pub text: String,
    pub estate: String,
    /// Nothing of a `drill` or a `demo` is to leave the machine.
    pub kind: Kind,
    /// When what it tells of began.
    #[serde(with = "rfc3339_ms")]
    pub since: Timestamp,
    /// When it fired, resolved, or was said again.
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    /// Label of the incident that is open: `INC-2026-0007`.
    pub incident: Option<String>,
    /// Who has taken it on, once somebody has.
    pub by: Option<PersonId>,
}

impl Notice {
    /// This turn of the alert, for those who are told.
    #[must_use]
    pub fn of(alert: &Alert, state: NoticeState, at: Timestamp, audience: &Audience<'_>) -> Self {
        let found = &alert.finding;
        Self {
            key: found.key.clone(),
            rule: found.rule.word().to_owned(),
            severity: alert.severity,
            state,
            text: Redactor::default().redact(&sanitise_line(&found.text)),
            estate: audience.estate.to_owned(),
            kind: audience.kind,
            since: found.since,
            at,
            incident: audience.incident.map(str::to_owned),
            by: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeState {
    Firing,
    Resolved,
    /// It still fires, and nobody has acknowledged it.
    Reminder,
    /// Somebody has taken it on.
    Acknowledged,
}

impl NoticeState {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Resolved => "resolved",
            Self::Reminder => "reminder",
            Self::Acknowledged => "acknowledged",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_flat_json_with_times_in_utc() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let notice = Notice {
            key: AlertKey::from("region-down:us-east-1"),
            rule: "region-down".to_owned(),
            severity: AlertSeverity::Critical,
            state: NoticeState::Firing,
            text: "us-east-1 is down".to_owned(),
            estate: "orders".to_owned(),
            kind: Kind::Live,
            since: at("2026-11-20T02:14:37.123456Z"),
            at: at("2026-11-20T02:14:38Z"),
            incident: None,
            by: None,
        };
        let json = serde_json::to_value(&notice).unwrap();
        let expected = serde_json::json!({
            "key": "region-down:us-east-1", "rule": "region-down", "severity": "critical", "state": "firing",
            "text": "us-east-1 is down", "estate": "orders", "kind": "live", "since": "2026-11-20T02:14:37.123Z",
            "at": "2026-11-20T02:14:38.000Z", "incident": null, "by": null,
        });
        assert_eq!(json, expected);
        let back: Notice = serde_json::from_value(json).unwrap();
        assert_eq!((back.key, back.state), (notice.key, NoticeState::Firing));
    }
}
