//! Commands that were right once, and what they are now. Only PostgreSQL's own renames are rewritten; the rest is told.

use std::sync::LazyLock;

use regex::Regex;

/// Renamed in PostgreSQL 10, columns included; the meaning stayed.
const RENAMED: [(&str, &str); 14] = [
    ("pg_last_xlog_receive_location", "pg_last_wal_receive_lsn"),
    ("pg_last_xlog_replay_location", "pg_last_wal_replay_lsn"),
    ("pg_current_xlog_location", "pg_current_wal_lsn"),
    ("pg_current_xlog_insert_location", "pg_current_wal_insert_lsn"),
    ("pg_current_xlog_flush_location", "pg_current_wal_flush_lsn"),
    ("pg_xlog_location_diff", "pg_wal_lsn_diff"),
    ("pg_xlog_replay_pause", "pg_wal_replay_pause"),
    ("pg_xlog_replay_resume", "pg_wal_replay_resume"),
    ("pg_is_xlog_replay_paused", "pg_is_wal_replay_paused"),
    ("pg_switch_xlog", "pg_switch_wal"),
    ("pg_xlogfile_name", "pg_walfile_name"),
    ("pg_receivexlog", "pg_receivewal"),
    ("pg_start_backup", "pg_backup_start"),
    ("pg_stop_backup", "pg_backup_stop"),
];

/// What stands in a command, and what a person has to know about it.
const TOLD: [(&str, &str); 11] = [
    (
        r"recovery\.conf",
        "PostgreSQL 12 and later refuse to start with a recovery.conf: settings go into postgresql.conf, beside an empty \
         recovery.signal (standby.signal for a standby)",
    ),
    (
        r"pg_restore[\s\S]*--target-time",
        "pg_restore has no --target-time: recovery to a point in time is a physical backup with recovery_target_time",
    ),
    (
        r"(?i)set\s+(session\s+|global\s+)?default_transaction_read_only",
        "default_transaction_read_only stops nobody: every session may set it back; a fence is needed (stop the server, \
         or reject in pg_hba.conf and end the connections)",
    ),
    (
        r"(?i)pg_stat_activity[\s\S]*\bxid\s*=|\bSELECT\s+xid\b[\s\S]*pg_stat_activity",
        "pg_stat_activity calls it backend_xid",
    ),
    (
        r"\btrigger_file\b|/tmp/postgresql\.trigger",
        "the trigger file was removed in PostgreSQL 16: pg_promote() or pg_ctl promote",
    ),
    (r"(?m)^\s*sleep\s+\d+", "waiting a fixed time verifies nothing: a `verify` block asks until it is so"),
    (
        r"(?i)now\(\)\s*-\s*pg_last_xact_replay_timestamp",
        "this lag grows on an idle primary and is blind to a broken link: use a `check` block with `lag` or `loss`",
    ),
    (
        r"rds\s+promote-read-replica",
        "promotion of a replica is asynchronous, cannot be undone and fences nothing: wait until the instance is available \
         and no longer names a source, then write to it",
    ),
    (
        r"route53\s+change-resource-record-sets",
        "a `route53` block shows the record before and after, waits for INSYNC and keeps the old one for the undo; the \
         change goes through us-east-1, whatever region is down",
    ),
    (
        r"pg_receivewal[\s\S]*recovery_target_time|pg_recovery_target_time",
        "recovery_target_time is a server setting, read with a recovery.signal and a restore_command",
    ),
    (
        r"kubectl\s+config\s+use-context",
        "this changes the context of the whole machine: write --context in each command",
    ),
];

/// The text in present-day terms, and what was changed or has to be known.
pub(super) fn modernise(text: &str) -> (String, Vec<String>) {
    let mut modern = text.to_owned();
    let mut notes = Vec::new();
    for (old, new) in RENAMED {
        if modern.contains(old) {
            modern = modern.replace(old, new);
            notes.push(format!("`{old}` is `{new}` now"));
        }
    }
    for (pattern, note) in told() {
        if pattern.is_match(&modern) {
            notes.push((*note).to_owned());
        }
    }
    (modern, notes)
}

fn told() -> &'static [(Regex, &'static str)] {
    static COMPILED: LazyLock<Vec<(Regex, &'static str)>> =
        LazyLock::new(|| TOLD.iter().filter_map(|(pattern, note)| Some((Regex::new(pattern).ok()?, *note))).collect());
    &COMPILED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(told().len(), TOLD.len());
    }

    #[test]
    fn renamed_functions_are_rewritten_and_the_rest_is_told() {
        let (text, notes) = modernise("SELECT pg_last_xlog_receive_location();");
        assert_eq!(text, "SELECT pg_last_wal_receive_lsn();");
        assert_eq!(notes.len(), 1);
        let (text, notes) = modernise("cat > /recovery/recovery.conf");
        assert_eq!(text, "cat > /recovery/recovery.conf");
        assert!(notes[0].contains("recovery.signal"), "{notes:?}");
        assert!(modernise("SELECT 1;").1.is_empty());
    }
}
