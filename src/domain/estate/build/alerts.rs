//! `[alerts]`: what each rule is worth here.

use std::time::Duration;

use super::super::fields::Fields;
use super::super::model::CheckAlert;
use super::super::value;
use crate::alert::{AlertSettings, Rule, RuleSettings};
use crate::diagnostic::Diagnostic;
use crate::reading::AlertSeverity;

pub(super) fn alerts(file: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> AlertSettings {
    let mut settings = AlertSettings::default();
    let Some(alerts) = file.sub("alerts") else { return settings };
    let repeat = repeat(&alerts, report);
    for rule in Rule::ALL {
        let mut written = RuleSettings::of(rule);
        if let (Some(repeat), Some(_)) = (repeat, written.repeat) {
            written.repeat = repeat;
        }
        if let Some(fields) = alerts.sub(rule.word()) {
            written = over(written, &fields, report);
        }
        settings.set(rule, written);
    }
    if let Some(skew) = alerts.sub(Rule::ClockSkew.word()) {
        settings.skew_over = skew.take("over", value::duration).unwrap_or(settings.skew_over);
    }
    settings
}

/// `alert` of a check.
pub(super) fn of_check(fields: &Fields<'_, '_>) -> CheckAlert {
    match severity(fields, "alert") {
        None => CheckAlert::Usual,
        Some(None) => CheckAlert::Off,
        Some(Some(severity)) => CheckAlert::As(severity),
    }
}

/// Lag that warns, and that is critical, where a database does not say.
pub(super) fn lag_marks(file: &Fields<'_, '_>) -> (Duration, Duration) {
    let rule = file.sub("alerts").and_then(|alerts| alerts.sub(Rule::ReplicationLag.word()));
    let mark = |key: &str| rule.as_ref().and_then(|rule| rule.take(key, value::duration));
    (mark("warning_over").unwrap_or(Duration::from_secs(60)), mark("critical_over").unwrap_or(Duration::from_secs(300)))
}

fn over(usual: RuleSettings, fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> RuleSettings {
    let span = |key: &str| fields.take(key, value::duration_or("0")).map(Option::unwrap_or_default);
    RuleSettings {
        severity: severity(fields, "severity").unwrap_or(usual.severity),
        pending: span("for").unwrap_or(usual.pending),
        resolve_after: span("resolve_after").unwrap_or(usual.resolve_after),
        repeat: repeat(fields, report).unwrap_or(usual.repeat),
    }
}

/// `Some(None)`: off.
fn severity(fields: &Fields<'_, '_>, key: &str) -> Option<Option<AlertSeverity>> {
    Some(match fields.word(key, &["critical", "warning", "info", "off"])? {
        "critical" => Some(AlertSeverity::Critical),
        "warning" => Some(AlertSeverity::Warning),
        "info" => Some(AlertSeverity::Info),
        _ => None,
    })
}

/// `Some(None)`: never.
fn repeat(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Option<Duration>> {
    let written = fields.take("repeat", value::duration_or("never"))?;
    if written.is_some_and(|every| every < RuleSettings::MIN_REPEAT) {
        report.push(
            Diagnostic::error("estate::repeat", fields.span_of("repeat"), "reminders come at least 5 minutes apart")
                .help("write \"5m\" or more, or \"never\""),
        );
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::alert::{AlertSettings, Rule};
    use crate::estate::{CheckAlert, Estate, parse};
    use crate::reading::AlertSeverity;

    const REST: &str = r#"
        name = "orders"
        [regions.east]
        role = "primary"
        [services.checkout]
        health = { east = "http://192.0.2.1/health" }
        [databases.orders]
        servers = { east = "service=east" }
        [databases.ledger]
        servers = { east = "service=ledger" }
        lag_warning = "10s"
        "#;

    fn estate(alerts: &str) -> (Estate, Vec<String>) {
        let parsed = parse(&format!("{REST}\n{alerts}"));
        let messages = parsed.diagnostics.iter().map(|found| found.message.clone()).collect();
        (parsed.estate, messages)
    }

    #[test]
    fn what_is_not_written_is_as_the_documents_have_it() {
        let (estate, messages) = estate("");
        assert_eq!((estate.alerts, messages), (AlertSettings::default(), vec![]));
        let severity = |rule| AlertSettings::default().rule(rule).severity;
        for rule in [Rule::RegionDown, Rule::BackupFailed, Rule::RtoMissed, Rule::RpoMissed, Rule::SplitBrain] {
            assert_eq!(severity(rule), Some(AlertSeverity::Critical));
        }
        for rule in [Rule::BackupLate, Rule::StandbyUnhealthy, Rule::ClockSkew] {
            assert_eq!(severity(rule), Some(AlertSeverity::Warning));
        }
        assert_eq!(severity(Rule::ExerciseCompleted), Some(AlertSeverity::Info));
    }

    #[test]
    fn what_is_written_holds_and_the_rest_stays() {
        let (estate, messages) = estate(
            r#"
            [alerts]
            repeat = "30m"
            [alerts.region-down]
            severity = "warning"
            for = "10s"
            repeat = "never"
            [alerts.blind]
            severity = "off"
            [alerts.check-down]
            for = 0
            [alerts.replication-lag]
            warning_over = "20s"
            critical_over = "2m"
            [alerts.clock-skew]
            over = "500ms"
            [[checks]]
            name = "cache@east"
            type = "tcp"
            address = "192.0.2.1:6379"
            alert = "critical"
            "#,
        );
        assert_eq!(messages, Vec::<String>::new());
        let rule = |rule| estate.alerts.rule(rule);
        assert_eq!(rule(Rule::RegionDown).severity, Some(AlertSeverity::Warning));
        assert_eq!(rule(Rule::RegionDown).pending, Duration::from_secs(10));
        assert_eq!(rule(Rule::RegionDown).repeat, None);
        assert_eq!(rule(Rule::ServiceDown).repeat, Some(Duration::from_secs(1800)));
        assert_eq!(rule(Rule::Blind).severity, None);
        assert_eq!(rule(Rule::CheckDown).pending, Duration::ZERO);
        assert_eq!(rule(Rule::ExerciseCompleted).repeat, None, "that is told once");
        assert_eq!(estate.alerts.skew_over, Duration::from_millis(500));
        let marks = |name: &str| estate.database(&name.into()).map(|found| (found.lag_warning, found.lag_critical));
        assert_eq!(marks("orders"), Some((Duration::from_secs(20), Duration::from_secs(120))));
        assert_eq!(marks("ledger"), Some((Duration::from_secs(10), Duration::from_secs(120))));
        let check = estate.check(&"cache@east".into()).map(|check| check.alert);
        assert_eq!(check, Some(CheckAlert::As(AlertSeverity::Critical)));
    }

    #[test]
    fn a_rule_or_a_value_that_does_not_exist_is_named() {
        for (written, said) in [
            ("[alerts.region-dwn]\nseverity = \"off\"", "`region-dwn` is not known in `alerts`"),
            ("[alerts.region-down]\nseverity = \"loud\"", "`loud` is not known here"),
            ("[alerts.region-down]\nfor = 30", "a duration has a unit"),
            ("[alerts.blind]\nover = \"2s\"", "`over` is not known in `blind`"),
            ("[alerts]\nrepeat = \"1m\"", "reminders come at least 5 minutes apart"),
            ("[alerts.blind]\nrepeat = \"soon\"", "`soon`"),
        ] {
            let (_, messages) = estate(written);
            assert!(messages.iter().any(|message| message.contains(said)), "{written}: {messages:?}");
        }
    }
}
