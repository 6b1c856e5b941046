//! From the folded log to the chart.

use std::time::Duration;

use super::{Allowance, Bar, Chart, Group, Moment, Outcome, Stretch};
use crate::engine::{Attempt, Incident, Recorded, Run, State, StepRun};
use crate::estate::{ClockStart, Objective};
use crate::execution::{End, Part};
use crate::report::{Metrics, Point};
use crate::runbook::{PhaseKind, Step};
use crate::time::{Timestamp, at_offset, since};

/// More bars than these are no picture any more.
const MOST_BARS: usize = 80;
/// Instants worth a line over the whole chart.
const MOMENTS: [Point; 6] =
    [Point::Impact, Point::Detected, Point::Declared, Point::Decided, Point::NoReturn, Point::Recovered];

impl Chart {
    /// `None` where there is nothing to draw: no step was begun and no tier has an objective. `clean` makes outside text
    /// fit to be shown.
    #[must_use]
    pub fn of(state: &State, metrics: &Metrics, clean: impl Fn(&str) -> String) -> Option<Self> {
        let incident = state.incident.as_ref()?;
        let now = state.told_until().unwrap_or(incident.opened_at);
        let until = incident.closed_at.unwrap_or(now);
        let runs: Vec<_> = state.runs.iter().map(|run| (run, drawn(run, until))).collect();
        let worked = runs.iter().flat_map(|(run, steps)| {
            steps.iter().filter(|step| counts(run, step.step)).flat_map(|step| &step.stretches)
        });
        let points = MOMENTS.into_iter().filter_map(|point| Some(metrics.point(point)?.at));
        let ended = metrics.point(Point::Recovered).is_none().then_some(until).filter(|_| state.runs.is_empty());
        let last = worked.map(|stretch| stretch.to).chain(points).chain(ended).max()?;
        let from = incident.impact_at.min(last);
        let allowances: Vec<_> = metrics
            .tiers
            .iter()
            .filter_map(|tier| {
                let Objective::Within(rto) = tier.rto else { return None };
                let from = started(incident, tier.clock)?;
                Some(Allowance {
                    tier: clean(tier.tier.as_str()),
                    from,
                    limit: at_offset(from, rto),
                    recovered: tier.recovered_at,
                    verdict: tier.verdict,
                })
            })
            .collect();
        if allowances.is_empty() && runs.iter().all(|(_, steps)| steps.is_empty()) {
            return None;
        }
        let to = end(from, last, &allowances);
        let (groups, left_out) = groups(&runs, to, &clean);
        let moments = MOMENTS.into_iter().filter_map(|point| Some(Moment { at: metrics.point(point)?.at, point }));
        Some(Self { from, to, allowances, groups, moments: moments.collect(), left_out })
    }
}

/// The objectives that lie near are on the chart; one that is far off would press everything else together.
fn end(from: Timestamp, last: Timestamp, allowances: &[Allowance]) -> Timestamp {
    let near = at_offset(from, since(last, from) * 2);
    let limits = allowances.iter().map(|allowance| allowance.limit).filter(|limit| *limit <= near);
    let end = limits.max().map_or(last, |limit| limit.max(last));
    let span = since(end, from).max(Duration::from_secs(1));
    at_offset(from, span + span / 40)
}

const fn started(incident: &Incident, clock: ClockStart) -> Option<Timestamp> {
    match clock {
        ClockStart::Impact => Some(incident.impact_at),
        ClockStart::Declared => Some(incident.opened_at),
        ClockStart::Decided => incident.decided_at,
    }
}

/// A step that something was recorded of.
struct Drawn<'a> {
    number: usize,
    step: &'a Step,
    stretches: Vec<Stretch>,
}

fn drawn(run: &Run, until: Timestamp) -> Vec<Drawn<'_>> {
    let steps = (1..).zip(run.runbook.steps());
    let steps = steps.map(|(number, step)| Drawn { number, step, stretches: stretches(run.record(&step.id), until) });
    steps.filter(|drawn| !drawn.stretches.is_empty()).collect()
}

/// Whether the chart reaches as far as this step: what comes once the service is back may take days.
fn counts(run: &Run, step: &Step) -> bool {
    run.runbook.place(&step.id).is_some_and(|(phase, _)| phase.kind == PhaseKind::Main && !phase.afterwards())
}

fn stretches(record: &StepRun, until: Timestamp) -> Vec<Stretch> {
    let mut stretches: Vec<_> = record.attempts.iter().map(|attempt| of_attempt(attempt, until)).collect();
    let ended = record.ended_at;
    let at_once = |at: Timestamp, outcome| Stretch { from: at, to: at, outcome };
    match (record.recorded, ended, stretches.last_mut()) {
        // Its verification is part of it.
        (Recorded::Succeeded, Some(ended), Some(last)) if last.outcome == Outcome::Succeeded => {
            last.to = last.to.max(ended);
        }
        (Recorded::Skipped, Some(ended), _) => stretches.push(at_once(ended, Outcome::Skipped)),
        // Also what a person settled.
        (Recorded::DoneByHand | Recorded::Succeeded, Some(ended), last) => {
            let from = if last.is_some() { ended } else { record.started_at.unwrap_or(ended) };
            stretches.push(Stretch { from, to: ended, outcome: Outcome::ByHand });
        }
        (Recorded::Opened, ended, None) => {
            if let Some(from) = record.started_at {
                stretches.push(Stretch { from, to: ended.unwrap_or(until).max(from), outcome: Outcome::Open });
            }
        }
        _ => {}
    }
    stretches
}

fn of_attempt(attempt: &Attempt, until: Timestamp) -> Stretch {
    let from = attempt.intended_at;
    let to = attempt.outcome.as_ref().map_or(until, |outcome| outcome.ended_at).max(from);
    let refused = attempt.verified.as_ref().is_some_and(|verified| !verified.passed);
    let outcome = match attempt.outcome.as_ref().map(|outcome| &outcome.end) {
        None => Outcome::Open,
        Some(End::Succeeded { .. }) if refused => Outcome::Failed,
        Some(End::Succeeded { .. }) if attempt.part == Part::Rollback => Outcome::Undone,
        Some(End::Succeeded { .. }) => Outcome::Succeeded,
        Some(End::Failed { .. } | End::NotStarted { .. } | End::Cancelled) => Outcome::Failed,
        Some(End::TimedOut | End::Unknown { .. }) => Outcome::Unknown,
    };
    Stretch { from, to, outcome }
}

fn groups(runs: &[(&Run, Vec<Drawn<'_>>)], to: Timestamp, clean: &impl Fn(&str) -> String) -> (Vec<Group>, usize) {
    let (mut room, mut left_out, mut groups) = (MOST_BARS, 0, Vec::new());
    for (run, steps) in runs {
        let (within, later): (Vec<_>, Vec<_>) = steps.iter().partition(|step| step.stretches[0].from <= to);
        let shown = within.len().min(room);
        room -= shown;
        left_out += later.len() + within.len() - shown;
        let bars: Vec<_> = within[..shown].iter().map(|drawn| bar(drawn, to, clean)).collect();
        if !bars.is_empty() {
            groups.push(Group { title: clean(&run.runbook.title), bars });
        }
    }
    (groups, left_out)
}

fn bar(drawn: &Drawn<'_>, to: Timestamp, clean: &impl Fn(&str) -> String) -> Bar {
    let within = drawn.stretches.iter().filter(|stretch| stretch.from <= to);
    Bar {
        number: drawn.number,
        title: clean(&drawn.step.title),
        line: drawn.step.point_of_no_return,
        stretches: within.map(|stretch| Stretch { to: stretch.to.min(to), ..*stretch }).collect(),
    }
}
