//! The old side is fenced before the new one is promoted, and traffic follows the promotion once that is seen to have
//! worked: the other way round writes go to both sides, or to none.

use super::{as_written, guard_lines, opening, significant_lines, together, world_lines};
use crate::runbook::front_matter::Findings;
use crate::runbook::model::{CheckLine, Lang, Runbook, Step, WorldLine};

/// How a step makes a server a primary.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promotion {
    /// The old side has to be fenced by then.
    Bare,
    /// Patroni's: the leader key is its fence.
    Managed,
}

/// A step that promotes asks for the fence of the side that is left.
pub(super) fn promotions(runbook: &Runbook, findings: &mut Findings<'_>) {
    for step in runbook.steps().filter(|step| promotion(step) == Some(Promotion::Bare)) {
        let fenced = guard_lines(step).any(|(_, line)| matches!(line, CheckLine::Fenced { .. }));
        if !fenced {
            let place = step.run.as_ref().or(step.drill.as_ref()).map_or_else(|| step.span.clone(), opening);
            let help = "add a `check guard` with `fenced DATABASE@$FROM`: what cannot be reached may still be writing";
            let message = "this step promotes, and no guard asks whether the old primary is fenced";
            findings.warning("runbook::unfenced", &place, message, help);
        }
    }
    // What is looked at afterwards tells of two primaries when there are two.
    for step in runbook.steps().filter(|step| promotion(step) == Some(Promotion::Bare)) {
        let late = step.verifies.iter().filter(|block| block.lang == Lang::Check).find(|block| {
            significant_lines(&block.text).any(|line| matches!(as_written(line), Some(CheckLine::Fenced { .. })))
        });
        if let Some(block) =
            late.filter(|_| !guard_lines(step).any(|(_, line)| matches!(line, CheckLine::Fenced { .. })))
        {
            let message = "the fence is looked at after the promotion, when it is too late";
            findings.warning("runbook::unfenced", &opening(block), message, "make it a `check guard`");
        }
    }
}

/// Traffic comes after the promotion, and something has shown that the promotion worked.
pub(super) fn traffic(line: &[&Step], findings: &mut Findings<'_>) {
    for (at, step) in line.iter().enumerate().filter(|(_, step)| moves_traffic(step)) {
        let promotes = |other: &&&Step| promotion(other).is_some() && together(step, other);
        let place = step.run.as_ref().or(step.drill.as_ref()).map_or_else(|| step.span.clone(), opening);
        if let Some(later) = line[at + 1..].iter().find(promotes).filter(|_| promotion(step).is_none()) {
            let message = format!("this step moves traffic before `{}` promotes", later.title);
            let help = "put it behind the promotion: until then nothing there takes writes";
            findings.warning("runbook::traffic", &place, message, help);
            continue;
        }
        let Some(promoted) = line[..at].iter().rposition(|other| promotion(other).is_some() && together(step, other))
        else {
            continue;
        };
        let verified = line[promoted..at].iter().any(|other| !other.verifies.is_empty() && together(step, other));
        if !verified && !guard_lines(step).any(|(_, line)| shows_service(&line)) {
            let message =
                format!("this step moves traffic, and nothing has shown that `{}` worked", line[promoted].title);
            let help = "add a `check guard` with `serving DATABASE $TO` or `NAME ok`, or a `verify` to the promotion";
            findings.warning("runbook::traffic", &place, message, help);
        }
    }
}

fn shows_service(line: &CheckLine) -> bool {
    matches!(line, CheckLine::Serving { .. } | CheckLine::Is { health: crate::reading::Health::Ok, .. })
}

fn moves_traffic(step: &Step) -> bool {
    let serves = world_lines(step).any(|line| matches!(line, WorldLine::Serve { .. }));
    step.run.as_ref().is_some_and(|run| run.lang == Lang::Route53) || serves
}

/// A database is promoted by it, whatever its author says of it.
#[must_use]
pub fn promotes(step: &Step) -> bool {
    promotion(step).is_some()
}

fn promotion(step: &Step) -> Option<Promotion> {
    let drilled = world_lines(step).any(|line| matches!(line, WorldLine::Promote { .. }));
    let Some(run) = &step.run else { return drilled.then_some(Promotion::Bare) };
    let says = |words: &[&str]| significant_lines(&run.text).any(|line| words.iter().any(|word| line.contains(word)));
    match run.lang {
        Lang::Sql if says(&["pg_promote"]) => Some(Promotion::Bare),
        Lang::Bash | Lang::Sh if says(&["patronictl"]) => {
            (drilled || says(&["switchover", "failover"])).then_some(Promotion::Managed)
        }
        Lang::Bash | Lang::Sh
            if says(&["promote-read-replica", "pg_promote", "pg_ctl promote", "pg_ctlcluster promote"]) =>
        {
            Some(Promotion::Bare)
        }
        _ => drilled.then_some(Promotion::Bare),
    }
}
