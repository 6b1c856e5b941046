//! Whether the archive that a tool shows grows as the server believes.

use crate::replication::Archiver;
use crate::time::clock;
use crate::untrusted::sanitise_line;

/// So many segments may be written before the archive has them: one being filled, one on its way.
const ON_ITS_WAY: u64 = 2;

/// What is wrong with archiving, `None` when nothing is. The tool's own status stays ok while archiving is dead: its
/// last segment is compared with what the server says it archived, and with the segment it writes now. The server
/// must have been asked *before* the tool.
#[must_use]
pub fn wal_gap(archived_to: Option<&str>, archiver: &Archiver, current: Option<&str>) -> Option<String> {
    let failing =
        archiver.last_failed_at.filter(|failed| archiver.last_archived_at.is_none_or(|archived| *failed > archived));
    let ends = archived_to.map_or_else(|| "it holds no WAL".to_owned(), |segment| format!("it ends at {segment}"));
    if let Some(failed) = failing {
        return Some(sanitise_line(&format!("archiving failed {}; {ends}", clock(failed))));
    }
    let believed = archiver.last_archived_wal.as_deref().filter(|name| segment(name).is_some());
    if let Some(believed) = believed
        && archived_to.is_none_or(|held| segment(held) < segment(believed))
    {
        return Some(sanitise_line(&format!(
            "the server archived {believed}, and the repository has not got it: {ends}"
        )));
    }
    if archived_to.is_none() {
        return Some("nothing was archived: the repository holds no WAL".to_owned());
    }
    let behind = current.and_then(|current| distance(archived_to?, current)).filter(|behind| *behind > ON_ITS_WAY)?;
    Some(sanitise_line(&format!("at least {behind} WAL segments are not archived: {ends}")))
}

/// Log and segment of a name, without its timeline: a promotion changes that.
fn segment(name: &str) -> Option<(u64, u64)> {
    let plain = name.get(..24).filter(|name| name.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let part = |from: usize| u64::from_str_radix(plain.get(from..from + 8)?, 16).ok();
    // `….00000028.backup` and `.partial` are no segments.
    (name.len() == 24).then_some(())?;
    Some((part(8)?, part(16)?))
}

/// Segments from one to the other, at least: how many make up a log depends on their size, which is not told.
fn distance(from: &str, to: &str) -> Option<u64> {
    let ((from_log, from), (to_log, to)) = (segment(from)?, segment(to)?);
    match to_log.checked_sub(from_log)? {
        0 => to.checked_sub(from),
        logs => Some(to + logs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn name(segment: u64) -> String {
        format!("00000001{:08X}{segment:08X}", 0)
    }

    fn server(archived: u64, failed: Option<i64>) -> Archiver {
        Archiver {
            last_archived_at: Timestamp::from_second(1000).ok(),
            last_archived_wal: Some(name(archived)),
            last_failed_at: failed.and_then(|at| Timestamp::from_second(at).ok()),
            failed_count: None,
        }
    }

    #[test]
    fn an_archive_that_follows_is_well() {
        assert_eq!(wal_gap(Some(&name(5)), &server(5, Some(10)), Some(&name(6))), None);
        assert_eq!(wal_gap(Some(&name(6)), &server(5, None), Some(&name(7))), None, "it archived one more meanwhile");
        let label = Archiver { last_archived_wal: Some(format!("{}.00000028.backup", name(9))), ..server(5, None) };
        assert_eq!(wal_gap(Some(&name(5)), &label, Some(&name(6))), None, "a label is no segment");
    }

    #[test]
    fn a_command_that_keeps_nothing_is_found_out() {
        let said = wal_gap(Some(&name(5)), &server(8, None), Some(&name(9))).unwrap();
        assert!(said.contains("the repository has not got it: it ends at 000000010000000000000005"), "{said}");
        assert!(wal_gap(None, &server(8, None), None).unwrap().contains("it holds no WAL"));
        let never = wal_gap(None, &Archiver::default(), Some(&name(9))).unwrap();
        assert!(never.contains("holds no WAL"), "archiving that is off is not well: {never}");
    }

    #[test]
    fn failing_and_hanging_are_told() {
        assert!(wal_gap(Some(&name(5)), &server(5, Some(2000)), None).unwrap().starts_with("archiving failed"));
        let hangs = wal_gap(Some(&name(5)), &server(5, None), Some(&name(20))).unwrap();
        assert!(hangs.contains("at least 15 WAL segments"), "{hangs}");
        let next_log = format!("0000000100000001{:08X}", 0);
        assert_eq!(wal_gap(Some(&name(255)), &server(255, None), Some(&next_log)), None);
    }
}
