//! The status as Prometheus reads it. Base units (seconds, bytes); points in time as Unix timestamps; what is not known
//! has no sample, and is never 0.

mod page;
mod promises;
mod readiness;
mod readings;

use std::time::Duration;

use crate::reading::Status;
use crate::time::Timestamp;

use page::{Page, flag};

/// What is exposed.
#[derive(Clone, Copy, Debug)]
pub struct Exposed<'a> {
    pub status: &'a Status,
    /// Of this program.
    pub version: &'a str,
    /// How long looking took; `None` when somebody watches and nothing was looked at for this.
    pub took: Option<Duration>,
    pub runbooks: Runbooks,
}

/// Runbooks that this estate can start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Runbooks {
    pub usable: usize,
    /// With an error that makes a step manual, or the whole runbook unusable.
    pub broken: usize,
}

/// One page in the text format of Prometheus.
#[must_use]
pub fn prometheus(exposed: &Exposed<'_>) -> String {
    let status = exposed.status;
    let mut page = Page::new(&[("estate", &status.estate)]);
    page.gauge("switchback_info", "The program that looked, and the kind of the estate.", |family| {
        family.sample(&[("version", exposed.version), ("kind", &status.kind)], 1.0);
    });
    page.gauge("switchback_status_timestamp_seconds", "When these figures were true.", |family| {
        family.sample(&[], instant(status.at));
    });
    page.gauge("switchback_look_duration_seconds", "How long the look took that these figures come from.", |family| {
        family.sample(&[], exposed.took.map(seconds));
    });
    page.gauge(
        "switchback_blind",
        "1 while our own network does not answer: no figure here can be believed.",
        |family| {
            family.sample(&[], flag(status.blind));
        },
    );
    page.gauge("switchback_clock_skew_seconds", "The clock that differs most from ours: theirs less ours.", |family| {
        if let (Some(skew), Some(source)) = (status.clock_skew_ms, &status.clock_skew_of) {
            family.sample(&[("source", source.as_str())], seconds_signed(skew));
        }
    });
    readings::regions(&mut page, status);
    readings::checks(&mut page, status);
    readings::services(&mut page, status);
    readings::replication(&mut page, status);
    promises::backups(&mut page, status);
    promises::objectives(&mut page, status);
    promises::recommendation(&mut page, status);
    promises::alerts(&mut page, status);
    readiness::tests(&mut page, status);
    readiness::evaluated(&mut page, status);
    promises::runbooks(&mut page, exposed.runbooks);
    page.into_text()
}

fn seconds(span: Duration) -> f64 {
    span.as_secs_f64()
}

#[allow(clippy::cast_precision_loss)]
const fn seconds_signed(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

#[allow(clippy::cast_precision_loss)]
fn instant(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

#[allow(clippy::cast_precision_loss)]
const fn bytes(bytes: u64) -> f64 {
    bytes as f64
}

#[allow(clippy::cast_precision_loss)]
const fn count(many: usize) -> f64 {
    many as f64
}
