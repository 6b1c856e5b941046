//! `cloudwatch`: the state of alarms, or the newest datapoint of a metric.

use std::time::Duration;

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key};
use super::super::value;
use super::Around;
use super::threshold::{self, Thresholds};
use crate::diagnostic::Diagnostic;

/// Every datapoint that is asked for costs, and none is newer than this.
const LEAST_INTERVAL: Duration = Duration::from_secs(60);

pub(super) const KIND: Variant = Variant {
    word: "cloudwatch",
    about: "With `alarms`, their states: down when one is in ALARM; INSUFFICIENT_DATA, or an alarm that is not there, is \
            unknown. One call asks for all alarms of an account and region. With `namespace` and `metric`, the newest \
            datapoint against the marks; no datapoint is unknown, and so is a lag below zero, which is how RDS says that \
            it does not know. All metrics of an account and region go in one batch. Alarms are asked for every 60 s, metrics every two periods \
            unless written, neither more often than every 60 s; the reading is as \
            old as the end of the datapoint's period. `aws.md` has what it costs.",
    keys: &[
        key("alarms", Kind::TextList, "none", "Names of alarms; or `namespace` and `metric`."),
        key("namespace", Kind::Text, "none", "Namespace of the metric, such as `AWS/RDS`."),
        key("metric", Kind::Text, "none", "Its name, such as `ReplicaLag`."),
        key("dimensions", Kind::TextList, "[]", "Each as `NAME=VALUE`."),
        key("stat", Kind::Text, "\"Average\"", "`Average`, `Maximum`, `Sum`, `p99` and so on."),
        key("period", Kind::Duration, "\"60s\"", "What one datapoint covers: whole minutes."),
        threshold::DEGRADED_ABOVE,
        threshold::DEGRADED_BELOW,
        threshold::DOWN_ABOVE,
        threshold::DOWN_BELOW,
        key("profile", Kind::Text, "the environment's", "Profile of ~/.aws/config whose credentials are used."),
        key("aws_region", Kind::Text, "the check's region", "The region of AWS that is asked."),
    ],
    example: r#"[[checks]]
name = "global-lag@us-west-2"
type = "cloudwatch"
namespace = "AWS/RDS"
metric = "AuroraGlobalDBReplicationLag" # in milliseconds, in the secondary's region
dimensions = ["DBClusterIdentifier=orders-west"]
stat = "Maximum"
# period = "60s"
degraded_above = 1000
# degraded_below = 0
down_above = 60000
# down_below = 0
profile = "watch"
# aws_region = "us-west-2"
# alarms = ["orders-p99-latency", "orders-5xx"]
"#,
};

#[derive(Clone, Debug, PartialEq)]
pub struct CloudWatchCheck {
    /// `None`: the environment's own credentials.
    pub profile: Option<String>,
    /// The region of AWS that is asked.
    pub region: String,
    pub of: CloudWatchOf,
}

#[derive(Clone, Debug, PartialEq)]
pub enum CloudWatchOf {
    Alarms(Vec<String>),
    Metric(MetricCheck),
}

#[derive(Clone, Debug, PartialEq)]
pub struct MetricCheck {
    pub namespace: String,
    pub metric: String,
    pub dimensions: Vec<(String, String)>,
    pub stat: String,
    pub period: Duration,
    pub marks: Thresholds,
}

impl CloudWatchCheck {
    /// A datapoint comes a minute or two after its period; what is asked for sooner would be stale half of the time.
    pub(super) fn unhurried(&self) -> Duration {
        match &self.of {
            CloudWatchOf::Alarms(_) => LEAST_INTERVAL,
            CloudWatchOf::Metric(metric) => metric.period * 2,
        }
    }

    pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let mut wrong = |key: &str, message: String, help: &str| {
            let span = if fields.has(key) { fields.span_of(key) } else { fields.span.clone() };
            report.push(Diagnostic::error("estate::check", span, message).help(help));
        };
        if let Some(interval) = fields.take("interval", value::duration).filter(|interval| *interval < LEAST_INTERVAL) {
            let message = format!("CloudWatch is asked every {} at most", crate::time::human(LEAST_INTERVAL));
            wrong("interval", message, &format!("leave it out, or write more than {}", crate::time::human(interval)));
        }
        let written = fields.text("aws_region");
        let region = written.or_else(|| around.region.map(|region| around.estate.aws_region(region).to_owned()));
        let Some(region) = region else {
            let help = "name it `NAME@REGION`, or write `aws_region = \"us-west-2\"`";
            wrong("name", "this check says no region of AWS".to_owned(), help);
            return None;
        };
        let alarms = fields.texts("alarms").filter(|alarms| !alarms.is_empty());
        let of = match (alarms, fields.text("namespace"), fields.text("metric")) {
            (Some(alarms), None, None) => CloudWatchOf::Alarms(alarms),
            (None, Some(namespace), Some(metric)) => {
                let period = fields.take("period", value::duration).unwrap_or(LEAST_INTERVAL);
                if period.is_zero() || !period.as_millis().is_multiple_of(60_000) {
                    wrong("period", "a period is whole minutes".to_owned(), "write \"60s\" or \"5m\"");
                    return None;
                }
                let mut dimensions = Vec::new();
                for text in fields.texts("dimensions").unwrap_or_default() {
                    match text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty()) {
                        Some((name, value)) => dimensions.push((name.to_owned(), value.to_owned())),
                        None => wrong("dimensions", format!("`{text}` is no dimension"), "write \"NAME=VALUE\""),
                    }
                }
                let stat = fields.text("stat").unwrap_or_else(|| "Average".to_owned());
                let marks = Thresholds::read(fields, report);
                CloudWatchOf::Metric(MetricCheck { namespace, metric, dimensions, stat, period, marks })
            }
            _ => {
                let message = "this check says neither `alarms` nor `namespace` and `metric`, or both";
                wrong("name", message.to_owned(), "write `alarms = [\"…\"]`, or `namespace` and `metric`");
                return None;
            }
        };
        Some(Self { profile: fields.text("profile"), region, of })
    }
}
