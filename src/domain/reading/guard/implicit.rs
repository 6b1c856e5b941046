//! Guards that a promotion past the point of no return has without writing them.

use super::{Finding, health, recorded};
use crate::engine::{State, StepRun};
use crate::execution::{GuardResult, GuardVerdict};
use crate::ident::{DatabaseId, RegionId};
use crate::log::Mode;
use crate::reading::{Board, Health, isolation};
use crate::replication::{Cluster, same_cluster};
use crate::time::Now;

/// What is about to be promoted.
#[derive(Clone, Copy, Debug)]
pub struct Promotion<'a> {
    pub database: &'a DatabaseId,
    /// The side that becomes the primary.
    pub target: &'a RegionId,
    pub mode: Mode,
}

/// The target is in recovery, of the same cluster as the last known primary, healthy, and not the side that serves;
/// and, when forced, the old side does not look healthy without a fence.
#[must_use]
pub fn implicit_guards(
    board: &Board,
    state: &State,
    step: Option<&StepRun>,
    promotion: Promotion<'_>,
    now: Now,
) -> Vec<GuardResult> {
    let Promotion { database, target, .. } = promotion;
    let place = format!("{database}@{target}");
    let findings = match board.clusters.get(database) {
        _ if board.blind() => {
            vec![("in recovery", Finding::unknown("our own network is down: nothing seen now can be believed"))]
        }
        None => vec![("in recovery", Finding::unknown(format!("`{database}` is no database of the estate")))],
        Some(cluster) => vec![
            ("in recovery", in_recovery(cluster, target, now)),
            ("same cluster as the primary", same_identity(cluster, target, now)),
            ("healthy", healthy(board, target, now)),
            ("not the side that serves", not_serving(board, cluster, target, now)),
            ("old side not healthy and unfenced", old_side(board, cluster, state, promotion, now)),
        ],
    };
    findings
        .into_iter()
        .map(|(question, finding)| recorded(format!("{place} {question}"), finding, step, now))
        .collect()
}

fn in_recovery(cluster: &Cluster, target: &RegionId, now: Now) -> Finding {
    let server = cluster.servers.get(target).filter(|server| server.heard());
    match server.and_then(|server| server.answering(now)) {
        Some(seen) => {
            let role = if seen.reading.in_recovery { "in recovery" } else { "already a primary" };
            Finding::holds(seen.reading.in_recovery, role).at(Some(seen.measured.wall))
        }
        None => Finding::unknown("it does not answer"),
    }
}

fn same_identity(cluster: &Cluster, target: &RegionId, now: Now) -> Finding {
    let Some(seen) = cluster.servers.get(target).and_then(|server| server.answering(now)) else {
        return Finding::unknown("it does not answer");
    };
    let Some(primary) = cluster.last_root() else { return Finding::unknown("the primary was never seen from here") };
    let finding = match (&seen.reading.system_id, &primary.reading.system_id) {
        (Some(here), Some(_)) if same_cluster(seen, primary) => {
            Finding::holds(true, format!("system identifier {here}"))
        }
        (Some(here), Some(there)) => {
            Finding::holds(false, format!("system identifier {here}, the primary's is {there}"))
        }
        _ => Finding::unknown("its system identifier is not known"),
    };
    finding.at(Some(seen.measured.wall))
}

/// Degraded is no obstacle: a standby may be slow because the world is.
fn healthy(board: &Board, target: &RegionId, now: Now) -> Finding {
    let finding = health::is(board, target.as_str(), Health::Ok, None, now);
    let rolled = board.roll_up_region(target, now);
    match rolled {
        Some(rolled) if rolled.health == Health::Degraded => Finding { verdict: GuardVerdict::Pass, ..finding },
        _ => finding,
    }
}

fn not_serving(board: &Board, cluster: &Cluster, target: &RegionId, now: Now) -> Finding {
    if cluster.writable(now).contains(&target) {
        return Finding::holds(false, "it accepts writes already");
    }
    let root = cluster.root.as_ref();
    let seen = match root {
        Some(root) if cluster.live_root(now).is_some() => format!("{root} serves"),
        Some(root) => format!("{root} served last"),
        None => "no side was seen to serve".to_owned(),
    };
    Finding::holds(root != Some(target) || board.estate().active_active(), seen)
}

/// Loud: a forced promotion beside a healthy, writable primary makes two of them.
fn old_side(board: &Board, cluster: &Cluster, state: &State, promotion: Promotion<'_>, now: Now) -> Finding {
    let Some(old) = cluster.root.as_ref().filter(|root| *root != promotion.target) else {
        return Finding::holds(true, "no other primary is known");
    };
    let region = board.roll_up_region(old, now).map_or(Health::Unknown, |rolled| rolled.health);
    let looks_healthy = cluster.live_root(now).is_some() && matches!(region, Health::Ok | Health::Degraded);
    let fence = isolation::standing(Some(state), promotion.database, old);
    match () {
        () if !looks_healthy => Finding::holds(true, format!("{old} is {}", region.word())),
        () if promotion.mode == Mode::Planned => Finding::holds(true, format!("{old} is {}; planned", region.word())),
        () if fence.observed.is_some() || fence.statement.is_some() => Finding::holds(true, format!("{old} is fenced")),
        () => Finding::new(
            GuardVerdict::Ask,
            format!(
                "{old} LOOKS HEALTHY ({}) AND ACCEPTS WRITES: a forced promotion makes two primaries",
                region.word()
            ),
        ),
    }
}
