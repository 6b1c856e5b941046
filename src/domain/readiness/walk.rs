//! What a run shows of its runbook: which steps were carried out, in which words, and what kind of proof that is.

use std::time::Duration;

use super::Held;
use crate::engine::{Recorded, Run, RunState, State};
use crate::ident::{Hash, StepId};
use crate::log::Kind;
use crate::report;
use crate::runbook::{PhaseKind, Runbook, Step};
use crate::time::Timestamp;

/// One run of a runbook, as far as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Label of the incident.
    pub incident: String,
    pub kind: Kind,
    pub runbook: String,
    /// Of the whole text that was walked.
    pub hash: Hash,
    /// When it ended; of one that is still open, when it began.
    pub at: Timestamp,
    pub end: WalkEnd,
    /// In an exercise that played itself: nobody was there.
    pub automatic: bool,
    /// From the impact until the last tier was back.
    pub rto: Option<Duration>,
    /// What the promotion lost, as an interval.
    pub lost: Option<String>,
    pub steps: Vec<WalkedStep>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkEnd {
    /// Every step of the main line had its end.
    Completed,
    /// It was left before that.
    Aborted,
    Open,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkedStep {
    pub id: StepId,
    /// Of its own text.
    pub text: Hash,
    pub did: Did,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    Succeeded,
    /// Written to run, and carried out elsewhere by a person: its block was not exercised.
    ByHand,
    /// Its `When` left it out.
    NotApplicable,
    Skipped,
    Failed,
    /// It was never reached, or its end is not known.
    Open,
}

impl Walk {
    /// Those of an incident that count for anything: a demonstration shows nothing, paper exercises people only. Of an
    /// exercise only where it was played to its end, which `held` tells of.
    #[must_use]
    pub fn of(state: &State, held: Option<&Held>) -> Vec<Self> {
        let counts = state.exercise.is_none() || held.is_some();
        let Some(incident) = state.incident.as_ref().filter(|incident| counts && proves(incident.kind)) else {
            return Vec::new();
        };
        let over = incident.closed_at.is_some() || held.is_some();
        let measured = report::metrics(state);
        let back = measured.iter().flat_map(|all| &all.tiers);
        let all_back = back.clone().all(|tier| tier.total.is_some());
        let rto = back.filter_map(|tier| tier.total).max().filter(|_| all_back);
        let lost = measured.iter().flat_map(|all| &all.losses).find_map(|loss| Some(loss.lost.as_ref()?.interval()));
        // From the impact as it was in truth, and on the clock of the people.
        let (rto, lost) = held.map_or((rto, lost), |held| (held.rto, held.lost.clone()));
        let at = held.map(|held| held.at);
        let walk = |run: &Run| {
            let end = match run.state {
                RunState::Completed | RunState::CompletedWithExceptions { .. } => WalkEnd::Completed,
                RunState::Aborted { .. } => WalkEnd::Aborted,
                // Whoever closes an incident leaves what is not finished.
                _ if over => WalkEnd::Aborted,
                _ => WalkEnd::Open,
            };
            Self {
                incident: incident.label.clone(),
                kind: incident.kind,
                runbook: run.name.clone(),
                hash: run.hash,
                at: at.unwrap_or_else(|| run.ended_at.or(incident.closed_at).unwrap_or(run.started_at)),
                end,
                automatic: held.is_some_and(|held| held.automatic),
                rto,
                lost: lost.clone(),
                steps: run.runbook.steps().map(|step| walked(run, step)).collect(),
            }
        };
        state.runs.iter().map(walk).collect()
    }

    /// As [`Self::of`], of a runbook that was walked to its end: for what is not in a log.
    #[must_use]
    pub fn completed(incident: &str, kind: Kind, name: &str, runbook: &Runbook, at: Timestamp) -> Self {
        let main = runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main);
        let steps = main.flat_map(|phase| &phase.groups).flat_map(|group| &group.steps);
        Self {
            incident: incident.to_owned(),
            kind,
            runbook: name.to_owned(),
            hash: runbook.hash(),
            at,
            end: WalkEnd::Completed,
            automatic: false,
            rto: None,
            lost: None,
            steps: steps
                .map(|step| WalkedStep { id: step.id.clone(), text: text_of(runbook, step), did: Did::Succeeded })
                .collect(),
        }
    }
}

/// A run of this kind shows something of the runbook.
const fn proves(kind: Kind) -> bool {
    match kind {
        Kind::Live | Kind::Lab | Kind::Drill => true,
        Kind::Demo | Kind::Paper => false,
    }
}

fn walked(run: &Run, step: &Step) -> WalkedStep {
    let did = match run.record(&step.id).recorded {
        Recorded::Succeeded => Did::Succeeded,
        Recorded::DoneByHand if step.run.is_none() => Did::Succeeded,
        Recorded::DoneByHand => Did::ByHand,
        Recorded::Skipped => Did::Skipped,
        Recorded::Failed | Recorded::Cancelled => Did::Failed,
        Recorded::Nothing if !run.applicable(step) => Did::NotApplicable,
        // It was carried out, whatever was made of it afterwards.
        Recorded::Undoing | Recorded::Undone => Did::Succeeded,
        Recorded::Nothing | Recorded::Running | Recorded::Verifying | Recorded::Opened | Recorded::Unknown => Did::Open,
    };
    WalkedStep { id: step.id.clone(), text: text_of(&run.runbook, step), did }
}

/// Of a step's own words: where it stands in the document, and white space at the ends of lines, are no part of it.
#[must_use]
pub fn text_of(runbook: &Runbook, step: &Step) -> Hash {
    let text = runbook.source.get(step.span.clone()).unwrap_or_default();
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    Hash::of(lines.join("\n").as_bytes())
}
