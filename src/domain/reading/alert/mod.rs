//! What the alert rules see in the readings of one instant. A region that is down speaks for what is in it, a service
//! for its checks: one outage is one alert, not twenty.

mod checks;
mod copies;
mod databases;
mod objectives;
mod self_healing;
#[cfg(test)]
mod tests;

use super::{BackupHealth, BackupStatus, Board, Context, Health, RegionStatus, ServiceStatus, Status};
use crate::alert::{Finding, Rule, Sight};
use crate::estate::Check;
use crate::ident::{RegionId, ServiceId};
use crate::objective::Row;
use crate::reading::AlertSeverity;
use crate::replication::CopySource;
use crate::time::{Now, Timestamp, at_offset, human};

/// What is being collected.
struct Look<'a> {
    board: &'a Board,
    status: &'a Status,
    now: Now,
    sight: Sight,
}

/// What a finding is about.
#[derive(Clone, Debug, Default)]
struct About {
    subject: String,
    region: Option<RegionId>,
    service: Option<ServiceId>,
}

impl Board {
    /// What every rule sees at `now`.
    pub(super) fn sight(&self, status: &Status, rows: &[Row], context: &Context<'_>, now: Now) -> Sight {
        let sight = Sight { blind: self.blind(), ..Sight::default() };
        let mut look = Look { board: self, status, now, sight };
        look.channels();
        if self.blind() {
            let text = "our own network does not answer: nothing can be seen from here".to_owned();
            look.found(Rule::Blind, About::default(), text, now.wall);
            return look.sight;
        }
        status.regions.iter().for_each(|region| look.region(region));
        status.services.iter().for_each(|service| look.service(service));
        status.replication.iter().filter(|row| row.source == CopySource::Sql).for_each(|server| look.server(server));
        self.clusters.values().for_each(|cluster| look.cluster(cluster, context));
        status.backups.iter().for_each(|backup| look.backup(backup));
        self.estate.checks.iter().for_each(|check| look.check(check));
        self.estate.checks.iter().filter(|check| !check.paused).for_each(|check| look.copies(check));
        status.automatic.iter().for_each(|automatic| look.self_healing(automatic));
        look.clocks();
        rows.iter().for_each(|row| look.objective(row, context));
        look.exercise(context);
        look.held(context);
        status.readiness.iter().for_each(|test| look.test(test));
        look.sight
    }
}

impl Look<'_> {
    /// With the severity of its rule.
    fn found(&mut self, rule: Rule, about: About, text: String, since: Timestamp) {
        self.found_as(rule, self.board.estate.alerts.rule(rule).severity, about, text, since);
    }

    /// `severity` is `None` when nobody wants to know.
    fn found_as(&mut self, rule: Rule, severity: Option<AlertSeverity>, about: About, text: String, since: Timestamp) {
        let Some(severity) = severity else { return };
        let (key, About { subject, region, service }) = (rule.key(&about.subject), about);
        self.sight.found.push(Finding { key, rule, subject, region, service, severity, text, since });
    }

    fn unknown(&mut self, rule: Rule, subject: &str) {
        self.sight.unknown.insert(rule.key(subject));
    }

    fn channels(&mut self) {
        for (channel, trouble) in &self.board.channels {
            let text = format!("nobody is told through {channel}: {}", trouble.why);
            let about = About { subject: channel.to_string(), ..About::default() };
            self.found(Rule::NotifyFailed, about, text, trouble.since);
        }
    }

    fn region_is_down(&self, region: &RegionId) -> bool {
        self.status.regions.iter().any(|known| known.name == *region && known.status == Health::Down)
    }

    fn region(&mut self, region: &RegionStatus) {
        let subject = region.name.to_string();
        match region.status {
            Health::Down => {
                let text = format!("{subject} is down");
                let about = About { subject, region: Some(region.name.clone()), service: None };
                self.found(Rule::RegionDown, about, text, region.since.unwrap_or(self.now.wall));
            }
            Health::Stale | Health::Unknown => self.unknown(Rule::RegionDown, &subject),
            Health::Ok | Health::Degraded => {}
        }
    }

    fn service(&mut self, service: &ServiceStatus) {
        let subject = service.name.to_string();
        let side = self.board.serving.get(&service.name).cloned();
        let spoken_for =
            side.as_ref().map_or_else(|| self.down_with_its_regions(service), |side| self.region_is_down(side));
        match service.status {
            Health::Down if !spoken_for => {
                let place = side.as_ref().map(|side| format!(" in {side}")).unwrap_or_default();
                let text = format!("{subject} is down{place}");
                let about = About { subject, region: side, service: Some(service.name.clone()) };
                self.found(Rule::ServiceDown, about, text, service.since.unwrap_or(self.now.wall));
            }
            Health::Down | Health::Stale | Health::Unknown => self.unknown(Rule::ServiceDown, &subject),
            Health::Ok | Health::Degraded => {}
        }
    }

    /// With no side known to serve it: whatever of it is down lies in a region that is.
    fn down_with_its_regions(&self, service: &ServiceStatus) -> bool {
        let Some(service) = self.board.estate.service(&service.name) else { return false };
        let down = |check: &&Check| self.board.check_health(check, self.now) == Health::Down;
        let down = self.board.checks_of(service).into_iter().filter(down);
        let places: Vec<&RegionId> = down.filter_map(|check| check.region.as_ref()).collect();
        !places.is_empty() && places.into_iter().all(|region| self.region_is_down(region))
    }

    fn backup(&mut self, backup: &BackupStatus) {
        let subject = backup.name.to_string();
        let about = || About { subject: subject.clone(), ..About::default() };
        let due = backup.newest_usable.map_or(self.now.wall, |newest| at_offset(newest, backup.every));
        match backup.status {
            BackupHealth::Late => {
                let age = backup.age.map(human).unwrap_or_default();
                let text = format!("backup {subject} is {age} old, expected every {}", human(backup.every));
                self.found(Rule::BackupLate, about(), text, due);
            }
            BackupHealth::Failed => {
                let why = backup.error.as_deref().unwrap_or("no usable one");
                let text = format!("backup {subject}: {why}");
                self.found(Rule::BackupFailed, about(), text, due.min(self.now.wall));
                // Without a newer one it is late as well; that it failed says more.
                self.unknown(Rule::BackupLate, &subject);
            }
            BackupHealth::Unknown => {
                self.unknown(Rule::BackupLate, &subject);
                self.unknown(Rule::BackupFailed, &subject);
            }
            BackupHealth::Ok => {}
        }
        self.backup_concern(backup);
    }

    /// One that failed, or that nothing is known of, says so itself; what is not known of one that is well neither fires
    /// nor resolves this.
    fn backup_concern(&mut self, backup: &BackupStatus) {
        let (subject, known) = (backup.name.to_string(), backup.facts.known_concerns());
        if matches!(backup.status, BackupHealth::Failed | BackupHealth::Unknown) {
            self.unknown(Rule::BackupConcern, &subject);
        } else if !known.is_empty() {
            let failed = backup.facts.restore_test.as_ref().filter(|test| !test.passed);
            let since = failed.map_or(self.now.wall, |test| test.at.min(self.now.wall));
            let text = format!("backup {subject}: {}", known.join("; "));
            self.found(Rule::BackupConcern, About { subject, ..About::default() }, text, since);
        } else if backup.facts.doubtful {
            self.unknown(Rule::BackupConcern, &subject);
        }
    }
}
