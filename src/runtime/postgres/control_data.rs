//! `pg_controldata` of a stopped server: one half of the zero-loss certificate.

use std::process::Stdio;
use std::time::Duration;

use domain::replication::{Lsn, clean_stop_checkpoint};

const DEADLINE: Duration = Duration::from_secs(10);

/// Runs the estate's command and reads the checkpoint of a clean stop from what it prints.
///
/// # Errors
/// Why it proves nothing: the command failed, took longer than 10 s, or the server was not shut down cleanly.
pub async fn clean_stop(argv: &[String]) -> Result<Lsn, String> {
    let (program, arguments) = argv.split_first().ok_or_else(|| "no command is given".to_owned())?;
    let mut command = tokio::process::Command::new(program);
    command.args(arguments).env("LC_ALL", "C").stdin(Stdio::null()).kill_on_drop(true).process_group(0);
    let output = tokio::time::timeout(DEADLINE, command.output()).await;
    let output = output
        .map_err(|_| format!("{program} took longer than 10s"))?
        .map_err(|error| format!("{program}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program}: {}", domain::untrusted::sanitise_line(&output.stderr)));
    }
    clean_stop_checkpoint(&domain::untrusted::sanitise(&output.stdout))
}
