//! The two clocks of an incident and the clock of each tier, as they stand in this frame.

use std::time::Duration;

use domain::engine::{Incident, Run, StepState};
use domain::estate::{ClockStart, Objective, Tier};
use domain::runbook::Step;
use domain::time::since;

use super::context::View;

/// Where one tier stands against its recovery time objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its services were well again after this long, inside the objective or not.
    Recovered {
        after: Duration,
        met: bool,
    },
    /// The objective cannot be met any more: it is over, or the remaining steps take longer than is left.
    Missed {
        by: Duration,
    },
    /// It can be met.
    Open {
        left: Duration,
    },
    NotApplicable,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct TierClock<'a> {
    pub tier: &'a Tier,
    pub rto: Option<Duration>,
    pub elapsed: Duration,
    /// When it will have taken how long, with the steps that remain; `None` while no run says what remains.
    pub projected: Option<Duration>,
    pub standing: Standing,
}

#[derive(Clone, Debug)]
pub(super) struct Clocks<'a> {
    pub total: Duration,
    pub execution: Option<Duration>,
    pub tiers: Vec<TierClock<'a>>,
    /// What the rest of the run is expected to take by its author's figures; `None` without a run.
    pub remaining: Option<Duration>,
}

impl<'a> Clocks<'a> {
    /// `None` while no incident was opened.
    pub(super) fn of(view: &View<'a>) -> Option<Self> {
        let incident = view.incident()?;
        let end = incident.closed_at.unwrap_or(view.model.now.wall);
        let run = view.model.run();
        let remaining = run.map(|run| remaining(view, run));
        let all_recovered = || {
            let tiers = &incident.estate.tiers;
            let last = tiers.iter().map(|tier| incident.recovered.get(&tier.id)).collect::<Option<Vec<_>>>()?;
            last.into_iter().max().copied()
        };
        let stop = all_recovered().unwrap_or(end);
        let tiers = incident.estate.tiers.iter().map(|tier| tier_clock(view, incident, tier, remaining)).collect();
        Some(Self {
            total: since(stop, incident.impact_at),
            execution: incident.decided_at.map(|decided| since(stop, decided)),
            tiers,
            remaining,
        })
    }

    /// The tier whose objective is the next to be lost, and can still be met.
    pub(super) fn next(&self) -> Option<&TierClock<'a>> {
        self.tiers
            .iter()
            .filter(|clock| matches!(clock.standing, Standing::Open { .. }))
            .min_by_key(|clock| clock.rto.map(|rto| rto.saturating_sub(clock.elapsed)))
    }
}

fn tier_clock<'a>(
    view: &View<'_>,
    incident: &'a Incident,
    tier: &'a Tier,
    remaining: Option<Duration>,
) -> TierClock<'a> {
    let start = match tier.from {
        ClockStart::Impact => incident.impact_at,
        ClockStart::Declared => incident.opened_at,
        ClockStart::Decided => incident.decided_at.unwrap_or(view.model.now.wall),
    };
    let recovered = incident.recovered.get(&tier.id);
    let elapsed = since(recovered.copied().or(incident.closed_at).unwrap_or(view.model.now.wall), start);
    let rto = match tier.rto {
        Objective::Within(rto) => Some(rto),
        Objective::NotApplicable => None,
    };
    let projected = remaining.filter(|_| recovered.is_none()).map(|remaining| elapsed + remaining);
    let standing = match (rto, recovered) {
        (None, _) => Standing::NotApplicable,
        (Some(rto), Some(_)) => Standing::Recovered { after: elapsed, met: elapsed <= rto },
        (Some(rto), None) if projected.unwrap_or(elapsed).max(elapsed) > rto => {
            Standing::Missed { by: projected.unwrap_or(elapsed).max(elapsed) - rto }
        }
        (Some(rto), None) => Standing::Open { left: rto - projected.unwrap_or(elapsed) },
    };
    TierClock { tier, rto, elapsed, projected, standing }
}

/// Steps of a parallel group take as long as the longest of them; a running step what is left of it.
fn remaining(view: &View<'_>, run: &Run) -> Duration {
    let left = |step: &Step| {
        let state = run.step_state(&step.id);
        if state.ended() {
            return Duration::ZERO;
        }
        let expected = step.expected.map(|expected| expected.high).unwrap_or_default();
        match run.record(&step.id).started_at {
            Some(started) if matches!(state, StepState::Running | StepState::Verifying) => {
                expected.saturating_sub(view.since(started))
            }
            _ => expected,
        }
    };
    run.main_groups()
        .map(|group| {
            let each = group.steps.iter().map(left);
            if group.parallel { each.max().unwrap_or_default() } else { each.sum() }
        })
        .sum()
}
