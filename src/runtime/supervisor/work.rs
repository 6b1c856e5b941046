//! One block, performed: from the claim to the outcome.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use domain::execution::{AttemptOutcome, End, Resolved};
use domain::redact::Redactor;
use domain::runbook::Lang;
use domain::time::Timestamp;
use domain::untrusted::sanitise_line;
use rustix::process::WaitStatus;

use super::handover::Handover;
use super::output::Output;
use super::process::{Ended, Limits, run};
use super::process_note::Process;
use super::remote;
use super::signals::Signals;
use super::values::{VALUES, read};
use crate::runtime::clock::boottime;
use crate::runtime::exec::route53::Intended;
use crate::runtime::exec::{environment, shell};

pub(crate) fn perform(handover: &Handover, signals: &Signals) -> AttemptOutcome {
    let started_at = Timestamp::now();
    let started = boottime();
    let redactor = Redactor::new(handover.secrets.values().cloned().chain(environment::secret_values()));
    let mut output = match Output::create(&handover.folder, &redactor) {
        Ok(output) => output,
        Err(error) => return ended(never(&error), started_at, started),
    };
    let end = match handover.resolved.lang {
        Lang::Bash | Lang::Sh => shell_block(handover, signals, &mut output),
        Lang::Sql | Lang::Http | Lang::Route53 => remote::perform(handover, signals, &mut output),
        other => End::NotStarted { why: format!("{} blocks are not executed", other.name()) },
    };
    output.end();
    // What a failed block had written down is what its undo needs; what it printed is no value.
    let stdout = output.stdout();
    let printed = matches!(end, End::Succeeded { .. }).then_some(stdout.as_deref());
    let passed = read(&handover.folder, &handover.resolved, printed, &redactor);
    // What it holds was taken or refused; what was refused may be a secret.
    let _ = std::fs::remove_file(handover.folder.join(VALUES));
    let mut outcome = ended(redacted(end, &redactor), started_at, started);
    outcome.summary = summary(&output.summary(), &passed.refused);
    outcome.values = passed.values;
    outcome.undo = Intended::undo(&handover.folder);
    outcome.output = Some(output.reference(&handover.name));
    outcome
}

fn ended(end: End, started_at: Timestamp, started: Duration) -> AttemptOutcome {
    AttemptOutcome {
        end,
        started_at,
        ended_at: Timestamp::now(),
        duration: boottime().saturating_sub(started),
        values: Default::default(),
        output: None,
        summary: String::new(),
        undo: None,
    }
}

/// Errors of servers quote what was sent to them.
fn redacted(end: End, redactor: &Redactor) -> End {
    let safe = |why: String| sanitise_line(&redactor.redact(&why));
    match end {
        End::Failed { exit, why } => End::Failed { exit, why: safe(why) },
        End::NotStarted { why } => End::NotStarted { why: safe(why) },
        End::Unknown { why } => End::Unknown { why: safe(why) },
        end => end,
    }
}

fn summary(last: &str, refused: &[String]) -> String {
    let notes = refused.iter().map(|refused| format!("value not taken: {refused}"));
    std::iter::once(last.to_owned()).filter(|last| !last.is_empty()).chain(notes).collect::<Vec<_>>().join("; ")
}

fn never(error: &std::io::Error) -> End {
    End::NotStarted { why: error.to_string() }
}

fn shell_block(handover: &Handover, signals: &Signals, output: &mut Output) -> End {
    let resolved = &handover.resolved;
    let values = handover.folder.join(VALUES);
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&values);
    // The script has to stay open until the shell has ended: it reads as it goes.
    let (mut command, _script) = match created.and_then(|_| shell::command(resolved.lang, &resolved.text)) {
        Ok(command) => command,
        Err(error) => return never(&error),
    };
    command.envs(&resolved.env).envs(&handover.secrets).env("SWITCHBACK_OUT", values);
    let limits = Limits { timeout: resolved.timeout, grace: handover.grace };
    let begun = |pid| Process::of(pid).note(&handover.folder);
    match run(command, limits, signals, begun, |channel, bytes| output.push(channel, bytes)) {
        Ok(Ended::Itself(status)) => by_exit(resolved, status),
        Ok(Ended::TimedOut { left: 0 }) => End::TimedOut,
        Ok(Ended::Cancelled { left: 0 }) => End::Cancelled,
        Ok(Ended::TimedOut { left } | Ended::Cancelled { left }) => {
            End::Unknown { why: format!("{left} of its processes could not be ended and go on") }
        }
        Err(error) => never(&error),
    }
}

fn by_exit(resolved: &Resolved, status: WaitStatus) -> End {
    let exit = status.exit_status();
    match exit {
        Some(code) if resolved.exit.contains(&code) || resolved.exit.is_empty() && code == 0 => End::Succeeded { exit },
        Some(code) => End::Failed { exit, why: format!("exit code {code}") },
        None => {
            let signal = status.terminating_signal().unwrap_or_default();
            End::Failed { exit, why: format!("ended by signal {signal}") }
        }
    }
}
