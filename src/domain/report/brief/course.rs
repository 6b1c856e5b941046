//! What was done, what runs, what comes next, and by when.

use super::{Part, Weight, span};
use crate::comms::due;
use crate::engine::{HoldState, Incident, Recorded, Run, RunState, StepState};
use crate::forgotten::Seen;
use crate::objective::{clocks, decide_by};
use crate::reading::Status;
use crate::time::{clock, since};

/// So many of the last that ended; the log has the rest.
const LAST: usize = 6;
/// So many of those that come.
const COMING: usize = 4;

pub(super) fn done(seen: &Seen<'_>) -> Part {
    let mut part = Part::new("Done");
    let steps = seen.state.runs.iter().flat_map(|run| run.runbook.steps().map(move |step| (run, step)));
    let mut ended: Vec<_> = steps
        .filter_map(|(run, step)| {
            let record = run.record(&step.id);
            let state = run.step_state(&step.id);
            let at = record.ended_at.filter(|_| state.ended() && state != StepState::NotApplicable)?;
            let by = record.by.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
            let how = if state == StepState::Succeeded { String::new() } else { format!(" ({})", state.word()) };
            Some((at, format!("{} {}{how}{by}", clock(at), step.title)))
        })
        .collect();
    ended.sort_by_key(|(at, _)| *at);
    let earlier = ended.len().saturating_sub(LAST);
    if earlier > 0 {
        part.say(format!("{earlier} earlier steps, in the log"));
    }
    for (_, line) in ended.into_iter().skip(earlier) {
        part.say(line);
    }
    part
}

pub(super) fn next(seen: &Seen<'_>) -> Part {
    let mut part = Part::new("Next");
    if seen.state.open().is_none() {
        return part;
    }
    for run in seen.state.runs.iter().filter(|run| run.ended_at.is_none()) {
        of_run(seen, run, &mut part);
    }
    if part.lines.is_empty() {
        let none = seen.state.runs.is_empty();
        part.put(Weight::Open, if none { "no runbook was started" } else { "every step has its end" });
    }
    part
}

fn of_run(seen: &Seen<'_>, run: &Run, part: &mut Part) {
    if let RunState::Paused { by, reason } = &run.state {
        part.put(Weight::Open, format!("{} is paused by {by}: {reason}", run.runbook.title));
    }
    let (mut shown, mut left) = (0, 0);
    for step in run.remaining() {
        let record = run.record(&step.id);
        let (weight, how) = match record.recorded {
            Recorded::Nothing if record.approval.as_ref().is_some_and(|asked| asked.given.is_none()) => {
                let seat = record.approval.as_ref().map(|asked| asked.seat.to_string()).unwrap_or_default();
                (Weight::Open, format!(": waits for {seat}"))
            }
            Recorded::Nothing => (Weight::Plain, String::new()),
            Recorded::Failed | Recorded::Unknown | Recorded::Cancelled => {
                (Weight::Wrong, format!(": {}", run.step_state(&step.id).word()))
            }
            _ => {
                let at = record.started_at.unwrap_or(seen.now);
                (Weight::Open, format!(": {} for {}", run.step_state(&step.id).word(), span(since(seen.now, at))))
            }
        };
        if shown == COMING && weight == Weight::Plain {
            left += 1;
            continue;
        }
        shown += 1;
        let line = if step.point_of_no_return { ", POINT OF NO RETURN" } else { "" };
        part.put(weight, format!("{}{line}{how}", step.title));
    }
    if left > 0 {
        part.say(format!("and {left} more of {}", run.runbook.title));
    }
}

pub(super) fn timers(seen: &Seen<'_>, incident: &Incident) -> Part {
    let mut part = Part::new("Timers");
    if incident.closed_at.is_some() {
        return part;
    }
    let nothing = Status::default();
    let status = seen.status.unwrap_or(&nothing);
    if incident.decided_at.is_none() {
        let all = decide_by(&incident.estate, seen.state, status, seen.learned, seen.now);
        if let Some(next) = all.iter().find(|next| next.decide_by >= seen.now) {
            let left = span(since(next.decide_by, seen.now));
            part.put(Weight::Open, format!("decide by {} ({left} left), tier {}", clock(next.decide_by), next.tier));
        }
    }
    let all = clocks(&incident.estate, seen.state, status, seen.learned, seen.now);
    if let Some(at) = all.and_then(|clocks| clocks.projected_finish) {
        part.say(format!("projected finish {}", clock(at)));
    }
    for next in due(&incident.estate.audiences, &seen.state.updates, incident.opened_at) {
        let late = next.at < seen.now;
        let (weight, verb) = if late { (Weight::Wrong, "was due") } else { (Weight::Plain, "due") };
        part.put(weight, format!("update for {} {verb} {}", next.audience, clock(next.at)));
    }
    for run in &seen.state.runs {
        for (step, record) in &run.steps {
            if let Some(HoldState::Watching { until, .. }) = &record.hold {
                let title = run.step(step).map_or(step.as_str(), |step| &step.title);
                part.say(format!("{title} is watched until {}", clock(*until)));
            }
        }
    }
    part
}
