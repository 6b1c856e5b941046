//! What is promised and what follows: backups, objectives, the recommendation, alerts, runbooks.

use super::page::{Page, flag};
use super::{Runbooks, count, instant, seconds};
use crate::ident::RegionId;
use crate::reading::{Advice, AlertSeverity, BackupHealth, BackupStatus, Health, ObjectiveStatus, Status, Verdict};

pub(super) fn backups(page: &mut Page, status: &Status) {
    let mut each = |name, help, value: &dyn Fn(&BackupStatus) -> Option<f64>| {
        page.gauge(name, help, |family| {
            for backup in &status.backups {
                family.sample(&of_backup(backup), value(backup));
            }
        });
    };
    each(
        "switchback_backup_newest_usable_timestamp_seconds",
        "The point that the newest usable backup restores to.",
        &|backup| backup.newest_usable.map(instant),
    );
    each("switchback_backup_age_seconds", "How long before these figures that point lies.", &|backup| {
        backup.age.map(seconds)
    });
    each("switchback_backup_expected_interval_seconds", "How often a usable backup is expected.", &|backup| {
        Some(seconds(backup.every))
    });
    each("switchback_backup_restore_tested_timestamp_seconds", "When a restore was last proved.", &|backup| {
        backup.restore_tested.map(instant)
    });
    page.gauge("switchback_backup_status", "State of the backup set against its schedule.", |family| {
        for backup in &status.backups {
            let words = BackupHealth::ALL.map(BackupHealth::word);
            family.states(&of_backup(backup), "status", &words, backup.status.word());
        }
    });
}

fn of_backup(backup: &BackupStatus) -> [(&'static str, &str); 2] {
    [("backup", backup.name.as_str()), ("type", backup.kind.as_str())]
}

pub(super) fn objectives(page: &mut Page, status: &Status) {
    let mut each = |name, help, value: &dyn Fn(&ObjectiveStatus) -> Option<f64>| {
        page.gauge(name, help, |family| {
            for objective in &status.objectives {
                family.sample(&[("objective", objective.name.as_str())], value(objective));
            }
        });
    };
    each("switchback_objective_rto_seconds", "Recovery time objective.", &|row| row.rto.map(seconds));
    each("switchback_objective_rpo_seconds", "Recovery point objective.", &|row| row.rpo.map(seconds));
    each("switchback_objective_rto_met", "1 as things stand; 0 while it is missed or at risk.", &|row| {
        met(row.rto_verdict)
    });
    each("switchback_objective_rpo_met", "1 as things stand; 0 while it is missed or at risk.", &|row| {
        met(row.rpo_verdict)
    });
    each(
        "switchback_objective_loss_at_least_seconds",
        "Lost at least, by a failover now or by the last one.",
        &|row| row.at_risk.as_ref().map(|at_risk| seconds(at_risk.at_least)),
    );
    each("switchback_objective_loss_at_most_seconds", "Lost at most, by a failover now or by the last one.", &|row| {
        row.at_risk.as_ref().and_then(|at_risk| at_risk.at_most).map(seconds)
    });
    let mut verdict = |name, help, verdict: fn(&ObjectiveStatus) -> Verdict| {
        page.gauge(name, help, |family| {
            for row in &status.objectives {
                let own = [("objective", row.name.as_str())];
                family.states(&own, "verdict", &Verdict::ALL.map(Verdict::word), verdict(row).word());
            }
        });
    };
    verdict("switchback_objective_rto_verdict", "How the recovery time objective stands.", |row| row.rto_verdict);
    verdict("switchback_objective_rpo_verdict", "How the recovery point objective stands.", |row| row.rpo_verdict);
}

const fn met(verdict: Verdict) -> Option<f64> {
    match verdict {
        Verdict::Ok => Some(1.0),
        Verdict::AtRisk | Verdict::Missed => Some(0.0),
        Verdict::Unknown | Verdict::NotApplicable => None,
    }
}

pub(super) fn recommendation(page: &mut Page, status: &Status) {
    let advice = &status.recommendation;
    page.gauge("switchback_recommendation_failover", "1 while a failover is recommended.", |family| {
        family.sample(&[], flag(advice.failover));
    });
    page.gauge("switchback_recommendation_advice", "What the readings speak for.", |family| {
        family.states(&[], "advice", &Advice::ALL.map(Advice::word), advice.advice.word());
    });
    page.gauge("switchback_recommendation_withheld", "1 while it waits: a cool-down, flapping, too new.", |family| {
        family.sample(&[], flag(advice.withheld.is_some()));
    });
    page.gauge("switchback_recommendation_info", "The sides that the recommendation speaks of.", |family| {
        let name = |region: Option<&RegionId>| region.map_or_else(String::new, ToString::to_string);
        family.sample(&[("from", &name(advice.from.as_ref())), ("to", &name(advice.to.as_ref()))], 1.0);
    });
    page.gauge("switchback_failover_ready", "1 while some region could take over; 0 while none can.", |family| {
        family.sample(&[], ready(status));
    });
}

/// Not known while nothing is believed, or while only regions that nothing is known of could.
fn ready(status: &Status) -> Option<f64> {
    let dark = |health| matches!(health, Health::Unknown | Health::Stale);
    let possible = status.regions.iter().any(|region| region.candidate.is_some());
    let open = status.regions.iter().any(|region| region.serving != Some(true) && dark(region.status));
    (!status.blind && (possible || !open)).then(|| flag(possible))
}

pub(super) fn alerts(page: &mut Page, status: &Status) {
    page.gauge("switchback_alerts", "How many alerts of this severity fire.", |family| {
        for severity in AlertSeverity::ALL {
            let many = status.firing().filter(|alert| alert.severity == severity).count();
            family.sample(&[("severity", severity.word())], count(many));
        }
    });
}

pub(super) fn runbooks(page: &mut Page, runbooks: Runbooks) {
    page.gauge("switchback_runbooks", "Runbooks that this estate can start, and those with an error.", |family| {
        family.sample(&[("state", "usable")], count(runbooks.usable));
        family.sample(&[("state", "broken")], count(runbooks.broken));
    });
}
