//! What one PostgreSQL server says of itself.

use serde::{Deserialize, Serialize};

use super::Lsn;
use crate::time::Timestamp;

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
    /// On a primary: the name of the segment that it writes.
    #[serde(default)]
    pub segment: Option<String>,
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
