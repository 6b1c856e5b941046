//! How far a standby is behind the primary, live, in bytes and in time.

use std::time::Duration;

use super::cluster::{Cluster, Seen};
use crate::ident::RegionId;
use crate::time::{Now, Timestamp, since};

/// Below `wal_receiver_timeout` (60 s), above what a healthy idle pair climbs to (27 to 30 s).
const SILENT_SENDER: Duration = Duration::from_secs(40);

/// What feeds a standby, from its own answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feed {
    Streaming,
    /// Connected, and nothing was heard for too long: the link may be half open.
    Silent(Duration),
    Nothing,
    /// The privilege to see it is missing.
    Hidden,
    /// Connected, in a state that is not streaming.
    Other,
}

pub(super) fn feed(seen: &Seen) -> Feed {
    let Some(receiver) = &seen.reading.receiver else { return Feed::Nothing };
    let silence = seen
        .reading
        .server_now
        .zip(receiver.last_message_at)
        .map(|(now, heard)| since(now, heard))
        .filter(|silence| *silence > SILENT_SENDER);
    match (receiver.status.as_deref(), silence) {
        (None, _) => Feed::Hidden,
        (Some(_), Some(silence)) => Feed::Silent(silence),
        (Some("streaming"), None) => Feed::Streaming,
        (Some(_), None) => Feed::Other,
    }
}

impl Cluster {
    /// Log that the standby had not received when it was last read: compared with what the primary had by then, and
    /// with what its sender had told it.
    pub(super) fn not_received(&self, standby: &Seen) -> Option<u64> {
        let have = standby.reading.have?;
        let by_root = self.positions.by(standby.began()).last().map(|position| position.end);
        let by_sender = standby.reading.receiver.as_ref().and_then(|receiver| receiver.latest_end);
        by_root.into_iter().chain(by_sender).max().map(|end| end.bytes_after(have))
    }

    /// Time since the primary passed what the standby holds; zero while it holds everything. `None` when the standby
    /// does not answer, the primary does not, or nothing reliable feeds a standby that seems to hold everything.
    pub(crate) fn lag_of(&self, region: &RegionId, now: Now) -> Option<Duration> {
        let standby = self.servers.get(region)?.answering(now).filter(|seen| seen.reading.in_recovery)?;
        let root = self.live_root(now)?;
        if !same_cluster(standby, root) {
            return None;
        }
        let have = standby.reading.have?;
        let behind = self.not_received(standby)?;
        if behind == 0 {
            return (feed(standby) == Feed::Streaming).then_some(Duration::ZERO);
        }
        let passed = self.positions.all().passed(have);
        match passed.about {
            Some(at) => Some(since(standby.measured.wall, at)),
            // Behind anything we remember of the primary: the last commit it replayed is the only trace, and while
            // it is known to be behind that never flatters it.
            None => {
                let replayed = root.ours_at_earliest(standby.reading.last_commit_replayed?)?;
                Some(since(standby.measured.wall, replayed))
            }
        }
    }
}

impl Cluster {
    /// How far behind it is, for choosing among standbys: the live lag, or, with the primary gone, how far its last
    /// known position is ahead of what the standby holds.
    pub(crate) fn behind(&self, region: &RegionId, now: Now) -> Option<Duration> {
        if self.live_root(now).is_some() {
            return self.lag_of(region, now);
        }
        let standby = self.servers.get(region)?.answering(now).filter(|seen| seen.reading.in_recovery)?;
        let last = self.positions.all().last()?;
        let have = standby.reading.have?;
        if have >= last.end {
            return Some(Duration::ZERO);
        }
        self.positions.all().passed(have).about.map(|passed| since(last.ended, passed))
    }
}

impl Cluster {
    /// When the primary's position was last seen, once it does not answer any more.
    pub(crate) fn dark_since(&self, now: Now) -> Option<Timestamp> {
        if self.live_root(now).is_some() {
            return None;
        }
        self.positions.all().last().map(|last| last.ended)
    }
}

/// Different identities are different clusters; an unknown one is no contradiction.
pub(crate) fn same_cluster(one: &Seen, other: &Seen) -> bool {
    match (&one.reading.system_id, &other.reading.system_id) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}
