//! What CloudWatch says: of alarms, and of a metric's newest datapoint.

use std::collections::BTreeMap;

use super::{Outcome, Payload};
use crate::estate::MetricCheck;
use crate::time::{Timestamp, at_offset};

/// An alarm as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// `OK`, `ALARM`, `INSUFFICIENT_DATA`.
    pub state: String,
    pub reason: String,
}

/// One value of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Datapoint {
    /// Where its period begins.
    pub at: Timestamp,
    pub value: f64,
}

/// Names that are not among `alarms` do not exist.
#[must_use]
pub fn judge_alarms(names: &[String], alarms: &BTreeMap<String, Alarm>) -> Outcome {
    let is = |name: &&String, state: &str| alarms.get(*name).is_some_and(|alarm| alarm.state == state);
    if let Some(name) = names.iter().find(|name| is(name, "ALARM")) {
        let more = names.iter().filter(|name| is(name, "ALARM")).count() - 1;
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let why = format!("`{name}` is in alarm{more}: {}", alarms.get(name).map_or("", |alarm| alarm.reason.as_str()));
        return Outcome::Bad { why, payload: Payload::Nothing };
    }
    if let Some(name) = names.iter().find(|name| !alarms.contains_key(*name)) {
        return Outcome::Unknown { why: format!("there is no alarm `{name}` in this account and region") };
    }
    if let Some(name) = names.iter().find(|name| !is(name, "OK")) {
        return Outcome::Unknown { why: format!("`{name}` has insufficient data") };
    }
    let text = if names.len() == 1 { "alarm OK".to_owned() } else { format!("{} alarms OK", names.len()) };
    Outcome::Good { payload: Payload::Text { text } }
}

impl MetricCheck {
    /// The outcome, and up to when it is true: the end of the datapoint's period.
    #[must_use]
    pub fn judge(&self, newest: Option<Datapoint>) -> (Outcome, Option<Timestamp>) {
        let Some(Datapoint { at, value }) = newest else {
            let why = format!("{} has no datapoint: nothing is measured, or its dimensions are others", self.metric);
            return (Outcome::Unknown { why }, None);
        };
        let until = Some(at_offset(at, self.period));
        if value < 0.0 && self.is_a_lag() {
            let why = format!("{} is {value}: it is not replicating, or does not know", self.metric);
            return (Outcome::Unknown { why }, until);
        }
        let value_shown = (value * 1000.0).round() / 1000.0;
        (self.marks.judge(value, &format!("{} {value_shown}{}", self.metric, self.unit())), until)
    }

    fn is_a_lag(&self) -> bool {
        self.metric.ends_with("Lag") || self.metric.contains("ReplicaLag")
    }

    /// Where the name alone settles it.
    fn unit(&self) -> &'static str {
        match self.metric.as_str() {
            "ReplicaLag" | "ReplicationLag" => " s",
            name if name.starts_with("Aurora") && name.contains("Lag") => " ms",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::estate::Thresholds;

    #[test]
    fn one_alarm_is_enough_and_what_is_not_known_is_not_ok() {
        let alarm = |state: &str| Alarm { state: state.to_owned(), reason: "Threshold Crossed".to_owned() };
        let known: BTreeMap<String, Alarm> = [("a", "OK"), ("b", "ALARM"), ("c", "INSUFFICIENT_DATA")]
            .map(|(name, state)| (name.to_owned(), alarm(state)))
            .into();
        let judge = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            judge_alarms(&names, &known)
        };
        assert!(matches!(judge(&["a"]), Outcome::Good { .. }));
        assert!(
            matches!(judge(&["a", "c", "b", "x"]), Outcome::Bad { why, .. } if why == "`b` is in alarm: Threshold Crossed")
        );
        assert!(matches!(judge(&["a", "c"]), Outcome::Unknown { why } if why.contains("insufficient data")));
        assert!(matches!(judge(&["a", "x"]), Outcome::Unknown { why } if why.contains("no alarm `x`")));
    }

    #[test]
    fn a_lag_below_zero_and_no_datapoint_are_unknown() {
        let check = |metric: &str| MetricCheck {
            namespace: "AWS/RDS".to_owned(),
            metric: metric.to_owned(),
            dimensions: Vec::new(),
            stat: "Maximum".to_owned(),
            period: Duration::from_secs(60),
            marks: Thresholds { degraded_above: Some(1000.0), ..Thresholds::default() },
        };
        let at: Timestamp = "2026-11-20T02:14:00Z".parse().unwrap();
        let point = |value| Some(Datapoint { at, value });
        let (outcome, until) = check("AuroraGlobalDBReplicationLag").judge(point(1500.25));
        assert!(
            matches!(&outcome, Outcome::Soft { why, .. } if why.contains("1500.25 ms is above 1000")),
            "{outcome:?}"
        );
        assert_eq!(until, Some("2026-11-20T02:15:00Z".parse().unwrap()));
        assert!(matches!(check("ReplicaLag").judge(point(-1.0)).0, Outcome::Unknown { .. }));
        assert!(matches!(check("ReplicaLag").judge(None).0, Outcome::Unknown { .. }));
        assert!(matches!(check("Temperature").judge(point(-1.0)).0, Outcome::Good { .. }));
    }
}
