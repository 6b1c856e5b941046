//! This machine: versions of programs, its own network, whether what is started outlives a log-out.

use domain::estate::Estate;
use domain::readiness::Seen;
use domain::reading::{Outcome, Source};
use domain::untrusted::sanitise_line;
use tokio::time::timeout;

use super::PATIENCE;
use crate::runtime::probe::process::run_with;
use crate::runtime::probe::{Capability, Probe};

const OUTPUT: usize = 16 * 1024;
/// Longer lines are no version.
const LONGEST: usize = 80;

/// How a program is asked for its version; `None` of one that is not known to answer and do nothing else. A program of
/// somebody's own (`fail-over`, in ~/bin) may take no notice of its arguments, and do what it is there for.
fn question(name: &str) -> Option<&'static str> {
    Some(match name {
        "kubectl" => "version --client",
        "ssh" => "-V",
        "terraform" => "version",
        "velero" => "version --client-only",
        "ansible-playbook" | "aws" | "az" | "barman" | "curl" | "dig" | "docker" | "gcloud" | "git" | "jq"
        | "patronictl" | "pg_basebackup" | "pg_ctl" | "pg_dump" | "pg_isready" | "pg_restore" | "pg_rewind"
        | "pgbackrest" | "psql" | "python3" | "redis-cli" | "restic" | "rsync" | "switchback" | "systemctl"
        | "wal-g" => "--version",
        _ => return None,
    })
}

/// The first line of what a well-known program says of its version.
pub async fn version_of(name: &str) -> Option<String> {
    let word = question(name)?;
    let argv: Vec<String> = std::iter::once(name).chain(word.split(' ')).map(str::to_owned).collect();
    let finished = timeout(PATIENCE, run_with(&argv, &[], Vec::new(), OUTPUT)).await.ok()?.ok()?;
    let line = sanitise_line(&finished.first_line()?);
    (finished.status.success() && line.chars().count() <= LONGEST).then_some(line)
}

/// Whether the estate's check of our own network answers.
pub async fn reaches(estate: &Estate) -> Seen<()> {
    let probes = Probe::all(estate, Capability::NetworkOnly);
    let Some(probe) = probes.into_iter().find(|probe| probe.source == Source::Connectivity) else {
        return Seen::Silent("the estate names nothing to ask".to_owned());
    };
    match timeout(PATIENCE, probe.look()).await.map(|sample| sample.outcome) {
        Ok(Outcome::Good { .. } | Outcome::Soft { .. }) => Seen::Answer(()),
        Ok(Outcome::Bad { why, .. }) => Seen::Refused(why),
        Ok(Outcome::Unknown { why }) => Seen::Silent(why),
        Err(_) => Seen::Silent("no answer in time".to_owned()),
    }
}

/// What logind does with the processes of somebody who logs out; `None` where no setting tells.
#[must_use]
pub fn whether_processes_stay() -> Option<bool> {
    let text = std::fs::read_to_string("/etc/systemd/logind.conf").ok()?;
    let setting = text.lines().rev().find_map(|line| line.trim().strip_prefix("KillUserProcesses="))?;
    Some(!matches!(setting.trim(), "yes" | "true" | "1" | "on"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_somebody_s_own_is_not_started_to_be_asked() {
        for name in ["fail-over", "failover.sh", "reboot", "stop-it", ""] {
            assert_eq!(question(name), None, "{name}");
        }
        for name in ["psql", "aws", "kubectl", "ssh"] {
            assert!(question(name).is_some(), "{name}");
        }
    }
}
