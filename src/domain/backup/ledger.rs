//! The ledger of tests: what was restored and verified, one JSON line each, appended by runbooks and people.

use serde::{Deserialize, Serialize};

use super::{BackupReading, Checksum};
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

/// A backup was restored, and what was restored was looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoreTest {
    pub at: Timestamp,
    pub passed: bool,
    /// Who or what did it: a person, a runbook.
    #[serde(default)]
    pub by: Option<String>,
    /// What came of it: rows counted, or why it failed.
    #[serde(default)]
    pub detail: Option<String>,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerLine {
    pub backup: String,
    #[serde(default)]
    pub test: TestOf,
    #[serde(flatten)]
    pub result: RestoreTest,
}

/// What was put to the test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TestOf {
    #[default]
    Restore,
    /// The stored bytes were compared with their checksums.
    Checksum,
}

/// What a ledger tells of one backup set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    newest: Option<RestoreTest>,
    passed: Option<Timestamp>,
    checksum: Option<RestoreTest>,
    /// Lines that are none of the ledger: half written, or written otherwise.
    unreadable: usize,
    /// Lines that are dated later than now: some clock is wrong, and they prove nothing.
    future: usize,
}

impl Ledger {
    /// The lines about `backup`. A line that cannot be read or believed is counted, and the others stand.
    #[must_use]
    pub fn read(text: &str, backup: &str, now: Timestamp) -> Self {
        let mut ledger = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match serde_json::from_str::<LedgerLine>(line) {
                Ok(line) if line.backup != backup => {}
                Ok(line) if line.result.at > now => ledger.future += 1,
                Ok(line) => ledger.take(line),
                Err(_) => ledger.unreadable += 1,
            }
        }
        ledger
    }

    fn take(&mut self, line: LedgerLine) {
        let words = |text: Option<String>| text.map(|text| sanitise_line(&text)).filter(|text| !text.is_empty());
        let result = RestoreTest { by: words(line.result.by), detail: words(line.result.detail), ..line.result };
        let newest = match line.test {
            TestOf::Restore => &mut self.newest,
            TestOf::Checksum => &mut self.checksum,
        };
        if line.test == TestOf::Restore && result.passed {
            self.passed = self.passed.max(Some(result.at));
        }
        if newest.as_ref().is_none_or(|known| known.at <= result.at) {
            *newest = Some(result);
        }
    }

    /// The newest restore test, whether it passed or not.
    #[must_use]
    pub const fn newest(&self) -> Option<&RestoreTest> {
        self.newest.as_ref()
    }

    /// How many tests are dated later than now.
    #[must_use]
    pub const fn future(&self) -> usize {
        self.future
    }

    /// Adds what is written here to what the source told.
    pub fn add_to(self, reading: &mut BackupReading) {
        reading.restore_tested = reading.restore_tested.max(self.passed);
        if self.newest.is_some() {
            reading.restore_test = self.newest;
        }
        if let Some(test) = self.checksum {
            let found = if test.passed { Checksum::Verified } else { Checksum::Failed };
            // Damage that the tool itself found is not talked away.
            if reading.checksum != Checksum::Failed {
                reading.checksum = found;
            }
            reading.checksum_at = Some(test.at);
        }
        if self.unreadable > 0 {
            reading.warnings.push(format!("lines of the restore test ledger that cannot be read: {}", self.unreadable));
        }
        if self.future > 0 {
            reading.warnings.push(format!("restore tests dated in the future, which do not count: {}", self.future));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEDGER: &str = r#"{"backup":"orders-db","at":"2026-11-01T03:00:00Z","passed":true,"by":"runbook backup-verification","detail":"14 tables"}
{"backup":"media","at":"2026-11-02T03:00:00Z","passed":true}
{"backup":"orders-db","at":"2026-11-08T03:00:00Z","passed":false,"detail":"orders: 0 rows"}
{"backup":"orders-db","at":"2026-11-09T03:00:00Z","test":"checksum","passed":true}
{"backup":"orders-db","at":"2026-11-1
"#;

    fn read(text: &str, at: &str) -> Ledger {
        Ledger::read(text, "orders-db", at.parse().unwrap())
    }

    #[test]
    fn a_test_of_the_future_hides_none_that_was_done() {
        let mut reading = BackupReading::default();
        read(LEDGER, "2026-11-08T12:00:00Z").add_to(&mut reading);
        assert!(reading.restore_test.is_some_and(|test| !test.passed));
        assert_eq!(reading.checksum, Checksum::default());
        assert_eq!(reading.warnings[1], "restore tests dated in the future, which do not count: 1");
    }

    #[test]
    fn the_newest_test_and_the_newest_that_passed_are_two_things() {
        let mut reading = BackupReading::default();
        read(LEDGER, "2026-11-20T00:00:00Z").add_to(&mut reading);
        assert_eq!(reading.restore_tested, "2026-11-01T03:00:00Z".parse().ok());
        let newest = reading.restore_test.unwrap();
        assert_eq!((newest.passed, newest.detail.as_deref()), (false, Some("orders: 0 rows")));
        assert_eq!(reading.checksum, Checksum::Verified);
        assert_eq!(reading.warnings, ["lines of the restore test ledger that cannot be read: 1"]);
    }

    #[test]
    fn damage_found_by_the_tool_stays() {
        let mut reading = BackupReading { checksum: Checksum::Failed, ..BackupReading::default() };
        read(LEDGER, "2026-11-20T00:00:00Z").add_to(&mut reading);
        assert_eq!(reading.checksum, Checksum::Failed);
    }

    #[test]
    fn an_empty_ledger_adds_nothing() {
        let mut reading = BackupReading::default();
        read("", "2026-11-20T00:00:00Z").add_to(&mut reading);
        assert_eq!(reading, BackupReading::default());
    }
}
