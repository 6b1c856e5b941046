//! How old what is shown is, and what is left of readings that nobody writes any more.

use std::time::Duration;

use domain::reading::{BackupHealth, Health, Status, Stream, Verdict};
use domain::time::{Timestamp, since};

use super::Wall;

/// The follower looks several times a second: after so long it hangs, or its disk does.
const LOOKS: Duration = Duration::from_secs(15);
/// A log without any console's readings is believed for so long after its last entry.
const QUIET: Duration = Duration::from_secs(300);

/// What can be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing was looked at yet.
    Waiting,
    Fresh,
    Stale(Stale),
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stale {
    /// This program does not get to look any more.
    NoLook { ago: Duration },
    /// The log is there and cannot be followed.
    Log(String),
    /// Nobody writes the readings.
    NoConsole { ago: Duration },
    /// No readings, and no entry for long.
    Quiet { ago: Duration },
}

impl Wall {
    /// By the machine's clock. After it was set back nobody knows how old anything is: then it is too old.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        let Some(feed) = &self.feed else { return Freshness::Waiting };
        let looked = self.ago(feed.looked_at);
        if looked > LOOKS {
            return Freshness::Stale(Stale::NoLook { ago: looked });
        }
        if let Some(why) = &feed.log {
            return Freshness::Stale(Stale::Log(why.clone()));
        }
        if self.model.state.over() {
            return Freshness::Fresh;
        }
        if let Some(written) = &feed.readings {
            let ago = self.ago(written.at);
            return if ago > written.good_for { Freshness::Stale(Stale::NoConsole { ago }) } else { Freshness::Fresh };
        }
        let last = self.model.state.entries.last().map(|entry| self.ago(entry.recorded_at));
        match last {
            Some(ago) if ago > QUIET => Freshness::Stale(Stale::Quiet { ago }),
            Some(_) => Freshness::Fresh,
            None => Freshness::Waiting,
        }
    }

    /// The readings that are shown can be believed.
    #[must_use]
    pub fn reads(&self) -> bool {
        let written = self.feed.as_ref().and_then(|feed| feed.readings.as_ref());
        written.is_some_and(|written| self.ago(written.at) <= written.good_for)
    }

    /// Between this and that time of the machine's clock, whichever comes first.
    #[must_use]
    pub fn ago(&self, at: Timestamp) -> Duration {
        since(self.model.real.wall, at).max(since(at, self.model.real.wall))
    }
}

/// The same estate, of which nothing is known any more: no green is left.
#[must_use]
pub(super) fn aged(status: &Status) -> Status {
    let mut status = status.clone();
    for region in &mut status.regions {
        stale(&mut region.status);
        (region.serving, region.candidate, region.cost) = (None, None, None);
        region.checks.iter_mut().for_each(|check| stale(&mut check.status));
    }
    status.checks.iter_mut().for_each(|check| stale(&mut check.status));
    for service in &mut status.services {
        stale(&mut service.status);
        service.serving = None;
    }
    for copy in &mut status.replication {
        copy.state = Stream::Unknown;
    }
    status.backups.iter_mut().for_each(|backup| backup.status = BackupHealth::Unknown);
    for objective in &mut status.objectives {
        (objective.rto_verdict, objective.rpo_verdict) = (Verdict::Unknown, Verdict::Unknown);
    }
    status.alerts.clear();
    status
}

fn stale(health: &mut Health) {
    if *health != Health::Unknown {
        *health = Health::Stale;
    }
}
