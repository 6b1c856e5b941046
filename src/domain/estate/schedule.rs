//! What is practised how often: its keys, its model, and how the one becomes the other.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::fields::Fields;
use super::schema::{Kind, Names, Section, key, needed};
use super::value;
use crate::ident::{BackupId, ServiceId, TestId};

/// `[tests.NAME]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledTest {
    pub name: TestId,
    pub kind: TestKind,
    pub every: Duration,
    /// How long it is expected to take.
    pub takes: Option<Duration>,
    /// An incident in which this was walked to its end proves it.
    pub runbook: Option<String>,
    /// An incident whose title names this proves it.
    pub scenario: Option<String>,
    pub service: Option<ServiceId>,
    /// A restore of this proves it.
    pub backup: Option<BackupId>,
    /// An exercise that plays itself is enough.
    pub automatic: bool,
    pub owner: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestKind {
    BackupVerification,
    RestoreTest,
    Drill,
    Tabletop,
    Exercise,
}

const WORDS: [&str; 5] = ["backup-verification", "restore-test", "drill", "tabletop", "exercise"];

impl TestKind {
    #[must_use]
    pub const fn word(self) -> &'static str {
        WORDS[self as usize]
    }

    /// A backup has to be restored for it.
    #[must_use]
    pub const fn restores(self) -> bool {
        matches!(self, Self::BackupVerification | Self::RestoreTest)
    }

    fn of(word: &str) -> Option<Self> {
        let all = [Self::BackupVerification, Self::RestoreTest, Self::Drill, Self::Tabletop, Self::Exercise];
        all.into_iter().find(|kind| kind.word() == word)
    }
}

pub(super) static TEST: Section = Section {
    about: "What is practised how often. That it was done is known from exercises whose scenario says so (`counts_as`), \
            from incidents that walked its runbook or name its scenario, from the backup's last proved restore, or from \
            `switchback tested NAME`.",
    keys: &[
        needed("kind", Kind::Word(&WORDS), "What is practised. A simulated restore proves no backup."),
        needed("every", Kind::Duration, "How often, such as `1w`, `1mo`, `3mo`, `1y`; later is overdue."),
        key("takes", Kind::Duration, "none", "How long it is expected to take."),
        key("runbook", Kind::Text, "none", "An incident in which this was walked to its end proves it."),
        key("scenario", Kind::Text, "none", "An incident whose title names this proves it."),
        key("service", Kind::Name(Names::Service), "none", "The service it speaks for."),
        key("backup", Kind::Name(Names::Backup), "none", "The backup it restores."),
        key(
            "automatic",
            Kind::Bool,
            "false",
            "An exercise that plays itself (`drill --auto`) proves it too: of runbooks, not of people.",
        ),
        key("owner", Kind::Text, "none", "Who sees to it, for people."),
    ],
};

impl ScheduledTest {
    /// `None` where something is missing or wrong, which was reported.
    pub(super) fn read(name: &str, fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self {
            name: TestId::from(name),
            kind: TestKind::of(fields.word("kind", &WORDS)?)?,
            every: fields.take("every", value::duration)?,
            takes: fields.take("takes", value::duration),
            runbook: fields.text("runbook"),
            scenario: fields.text("scenario"),
            service: fields.name("service").map(ServiceId::new),
            backup: fields.name("backup").map(BackupId::new),
            automatic: fields.take("automatic", value::boolean).unwrap_or_default(),
            owner: fields.text("owner"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_written_as_it_is_read() {
        for word in WORDS {
            let kind = TestKind::of(word).unwrap();
            assert_eq!((kind.word(), serde_json::to_value(kind).unwrap()), (word, word.into()));
        }
    }
}
