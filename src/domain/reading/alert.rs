//! What needs a person's eye, derived from a status: each with the rule it follows from and since when it is so.

use super::{AlertSeverity, AlertStatus, BackupHealth, Board, Health, ReplicationStatus, Status, Stream, Verdict};
use crate::estate::Objective;
use crate::objective::Row;
use crate::time::{Now, Timestamp, at_offset, human};

use AlertSeverity::{Critical, Warning};

impl Board {
    /// Worst first; within one severity the oldest first.
    pub(super) fn alerts(&self, status: &Status, rows: &[Row], now: Now) -> Vec<AlertStatus> {
        let mut alerts = Vec::new();
        for region in status.regions.iter().filter(|region| region.status == Health::Down) {
            let since = region.since.unwrap_or(now.wall);
            alerts.push(alert(Critical, "region-down", format!("{} is down", region.name), since));
        }
        for row in &status.replication {
            alerts.extend(self.standby_alerts(row, now));
        }
        alerts.extend(self.clusters.values().filter_map(|cluster| {
            let regions = cluster.split_brain(now)?;
            let names: Vec<&str> = regions.iter().map(crate::ident::RegionId::as_str).collect();
            let text = format!("SPLIT BRAIN: {} accept writes in {}", cluster.database, names.join(" and "));
            Some(alert(Critical, "split-brain", text, cluster.split_since.map_or(now.wall, |since| since.wall)))
        }));
        alerts.extend(status.backups.iter().filter_map(|backup| {
            let due = backup.newest_usable.map_or(now.wall, |newest| at_offset(newest, backup.every));
            let why = |otherwise: &str| backup.error.clone().unwrap_or_else(|| otherwise.to_owned());
            let name = &backup.name;
            match backup.status {
                BackupHealth::Late => {
                    let age = backup.age.map(human).unwrap_or_default();
                    let text = format!("backup {name} is {age} old, expected every {}", human(backup.every));
                    Some(alert(Warning, "backup-late", text, due))
                }
                BackupHealth::Failed => Some(alert(
                    Critical,
                    "backup-failed",
                    format!("backup {name}: {}", why("no usable one")),
                    due.min(now.wall),
                )),
                BackupHealth::Ok | BackupHealth::Unknown => None,
            }
        }));
        for row in rows {
            alerts.extend(objective_alerts(row, now));
        }
        alerts.sort_by_key(|alert| (std::cmp::Reverse(alert.severity), alert.since));
        alerts
    }

    fn standby_alerts(&self, row: &ReplicationStatus, now: Now) -> Option<AlertStatus> {
        let (database, region) = (&row.database, &row.region);
        let marks = self.estate.database(database)?;
        let cluster = self.clusters.get(database)?;
        let server = cluster.servers.get(region)?;
        if cluster.root.as_ref() == Some(region) {
            return None;
        }
        if matches!(row.state, Stream::Streaming | Stream::Absent)
            && let Some(lag) = row.lag.filter(|lag| *lag > marks.lag_warning)
        {
            let (severity, mark) =
                if lag > marks.lag_critical { (Critical, marks.lag_critical) } else { (Warning, marks.lag_warning) };
            let since = now.wall.checked_sub(lag - mark).unwrap_or(now.wall);
            let text = format!("{database}@{region} is {} behind", human(lag));
            return Some(alert(severity, "replication-lag", text, since));
        }
        let since = server.silent_since.or(server.unfed_since)?;
        if row.state == Stream::Frozen
            || (row.state == Stream::Unknown && row.role == "unknown" && server.answering(now).is_some())
        {
            return None;
        }
        let why = row.notes.first().map_or("not known how it is", String::as_str);
        Some(alert(Warning, "standby-unhealthy", format!("{database}@{region}: {why}"), since.wall))
    }
}

fn objective_alerts(row: &Row, now: Now) -> Vec<AlertStatus> {
    let mut alerts = Vec::new();
    if let (Verdict::Missed, Objective::Within(rto), Some(clock)) = (row.rto_verdict, row.rto, row.clock) {
        let text = format!("{}: RTO of {} missed, {} so far", row.name, human(rto), human(clock.elapsed));
        alerts.push(alert(Critical, "rto-missed", text, at_offset(clock.started_at, rto)));
    }
    if let (Verdict::Missed, Objective::Within(rpo), Some(at_risk)) = (row.rpo_verdict, row.rpo, &row.at_risk) {
        let text = format!("{}: RPO of {} missed, lost {}", row.name, human(rpo), at_risk.interval());
        alerts.push(alert(Critical, "rpo-missed", text, at_risk.as_of.min(now.wall)));
    }
    alerts
}

fn alert(severity: AlertSeverity, rule: &str, text: String, since: Timestamp) -> AlertStatus {
    AlertStatus { severity, rule: rule.to_owned(), text, since }
}

#[cfg(test)]
mod tests {
    use crate::ident::{BackupId, RegionId};
    use crate::log::Kind;
    use crate::reading::testing::*;
    use crate::reading::{AlertSeverity, Board, Context, Outcome, Payload, Source};

    fn rules(board: &Board, second: f64) -> Vec<(AlertSeverity, String)> {
        let status = board.status(&Context::calm(Kind::Live), now(second));
        status.alerts.into_iter().map(|alert| (alert.severity, alert.rule)).collect()
    }

    fn of(severity: AlertSeverity, rule: &str) -> (AlertSeverity, String) {
        (severity, rule.to_owned())
    }

    #[test]
    fn a_healthy_estate_raises_nothing() {
        let mut board = board();
        healthy(&mut board, 0.0, 100);
        assert_eq!(rules(&board, 1.0), []);
    }

    #[test]
    fn a_dark_region_is_critical_since_it_went_down() {
        let mut board = board();
        healthy(&mut board, 0.0, 100);
        for second in [10.0, 13.0, 16.0] {
            east_dark(&mut board, second, 100);
        }
        assert_eq!(rules(&board, 16.5), [of(AlertSeverity::Critical, "region-down")]);
        let status = board.status(&Context::calm(Kind::Live), now(16.5));
        assert_eq!(status.alerts[0].since, now(16.0).wall);
        assert_eq!(status.regions[0].name, RegionId::from(EAST));
    }

    #[test]
    fn lag_warns_over_a_minute_and_is_critical_over_five() {
        let mut board = board();
        for step in 0..41_u32 {
            let second = f64::from(step) * 10.0;
            healthy(&mut board, second, u64::from(step) * 100 + 100);
            if step == 10 || step == 40 {
                board.observe(&sample(
                    "orders-db@us-west-2",
                    second + 1.0,
                    server(standby(second + 1.0, 150, Some(9999))),
                ));
                let severity = if step == 10 { AlertSeverity::Warning } else { AlertSeverity::Critical };
                assert_eq!(rules(&board, second + 2.0), [of(severity, "replication-lag")], "after {second} s");
            }
        }
    }

    #[test]
    fn a_standby_that_nothing_feeds_is_unhealthy_since_then() {
        let mut board = board();
        healthy(&mut board, 0.0, 100);
        for second in [5.0, 10.0] {
            board.observe(&sample("orders-db@us-west-2", second, server(standby(second, 100, None))));
        }
        let status = board.status(&Context::calm(Kind::Live), now(11.0));
        assert_eq!((status.alerts[0].rule.as_str(), status.alerts[0].since), ("standby-unhealthy", now(5.0).wall));
    }

    #[test]
    fn two_writers_are_critical() {
        let mut board = board();
        healthy(&mut board, 0.0, 100);
        board.observe(&sample("orders-db@us-west-2", 5.0, server(primary(5.0, 120))));
        board.observe(&sample("orders-db@us-east-1", 5.5, server(primary(5.5, 120))));
        assert!(rules(&board, 6.0).contains(&of(AlertSeverity::Critical, "split-brain")));
    }

    #[test]
    fn late_and_failed_backups_are_told_apart() {
        let mut board = board();
        let mut look = |second: f64, newest: Option<f64>| {
            let backup = crate::backup::BackupReading {
                newest_usable: newest.map(|newest| now(newest).wall),
                ..crate::backup::BackupReading::default()
            };
            let mut sample =
                sample("x", second, Outcome::Good { payload: Payload::Backup { backup: Box::new(backup) } });
            sample.source = Source::Backup(BackupId::from("orders"));
            board.observe(&sample);
            rules(&board, second)
        };
        assert_eq!(look(10.0, Some(0.0)), []);
        assert_eq!(look(5000.0, Some(0.0)), [of(AlertSeverity::Warning, "backup-late")]);
        assert_eq!(look(5060.0, None), [of(AlertSeverity::Critical, "backup-failed")]);
    }
}
