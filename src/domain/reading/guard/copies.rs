//! `lag DB@REGION < 30s`, `loss DB@REGION <= 5m`, `backup NAME < 1h`.

use std::time::Duration;

use super::Finding;
use crate::engine::{LossAccepted, State, StepRun};
use crate::execution::GuardVerdict;
use crate::ident::{BackupId, DatabaseId, RegionId};
use crate::objective::AtRisk;
use crate::reading::{BackupHealth, Board, Stream};
use crate::replication::Isolation;
use crate::time::{Now, clock, human};

/// Live readings only: both sides answered when they were last asked, and the standby is being fed.
pub(super) fn lag(board: &Board, database: &DatabaseId, region: &RegionId, below: Duration, now: Now) -> Finding {
    let Some(cluster) = board.clusters.get(database) else {
        return Finding::unknown(format!("`{database}` is no database of the estate"));
    };
    let Some(row) = cluster.standing(region, Isolation::Open, now) else {
        return Finding::unknown(format!("nothing reads {database} in {region}"));
    };
    let heard = |region: &RegionId| cluster.servers.get(region).is_some_and(crate::replication::Server::heard);
    let live = heard(region) && cluster.root.as_ref().is_some_and(heard);
    let finding = match (row.state, row.lag) {
        _ if row.role == "primary" => Finding::holds(false, "it is the primary, not a standby"),
        (Stream::Streaming, Some(lag)) if live => Finding::holds(lag < below, human(lag)),
        (Stream::Absent, Some(lag)) if live && lag >= below => {
            Finding::holds(false, format!("{}, and nothing feeds it", human(lag)))
        }
        _ => Finding::unknown(match row.notes.first() {
            Some(note) => format!("not known: {note}"),
            None => "not known".to_owned(),
        }),
    };
    finding.at(row.measured_at)
}

/// The dark case: only the upper bound can pass it; otherwise a named person accepts the interval.
pub(super) fn loss(
    board: &Board,
    state: &State,
    step: Option<&StepRun>,
    (database, region): (&DatabaseId, &RegionId),
    bound: Duration,
    now: Now,
) -> Finding {
    let Some(at_risk) = board.at_risk(database, region, Some(state), now) else {
        return Finding::unknown("no standby answers there: what it holds is not known");
    };
    let measured = Some(at_risk.as_of);
    let seen = format!("{} ({})", at_risk.interval(), at_risk.basis);
    if at_risk.at_most.is_some_and(|most| most <= bound) {
        return Finding::holds(true, seen).at(measured);
    }
    let accepted = step.and_then(|step| {
        step.loss_accepted
            .iter()
            .rev()
            .find(|accepted| accepted.database == *database && accepted.region == *region && covers(accepted, &at_risk))
    });
    match accepted {
        Some(accepted) => {
            let seen = format!("{}: accepted by {} {}", at_risk.interval(), accepted.by, clock(accepted.at));
            Finding::new(GuardVerdict::Overridden, seen).at(measured)
        }
        None => Finding::new(GuardVerdict::Ask, seen).at(measured),
    }
}

/// What was accepted stays so until the interval gets worse; whoever accepted an unknown accepted whatever it is. A log
/// keeps milliseconds: less than one is not worse.
fn covers(accepted: &LossAccepted, now: &AtRisk) -> bool {
    let Some(then) = &accepted.at_risk else { return true };
    let no_worse = |now: Duration, then: Duration| now.as_millis() <= then.as_millis();
    let bytes = then.bytes_at_least.is_none_or(|then| now.bytes_at_least.is_none_or(|now| now <= then));
    let most = then.at_most.is_none_or(|then| now.at_most.is_some_and(|now| no_worse(now, then)));
    bytes && no_worse(now.at_least, then.at_least) && most
}

pub(super) fn backup(board: &Board, name: &BackupId, below: Duration, now: Now) -> Finding {
    let backup = board.estate().backups.iter().find(|backup| backup.id == *name);
    let Some((backup, track)) = backup.zip(board.backups.get(name)) else {
        return Finding::unknown(format!("`{name}` is no backup of the estate"));
    };
    let status = track.status(backup, now);
    let why = |otherwise: &str| status.error.clone().unwrap_or_else(|| otherwise.to_owned());
    match (status.status, status.age) {
        (BackupHealth::Unknown, _) => Finding::unknown(why("not read yet")),
        (_, None) => Finding::holds(false, why("no usable backup")),
        (_, Some(age)) => Finding::holds(age < below, format!("{} old", human(age))),
    }
    .at(status.newest_usable)
}
