//! Each test of the schedule: when it was done last, how it went, and when it is due.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Past, Rehearsal, TestResult};
use crate::estate::{Estate, ScheduledTest, TestKind};
use crate::ident::{BackupId, ServiceId, TestId};
use crate::log::Kind;
use crate::reading::BackupStatus;
use crate::time::{Timestamp, at_offset, millis, rfc3339_ms};

/// A test that comes due within this share of its interval is *due*: a week's within 17 hours, a year's within 36 days.
const SOON: u32 = 10;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    Ok,
    /// It comes due soon.
    Due,
    Overdue,
    /// It was done in time, and failed.
    Failed,
    Never,
    /// What would tell could not be read.
    #[default]
    Unknown,
}

impl Standing {
    pub const ALL: [Self; 6] = [Self::Ok, Self::Due, Self::Overdue, Self::Failed, Self::Never, Self::Unknown];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Failed => "failed",
            Self::Never => "never",
            Self::Unknown => "unknown",
        }
    }
}

/// A row of the readiness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadinessStatus {
    pub name: TestId,
    pub kind: TestKind,
    pub standing: Standing,
    #[serde(rename = "every_ms", with = "millis")]
    pub every: Duration,
    /// How long it is expected to take.
    #[serde(rename = "takes_ms", with = "millis::option")]
    pub takes: Option<Duration>,
    pub last: Option<LastTest>,
    /// `None` of one that was never done: it is due now.
    #[serde(default, with = "rfc3339_ms::option")]
    pub due_at: Option<Timestamp>,
    pub runbook: Option<String>,
    pub scenario: Option<String>,
    pub service: Option<ServiceId>,
    pub backup: Option<BackupId>,
    pub owner: Option<String>,
    /// Why it is not known.
    pub error: Option<String>,
}

/// When it was done last, as far as anything tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastTest {
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    pub result: TestResult,
    pub proof: Proof,
    /// The person, the incident's label, or the backup set.
    pub by: String,
    pub note: Option<String>,
}

/// What tells that it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// A person wrote it down.
    Record,
    Incident,
    /// A backup whose restore was proved.
    Backup,
}

/// In the order of the estate. `past` is `None` until it was read.
pub(crate) fn readiness(
    estate: &Estate,
    past: Option<&Past>,
    backups: &[BackupStatus],
    now: Timestamp,
) -> Vec<ReadinessStatus> {
    let trouble = past.map_or(Some("what was done before is not read yet"), |past| past.trouble.as_deref());
    let row = |test: &ScheduledTest| {
        let last = last_of(test, past, backups, now);
        let due_at = last.as_ref().map(|last| at_offset(last.at, test.every));
        let standing = stands(test, last.as_ref(), now);
        // A newer one than is known of may be among what could not be read.
        let hidden = trouble.filter(|_| !matches!(standing, Standing::Ok | Standing::Due));
        ReadinessStatus {
            name: test.name.clone(),
            kind: test.kind,
            standing: if hidden.is_some() { Standing::Unknown } else { standing },
            every: test.every,
            takes: test.takes,
            last,
            due_at,
            runbook: test.runbook.clone(),
            scenario: test.scenario.clone(),
            service: test.service.clone(),
            backup: test.backup.clone(),
            owner: test.owner.clone(),
            error: hidden.map(str::to_owned),
        }
    };
    estate.tests.iter().map(row).collect()
}

fn stands(test: &ScheduledTest, last: Option<&LastTest>, now: Timestamp) -> Standing {
    let Some(last) = last else { return Standing::Never };
    let due = at_offset(last.at, test.every);
    match last.result {
        _ if now > due => Standing::Overdue,
        TestResult::Fail => Standing::Failed,
        TestResult::Pass if at_offset(now, test.every / SOON) > due => Standing::Due,
        TestResult::Pass => Standing::Ok,
    }
}

/// The newest that anything tells of. What lies in the future is a wrong clock, and no proof.
fn last_of(test: &ScheduledTest, past: Option<&Past>, backups: &[BackupStatus], now: Timestamp) -> Option<LastTest> {
    let records = past.into_iter().flat_map(|past| &past.records).filter(|record| record.test == test.name);
    let recorded = records.map(|record| LastTest {
        at: record.at,
        result: record.result,
        proof: Proof::Record,
        by: record.by.to_string(),
        note: record.note.clone(),
    });
    let rehearsals = past.into_iter().flat_map(|past| &past.rehearsals).filter(|rehearsal| proves(test, rehearsal));
    let rehearsed = rehearsals.map(|rehearsal| LastTest {
        at: rehearsal.at,
        result: if rehearsal.passed { TestResult::Pass } else { TestResult::Fail },
        proof: Proof::Incident,
        by: rehearsal.incident.clone(),
        note: rehearsal.measured.clone(),
    });
    let restored = backups.iter().filter(|backup| test.kind.restores() && test.backup.as_ref() == Some(&backup.name));
    let restored = restored.filter_map(|backup| {
        let (at, by) = (backup.restore_tested?, backup.name.to_string());
        Some(LastTest { at, result: TestResult::Pass, proof: Proof::Backup, by, note: None })
    });
    rehearsed.chain(restored).chain(recorded).filter(|last| last.at <= now).max_by_key(|last| last.at)
}

/// It says that it is the test, walked its runbook, or its title names the test's scenario; and its kind shows what the
/// test asks for. What played itself shows that no people can do it.
fn proves(test: &ScheduledTest, rehearsal: &Rehearsal) -> bool {
    let counts = match test.kind {
        // What is restored in a simulation proves nothing.
        TestKind::BackupVerification | TestKind::RestoreTest => matches!(rehearsal.kind, Kind::Live | Kind::Lab),
        TestKind::Drill | TestKind::Exercise => matches!(rehearsal.kind, Kind::Live | Kind::Lab | Kind::Drill),
        TestKind::Tabletop => matches!(rehearsal.kind, Kind::Paper | Kind::Drill),
    };
    let plain = |text: &str| text.to_lowercase().replace('-', " ");
    let walked = test.runbook.is_some() && test.runbook == rehearsal.runbook;
    let named = test.scenario.as_ref().is_some_and(|scenario| plain(&rehearsal.title).contains(&plain(scenario)));
    let is_it = rehearsal.counts_as.contains(&test.name);
    counts && (test.automatic || !rehearsal.automatic) && (walked || named || is_it)
}
