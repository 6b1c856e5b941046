//! How long it will be until the service is back: the critical path over the steps that are left until then.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::{Recorded, Run, RunState, State};
use crate::ident::StepId;
use crate::runbook::{Group, Step};
use crate::time::{Timestamp, since};

/// What a step takes when neither its author nor experience says.
const UNTOLD: Duration = Duration::from_secs(30);

/// Durations of earlier runs: by the runbook's name and the step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learned(pub BTreeMap<(String, StepId), Quantiles>);

/// The middle, and what nine of ten stayed below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quantiles {
    pub p50: Duration,
    pub p90: Duration,
}

/// What is left of the critical path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    pub p50: Duration,
    pub p90: Duration,
    /// Only durations that authors wrote are known, at least for one step: shown as *est*.
    pub estimated: bool,
}

/// The remaining critical path to recovery of the runs that are under way, the longest of them; `None` when none is.
#[must_use]
pub fn remaining(state: &State, learned: &Learned, now: Timestamp) -> Option<Forecast> {
    state
        .runs
        .iter()
        .filter(|run| {
            !matches!(
                run.state,
                RunState::Completed | RunState::CompletedWithExceptions { .. } | RunState::Aborted { .. }
            )
        })
        .map(|run| of_run(run, learned, now))
        .reduce(|one, other| Forecast {
            p50: one.p50.max(other.p50),
            p90: one.p90.max(other.p90),
            estimated: one.estimated || other.estimated,
        })
}

fn of_run(run: &Run, learned: &Learned, now: Timestamp) -> Forecast {
    let open: Vec<&StepId> = run.remaining().map(|step| &step.id).collect();
    let left = |step: &Step| open.contains(&&step.id).then(|| left_of(run, step, learned, now));
    let path = |of: fn(Quantiles) -> Duration| -> Duration {
        run.groups_to_recovery().map(|group| length(group, &|step| left(step).map(of).unwrap_or_default())).sum()
    };
    let mut steps = run.groups_to_recovery().flat_map(|group| &group.steps).filter(|step| open.contains(&&step.id));
    let estimated = steps.any(|step| !learned.0.contains_key(&(run.name.clone(), step.id.clone())));
    Forecast { p50: path(|left| left.p50), p90: path(|left| left.p90), estimated }
}

/// One after the other, or, in parallel, the longest chain of steps that wait for each other.
fn length(group: &Group, left: &dyn Fn(&Step) -> Duration) -> Duration {
    if !group.parallel {
        return group.steps.iter().map(left).sum();
    }
    let mut ends: BTreeMap<&StepId, Duration> = BTreeMap::new();
    // Each pass settles at least the steps whose predecessors are settled; a circle stops changing by the last.
    for _ in &group.steps {
        for step in &group.steps {
            let start = step.after.iter().filter_map(|before| ends.get(before)).max().copied().unwrap_or_default();
            ends.insert(&step.id, start + left(step));
        }
    }
    ends.into_values().max().unwrap_or_default()
}

/// Of one step that has no end yet: less what it has run already.
fn left_of(run: &Run, step: &Step, learned: &Learned, now: Timestamp) -> Quantiles {
    let whole = learned.usual(&run.name, step);
    let record = run.record(&step.id);
    let runs =
        matches!(record.recorded, Recorded::Running | Recorded::Undoing | Recorded::Opened | Recorded::Verifying);
    let last = record.attempts.last().filter(|_| runs);
    let begun = last.map(|attempt| since(now, attempt.intended_at)).unwrap_or_default();
    Quantiles { p50: whole.p50.saturating_sub(begun), p90: whole.p90.saturating_sub(begun) }
}

impl Learned {
    /// What a step of this runbook takes: as it took before, else as its author says, else what a step is taken for.
    #[must_use]
    pub fn usual(&self, runbook: &str, step: &Step) -> Quantiles {
        self.0.get(&(runbook.to_owned(), step.id.clone())).copied().unwrap_or_else(|| written(step))
    }
}

fn written(step: &Step) -> Quantiles {
    step.expected.map_or(Quantiles { p50: UNTOLD, p90: UNTOLD }, |expected| Quantiles {
        p50: (expected.low + expected.high) / 2,
        p90: expected.high,
    })
}
