//! The closed table of SQL that the simulated world understands by its meaning. Everything else is not guessed.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

/// What one statement means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    Promote,
    /// The value asked for: `true` for `pg_is_in_recovery()`, `false` for its negation.
    InRecovery {
        wanted: bool,
    },
    /// Writes something: INSERT, UPDATE, DELETE, or the making of an object.
    Write,
    /// Replay is less than this behind.
    LagBelow(Duration),
    /// Everything received is replayed.
    Replayed,
    /// A standby that a primary feeds.
    Streaming,
    /// A primary archives its log.
    Archiving,
    /// Answers as soon as the server does.
    Anything,
}

fn pattern(text: &str) -> Regex {
    #[allow(clippy::expect_used)]
    Regex::new(text).expect("the pattern is a constant that a test compiles")
}

static PROMOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^select pg_promote\([^)]*\)$"));
static RECOVERY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^select (not )?pg_is_in_recovery\(\)( = (true|false))?$"));
static WRITE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(insert into|update|delete from|create (temp )?table|truncate|drop table|checkpoint$|select pg_switch_wal\(\)$)",
    )
});
static LAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"pg_last_xact_replay_timestamp\(\)\)? ?<=? ?interval '(\d+) ?(s|sec|secs|second|seconds|m|min|mins|minute|minutes)'",
    )
});
static REPLAYED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^select (pg_last_wal_receive_lsn\(\) = pg_last_wal_replay_lsn\(\)|pg_last_wal_replay_lsn\(\) >= pg_last_wal_receive_lsn\(\))$",
    )
});
static STREAMING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^select (pg_is_in_recovery\(\) and )?exists \(select 1 from pg_stat_wal_receiver where status = 'streaming'\)$",
    )
});
static ARCHIVING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^select last_archived_wal is not null( and not exists \(.*\))? from pg_stat_archiver$"));
static ANYTHING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^select (1|true|version\(\)|now\(\)|pg_reload_conf\(\))$"));

/// The statements of a block, one after the other, normalised: small letters outside quotes stay as they are read, white
/// space single, comments gone.
pub(super) fn statements(text: &str) -> Vec<String> {
    let without_comments: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let joined = without_comments.join(" ").to_lowercase();
    let statements = joined.split(';').map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" "));
    statements.filter(|statement| !statement.is_empty()).collect()
}

/// One of the statements writes.
pub(super) fn writes(text: &str) -> bool {
    statements(text).iter().any(|statement| meaning(statement) == Some(Meaning::Write))
}

/// What a normalised statement means, if it is in the table.
pub(super) fn meaning(statement: &str) -> Option<Meaning> {
    if PROMOTE.is_match(statement) {
        return Some(Meaning::Promote);
    }
    if let Some(found) = RECOVERY.captures(statement) {
        let denied = found.get(1).is_some() != found.get(3).is_some_and(|value| value.as_str() == "false");
        return Some(Meaning::InRecovery { wanted: !denied });
    }
    if WRITE.is_match(statement) {
        return Some(Meaning::Write);
    }
    if let Some(found) = LAG.captures(statement) {
        let number: u64 = found[1].parse().ok()?;
        let seconds = if found[2].starts_with('m') { number.checked_mul(60)? } else { number };
        return Some(Meaning::LagBelow(Duration::from_secs(seconds)));
    }
    if REPLAYED.is_match(statement) {
        return Some(Meaning::Replayed);
    }
    if STREAMING.is_match(statement) {
        return Some(Meaning::Streaming);
    }
    if ARCHIVING.is_match(statement) {
        return Some(Meaning::Archiving);
    }
    ANYTHING.is_match(statement).then_some(Meaning::Anything)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_by_their_meaning() {
        for (sql, means) in [
            ("SELECT pg_promote(true, 60);", Some(Meaning::Promote)),
            ("select  not\n pg_is_in_recovery() ; -- writable?", Some(Meaning::InRecovery { wanted: false })),
            ("SELECT pg_is_in_recovery()", Some(Meaning::InRecovery { wanted: true })),
            ("SELECT pg_is_in_recovery() = false", Some(Meaning::InRecovery { wanted: false })),
            ("INSERT INTO failover_test VALUES (now())", Some(Meaning::Write)),
            (
                "SELECT now() - pg_last_xact_replay_timestamp() < interval '30 seconds'",
                Some(Meaning::LagBelow(Duration::from_secs(30))),
            ),
            ("SELECT pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()", Some(Meaning::Replayed)),
            (
                "SELECT pg_is_in_recovery() AND EXISTS (SELECT 1 FROM pg_stat_wal_receiver WHERE status = 'streaming');",
                Some(Meaning::Streaming),
            ),
            (
                "SELECT last_archived_wal IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_ls_archive_statusdir()) FROM pg_stat_archiver",
                Some(Meaning::Archiving),
            ),
            ("SELECT 1", Some(Meaning::Anything)),
            ("SELECT count(*) > 0 FROM orders", None),
            ("DROP DATABASE orders", None),
        ] {
            let statements = statements(sql);
            assert_eq!(statements.len(), 1, "{sql}");
            assert_eq!(meaning(&statements[0]), means, "{sql}");
        }
    }
}
