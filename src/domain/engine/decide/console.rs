//! One-off commands, and what consoles say of themselves and of the log.

use super::{Context, Decision};
use crate::engine::{Command, Reason, Refusal};
use crate::log::Event;

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Refusal> {
    Ok(match command {
        Command::Capture { capture, resolved } => {
            context.open_incident()?;
            if context.state.captures.iter().any(|known| known.id == *capture) {
                return Err(Refusal::new(Reason::Duplicate, "this command was started already"));
            }
            if super::unsecret(&resolved.text) != resolved.text {
                let message = "it holds what looks like a secret, and would stay in the log: give it by a file or by PG* or AWS_* variables";
                return Err(Refusal::new(Reason::NotNow, message));
            }
            Event::CaptureIntended { capture: *capture, resolved: resolved.clone() }.into()
        }
        Command::FinishCapture { capture, outcome } => {
            let known = context.state.captures.iter().find(|known| known.id == *capture);
            let known = known.ok_or_else(|| super::no_such("command", &capture.to_string()))?;
            if known.outcome.is_some() {
                return Err(Refusal::new(Reason::Duplicate, "the outcome of this command is recorded already"));
            }
            Event::CaptureFinished { capture: *capture, outcome: outcome.clone() }.into()
        }
        Command::Attach { version, read_only } => {
            Event::ConsoleAttached { version: version.clone(), read_only: *read_only }.into()
        }
        Command::Detach { reason } => Event::ConsoleDetached { reason: reason.clone() }.into(),
        Command::Vouch(vouching) => Event::IdentityVerified(vouching.clone()).into(),
        Command::RecordRepair { cut_bytes, kept_as } => {
            Event::LogRepaired { cut_bytes: *cut_bytes, kept_as: kept_as.clone() }.into()
        }
        Command::RecordAdoption { from, head, seq } => {
            Event::LogAdopted { from: from.clone(), head: *head, seq: *seq }.into()
        }
        Command::RecordGap { from, to } => Event::NotWatched { from: *from, to: *to }.into(),
        other => unreachable!("{other:?} is decided elsewhere"),
    })
}
