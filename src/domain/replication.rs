//! PostgreSQL replication as read from both ends, and what it means for loss.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Timestamp;

/// A write-ahead-log position, compared as a number (never as text: `0/9000000` < `0/10000000`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lsn(pub u64);

impl Lsn {
    /// Reads PostgreSQL's form, `16/B374D848`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (high, low) = text.trim().split_once('/')?;
        let high = u32::from_str_radix(high, 16).ok()?;
        let low = u32::from_str_radix(low, 16).ok()?;
        Some(Self(u64::from(high) << 32 | u64::from(low)))
    }

    /// Bytes from `earlier` to this position; zero when this is not ahead.
    #[must_use]
    pub const fn bytes_after(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Lsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & 0xFFFF_FFFF)
    }
}

impl Serialize for Lsn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Lsn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected a position such as 16/B374D848"))
    }
}

/// One look at one server, from its own SQL. Fields a version or a missing privilege hides are `None`, which is
/// "not known", never zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServerReading {
    pub version: u32,
    pub in_recovery: bool,
    /// The cluster's identity, the same on a primary and its standbys.
    pub system_id: Option<String>,
    /// The server's own clock when it answered.
    pub server_now: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    /// On a primary, from the name of the current segment (never from `pg_control_checkpoint`, which lags a promotion).
    pub timeline: Option<u32>,
    /// On a primary: the end of its log.
    pub current: Option<Lsn>,
    pub received: Option<Lsn>,
    pub replayed: Option<Lsn>,
    /// The greater of received and replayed: after a restart, *received* goes back to the segment's start.
    pub have: Option<Lsn>,
    /// When the last transaction it replayed was committed on the primary.
    pub last_commit_replayed: Option<Timestamp>,
    pub replay_paused: Option<bool>,
    /// `recovery_min_apply_delay`, milliseconds.
    pub apply_delay_ms: Option<u64>,
    pub synchronous_standbys: Option<String>,
    pub receiver: Option<Receiver>,
    /// `None` when the privilege to see them is missing.
    pub senders: Option<Vec<Sender>>,
    pub archiver: Option<Archiver>,
    /// Answer of the check's own query.
    pub query_true: Option<bool>,
}

/// A row of `pg_stat_wal_receiver`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Receiver {
    pub status: Option<String>,
    pub flushed: Option<Lsn>,
    /// The newest end of log the sender told it.
    pub latest_end: Option<Lsn>,
    pub last_message_at: Option<Timestamp>,
    pub timeline: Option<u32>,
    pub sender_host: Option<String>,
    pub sender_port: Option<u16>,
}

/// A row of `pg_stat_replication`; of two rows with one name, the one with the newest `backend_start` is the standby's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    pub name: String,
    pub state: Option<String>,
    pub sync_state: Option<String>,
    pub backend_start: Option<Timestamp>,
    pub sent: Option<Lsn>,
    pub flushed: Option<Lsn>,
    pub replayed: Option<Lsn>,
    pub reply_at: Option<Timestamp>,
}

/// `pg_stat_archiver`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Archiver {
    pub last_archived_at: Option<Timestamp>,
    pub last_archived_wal: Option<String>,
    pub last_failed_at: Option<Timestamp>,
    pub failed_count: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_compare_as_numbers() {
        let nine = Lsn::parse("0/9000000").unwrap_or_default();
        let ten = Lsn::parse("0/10000000").unwrap_or_default();
        assert!(nine < ten);
        assert_eq!(Lsn::parse("16/B374D848").map(|lsn| lsn.to_string()).as_deref(), Some("16/B374D848"));
        assert_eq!(Lsn::parse("zz"), None);
    }
}
