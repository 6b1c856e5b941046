//! What is known of a backup set beside its age, in words.

use std::fmt::Write;

use domain::backup::Checksum;
use domain::reading::{BackupFacts, Proof, RetentionKept, Status};
use domain::time::{human, since};

/// Follows the line of the set: what is known on the same line, each destination and concern on one of its own.
pub(super) fn facts(facts: &BackupFacts, status: &Status) -> String {
    let ago = |at| human(since(status.at, at));
    let mut text = match facts.proof {
        Proof::Unknown => String::new(),
        Proof::Exists => ", it exists, and nothing says that it can be restored".to_owned(),
        Proof::Restorable => ", its tool says that it is whole".to_owned(),
        Proof::Tested => ", restore tested".to_owned(),
    };
    if let Some(test) = &facts.restore_test {
        let result = if test.passed { "passed" } else { "failed" };
        let by = test.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        let _ = write!(text, ", last restore test {result} {} ago{by}", ago(test.at));
    }
    match facts.encrypted {
        Some(true) => text.push_str(", encrypted"),
        Some(false) => text.push_str(", not encrypted"),
        None => {}
    }
    match facts.checksum {
        Checksum::Verified => text.push_str(", checksums verified"),
        Checksum::Failed => text.push_str(", CHECKSUMS FAILED"),
        Checksum::Unknown => {}
    }
    if let (Some(oldest), Some(retention)) = (facts.oldest_kept, facts.retention) {
        let word = if facts.retention_kept == RetentionKept::Kept { "kept" } else { facts.retention_kept.word() };
        let _ = write!(text, ", retention {word}: {} of {}", ago(oldest), human(retention));
    }
    for place in &facts.destinations {
        let age = place.age.map_or_else(|| "age unknown".to_owned(), |age| format!("{} old", human(age)));
        let _ = write!(text, "\n  {} destination {}: {}, {age}", place.role, place.name, place.status.word());
        if let Some(error) = &place.error {
            let _ = write!(text, ", {error}");
        }
    }
    for concern in &facts.concerns {
        let _ = write!(text, "\n  concern: {concern}");
    }
    text
}
