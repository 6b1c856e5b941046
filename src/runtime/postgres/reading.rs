//! One look at one server: a single query that works on primary and standby, on versions 10 to 17, with and without
//! privileges.

use std::time::Duration;

use domain::replication::{Archiver, Lsn, Receiver, Sender, ServerReading};
use domain::time::Timestamp;
use domain::untrusted::sanitise_line;
use serde_json::Value;
use tokio::time::timeout;

use super::connect::{Client, connect};
use super::dsn::Dsn;
use super::error::Error;
use crate::runtime::clock;

/// Functions of the role stand inside `CASE`: `pg_current_wal_lsn()` raises an error on a standby. Columns that differ
/// between versions stay inside `to_jsonb(row)`. The role is never inferred from positions: a server that crash-recovered
/// has a replay position although it is a primary.
const LOOK: &str = "SELECT jsonb_build_object(
 'ver', current_setting('server_version_num')::int,
 'rec', pg_is_in_recovery(),
 'now', clock_timestamp(),
 'started', pg_postmaster_start_time(),
 'tli', CASE WHEN NOT pg_is_in_recovery() THEN ('x'||substr(pg_walfile_name(pg_current_wal_lsn()),1,8))::bit(32)::int END,
 'cur', CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END,
 'segment', CASE WHEN NOT pg_is_in_recovery() THEN pg_walfile_name(pg_current_wal_lsn()) END,
 'recv', CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() END,
 'replay', CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END,
 'have', CASE WHEN pg_is_in_recovery() THEN GREATEST(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) END,
 'last_xact', CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp() END,
 'paused', CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END,
 'min_apply_delay', current_setting('recovery_min_apply_delay', true),
 'ssn', current_setting('synchronous_standby_names'),
 'receiver', (SELECT to_jsonb(w) - 'conninfo' FROM pg_stat_wal_receiver w),
 'senders', (SELECT coalesce(jsonb_agg(to_jsonb(s)),'[]') FROM pg_stat_replication s),
 'archiver', (SELECT to_jsonb(a) FROM pg_stat_archiver a))";

/// Apart, because a hardened server may have taken the right to ask from everybody.
const IDENTITY: &str = "SELECT system_identifier::text FROM pg_control_system()";

const LIMITS: &str = "SET statement_timeout='2s'; SET lock_timeout='500ms'";

/// What was learned, with what only the asker can know.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub server: ServerReading,
    /// The check's own query failed with this.
    pub query_error: Option<String>,
    /// From the question to the answer, the connection included.
    pub latency: Duration,
    /// How far the server's clock is ahead of ours, milliseconds, to half of the round trip.
    pub clock_skew_ms: Option<i64>,
}

/// Connects, asks, closes; `deadline` covers all of it.
///
/// # Errors
/// Why nothing was learned.
pub async fn look(dsn: &Dsn, query: Option<&str>, deadline: Duration) -> Result<Look, Error> {
    let started = clock::boottime();
    let asked = async {
        let client = connect(dsn, deadline).await?;
        let mut look = read(&client, query).await?;
        look.latency = clock::boottime().saturating_sub(started);
        Ok(look)
    };
    timeout(deadline, asked).await.unwrap_or(Err(Error::TimedOut { after: deadline }))
}

/// Asks an open connection. The caller limits the time.
///
/// # Errors
/// Why nothing was learned.
pub async fn read(client: &Client, query: Option<&str>) -> Result<Look, Error> {
    client.query(LIMITS).await?;
    let before = clock::now();
    let text = client.value(LOOK).await?;
    let after = clock::now();
    let seen: Value = serde_json::from_str(text.as_deref().unwrap_or_default())
        .map_err(|error| Error::Lost { why: format!("the answer cannot be read: {error}") })?;
    let mut server = server(&seen);
    server.system_id = match client.value(IDENTITY).await {
        Ok(id) => id,
        Err(Error::Refused { state, .. }) if state == "42501" => None,
        Err(error) => return Err(error),
    };
    let mut query_error = None;
    if let Some(query) = query {
        match ask(client, query).await {
            Ok(answer) => server.query_true = Some(answer),
            Err(error @ Error::Refused { .. }) => query_error = Some(error.to_string()),
            Err(error) => return Err(error),
        }
    }
    let round = after.boot.saturating_sub(before.boot);
    let clock_skew_ms = server.server_now.map(|theirs| {
        let half = i64::try_from(round.as_millis() / 2).unwrap_or(i64::MAX);
        theirs.as_millisecond().saturating_sub(before.wall.as_millisecond()).saturating_sub(half)
    });
    Ok(Look { server, query_error, latency: round, clock_skew_ms })
}

/// The check's own query, unable to change anything.
async fn ask(client: &Client, query: &str) -> Result<bool, Error> {
    client.query("SET default_transaction_read_only=on").await?;
    Ok(matches!(client.value(query).await?.as_deref(), Some("t" | "true" | "on" | "yes" | "1")))
}

fn server(seen: &Value) -> ServerReading {
    ServerReading {
        version: u32::try_from(seen["ver"].as_u64().unwrap_or_default()).unwrap_or_default(),
        in_recovery: seen["rec"].as_bool().unwrap_or_default(),
        system_id: None,
        server_now: instant(&seen["now"]),
        started_at: instant(&seen["started"]),
        timeline: number(&seen["tli"]),
        current: lsn(&seen["cur"]),
        segment: seen["segment"].as_str().map(sanitise_line),
        received: lsn(&seen["recv"]),
        replayed: lsn(&seen["replay"]),
        have: lsn(&seen["have"]),
        last_commit_replayed: instant(&seen["last_xact"]),
        replay_paused: seen["paused"].as_bool(),
        apply_delay_ms: seen["min_apply_delay"].as_str().and_then(setting_ms),
        synchronous_standbys: text(&seen["ssn"]).filter(|names| !names.is_empty()),
        receiver: seen["receiver"].as_object().map(|_| receiver(&seen["receiver"])),
        senders: senders(&seen["senders"]),
        archiver: seen["archiver"].as_object().map(|_| archiver(&seen["archiver"])),
        query_true: None,
    }
}

fn receiver(row: &Value) -> Receiver {
    // Before 13 the column was `received_lsn`, and what was received had been flushed.
    let flushed = lsn(&row["flushed_lsn"]).or_else(|| lsn(&row["received_lsn"]));
    Receiver {
        status: text(&row["status"]),
        flushed,
        latest_end: lsn(&row["latest_end_lsn"]),
        last_message_at: instant(&row["last_msg_receipt_time"]),
        timeline: number(&row["received_tli"]),
        sender_host: text(&row["sender_host"]),
        sender_port: number(&row["sender_port"]),
    }
}

/// `None` when a row is there and its state is not: the privilege is missing, which is not "no standby".
fn senders(rows: &Value) -> Option<Vec<Sender>> {
    let rows = rows.as_array()?;
    if rows.iter().any(|row| row["state"].is_null()) {
        return None;
    }
    Some(
        rows.iter()
            .map(|row| Sender {
                name: text(&row["application_name"]).unwrap_or_default(),
                state: text(&row["state"]),
                sync_state: text(&row["sync_state"]),
                backend_start: instant(&row["backend_start"]),
                sent: lsn(&row["sent_lsn"]),
                flushed: lsn(&row["flush_lsn"]),
                replayed: lsn(&row["replay_lsn"]),
                reply_at: instant(&row["reply_time"]),
            })
            .collect(),
    )
}

fn archiver(row: &Value) -> Archiver {
    Archiver {
        last_archived_at: instant(&row["last_archived_time"]),
        last_archived_wal: text(&row["last_archived_wal"]),
        last_failed_at: instant(&row["last_failed_time"]),
        failed_count: row["failed_count"].as_u64(),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(sanitise_line)
}

fn lsn(value: &Value) -> Option<Lsn> {
    value.as_str().and_then(Lsn::parse)
}

/// `infinity` and its like are not instants.
fn instant(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

fn number<N: TryFrom<u64>>(value: &Value) -> Option<N> {
    N::try_from(value.as_u64()?).ok()
}

/// A duration as PostgreSQL prints a setting: `0`, `500ms`, `10min`.
fn setting_ms(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match &text[digits..] {
        "" | "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_without_a_state_is_a_missing_privilege() {
        assert_eq!(senders(&json!([])), Some(Vec::new()));
        assert_eq!(senders(&json!([{"pid": 7, "application_name": "s1", "state": null}])), None);
        assert_eq!(senders(&Value::Null), None);
    }

    #[test]
    fn the_receiver_of_old_versions_is_read_by_its_old_column() {
        let old = receiver(&json!({"status": "streaming", "received_lsn": "0/3000148"}));
        assert_eq!(old.flushed, Lsn::parse("0/3000148"));
        assert_eq!(old.latest_end, None);
    }

    #[test]
    fn settings_read_in_milliseconds() {
        for (text, ms) in [("0", Some(0)), ("500ms", Some(500)), ("10min", Some(600_000)), ("1x", None)] {
            assert_eq!(setting_ms(text), ms);
        }
    }

    #[test]
    fn instants_take_postgresqls_json_form() {
        assert!(instant(&json!("2026-11-20T04:45:21.123456+01:00")).is_some());
        assert_eq!(instant(&json!("infinity")), None);
    }
}
