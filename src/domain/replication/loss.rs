//! What would be lost if a standby were promoted: an interval that the truth always lies in.

use std::time::Duration;

use super::cluster::{Cluster, Seen};
use super::lag::same_cluster;
use crate::ident::RegionId;
use crate::objective::AtRisk;
use crate::time::{Now, Timestamp, clock, since};

/// What is known of the old primary's isolation, and since when nothing can be written there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// It may still accept writes.
    #[default]
    Open,
    Since(Timestamp),
    /// Stopped cleanly, and the standby holds its last record.
    Clean(Timestamp),
}

/// The interval, and the instant up to which everything written is held by the standby, by our clock.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exposure {
    pub(crate) at_risk: AtRisk,
    pub(crate) held_through: Option<Timestamp>,
}

impl Cluster {
    /// What promoting the standby of `region` as it was last read would lose of the primary's writes. `None` when it
    /// is no standby of that primary, or does not answer.
    pub(crate) fn exposure(&self, region: &RegionId, isolation: Isolation, now: Now) -> Option<Exposure> {
        let standby = self.servers.get(region)?.answering(now).filter(|seen| seen.reading.in_recovery)?;
        let Some(primary) = self.last_root() else { return Some(never_seen(standby)) };
        if self.root.as_ref() == Some(region) || !same_cluster(standby, primary) {
            return None;
        }
        let bytes_at_least = self.not_received(standby);
        let held_through = self.held_through(standby, primary);
        if let Isolation::Clean(at) = isolation
            && bytes_at_least == Some(0)
        {
            let basis = format!("clean stop of {} at {}, all of its log is here", self.root_name(), clock(at));
            let at_risk = AtRisk::nothing(basis, standby.measured.wall);
            return Some(Exposure { at_risk, held_through: Some(standby.measured.wall) });
        }
        let at_least = self.at_least(standby);
        let at_most = match isolation {
            Isolation::Open => None,
            Isolation::Since(at) | Isolation::Clean(at) => held_through.map(|held| since(at, held).max(at_least)),
        };
        let basis = self.basis(standby, isolation);
        // Without an upper bound all of it is as old as the older of the two that were compared.
        let seen = self.positions.all().last().map(|last| last.ended).filter(|_| at_most.is_none());
        let as_of = seen.map_or(standby.measured.wall, |seen| seen.min(standby.measured.wall));
        let at_risk = AtRisk { bytes_at_least, at_least, at_most, basis, as_of };
        Some(Exposure { at_risk, held_through })
    }

    /// Between when the primary had at the latest passed what the standby holds and when its log is known to have
    /// grown last. Only polls that were over before the standby was read count: it may have received more since.
    fn at_least(&self, standby: &Seen) -> Duration {
        let Some(have) = standby.reading.have else { return Duration::ZERO };
        let known = self.positions.by(standby.began());
        match (known.passed(have).before, known.grew_after()) {
            (Some(passed), Some(grew)) => since(grew, passed),
            _ => Duration::ZERO,
        }
    }

    /// The later of: the newest poll whose position the standby holds, and the last commit it replayed (stamped by
    /// the primary's clock, brought to ours). Never later than a poll that showed more than the standby holds,
    /// whatever the clocks say.
    fn held_through(&self, standby: &Seen, primary: &Seen) -> Option<Timestamp> {
        let passed = standby.reading.have.map(|have| self.positions.all().passed(have));
        let replayed = standby.reading.last_commit_replayed.and_then(|commit| primary.ours_at_earliest(commit));
        let held = passed.and_then(|passed| passed.after).into_iter().chain(replayed).max()?;
        Some(passed.and_then(|passed| passed.before).map_or(held, |before| held.min(before)))
    }

    fn basis(&self, standby: &Seen, isolation: Isolation) -> String {
        let have = standby.reading.have.map_or_else(|| "an unknown position".to_owned(), |have| have.to_string());
        let primary = match self.positions.all().last() {
            Some(last) => format!("primary position {} seen {}", last.end, clock(last.ended)),
            None => "primary position never seen".to_owned(),
        };
        let until = match isolation {
            Isolation::Open => format!("{} not fenced", self.root_name()),
            Isolation::Since(at) | Isolation::Clean(at) => format!("{} fenced {}", self.root_name(), clock(at)),
        };
        format!("{primary}, standby has {have}; {until}")
    }

    fn root_name(&self) -> &str {
        self.root.as_ref().map_or("the primary", RegionId::as_str)
    }
}

fn never_seen(standby: &Seen) -> Exposure {
    let told = standby.reading.receiver.as_ref().and_then(|receiver| receiver.latest_end);
    let at_risk = AtRisk {
        bytes_at_least: told.zip(standby.reading.have).map(|(end, have)| end.bytes_after(have)),
        at_least: Duration::ZERO,
        at_most: None,
        basis: "the primary was never seen from here: no history to compare with".to_owned(),
        as_of: standby.measured.wall,
    };
    Exposure { at_risk, held_through: None }
}
