//! The report: what of the estate and its plans is ready, row by row, worst first within its area.
//!
//! Field names and words are a public contract: `check --json` prints it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::log::Kind;
use crate::time::{Timestamp, millis, rfc3339_ms};

/// Everything that was evaluated, at one instant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Readiness {
    pub estate: String,
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    /// When the looks began that need the world: tools, credentials, disks.
    #[serde(with = "rfc3339_ms")]
    pub looked_at: Timestamp,
    /// Worst first, then by area and name.
    pub rows: Vec<Row>,
}

/// What a row is about, in the order of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    Runbook,
    Test,
    Backup,
    Replication,
    Credential,
    Tool,
    Target,
    Dns,
    People,
    Notification,
    Estate,
    Clock,
    Disk,
}

impl Area {
    pub const ALL: [Self; 13] = [
        Self::Runbook,
        Self::Test,
        Self::Backup,
        Self::Replication,
        Self::Credential,
        Self::Tool,
        Self::Target,
        Self::Dns,
        Self::People,
        Self::Notification,
        Self::Estate,
        Self::Clock,
        Self::Disk,
    ];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Runbook => "runbook",
            Self::Test => "test",
            Self::Backup => "backup",
            Self::Replication => "replication",
            Self::Credential => "credential",
            Self::Tool => "tool",
            Self::Target => "target",
            Self::Dns => "dns",
            Self::People => "people",
            Self::Notification => "notification",
            Self::Estate => "estate",
            Self::Clock => "clock",
            Self::Disk => "disk",
        }
    }

    /// The heading over its rows.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Runbook => "Runbooks",
            Self::Test => "Tests",
            Self::Backup => "Backups",
            Self::Replication => "Replication",
            Self::Credential => "Credentials",
            Self::Tool => "Tools",
            Self::Target => "Targets",
            Self::Dns => "DNS",
            Self::People => "People",
            Self::Notification => "Notifications",
            Self::Estate => "Estate",
            Self::Clock => "Clocks",
            Self::Disk => "Disk",
        }
    }
}

/// From the worst to the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It would not work now.
    Failing,
    /// Its time is over.
    Overdue,
    /// It may work; nothing shows that it does, or what showed it was something else.
    NeedsVerification,
    /// Its time comes soon.
    Due,
    /// What would tell could not be seen.
    Unknown,
    Ready,
}

impl Verdict {
    pub const ALL: [Self; 6] =
        [Self::Failing, Self::Overdue, Self::NeedsVerification, Self::Due, Self::Unknown, Self::Ready];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Overdue => "overdue",
            Self::NeedsVerification => "needs verification",
            Self::Due => "due",
            Self::Unknown => "unknown",
            Self::Ready => "ready",
        }
    }

    /// Somebody has to do something before it can be relied on.
    #[must_use]
    pub const fn bad(self) -> bool {
        matches!(self, Self::Failing | Self::Overdue)
    }
}

/// One thing that has to be so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub area: Area,
    pub name: String,
    pub verdict: Verdict,
    /// Why, worst first; of a ready one what shows it.
    pub reasons: Vec<String>,
    /// What to do about it.
    pub remedy: Option<String>,
    /// When it was last exercised, tested or proved.
    pub last: Option<Exercised>,
    #[serde(with = "rfc3339_ms")]
    pub evaluated_at: Timestamp,
}

/// The last time that something showed that it works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exercised {
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
    /// Label of the incident, or the person who wrote it down.
    pub by: String,
    /// `None` where no incident shows it.
    pub kind: Option<Kind>,
    /// From the impact until the last tier was back, as it was measured.
    #[serde(default, rename = "rto_ms", with = "millis::option")]
    pub rto: Option<Duration>,
    /// What was lost, worst database first, as it was measured.
    #[serde(default)]
    pub lost: Option<String>,
}

/// Where a row is found again after the next evaluation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    pub area: Area,
    pub name: String,
}

impl Row {
    pub(super) fn new(area: Area, name: impl Into<String>, verdict: Verdict, at: Timestamp) -> Self {
        let (reasons, remedy, last) = (Vec::new(), None, None);
        Self { area, name: name.into(), verdict, reasons, remedy, last, evaluated_at: at }
    }

    pub(super) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reasons.push(reason.into());
        self
    }

    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    #[must_use]
    pub fn key(&self) -> RowKey {
        RowKey { area: self.area, name: self.name.clone() }
    }
}

impl Readiness {
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// Nothing is failing or overdue.
    #[must_use]
    pub fn ready(&self) -> bool {
        !self.rows.iter().any(|row| row.verdict.bad())
    }

    #[must_use]
    pub fn row(&self, key: &RowKey) -> Option<&Row> {
        self.rows.iter().find(|row| row.area == key.area && row.name == key.name)
    }

    #[must_use]
    pub fn runbook(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.area == Area::Runbook && row.name == name)
    }

    /// `2 failing, 1 overdue, 14 ready`.
    #[must_use]
    pub fn summary(&self) -> String {
        summary(|verdict| self.count(verdict))
    }

    /// The same but for the instants at which it was evaluated.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let same = |a: &Row, b: &Row| Row { evaluated_at: b.evaluated_at, ..a.clone() } == *b;
        self.estate == other.estate
            && self.looked_at == other.looked_at
            && self.rows.len() == other.rows.len()
            && self.rows.iter().zip(&other.rows).all(|(a, b)| same(a, b))
    }

    pub(super) fn sort(&mut self) {
        self.rows.sort_by(|a, b| (a.verdict, a.area, &a.name).cmp(&(b.verdict, b.area, &b.name)));
    }
}

/// `2 failing, 1 overdue, 14 ready`, of how many there are of each verdict.
pub(crate) fn summary(count: impl Fn(Verdict) -> usize) -> String {
    let counted = Verdict::ALL.into_iter().map(|verdict| (count(verdict), verdict));
    let some = counted.filter(|(count, _)| *count > 0).map(|(count, verdict)| match verdict {
        Verdict::NeedsVerification if count > 1 => format!("{count} need verification"),
        _ => format!("{count} {}", verdict.word()),
    });
    let some: Vec<String> = some.collect();
    if some.is_empty() { "nothing to evaluate".to_owned() } else { some.join(", ") }
}
