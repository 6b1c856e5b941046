//! What a reading tells beside the age of the newest usable backup, against what the estate wants.

use super::recency::judge;
use super::{BackupReading, Checksum, DestinationReading};
use crate::estate::{Backup, DestinationRole};
use crate::reading::{BackupFacts, BackupHealth, DestinationStatus, Proof, RetentionKept};
use crate::time::{Now, Timestamp, at_offset, human, since};

/// Twice the retention and more is too long: a full backup stays until the next one has everything that builds on it.
const TOO_LONG: u32 = 2;

/// All of what `reading` tells; without one all of it is unknown.
pub(super) fn facts(backup: &Backup, reading: Option<&BackupReading>, now: Now) -> BackupFacts {
    let nothing = BackupReading::default();
    let reading = reading.unwrap_or(&nothing);
    let tested_at = reading.restore_tested;
    let due = backup.restore_test_every.map(|every| tested_at.map_or(now.wall, |at| at_offset(at, every)));
    let mut facts = BackupFacts {
        proof: proof(reading),
        destinations: destinations(backup, reading, now),
        oldest_kept: reading.oldest_kept,
        kept: reading.kept,
        retention: backup.retention,
        retention_kept: retention(backup, reading.oldest_kept, now),
        encrypted: reading.encrypted,
        encryption_expected: backup.encrypted,
        checksum: reading.checksum,
        checksum_at: reading.checksum_at,
        restore_test: reading.restore_test.clone(),
        restore_test_every: backup.restore_test_every,
        restore_test_due: due,
        restore_test_overdue: due.is_some_and(|due| due <= now.wall),
        running: reading.running,
        bytes: reading.bytes,
        concerns: Vec::new(),
        certain: 0,
        doubtful: false,
    };
    let Concerns { known, doubts, missing } = concerns(&facts, reading, now);
    facts.certain = known.len();
    facts.doubtful = !doubts.is_empty();
    facts.concerns = known.into_iter().chain(doubts).chain(missing).collect();
    facts
}

fn proof(reading: &BackupReading) -> Proof {
    let failed = reading.restore_test.as_ref().is_some_and(|test| !test.passed);
    match reading.newest_usable {
        None => Proof::Unknown,
        // Whatever the tool says: it did not come back.
        Some(_) if failed || reading.checksum == Checksum::Failed => Proof::Exists,
        Some(_) if reading.restore_tested.is_some() => Proof::Tested,
        Some(_) if reading.vouched => Proof::Restorable,
        Some(_) => Proof::Exists,
    }
}

fn retention(backup: &Backup, oldest: Option<Timestamp>, now: Now) -> RetentionKept {
    let (Some(wanted), Some(oldest)) = (backup.retention, oldest) else { return RetentionKept::Unknown };
    let reaches = since(now.wall, oldest);
    if reaches + backup.every + wanted / 10 < wanted {
        RetentionKept::Short
    } else if reaches > wanted * TOO_LONG + backup.every {
        RetentionKept::Long
    } else {
        RetentionKept::Kept
    }
}

/// Those of the estate's file, in its order; without any, those that the tool tells of.
fn destinations(backup: &Backup, reading: &BackupReading, now: Now) -> Vec<DestinationStatus> {
    let told = &reading.destinations;
    if backup.destinations.is_empty() {
        let each = told.iter().enumerate();
        return each.map(|(place, it)| status(&it.name, DestinationRole::at(place), it, backup.every, now)).collect();
    }
    let only = backup.destinations.len() == 1 && told.len() <= 1;
    let each = backup.destinations.iter().map(|wanted| {
        let found = told.iter().find(|it| it.name == wanted.name || it.name == wanted.told_as).cloned();
        // One place and one source: what the source tells is of that place.
        let own = || DestinationReading::of(wanted.name.clone(), Ok(reading.clone()));
        let found = found.or_else(|| (only && wanted.source.is_none() && reading.kept_anything()).then(own));
        let unknown = || DestinationReading { unread: Some(NOT_READ.to_owned()), ..DestinationReading::default() };
        status(&wanted.name, wanted.role, &found.unwrap_or_else(unknown), wanted.every.unwrap_or(backup.every), now)
    });
    each.collect()
}

fn status(
    name: &str,
    role: DestinationRole,
    read: &DestinationReading,
    every: std::time::Duration,
    now: Now,
) -> DestinationStatus {
    let (health, error) = match &read.unread {
        Some(why) => (BackupHealth::Unknown, Some(why.clone())),
        None => judge(read.newest_usable, read.newer_failure.as_deref(), every, now),
    };
    let age = read.newest_usable.filter(|newest| *newest <= now.wall).map(|newest| since(now.wall, newest));
    DestinationStatus {
        name: name.to_owned(),
        role: role.word().to_owned(),
        status: health,
        newest_usable: read.newest_usable,
        age,
        every,
        encrypted: read.encrypted,
        error,
    }
}

impl BackupReading {
    /// It tells of backups, or that there are none.
    fn kept_anything(&self) -> bool {
        self.newest_usable.is_some() || self.kept.is_some() || self.newer_failure.is_some()
    }
}

/// A place that nothing reads is unknown, and no concern: the file only names it.
const NOT_READ: &str = "nothing tells its age";

#[derive(Debug, Default)]
struct Concerns {
    /// Known to be wrong.
    known: Vec<String>,
    /// Not known although it should be.
    doubts: Vec<String>,
    /// Wanted and never done: said where it is looked for, and nobody is woken for it.
    missing: Option<String>,
}

fn concerns(facts: &BackupFacts, reading: &BackupReading, now: Now) -> Concerns {
    let ago = |at: Timestamp| human(since(now.wall, at));
    let Concerns { known: mut found, mut doubts, mut missing } = Concerns::default();
    if facts.checksum == Checksum::Failed {
        found.push("checksums failed".to_owned());
    }
    if let Some(test) = facts.restore_test.as_ref().filter(|test| !test.passed) {
        let why = test.detail.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        found.push(format!("restore test failed {} ago{why}", ago(test.at)));
    }
    for place in &facts.destinations {
        let why = || place.error.as_deref().map_or_else(String::new, |why| format!(", {why}"));
        let age = || place.age.map_or_else(|| "no usable copy".to_owned(), |age| format!("{} old", human(age)));
        match place.status {
            BackupHealth::Ok => {}
            BackupHealth::Late => found.push(format!("{}: late, {}", place.name, age())),
            BackupHealth::Failed => found.push(format!("{}: failed, {}{}", place.name, age(), why())),
            BackupHealth::Unknown if place.error.as_deref() == Some(NOT_READ) => {}
            BackupHealth::Unknown => doubts.push(format!("{}: unknown{}", place.name, why())),
        }
    }
    match (facts.encryption_expected, facts.encrypted) {
        (true, Some(false)) => found.push("not encrypted".to_owned()),
        (true, None) => doubts.push("whether it is encrypted is not known".to_owned()),
        _ => {}
    }
    if let (Some(wanted), Some(oldest)) = (facts.retention, facts.oldest_kept) {
        match facts.retention_kept {
            RetentionKept::Short => {
                found.push(format!("retention not kept: reaches back {} of {}", ago(oldest), human(wanted)));
            }
            RetentionKept::Long => found.push(format!("kept too long: {} of {}", ago(oldest), human(wanted))),
            RetentionKept::Kept | RetentionKept::Unknown => {}
        }
    }
    if let (true, Some(every)) = (facts.restore_test_overdue, facts.restore_test_every) {
        match reading.restore_tested {
            Some(at) => found.push(format!("restore test overdue: {} ago, every {}", ago(at), human(every))),
            None => missing = Some(format!("restore never tested, every {} wanted", human(every))),
        }
    }
    found.extend(reading.warnings.iter().cloned());
    Concerns { known: found, doubts, missing }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::backup::RestoreTest;
    use crate::estate::{BackupSource, Destination, FilesSource};
    use crate::ident::BackupId;

    const DAY: i64 = 86_400;
    const NOW: i64 = 100 * DAY;

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    fn now() -> Now {
        Now { wall: at(NOW).unwrap(), boot: Duration::from_secs(5000) }
    }

    fn daily() -> Backup {
        let source = BackupSource::Files(FilesSource { glob: "/backup/*".to_owned(), min_bytes: 1 });
        Backup::new(BackupId::from("orders"), source, Duration::from_secs(86_400))
    }

    fn place(name: &str, told_as: &str) -> Destination {
        Destination {
            name: name.to_owned(),
            role: DestinationRole::Primary,
            source: None,
            told_as: told_as.to_owned(),
            every: None,
            timeout: None,
        }
    }

    fn fresh() -> BackupReading {
        BackupReading { newest_usable: at(NOW - 3600), kept: Some(3), ..BackupReading::default() }
    }

    fn days(days: u64) -> Option<Duration> {
        Some(Duration::from_secs(days * 86_400))
    }

    #[test]
    fn what_nobody_tells_is_unknown() {
        let facts = facts(&daily(), None, now());
        assert_eq!(facts, BackupFacts::default());
    }

    #[test]
    fn existing_is_less_than_restorable_and_that_is_less_than_tested() {
        let proof = |reading: BackupReading| facts(&daily(), Some(&reading), now()).proof;
        assert_eq!(proof(fresh()), Proof::Exists);
        let vouched = BackupReading { vouched: true, ..fresh() };
        assert_eq!(proof(vouched.clone()), Proof::Restorable);
        let tested = BackupReading { restore_tested: at(NOW - DAY), ..vouched };
        assert_eq!(proof(tested.clone()), Proof::Tested);
        let test = RestoreTest { at: at(NOW).unwrap(), passed: false, by: None, detail: None };
        assert_eq!(proof(BackupReading { restore_test: Some(test), ..tested }), Proof::Exists);
    }

    #[test]
    fn retention_is_held_against_the_oldest_that_is_kept() {
        let kept = |oldest: i64| {
            let backup = Backup { retention: days(14), ..daily() };
            let reading = BackupReading { oldest_kept: at(NOW - oldest * DAY), ..fresh() };
            facts(&backup, Some(&reading), now()).retention_kept
        };
        assert_eq!(kept(3), RetentionKept::Short);
        assert_eq!(kept(13), RetentionKept::Kept);
        assert_eq!(kept(20), RetentionKept::Kept, "a full one waits for the next");
        assert_eq!(kept(60), RetentionKept::Long);
        assert_eq!(facts(&daily(), Some(&fresh()), now()).retention_kept, RetentionKept::Unknown);
    }

    #[test]
    fn each_destination_has_its_own_age() {
        let told = |name: &str, age: i64| DestinationReading {
            name: name.to_owned(),
            newest_usable: at(NOW - age),
            ..DestinationReading::default()
        };
        let backup = Backup {
            destinations: vec![place("bucket", "repo1"), place("nas", "repo2"), place("tape", "tape")],
            ..daily()
        };
        let reading = BackupReading { destinations: vec![told("repo1", 60), told("repo2", 3 * DAY)], ..fresh() };
        let facts = facts(&backup, Some(&reading), now());
        let all: Vec<_> = facts.destinations.iter().map(|it| (it.name.as_str(), it.status)).collect();
        assert_eq!(all, [("bucket", BackupHealth::Ok), ("nas", BackupHealth::Late), ("tape", BackupHealth::Unknown)]);
        assert_eq!(facts.concerns, ["nas: late, 3d old"], "a place that is only named is unknown, and no concern");
    }

    #[test]
    fn a_single_place_has_the_figures_of_its_set() {
        let backup = Backup { destinations: vec![place("bucket", "bucket")], ..daily() };
        let facts = facts(&backup, Some(&fresh()), now());
        assert_eq!(
            (facts.destinations[0].status, facts.destinations[0].age),
            (BackupHealth::Ok, Some(Duration::from_secs(3600)))
        );
    }

    #[test]
    fn what_is_not_as_wanted_is_told() {
        let backup = Backup { encrypted: true, restore_test_every: days(30), ..daily() };
        let plain = BackupReading { encrypted: Some(false), restore_tested: at(NOW - 41 * DAY), ..fresh() };
        let told = facts(&backup, Some(&plain), now());
        assert_eq!(told.concerns, ["not encrypted", "restore test overdue: 41d ago, every 30d"]);
        assert!(told.restore_test_overdue);
        let never = BackupReading { encrypted: Some(true), ..fresh() };
        assert_eq!(facts(&backup, Some(&never), now()).concerns, ["restore never tested, every 30d wanted"]);
    }
}
