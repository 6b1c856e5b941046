//! A status for readers outside: how things stand, and nothing of what programs said of it.

use super::Display;
use crate::readiness::{LastTest, ReadinessStatus};
use crate::reading::{
    AlertStatus, AutomaticStatus, BackupStatus, CheckStatus, EvaluationStatus, Recommendation, RegionStatus,
    ReplicationStatus, Status,
};

impl Display {
    /// Words of alerts and notes of replication are looked through; errors, values and reasons that people gave are left
    /// out.
    #[must_use]
    pub fn readings(&self, status: &Status) -> Status {
        Status {
            regions: status.regions.iter().map(|region| self.region(region)).collect(),
            checks: status.checks.iter().map(check).collect(),
            replication: status.replication.iter().map(|copy| self.copy(copy)).collect(),
            backups: status.backups.iter().map(backup).collect(),
            evaluation: status.evaluation.as_ref().map(|evaluation| self.evaluation(evaluation)),
            readiness: status.readiness.iter().map(test).collect(),
            recommendation: Recommendation {
                because: Vec::new(),
                withheld: status.recommendation.withheld.as_ref().map(|_| super::WITHHELD.to_owned()),
                ..status.recommendation.clone()
            },
            alerts: status.alerts.iter().map(|alert| self.alert(alert)).collect(),
            automatic: status.automatic.iter().map(automatic).collect(),
            ..status.clone()
        }
    }

    fn evaluation(&self, evaluation: &EvaluationStatus) -> EvaluationStatus {
        let mut evaluation = evaluation.clone();
        for row in &mut evaluation.bad {
            (row.name, row.because) = (self.scrub.clean(&row.name), None);
        }
        evaluation
    }

    fn region(&self, region: &RegionStatus) -> RegionStatus {
        RegionStatus {
            checks: region.checks.iter().map(check).collect(),
            candidate_because: Vec::new(),
            ..region.clone()
        }
    }

    fn copy(&self, copy: &ReplicationStatus) -> ReplicationStatus {
        let notes = copy.notes.iter().map(|note| self.scrub.clean(note)).collect();
        ReplicationStatus { notes, system_id: None, ..copy.clone() }
    }

    fn alert(&self, alert: &AlertStatus) -> AlertStatus {
        AlertStatus {
            text: self.scrub.clean(&alert.text),
            acknowledged_by: alert.acknowledged_by.as_ref().map(|person| self.cast.person(person)),
            silenced_by: alert.silenced_by.as_ref().map(|person| self.cast.person(person)),
            silenced_because: None,
            ..alert.clone()
        }
    }
}

fn check(check: &CheckStatus) -> CheckStatus {
    CheckStatus { value: None, error: None, ..check.clone() }
}

fn test(test: &ReadinessStatus) -> ReadinessStatus {
    let last = test.last.clone().map(|last| LastTest { by: String::new(), note: None, ..last });
    ReadinessStatus { owner: None, error: None, last, ..test.clone() }
}

fn backup(backup: &BackupStatus) -> BackupStatus {
    BackupStatus { detail: None, error: None, ..backup.clone() }
}

fn automatic(automatic: &AutomaticStatus) -> AutomaticStatus {
    let mut automatic = automatic.clone();
    automatic.recent.iter_mut().for_each(|healing| healing.because = None);
    automatic
}
