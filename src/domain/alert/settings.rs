//! How each rule behaves: severities and thresholds of the source documents, unless the estate says otherwise.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Rule;
use crate::reading::AlertSeverity;

/// `[alerts]` of the estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertSettings {
    rules: BTreeMap<Rule, RuleSettings>,
    /// Clocks further apart than this are an alert (2 s).
    pub skew_over: Duration,
}

/// `[alerts.RULE]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleSettings {
    /// Of a rule with two marks that of the higher one. `None`: off.
    pub severity: Option<AlertSeverity>,
    /// It has to be so for this long before it fires.
    pub pending: Duration,
    /// It has to be over for this long before it is resolved.
    pub resolve_after: Duration,
    /// While nobody acknowledged it people are reminded this often; never when `None`.
    pub repeat: Option<Duration>,
}

impl RuleSettings {
    /// Reminders come at most this often.
    pub const MIN_REPEAT: Duration = Duration::from_secs(5 * 60);
    /// Reminders, unless written.
    pub const REPEAT: Duration = Duration::from_secs(3600);

    const fn usual(severity: AlertSeverity, pending: u64, resolve_after: u64) -> Self {
        Self {
            severity: Some(severity),
            pending: Duration::from_secs(pending),
            resolve_after: Duration::from_secs(resolve_after),
            repeat: Some(Self::REPEAT),
        }
    }

    /// What holds where nothing is written. Lag over 1 m is a warning, over 5 m critical; a failed backup, a breached
    /// objective, a region down are critical; a late backup, an unhealthy standby are warnings.
    #[must_use]
    pub const fn of(rule: Rule) -> Self {
        use AlertSeverity::{Critical, Info, Warning};
        match rule {
            Rule::RegionDown
            | Rule::ServiceDown
            | Rule::SplitBrain
            | Rule::BackupFailed
            | Rule::RtoMissed
            | Rule::RpoMissed => Self::usual(Critical, 0, 0),
            Rule::ReplicationLag => Self::usual(Critical, 0, 60),
            Rule::BackupLate
            | Rule::BackupConcern
            | Rule::SelfHealingLate
            | Rule::CertificateExpiring
            | Rule::Blind
            | Rule::NotifyFailed
            | Rule::TestOverdue
            | Rule::TestNeverDone => Self::usual(Warning, 0, 0),
            Rule::StandbyUnhealthy | Rule::CheckDown => Self::usual(Warning, 30, 0),
            Rule::CheckUnknown => Self::usual(Warning, 300, 0),
            Rule::ClockSkew => Self::usual(Warning, 60, 60),
            Rule::ExerciseCompleted => Self { repeat: None, ..Self::usual(Info, 0, 0) },
        }
    }
}

impl Default for AlertSettings {
    fn default() -> Self {
        let rules = Rule::ALL.into_iter().map(|rule| (rule, RuleSettings::of(rule))).collect();
        Self { rules, skew_over: Duration::from_secs(2) }
    }
}

impl AlertSettings {
    #[must_use]
    pub fn rule(&self, rule: Rule) -> RuleSettings {
        self.rules.get(&rule).copied().unwrap_or_else(|| RuleSettings::of(rule))
    }

    pub fn set(&mut self, rule: Rule, settings: RuleSettings) {
        self.rules.insert(rule, settings);
    }
}
