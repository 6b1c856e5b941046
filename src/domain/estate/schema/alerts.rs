//! `[alerts]`: a table per rule.

use super::sections::plain;
use super::{Key, Kind, Section, key};

const SEVERITY: Key = key(
    "severity",
    Kind::Word(&["critical", "warning", "info", "off"]),
    "its rule's",
    "How much it matters; `off`: nobody wants to know. Of a rule with two marks that of the higher one.",
);
const FOR: Key =
    key("for", Kind::DurationOr("0"), "its rule's", "How long it has to be so before it fires; pending until then.");
const RESOLVE_AFTER: Key = key(
    "resolve_after",
    Kind::DurationOr("0"),
    "its rule's",
    "How long it has to be over before it is resolved: keeps what comes and goes one alert.",
);
const REPEAT: Key = key(
    "repeat",
    Kind::DurationOr("never"),
    "[alerts]",
    "How often people are reminded while nobody acknowledges it: 5 minutes at least, or `never`.",
);

pub(super) static ALERT: Section = plain(
    "How one rule behaves, such as `[alerts.region-down]`. A state that is not known neither fires nor resolves an alert; \
     while the console is blind nothing but that is told.",
    &[SEVERITY, FOR, RESOLVE_AFTER, REPEAT],
);

pub(super) static LAG: Section = plain(
    "Replication lag, and the marks of databases that have none of their own.",
    &[
        SEVERITY,
        FOR,
        RESOLVE_AFTER,
        REPEAT,
        key("warning_over", Kind::Duration, "\"1m\"", "`lag_warning` of databases that do not say."),
        key("critical_over", Kind::Duration, "\"5m\"", "`lag_critical` of databases that do not say."),
    ],
);

pub(super) static SKEW: Section = plain(
    "Clocks that differ.",
    &[SEVERITY, FOR, RESOLVE_AFTER, REPEAT, key("over", Kind::Duration, "\"2s\"", "Clocks further apart than this.")],
);

pub(super) static ALERTS: Section = plain(
    "What people are alerted of. Each rule is a table of its own; its severity stands here as it is unless written.",
    &[
        key(
            "repeat",
            Kind::DurationOr("never"),
            "\"1h\"",
            "How often people are reminded of what nobody acknowledges: 5 minutes at least, or `never`.",
        ),
        key("region-down", Kind::Table(&ALERT), "critical", "A region is down; speaks for everything in it."),
        key("service-down", Kind::Table(&ALERT), "critical", "A service is down while its region is not."),
        key("split-brain", Kind::Table(&ALERT), "critical", "Two servers of one database accept writes."),
        key(
            "replication-lag",
            Kind::Table(&LAG),
            "warning over 1m, critical over 5m, resolve_after 60s",
            "A standby is behind.",
        ),
        key(
            "standby-unhealthy",
            Kind::Table(&ALERT),
            "warning for 30s",
            "A standby does not answer, or nothing feeds it.",
        ),
        key("backup-failed", Kind::Table(&ALERT), "critical", "The newest backup failed, or none is usable."),
        key("backup-late", Kind::Table(&ALERT), "warning", "The newest usable backup is older than its schedule."),
        key(
            "backup-concern",
            Kind::Table(&ALERT),
            "warning",
            "A backup that is fresh is not as it should be: its restore test failed or is overdue, a copy is late, it is not \
             encrypted although it should be, it reaches back too short a time.",
        ),
        key("rto-missed", Kind::Table(&ALERT), "critical", "A recovery time objective is breached."),
        key("rpo-missed", Kind::Table(&ALERT), "critical", "More was lost than a recovery point objective allows."),
        key(
            "check-down",
            Kind::Table(&ALERT),
            "warning for 30s",
            "A check is down for which neither its region nor its service speaks. `alert` of a check says it for that one.",
        ),
        key("test-overdue", Kind::Table(&ALERT), "warning", "A test of `[tests]` is overdue, or failed the last time."),
        key(
            "test-never-done",
            Kind::Table(&ALERT),
            "warning",
            "Nothing tells that a test of `[tests]` was ever done: no incident, no restore, no `switchback tested`.",
        ),
        key(
            "self-healing-late",
            Kind::Table(&ALERT),
            "warning",
            "What is to fail over by itself has not, for longer than was promised.",
        ),
        key("check-unknown", Kind::Table(&ALERT), "warning for 5m", "Nothing is known of a critical check."),
        key(
            "certificate-expiring",
            Kind::Table(&ALERT),
            "warning",
            "A certificate that a `tls` check looks at has fewer `days` left than that check wants.",
        ),
        key(
            "clock-skew",
            Kind::Table(&SKEW),
            "warning for 60s, resolve_after 60s",
            "A clock differs from this machine's.",
        ),
        key(
            "blind",
            Kind::Table(&ALERT),
            "warning",
            "The console's own network is gone: no other alert fires or resolves.",
        ),
        key(
            "notify-failed",
            Kind::Table(&ALERT),
            "warning",
            "People cannot be told through a channel; never told through that one itself.",
        ),
        key(
            "exercise-completed",
            Kind::Table(&ALERT),
            "info",
            "An exercise was played to its end within the last day, or an incident of a lab was closed.",
        ),
    ],
);
