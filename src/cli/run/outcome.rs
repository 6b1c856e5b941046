//! What `run --json` ends with.

use domain::engine::{Run, RunState, State, StepState};
use domain::execution::End;
use domain::objective::AtRisk;
use domain::time::{rfc3339, since};
use serde::Serialize;

use super::super::Exit;

/// Field names are a public contract.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) incident: Option<String>,
    pub(super) outcome: Word,
    /// Why it was refused, or did not go on.
    pub(super) error: Option<String>,
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
    pub(super) fn exit(&self) -> Exit {
        match self.outcome {
            Word::Completed | Word::CompletedWithExceptions => Exit::Yes,
            Word::Failed => Exit::No,
            Word::Unknown => Exit::Unknown,
            Word::Refused => Exit::Refused,
        }
    }

    pub(super) fn of(state: &State, run: Option<&Run>, refused: Option<String>) -> Self {
        // Held in a runbook that a step opened, it is held.
        let stands = run.map(|run| state.walked(run));
        let word = match stands.map(|run| &run.state) {
            _ if refused.is_some() => Word::Refused,
            Some(RunState::Completed) => Word::Completed,
            Some(RunState::CompletedWithExceptions { .. } | RunState::WatchingHold) => Word::CompletedWithExceptions,
            Some(RunState::HeldByFailure { step })
                if stands.is_some_and(|run| run.step_state(step) == StepState::Unknown) =>
            {
                Word::Unknown
            }
            _ => Word::Failed,
        };
        let incident = state.incident.as_ref();
        let ended = run.and_then(|run| run.ended_at);
        Self {
            incident: incident.map(|incident| incident.id.to_string()),
            outcome: word,
            error: refused,
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
