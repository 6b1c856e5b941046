//! One database over all its regions: who is the primary, what each server last said, where the log was when.

use std::collections::BTreeMap;
use std::time::Duration;

use super::ServerReading;
use super::lag::{Feed, feed, same_cluster};
use super::positions::{Position, Positions};
use crate::ident::{DatabaseId, RegionId};
use crate::reading::Trend;
use crate::time::{Now, Timestamp};

/// The servers of one database as observed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cluster {
    pub(crate) database: DatabaseId,
    pub(crate) servers: BTreeMap<RegionId, Server>,
    /// The last server seen to accept writes: what every standby is compared with, also after it went dark.
    pub(crate) root: Option<RegionId>,
    pub(crate) positions: Positions,
    pub(crate) split_since: Option<Now>,
    /// More than one writer is legal here.
    pub(crate) active_active: bool,
}

/// One server over time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Server {
    stale_after: Duration,
    fail_after: u32,
    /// The last answer, and how long it took.
    pub(crate) seen: Option<Seen>,
    /// Looks without an answer since.
    misses: u32,
    pub(crate) silent_since: Option<Now>,
    /// It answers as a standby, and is not seen to be fed.
    pub(crate) unfed_since: Option<Now>,
    /// First and last answer of those in a row that said it accepts writes.
    primary: Option<(Now, Now)>,
    pub(crate) lag: Trend,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) reading: ServerReading,
    pub(crate) measured: Now,
    pub(crate) took: Duration,
}

/// What one look changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Moved {
    pub(crate) root: Option<(Option<RegionId>, Option<RegionId>)>,
    pub(crate) split_brain: Option<Vec<RegionId>>,
}

impl Seen {
    /// The earliest moment the answer can be of.
    pub(crate) fn began(&self) -> Timestamp {
        self.measured.wall.checked_sub(self.took).unwrap_or(self.measured.wall)
    }

    /// How far the server's clock is ahead of ours, milliseconds; exact to the time the look took.
    pub(crate) fn skew_ms(&self) -> Option<i64> {
        self.reading.server_now.map(|theirs| theirs.as_millisecond() - self.measured.wall.as_millisecond())
    }

    /// A time of the server's clock on ours, placed as early as the look's own length allows.
    pub(crate) fn ours_at_earliest(&self, theirs: Timestamp) -> Option<Timestamp> {
        let ahead = jiff::SignedDuration::from_millis(self.skew_ms()?);
        let took = jiff::SignedDuration::try_from(self.took).unwrap_or_default();
        theirs.checked_sub(ahead).ok()?.checked_sub(took).ok()
    }
}

impl Server {
    pub(crate) fn new(stale_after: Duration, fail_after: u32) -> Self {
        Self {
            stale_after,
            fail_after,
            seen: None,
            misses: 0,
            silent_since: None,
            unfed_since: None,
            primary: None,
            lag: Trend::default(),
        }
    }

    fn take(&mut self, reading: &ServerReading, measured: Now, took: Duration) {
        self.misses = 0;
        self.silent_since = None;
        let seen = Seen { reading: reading.clone(), measured, took };
        if reading.in_recovery && feed(&seen) != Feed::Streaming {
            self.unfed_since.get_or_insert(measured);
        } else {
            self.unfed_since = None;
        }
        self.primary = (!reading.in_recovery).then(|| (self.primary.map_or(measured, |(first, _)| first), measured));
        self.seen = Some(seen);
    }

    /// It answered when it was last looked at.
    pub(crate) fn heard(&self) -> bool {
        self.misses == 0 && self.seen.is_some()
    }

    /// Its last answer, while it can be taken for the present: not too old, and not denied by failures since.
    pub(crate) fn answering(&self, now: Now) -> Option<&Seen> {
        self.seen.as_ref().filter(|seen| {
            self.misses < self.fail_after.max(1) && crate::reading::age(seen.measured, now) <= self.stale_after
        })
    }
}

impl Cluster {
    pub(crate) fn new(database: DatabaseId, servers: BTreeMap<RegionId, Server>, active_active: bool) -> Self {
        Self { database, servers, root: None, positions: Positions::default(), split_since: None, active_active }
    }

    /// Takes in one look at the server in `region`; `None` when it did not answer.
    pub(crate) fn observe(
        &mut self,
        region: &RegionId,
        reading: Option<&ServerReading>,
        measured: Now,
        took: Option<Duration>,
    ) -> Moved {
        let Some(server) = self.servers.get_mut(region) else { return Moved::default() };
        let Some(reading) = reading else {
            server.misses = server.misses.saturating_add(1);
            server.silent_since.get_or_insert(measured);
            return Moved::default();
        };
        server.take(reading, measured, took.unwrap_or_default());
        let root = self.elect(measured);
        if self.root.as_ref() == Some(region)
            && let Some(end) = reading.current.filter(|_| !reading.in_recovery)
        {
            self.positions.add(Position::of(measured, took, end));
        }
        self.note_lag(region, measured);
        Moved { root, split_brain: self.note_split_brain(measured) }
    }

    /// Tells the regions when it begins.
    fn note_split_brain(&mut self, now: Now) -> Option<Vec<RegionId>> {
        let Some(regions) = self.split_brain(now) else {
            self.split_since = None;
            return None;
        };
        let new = self.split_since.is_none();
        self.split_since.get_or_insert(now);
        new.then_some(regions)
    }

    /// The server that was the root stays it while it accepts writes, and after it went dark until another of the same
    /// cluster is seen to accept them.
    fn elect(&mut self, now: Now) -> Option<(Option<RegionId>, Option<RegionId>)> {
        let writable = self.writable(now);
        if self.root.as_ref().is_some_and(|root| writable.contains(&root)) {
            return None;
        }
        let stranger = |region: &RegionId| {
            let seen = self.servers.get(region).and_then(|server| server.seen.as_ref());
            self.last_root().zip(seen).is_some_and(|(root, seen)| !same_cluster(root, seen))
        };
        let next = writable.into_iter().find(|region| !stranger(region))?.clone();
        let before = self.root.replace(next);
        self.positions.clear();
        Some((before, self.root.clone()))
    }

    /// Regions whose server says that it accepts writes, unless another took over since it was last heard.
    pub(crate) fn writable(&self, now: Now) -> Vec<&RegionId> {
        self.servers
            .iter()
            .filter(|(_, server)| server.answering(now).is_some_and(|seen| !seen.reading.in_recovery))
            .filter(|(_, server)| !self.superseded(server))
            .map(|(region, _)| region)
            .collect()
    }

    /// It did not answer the last time, and another of its cluster was first seen to accept writes after its last word.
    fn superseded(&self, server: &Server) -> bool {
        let (Some((_, last)), Some(seen)) = (server.primary, &server.seen) else { return false };
        !server.heard()
            && self.servers.values().any(|other| {
                other.primary.is_some_and(|(first, _)| first.wall > last.wall)
                    && other.seen.as_ref().is_some_and(|other| same_cluster(seen, other))
            })
    }

    /// Regions that were the last to accept writes, dark or not: the root, and where several may write, all of those.
    pub(crate) fn wrote_last(&self) -> impl Iterator<Item = &RegionId> {
        self.servers
            .iter()
            .filter(|(region, server)| {
                self.root.as_ref() == Some(*region) || self.active_active && server.primary.is_some()
            })
            .map(|(region, _)| region)
    }

    /// The primary, while it answers as one.
    pub(crate) fn live_root(&self, now: Now) -> Option<&Seen> {
        self.servers.get(self.root.as_ref()?)?.answering(now).filter(|seen| !seen.reading.in_recovery)
    }

    /// What the primary last said, dark or not.
    pub(crate) fn last_root(&self) -> Option<&Seen> {
        self.servers.get(self.root.as_ref()?)?.seen.as_ref().filter(|seen| !seen.reading.in_recovery)
    }

    /// Two servers of one cluster accept writes at the same time: each said so after the other had begun to. An unknown
    /// identity is taken for the same one.
    pub(crate) fn split_brain(&self, now: Now) -> Option<Vec<RegionId>> {
        if self.active_active {
            return None;
        }
        let writable: Vec<(&RegionId, &Server)> =
            self.writable(now).into_iter().filter_map(|region| Some((region, self.servers.get(region)?))).collect();
        let at_once = |one: &Server, other: &Server| match (one.primary, other.primary) {
            (Some((first, last)), Some((other_first, other_last))) => {
                first.wall.max(other_first.wall) <= last.wall.min(other_last.wall)
            }
            _ => false,
        };
        let one_cluster = |one: &Server, other: &Server| match (&one.seen, &other.seen) {
            (Some(one), Some(other)) => same_cluster(one, other),
            _ => false,
        };
        let regions: Vec<RegionId> = writable
            .iter()
            .filter(|(region, server)| {
                writable.iter().any(|(other_region, other)| {
                    region != other_region && at_once(server, other) && one_cluster(server, other)
                })
            })
            .map(|(region, _)| (*region).clone())
            .collect();
        (!regions.is_empty()).then_some(regions)
    }

    /// A lag that is not known is no figure, and no failure either.
    fn note_lag(&mut self, region: &RegionId, now: Now) {
        let Some(lag) = self.lag_of(region, now) else { return };
        if let Some(server) = self.servers.get_mut(region) {
            server.lag.add(now.wall, Some(u32::try_from(lag.as_millis()).unwrap_or(u32::MAX)));
        }
    }
}
