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

/// The first line of what a program says of its version, as far as it has the usual option.
pub async fn version_of(name: &str) -> Option<String> {
    let word = match name {
        "kubectl" => "version --client",
        "ssh" => "-V",
        "terraform" | "velero" => "version",
        _ => "--version",
    };
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
