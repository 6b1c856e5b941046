//! `live.json`: the newest status, in the shape of `status --json`, replaced as a whole.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::reading::{Status, Verdict};
use domain::time::{Timestamp, since};

const NAME: &str = "live.json";

/// An unchanged status is written again after this long, so that a reader can tell that somebody watches.
const AGAIN: Duration = Duration::from_secs(30);

/// What is older was left by a console that is gone: it says nothing of now.
const FRESH: Duration = Duration::from_secs(90);

/// Where it is in an estate's folder.
#[must_use]
pub fn file(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// The status last written, by this console or another. Its `at` says how old it is.
#[must_use]
pub fn load(folder: &Path) -> Option<Status> {
    serde_json::from_slice(&std::fs::read(file(folder)).ok()?).ok()
}

/// The same while somebody keeps it up.
#[must_use]
pub fn fresh(folder: &Path, now: Timestamp) -> Option<Status> {
    load(folder).filter(|status| since(now, status.at) <= FRESH)
}

/// Writes when something changed that people would act on, and otherwise now and then.
#[derive(Debug, Default)]
pub(super) struct Live {
    written: Option<(Timestamp, String)>,
}

impl Live {
    pub(super) fn publish(&mut self, folder: &Path, status: &Status) -> io::Result<()> {
        let gist = gist(status);
        if let Some((at, same)) = &self.written
            && *same == gist
            && since(status.at, *at) < AGAIN
        {
            return Ok(());
        }
        let beside = folder.join(".live.json.new");
        let mut new = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        new.write_all(&serde_json::to_vec(status)?)?;
        // Not synced: it is worth nothing after a crash of the machine.
        std::fs::rename(&beside, file(folder))?;
        self.written = Some((status.at, gist));
        Ok(())
    }
}

/// Everything but figures that move by themselves.
fn gist(status: &Status) -> String {
    let regions: Vec<_> = status
        .regions
        .iter()
        .map(|region| {
            let checks: Vec<_> =
                region.checks.iter().map(|check| (check.status, check.suspect, check.flapping)).collect();
            (region.status, region.serving, region.candidate, checks)
        })
        .collect();
    let services: Vec<_> = status.services.iter().map(|service| (service.status, &service.serving)).collect();
    let replication: Vec<_> = status
        .replication
        .iter()
        .map(|server| (server.state, &server.role, server.timeline, server.split_brain))
        .collect();
    let backups: Vec<_> = status.backups.iter().map(|backup| backup.status).collect();
    let verdicts: Vec<(Verdict, Verdict)> =
        status.objectives.iter().map(|objective| (objective.rpo_verdict, objective.rto_verdict)).collect();
    let automatic: Vec<_> = status
        .automatic
        .iter()
        .map(|automatic| (&automatic.serving, automatic.failing_since, automatic.overdue, &automatic.recent))
        .collect();
    let alerts: Vec<_> = status
        .alerts
        .iter()
        .map(|alert| (alert.severity, &alert.key, alert.state, alert.acknowledged_at, alert.silenced_until))
        .collect();
    let advice = (status.recommendation.advice, &status.recommendation.to, status.recommendation.withheld.is_some());
    let tests: Vec<_> = status.readiness.iter().map(|test| test.standing).collect();
    format!("{:?}", (tests, automatic, status.blind, regions, services, replication, backups, verdicts, alerts, advice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_keeps_up_says_nothing_of_now() {
        let folder = tempfile::tempdir().unwrap();
        let at: Timestamp = "2026-11-20T02:14:37Z".parse().unwrap();
        Live::default().publish(folder.path(), &Status { at, ..Status::default() }).unwrap();
        let seen = |after: u64| fresh(folder.path(), at + Duration::from_secs(after)).is_some();
        assert!(seen(0) && seen(90) && !seen(91));
        assert!(load(folder.path()).is_some());
    }
}
