//! The rules, by the names that files, keys and people use.

use serde::{Deserialize, Serialize};

use crate::ident::AlertKey;

/// What an alert follows from, in the order in which they are shown when they are equally severe: what keeps everything
/// else from being believed, what speaks for most, last what is about the console's own errands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    Blind,
    SplitBrain,
    RegionDown,
    ServiceDown,
    ReplicationLag,
    StandbyUnhealthy,
    SelfHealingLate,
    BackupFailed,
    BackupLate,
    BackupConcern,
    RtoMissed,
    RpoMissed,
    CheckDown,
    CheckUnknown,
    CertificateExpiring,
    ClockSkew,
    TestOverdue,
    TestNeverDone,
    NotifyFailed,
    ExerciseCompleted,
}

impl Rule {
    pub const ALL: [Self; 20] = [
        Self::RegionDown,
        Self::ServiceDown,
        Self::SplitBrain,
        Self::ReplicationLag,
        Self::StandbyUnhealthy,
        Self::SelfHealingLate,
        Self::BackupFailed,
        Self::BackupLate,
        Self::BackupConcern,
        Self::RtoMissed,
        Self::RpoMissed,
        Self::CheckDown,
        Self::CheckUnknown,
        Self::CertificateExpiring,
        Self::ClockSkew,
        Self::Blind,
        Self::NotifyFailed,
        Self::ExerciseCompleted,
        Self::TestOverdue,
        Self::TestNeverDone,
    ];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RegionDown => "region-down",
            Self::ServiceDown => "service-down",
            Self::SplitBrain => "split-brain",
            Self::ReplicationLag => "replication-lag",
            Self::StandbyUnhealthy => "standby-unhealthy",
            Self::SelfHealingLate => "self-healing-late",
            Self::BackupFailed => "backup-failed",
            Self::BackupLate => "backup-late",
            Self::BackupConcern => "backup-concern",
            Self::RtoMissed => "rto-missed",
            Self::RpoMissed => "rpo-missed",
            Self::CheckDown => "check-down",
            Self::CheckUnknown => "check-unknown",
            Self::CertificateExpiring => "certificate-expiring",
            Self::ClockSkew => "clock-skew",
            Self::Blind => "blind",
            Self::NotifyFailed => "notify-failed",
            Self::ExerciseCompleted => "exercise-completed",
            Self::TestOverdue => "test-overdue",
            Self::TestNeverDone => "test-never-done",
        }
    }

    /// The key of this rule's alert about `subject`; the rule's word alone where it has but one subject.
    #[must_use]
    pub fn key(self, subject: &str) -> AlertKey {
        match subject {
            "" => AlertKey::from(self.word()),
            subject => AlertKey::new(format!("{}:{subject}", self.word())),
        }
    }

    /// It is about this console itself: it holds while its network is gone, too.
    #[must_use]
    pub const fn of_the_console(self) -> bool {
        matches!(self, Self::Blind | Self::NotifyFailed)
    }

    /// It says that something was completed: there is no end of that to tell.
    #[must_use]
    pub const fn told_once(self) -> bool {
        matches!(self, Self::ExerciseCompleted)
    }

    /// The rule a key, or a rule's word, belongs to.
    #[must_use]
    pub fn of(key: &AlertKey) -> Option<Self> {
        let word = key.as_str().split_once(':').map_or(key.as_str(), |(word, _)| word);
        Self::ALL.into_iter().find(|rule| rule.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_found_by_its_word_and_by_the_keys_of_its_alerts() {
        for rule in Rule::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.word());
            assert_eq!(Rule::of(&AlertKey::from(rule.word())), Some(rule));
            assert_eq!(Rule::of(&rule.key("serving:checkout")), Some(rule));
        }
        assert_eq!(Rule::of(&AlertKey::from("region-dwn:us-east-1")), None);
    }
}
