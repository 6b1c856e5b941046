//! What was recorded of a step: who did it and how it is known, each attempt with its guards, its cost and its outcome.

use std::collections::BTreeMap;
use std::time::Duration;

use super::plan::approved;
use super::source::span;
use super::{Item, Source};
use crate::engine::{Attempt, HoldState, StepRun};
use crate::execution::{AttemptOutcome, End, GuardResult, GuardVerdict, Part, VerifyResult};
use crate::ident::{RunId, StepId};
use crate::log::Event;
use crate::report::text::utc;
use crate::runbook::Step;
use crate::time::human;

/// What was recorded of a step besides its attempts.
pub(super) fn facts(source: &Source<'_>, record: &StepRun, step: &Step, acts: &[Item]) -> Vec<Item> {
    let mut facts = Vec::new();
    let mut fact = |lead, text: &str| facts.push(Item::new(lead, source.clean(text)));
    if let Some(why) = &step.manual_because {
        fact("Written to run, but made manual:", why);
    }
    for (substep, done) in &record.ticks {
        let title = step.substeps.get(*substep).map_or("", |substep| substep.title.as_str());
        fact(if *done { "Ticked:" } else { "Unticked:" }, title);
    }
    if let Some(asked) = &record.approval {
        let answer = match (&asked.given, &asked.declined) {
            (Some(given), _) => format!("given by {} {}", approved(given), utc(given.at)),
            (None, Some((by, reason))) => format!("declined by {by}: {reason}"),
            (None, None) => "not answered".to_owned(),
        };
        fact("Approval:", &format!("asked of {} by {} {}; {answer}", asked.seat, asked.asked_by, utc(asked.asked_at)));
    }
    for taken in &record.overrides {
        let (guard, seen, authority, at) = (&taken.guard, &taken.seen, &taken.authority, utc(taken.at));
        let said = format!("{guard}, seen {seen}, on the authority of {authority} {at}: {}", taken.reason);
        fact("Guard overridden:", &said);
    }
    facts.extend_from_slice(acts);
    if let Some(hold) = &record.hold {
        let said = match hold {
            HoldState::Watching { until, .. } => format!("watched until {}", utc(*until)),
            HoldState::Held => "held".to_owned(),
            HoldState::Broke { detail } => format!("did not hold: {detail}"),
        };
        facts.push(Item::new("Hold:", source.clean(&said)));
    }
    facts
}

/// What was done to each step, from the entries: a later act replaces an earlier one in what is known of the step.
pub(super) fn acts<'a>(source: &Source<'a>) -> BTreeMap<(RunId, &'a StepId), Vec<Item>> {
    let mut acts: BTreeMap<_, Vec<Item>> = BTreeMap::new();
    for entry in &source.state.entries {
        let at = utc(entry.occurred_at);
        let (run, step, lead, said) = match &entry.event {
            Event::StepVerified { run, step, result, .. } => {
                let lead = if result.passed { "Verified" } else { "NOT verified" };
                acts.entry((*run, step))
                    .or_default()
                    .push(Item::new(lead, format!("{at}: {}", source.clean(&verification(result)))));
                continue;
            }
            Event::StepDoneByHand { run, step, evidence, .. } => (*run, step, "Done by hand", evidence),
            Event::StepSkipped { run, step, reason } => (*run, step, "Skipped", reason),
            Event::StepSettled { run, step, succeeded, evidence } => {
                (*run, step, if *succeeded { "Settled as effective" } else { "Settled as without effect" }, evidence)
            }
            _ => continue,
        };
        let said = if said.trim().is_empty() { "no evidence given" } else { said };
        let text = format!("by {} {at}: {}", source.clean(entry.actor.name.as_str()), source.clean(said));
        acts.entry((run, step)).or_default().push(Item::new(lead, text));
    }
    acts
}

fn verification(result: &VerifyResult) -> String {
    let tries = if result.tries == 1 { "try" } else { "tries" };
    format!("{} {tries}, {}; {}", result.tries, human(result.took), result.detail)
}

pub(super) fn of_attempt(source: &Source<'_>, attempt: &Attempt) -> Item {
    let lead = if attempt.part == Part::Rollback { "Rollback" } else { "Attempt" };
    let on = attempt.resolved.target.as_ref().map(|target| match &target.address {
        Some(address) => format!(" on {} ({address})", target.name),
        None => format!(" on {}", target.name),
    });
    let by = source.clean(&format!("by {}{}", attempt.executed_by, on.unwrap_or_default()));
    let mut item = Item::new(lead, format!("{} {by}, intended {}", attempt.number, utc(attempt.intended_at)));
    let mut under = |lead, text| item.under.push(Item::new(lead, text));
    if let Some(given) = &attempt.authorised_by {
        under("Authorised by", format!("{}, {}", source.clean(&approved(given)), utc(given.at)));
    }
    for guard in &attempt.guards {
        under("Guard:", source.clean(&seen(guard)));
    }
    for (database, at_risk) in &attempt.at_risk {
        let said = source.clean(&format!("{database}: {}, {}", at_risk.interval(), at_risk.basis));
        under("At risk:", format!("{said}, as of {}", utc(at_risk.as_of)));
    }
    match &attempt.outcome {
        Some(outcome) => item.under.extend(of_outcome(source, outcome)),
        None => under("Outcome:", "none is recorded".to_owned()),
    }
    item
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

fn of_outcome(source: &Source<'_>, outcome: &AttemptOutcome) -> Vec<Item> {
    let end = source.clean(&ended(&outcome.end));
    let took =
        if outcome.duration == Duration::ZERO { String::new() } else { format!(", {}", human(outcome.duration)) };
    let mut items = vec![Item::new("Outcome:", format!("{end}; {}{took}", span(outcome.started_at, outcome.ended_at)))];
    if !outcome.summary.trim().is_empty() {
        items.push(Item::new("Said:", source.clean(&outcome.summary)));
    }
    for (name, value) in &outcome.values {
        items.push(Item::new("Set:", source.clean(&format!("{name} = {value}"))));
    }
    if let Some(output) = &outcome.output {
        let cut = if output.cut { ", cut" } else { "" };
        let text = format!("{}, {} bytes{cut}, SHA-256", source.clean(&output.path), output.bytes);
        items.push(Item { hash: Some(output.sha256), ..Item::new("Output:", text) });
    }
    items
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
