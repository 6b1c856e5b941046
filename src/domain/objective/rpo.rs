//! Whether a recovery point objective is met: of what was lost, or would be.

use std::time::Duration;

use super::AtRisk;
use crate::engine::Incident;
use crate::ident::{DatabaseId, RegionId};
use crate::reading::{ReplicationStatus, Status, Stream, Verdict};
use crate::time::{Timestamp, since};

/// The verdict over several databases is that of the worst, with its interval.
pub(super) fn judge(
    databases: &[DatabaseId],
    rpo: Duration,
    incident: Option<&Incident>,
    status: &Status,
    now: Timestamp,
) -> (Verdict, Option<AtRisk>) {
    databases
        .iter()
        .map(|database| of_database(database, rpo, incident, status, now))
        .max_by_key(|(verdict, at_risk)| (badness(*verdict), at_risk.as_ref().map(|at_risk| at_risk.at_least)))
        .unwrap_or((Verdict::Unknown, None))
}

fn of_database(
    database: &DatabaseId,
    rpo: Duration,
    incident: Option<&Incident>,
    status: &Status,
    now: Timestamp,
) -> (Verdict, Option<AtRisk>) {
    if let Some(point) = incident.and_then(|incident| incident.recovery_point.get(database)) {
        return (of_recovery_point(point, rpo), Some(point.clone()));
    }
    let to = incident.and_then(|incident| incident.to.as_ref()).or(status.recommendation.to.as_ref());
    match standby(database, to, status) {
        Some(row) => (of_standby(row, rpo, now), row.at_risk.clone()),
        None => (Verdict::Unknown, None),
    }
}

/// What was lost when the point of no return was crossed.
pub(crate) fn of_recovery_point(point: &AtRisk, rpo: Duration) -> Verdict {
    let lost_some = rpo.is_zero() && point.bytes_at_least.is_some_and(|bytes| bytes > 0);
    match point.at_most {
        _ if point.at_least > rpo || lost_some => Verdict::Missed,
        Some(most) if most <= rpo => Verdict::Ok,
        _ => Verdict::AtRisk,
    }
}

/// What would be lost now.
pub(super) fn of_standby(row: &ReplicationStatus, rpo: Duration, now: Timestamp) -> Verdict {
    let within = |loss: Duration| if loss <= rpo { Verdict::Ok } else { Verdict::AtRisk };
    match (row.state, row.lag) {
        (Stream::Streaming, Some(lag)) if rpo.is_zero() => match row.not_received_bytes {
            Some(0) => within(lag),
            _ => Verdict::AtRisk,
        },
        (Stream::Streaming, Some(lag)) => within(lag),
        (Stream::Frozen, lag) => match (row.at_risk.as_ref().and_then(|at_risk| at_risk.at_most), row.measured_at) {
            (Some(most), _) => within(most),
            // Until it is fenced the old side may have gone on writing ever since it was last seen.
            (None, Some(seen)) => lag.map_or(Verdict::Unknown, |lag| within(lag + since(now, seen))),
            (None, None) => Verdict::Unknown,
        },
        (Stream::Absent, _) => Verdict::AtRisk,
        (Stream::Streaming, None) | (Stream::Unknown, _) => Verdict::Unknown,
    }
}

/// The standby that would take over: the target of the failover, else the one that is furthest.
fn standby<'a>(database: &DatabaseId, to: Option<&RegionId>, status: &'a Status) -> Option<&'a ReplicationStatus> {
    let standbys = || status.replication.iter().filter(|row| row.database == *database && row.role == "standby");
    standbys()
        .find(|row| Some(&row.region) == to)
        .or_else(|| standbys().min_by_key(|row| (row.lag.is_none(), row.lag, row.not_received_bytes)))
}

pub(super) const fn badness(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NotApplicable => 0,
        Verdict::Ok => 1,
        Verdict::Unknown => 2,
        Verdict::AtRisk => 3,
        Verdict::Missed => 4,
    }
}
