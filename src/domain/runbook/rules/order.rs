//! The old side is fenced before the new one is promoted, and traffic follows the promotion once that is seen to have
//! worked: the other way round writes go to both sides, or to none.

use super::{as_written, guard_lines, opening, significant_lines, together, world_lines};
use crate::runbook::WorldLine;
use crate::runbook::front_matter::Findings;
use crate::runbook::model::{CheckLine, Lang, Runbook, Step};

/// Promotions looked at on either side of a step; runbooks have a handful.
const NEAR: usize = 50;

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
        if !asks_for_fence(step) {
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
        if let Some(block) = late.filter(|_| !asks_for_fence(step)) {
            let message = "the fence is looked at after the promotion, when it is too late";
            findings.warning("runbook::unfenced", &opening(block), message, "make it a `check guard`");
        }
    }
}

/// Of another side than the one that it promotes.
fn asks_for_fence(step: &Step) -> bool {
    let own = step.on.as_ref().and_then(|on| on.0.rsplit_once('@')).map(|(_, region)| region);
    let other = |region: &str| own.is_none_or(|own| own != region);
    guard_lines(step).any(|(_, line)| matches!(&line, CheckLine::Fenced { region, .. } if other(region.as_str())))
}

/// Traffic comes after the promotion, and something has shown that the promotion worked.
pub(super) fn traffic(line: &[&Step], findings: &mut Findings<'_>) {
    let promotes: Vec<bool> = line.iter().map(|step| promotion(step).is_some()).collect();
    let places: Vec<usize> = promotes.iter().enumerate().filter(|(_, promotes)| **promotes).map(|(at, _)| at).collect();
    for (at, step) in line.iter().enumerate().filter(|(_, step)| moves_traffic(step)) {
        if findings.full() {
            return;
        }
        let along = |other: &&usize| together(step, line[**other]);
        let place = step.run.as_ref().or(step.drill.as_ref()).map_or_else(|| step.span.clone(), opening);
        let behind = places.partition_point(|place| *place <= at);
        if let Some(later) = places[behind..].iter().take(NEAR).find(along).filter(|_| !promotes[at]) {
            let message = format!("this step moves traffic before `{}` promotes", line[*later].title);
            let help = "put it behind the promotion: until then nothing there takes writes";
            findings.warning("runbook::traffic", &place, message, help);
            continue;
        }
        let before = places.partition_point(|place| *place < at);
        let Some(promoted) = places[..before].iter().rev().take(NEAR).find(along).copied() else { continue };
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

/// `pg_ctl -D DATA promote`, `pg_ctlcluster 15 main promote`, `repmgr standby promote`: options stand in between.
fn is_told(line: &str) -> bool {
    let word =
        |word: &str| word.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || "_/-=".contains(c))) == "promote";
    let before = line.find("pg_ctl").or_else(|| line.find("repmgr"));
    before.is_some_and(|at| line[at..].split_whitespace().any(word))
}

fn sql_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split_once("--").map_or(line, |(said, _)| said))
}

fn promotion(step: &Step) -> Option<Promotion> {
    let drilled = world_lines(step).any(|line| matches!(line, WorldLine::Promote { .. }));
    let Some(run) = &step.run else { return drilled.then_some(Promotion::Bare) };
    // Most texts hold none of the words at all; where one does, it is looked for outside comments.
    let says = |words: &[&str]| {
        words.iter().any(|word| run.text.contains(word) && significant_lines(&run.text).any(|line| line.contains(word)))
    };
    match run.lang {
        // Names of SQL are in upper or lower case; its comments are no statements.
        Lang::Sql if sql_lines(&run.text).any(|line| line.to_ascii_lowercase().contains("pg_promote")) => {
            Some(Promotion::Bare)
        }
        Lang::Bash | Lang::Sh if says(&["patronictl"]) => {
            (drilled || says(&["switchover", "failover"])).then_some(Promotion::Managed)
        }
        Lang::Bash | Lang::Sh
            if says(&["promote-read-replica", "pg_promote"]) || significant_lines(&run.text).any(is_told) =>
        {
            Some(Promotion::Bare)
        }
        _ => drilled.then_some(Promotion::Bare),
    }
}
