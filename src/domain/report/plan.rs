//! The plan as executed: every step of every run, those that were not walked included.

use std::sync::Arc;
use std::time::Duration;

use super::page::Page;
use super::text::{digest, utc, utc_or};
use crate::engine::{Attempt, HoldState, Recorded, Run, RunState, StepState};
use crate::execution::{AttemptOutcome, End, GuardResult, GuardVerdict, Part, VerifyResult};
use crate::ident::{RunId, StepId};
use crate::log::{Approved, Entry, Event};
use crate::runbook::{PhaseKind, Step};
use crate::time::{human, since};

pub(super) fn write(page: &mut Page<'_>) {
    page.heading("Plan as executed");
    if page.state.runs.is_empty() {
        page.line("No runbook was started.");
    }
    for run in &page.state.runs {
        write_run(page, run);
    }
}

fn write_run(page: &mut Page<'_>, run: &Run) {
    let title = page.text.line(&run.runbook.title);
    page.line(format!("### {title}\n"));
    let region = |region: &Option<crate::ident::RegionId>| {
        region.as_ref().map_or_else(|| "not given".to_owned(), |region| page.text.line(region.as_str()))
    };
    let way = format!("{} ▸ {}", region(&run.from), region(&run.to));
    let name = page.text.line(&run.name);
    let standing = page.text.line(&run_state(run));
    page.line(format!("- Runbook: {name}, SHA-256 {}", digest(&run.hash)));
    page.line(format!("- Mode: {}; {way}", run.mode.word()));
    page.line(format!("- Started {}; ended {}", utc(run.started_at), utc_or(run.ended_at, "not")));
    page.line(format!("- Outcome: {standing}\n"));
    page.table(&["#", "Step", "State", "Started", "Ended", "Took", "Executed by", "Authorised by"]);
    for (number, step) in (1..).zip(run.runbook.steps()) {
        summary_row(page, run, number, step);
    }
    for (number, step) in (1..).zip(run.runbook.steps()) {
        details(page, run, number, step);
    }
}

fn run_state(run: &Run) -> String {
    match &run.state {
        RunState::Running => "under way".to_owned(),
        RunState::HeldByFailure { step } => format!("held by a failure of {step}"),
        RunState::Paused { by, reason } => format!("paused by {by}: {reason}"),
        RunState::WatchingHold => "every step is done, watching whether it holds".to_owned(),
        RunState::Completed => "completed".to_owned(),
        RunState::CompletedWithExceptions { exceptions } => {
            let plural = if exceptions.len() == 1 { "exception" } else { "exceptions" };
            format!("completed with {} {plural}", exceptions.len())
        }
        RunState::Aborted { by, reason } => format!("aborted by {by}: {reason}"),
    }
}

fn summary_row(page: &mut Page<'_>, run: &Run, number: usize, step: &Step) {
    let record = run.record(&step.id);
    let took = record.started_at.zip(record.ended_at).map(|(start, end)| human(since(end, start)));
    let by = executed_by(page, run, &step.id);
    let title = page.text.line(&step.title);
    let line = if step.point_of_no_return { " (point of no return)" } else { "" };
    page.row(&[
        number.to_string(),
        format!("{title}{line}"),
        state_word(run, step).to_owned(),
        utc_or(record.started_at, ""),
        utc_or(record.ended_at, ""),
        took.unwrap_or_default(),
        by,
        authorised_by(page, run, &step.id),
    ]);
}

/// Whoever settled an outcome did not execute the step.
fn executed_by(page: &Page<'_>, run: &Run, step: &StepId) -> String {
    let record = run.record(step);
    let by = record.by.as_ref().map(|by| page.text.line(by.as_str())).unwrap_or_default();
    match record.recorded {
        Recorded::Skipped => format!("skipped by {by}"),
        Recorded::DoneByHand => by,
        _ => record.attempts.last().map_or(by, |attempt| page.text.line(attempt.executed_by.as_str())),
    }
}

/// A phase on demand that nobody asked for is no omission.
fn state_word(run: &Run, step: &Step) -> &'static str {
    let on_demand = run.runbook.place(&step.id).is_some_and(|(phase, _)| phase.kind != PhaseKind::Main);
    match run.step_state(&step.id) {
        StepState::Pending | StepState::Ready if on_demand => "not asked for",
        state => state.word(),
    }
}

fn authorised_by(page: &Page<'_>, run: &Run, step: &StepId) -> String {
    let record = run.record(step);
    let of_attempt = record.attempts.iter().rev().find_map(|attempt| attempt.authorised_by.as_ref());
    let given = of_attempt.or_else(|| record.approval.as_ref()?.given.as_ref());
    given.map(|given| page.text.line(&approved(given))).unwrap_or_default()
}

fn approved(given: &Approved) -> String {
    let seat = given.seat.as_ref().map(|seat| format!(" ({seat})")).unwrap_or_default();
    let how = if given.spoken { ", as spoken" } else { "" };
    format!("{}{seat}{how}", given.by)
}

fn details(page: &mut Page<'_>, run: &Run, number: usize, step: &Step) {
    let found = facts(page, run, step);
    let record = run.record(&step.id);
    if found.is_empty() && record.attempts.is_empty() {
        return;
    }
    let title = page.text.line(&step.title);
    page.line(format!("\n#### {number}. {title}\n"));
    for fact in found {
        page.line(format!("- {fact}"));
    }
    let mut shown: Option<&str> = None;
    for attempt in &record.attempts {
        if shown.is_some() {
            page.line("");
        }
        write_attempt(page, attempt);
        if shown != Some(&attempt.resolved.text) {
            let block = page.text.block(attempt.resolved.lang.name(), &attempt.resolved.text);
            page.line("");
            page.out.push_str(&block);
            shown = Some(&attempt.resolved.text);
        }
    }
}

/// What was recorded of a step besides its attempts.
fn facts(page: &Page<'_>, run: &Run, step: &Step) -> Vec<String> {
    let (text, record) = (&page.text, run.record(&step.id));
    let mut facts = Vec::new();
    if let Some(why) = &step.manual_because {
        facts.push(format!("Written to run, but made manual: {}", text.line(why)));
    }
    for (substep, done) in &record.ticks {
        let title = step.substeps.get(*substep).map_or("", |substep| substep.title.as_str());
        facts.push(format!("{}: {}", if *done { "Ticked" } else { "Unticked" }, text.line(title)));
    }
    if let Some(asked) = &record.approval {
        let answer = match (&asked.given, &asked.declined) {
            (Some(given), _) => format!("given by {} {}", approved(given), utc(given.at)),
            (None, Some((by, reason))) => format!("declined by {by}: {reason}"),
            (None, None) => "not answered".to_owned(),
        };
        let asked = format!("asked of {} by {} {}", asked.seat, asked.asked_by, utc(asked.asked_at));
        facts.push(format!("Approval: {}; {}", text.line(&asked), text.line(&answer)));
    }
    for taken in &record.overrides {
        let said = format!(
            "{}, seen {}, on the authority of {} {}: {}",
            taken.guard,
            taken.seen,
            taken.authority,
            utc(taken.at),
            taken.reason
        );
        facts.push(format!("Guard overridden: {}", text.line(&said)));
    }
    facts.extend(acts(page, run, &step.id));
    if let Some(hold) = &record.hold {
        let said = match hold {
            HoldState::Watching { until, .. } => format!("watched until {}", utc(*until)),
            HoldState::Held => "held".to_owned(),
            HoldState::Broke { detail } => format!("did not hold: {detail}"),
        };
        facts.push(format!("Hold: {}", text.line(&said)));
    }
    facts
}

/// From the entries, because a later act replaces an earlier one in what is known of the step.
fn acts(page: &Page<'_>, run: &Run, wanted: &StepId) -> Vec<String> {
    let of_step = |of: &RunId, step: &StepId| *of == run.id && step == wanted;
    let act = |entry: &Arc<Entry>| {
        let (what, said) = match &entry.event {
            Event::StepVerified { run, step, result, .. } if of_step(run, step) => {
                let what = if result.passed { "Verified" } else { "NOT verified" };
                return Some(format!("{what} {}: {}", utc(entry.occurred_at), page.text.line(&verification(result))));
            }
            Event::StepDoneByHand { run, step, evidence, .. } if of_step(run, step) => ("Done by hand", evidence),
            Event::StepSkipped { run, step, reason } if of_step(run, step) => ("Skipped", reason),
            Event::StepSettled { run, step, succeeded, evidence } if of_step(run, step) => {
                (if *succeeded { "Settled as effective" } else { "Settled as without effect" }, evidence)
            }
            _ => return None,
        };
        let said = if said.trim().is_empty() { "no evidence given" } else { said };
        let by = format!("by {}", entry.actor.name);
        Some(format!("{what} {} {}: {}", page.text.line(&by), utc(entry.occurred_at), page.text.line(said)))
    };
    page.state.entries.iter().filter_map(act).collect()
}

fn verification(result: &VerifyResult) -> String {
    let tries = if result.tries == 1 { "try" } else { "tries" };
    format!("{} {tries}, {}; {}", result.tries, human(result.took), result.detail)
}

fn write_attempt(page: &mut Page<'_>, attempt: &Attempt) {
    let part = if attempt.part == Part::Rollback { "Rollback" } else { "Attempt" };
    let resolved = &attempt.resolved;
    let on = resolved.target.as_ref().map(|target| match &target.address {
        Some(address) => format!(" on {} ({address})", target.name),
        None => format!(" on {}", target.name),
    });
    let by = format!("by {}{}", attempt.executed_by, on.unwrap_or_default());
    let by = page.text.line(&by);
    page.line(format!("- {part} {} {by}, intended {}", attempt.number, utc(attempt.intended_at)));
    if let Some(given) = &attempt.authorised_by {
        let line = page.text.line(&approved(given));
        page.line(format!("  - Authorised by {line}, {}", utc(given.at)));
    }
    for guard in &attempt.guards {
        let line = page.text.line(&seen(guard));
        page.line(format!("  - Guard: {line}"));
    }
    for (database, at_risk) in &attempt.at_risk {
        let line = format!("{database}: {}, {}", at_risk.interval(), at_risk.basis);
        let line = page.text.line(&line);
        page.line(format!("  - At risk: {line}, as of {}", utc(at_risk.as_of)));
    }
    match &attempt.outcome {
        Some(outcome) => write_outcome(page, outcome),
        None => page.line("  - Outcome: none is recorded"),
    }
}

fn seen(guard: &GuardResult) -> String {
    let verdict = match guard.verdict {
        GuardVerdict::Pass => "passed",
        GuardVerdict::Fail => "did not hold",
        GuardVerdict::Unknown => "unknown",
        GuardVerdict::Ask => "to be accepted",
        GuardVerdict::Skip => "asks to skip",
        GuardVerdict::Overridden => "OVERRIDDEN",
    };
    let measured = guard.measured_at.map(|at| format!(", measured {}", utc(at))).unwrap_or_default();
    format!("{}: {verdict}, seen {}{measured}, asked {}", guard.name, guard.seen, utc(guard.evaluated_at))
}

fn write_outcome(page: &mut Page<'_>, outcome: &AttemptOutcome) {
    let end = page.text.line(&ended(&outcome.end));
    let took =
        if outcome.duration == Duration::ZERO { String::new() } else { format!(", {}", human(outcome.duration)) };
    page.line(format!("  - Outcome: {end}; {} to {}{took}", utc(outcome.started_at), utc(outcome.ended_at)));
    if !outcome.summary.trim().is_empty() {
        let line = page.text.line(&outcome.summary);
        page.line(format!("  - Said: {line}"));
    }
    for (name, value) in &outcome.values {
        let line = page.text.line(&format!("{name} = {value}"));
        page.line(format!("  - Set: {line}"));
    }
    if let Some(output) = &outcome.output {
        let path = page.text.line(&output.path);
        let cut = if output.cut { ", cut" } else { "" };
        page.line(format!("  - Output: {path}, {} bytes{cut}, SHA-256 {}", output.bytes, digest(&output.sha256)));
    }
}

fn ended(end: &End) -> String {
    let code = |exit: &Option<i32>| exit.map(|exit| format!(", exit {exit}")).unwrap_or_default();
    match end {
        End::Succeeded { exit } => format!("succeeded{}", code(exit)),
        End::Failed { exit, why } => format!("failed{}: {why}", code(exit)),
        End::NotStarted { why } => format!("not started: {why}"),
        End::TimedOut => "timed out".to_owned(),
        End::Cancelled => "stopped by a person".to_owned(),
        End::Unknown { why } => format!("UNKNOWN: {why}"),
    }
}
