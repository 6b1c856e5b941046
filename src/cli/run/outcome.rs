//! What `run --json` ends with.

use domain::engine::{Run, RunState, State, StepState};
use domain::execution::End;
use domain::ident::StepId;
use domain::objective::AtRisk;
use domain::time::{rfc3339, since};
use serde::Serialize;

use super::super::Exit;
use super::again;
use super::stop::Stop;
use super::turn::how_to_settle;

/// Field names are a public contract.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) incident: Option<String>,
    pub(super) label: Option<String>,
    pub(super) outcome: Word,
    /// Why it was refused, or did not go on.
    pub(super) error: Option<String>,
    /// The step that failed, is unknown, or would have been next.
    pub(super) stopped_at: Option<String>,
    /// The command that goes on with it.
    pub(super) resume: Option<String>,
    pub(super) steps: Vec<Step>,
    pub(super) rto: Option<Rto>,
    pub(super) rpo: std::collections::BTreeMap<String, AtRisk>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Word {
    Completed,
    CompletedWithExceptions,
    Failed,
    Unknown,
    Refused,
}

#[derive(Debug, Serialize)]
pub(super) struct Step {
    id: String,
    title: String,
    state: StepState,
    attempts: usize,
    started_at: Option<String>,
    ended_at: Option<String>,
    duration_ms: Option<u64>,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Rto {
    /// From impact to the end of the run, and from the decision.
    total_ms: u64,
    execution_ms: Option<u64>,
}

impl Outcome {
    /// As the JSON says it.
    pub(super) const fn word(&self) -> &'static str {
        match self.outcome {
            Word::Completed => "completed",
            Word::CompletedWithExceptions => "completed-with-exceptions",
            Word::Failed => "failed",
            Word::Unknown => "unknown",
            Word::Refused => "refused",
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match self.outcome {
            Word::Completed | Word::CompletedWithExceptions => Exit::Yes,
            Word::Failed => Exit::No,
            Word::Unknown => Exit::Unknown,
            Word::Refused => Exit::Refused,
        }
    }

    pub(super) fn of(state: &State, run: Option<&Run>, stop: Option<Stop>) -> Self {
        // Held in a runbook that a step opened, it is held.
        let stands = run.map(|run| state.walked(run));
        let word = match stands.map(|run| &run.state) {
            // A step that goes on without it has an outcome that nobody waits for.
            _ if !matches!(stop, Some(Stop::Refused(_) | Stop::Lacks(..))) && stands.is_some_and(Run::busy) => {
                Word::Unknown
            }
            _ if stop.is_some() => Word::Refused,
            Some(RunState::Completed) => Word::Completed,
            Some(RunState::CompletedWithExceptions { .. } | RunState::WatchingHold) => Word::CompletedWithExceptions,
            Some(RunState::HeldByFailure { .. }) if stands.and_then(unknown).is_some() => Word::Unknown,
            _ => Word::Failed,
        };
        let incident = state.incident.as_ref();
        let complete = matches!(word, Word::Completed | Word::CompletedWithExceptions);
        let resume = incident.filter(|_| !complete && run.is_some());
        let amends = stop.as_ref().map(Stop::amends).unwrap_or_default().to_vec();
        let ended = run.and_then(|run| run.ended_at);
        Self {
            incident: incident.map(|incident| incident.id.to_string()),
            label: incident.map(|incident| incident.label.clone()),
            outcome: word,
            error: stop.map(|stop| stop.why().to_owned()).or_else(|| stands.and_then(|run| unsettled(word, run))),
            stopped_at: stands.filter(|_| !complete).and_then(stopped_at),
            resume: resume
                .zip(run)
                .map(|(incident, run)| again::command(std::env::args_os(), &run.name, &incident.label, &amends)),
            steps: run.map(steps).unwrap_or_default(),
            rto: incident.zip(ended).map(|(incident, ended)| Rto {
                total_ms: ms(since(ended, incident.impact_at)),
                execution_ms: incident.decided_at.map(|decided| ms(since(ended, decided))),
            }),
            rpo: incident
                .map(|incident| {
                    incident.recovery_point.iter().map(|(name, at_risk)| (name.to_string(), at_risk.clone())).collect()
                })
                .unwrap_or_default(),
        }
    }
}

impl Outcome {
    /// How it ended, for people, and how it goes on.
    pub(super) fn say(&self) {
        let of = self.label.as_deref().map(|label| format!(" ({label})")).unwrap_or_default();
        let at = self.stopped_at.as_deref().map(|step| format!(" at `{step}`")).unwrap_or_default();
        let said = match self.outcome {
            Word::Completed => "completed".to_owned(),
            Word::CompletedWithExceptions => "completed with exceptions".to_owned(),
            Word::Failed => format!("failed{at}"),
            Word::Unknown => format!("stopped{at}: its outcome is unknown"),
            Word::Refused => format!("stopped{at}"),
        };
        eprintln!("\nswitchback: {said}{of}");
        if let Some(why) = &self.error {
            eprintln!("switchback: {}", domain::untrusted::sanitise(why.as_str()));
        }
        if let Some(resume) = &self.resume {
            eprintln!("To go on: {}", domain::untrusted::sanitise_line(resume));
        }
    }
}

fn unsettled(word: Word, run: &Run) -> Option<String> {
    unknown(run).filter(|_| word == Word::Unknown).map(|step| how_to_settle(run, &step))
}

/// A step of which nobody knows whether it took effect, although another beside it may have failed for certain.
fn unknown(run: &Run) -> Option<StepId> {
    run.runbook.steps().map(|step| &step.id).find(|id| run.step_state(id) == StepState::Unknown).cloned()
}

fn stopped_at(run: &Run) -> Option<String> {
    let held = match &run.state {
        RunState::HeldByFailure { step } => unknown(run).or_else(|| Some(step.clone())),
        _ => run.steps.iter().find(|(id, _)| run.step_state(id) == StepState::Running).map(|(id, _)| id.clone()),
    };
    held.or_else(|| run.next().first().cloned()).map(|step| step.to_string())
}

fn steps(run: &Run) -> Vec<Step> {
    run.runbook
        .steps()
        .map(|step| {
            let record = run.record(&step.id);
            let error = record.attempts.last().and_then(|attempt| match &attempt.outcome.as_ref()?.end {
                End::Failed { why, .. } | End::NotStarted { why } | End::Unknown { why } => Some(why.clone()),
                End::TimedOut => Some("timed out".to_owned()),
                End::Cancelled => Some("cancelled".to_owned()),
                End::Succeeded { .. } => None,
            });
            Step {
                id: step.id.to_string(),
                title: step.title.clone(),
                state: run.step_state(&step.id),
                attempts: record.attempts.len(),
                started_at: record.started_at.map(rfc3339),
                ended_at: record.ended_at.map(rfc3339),
                duration_ms: record.started_at.zip(record.ended_at).map(|(start, end)| ms(since(end, start))),
                error,
            }
        })
        .collect()
}

fn ms(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
