//! Situation, objectives, risks.

use std::time::Duration;

use super::{Part, Weight, span};
use crate::engine::Incident;
use crate::estate::Objective;
use crate::forgotten::{Forgotten, Seen, Urgency, When, forgotten};
use crate::objective::{AtRisk, Row, rows};
use crate::reading::{Health, Status, Verdict};
use crate::report::{entry_sentence, exceptions, size};
use crate::time::{clock, human, since};

/// So many of the last departures from the plan.
const LAST: usize = 5;

pub(super) fn situation(seen: &Seen<'_>, incident: &Incident) -> Part {
    let mut part = Part::new("Situation");
    let way = match (&incident.from, &incident.to) {
        (Some(from), Some(to)) => format!(", {from} to {to}"),
        (Some(from), None) => format!(", {from}"),
        _ => String::new(),
    };
    part.say(format!("{}{way}", incident.status.word()));
    let ended = incident.closed_at.unwrap_or(seen.now);
    let lasted = span(since(ended, incident.impact_at));
    part.say(format!("impact since {} ({lasted}): {}", clock(incident.impact_at), incident.impact_basis));
    if let Some(status) = seen.status {
        for region in &status.regions {
            let weight = match region.status {
                Health::Ok => Weight::Plain,
                Health::Degraded | Health::Stale | Health::Unknown => Weight::Open,
                Health::Down => Weight::Wrong,
            };
            let serves = if region.serving == Some(true) { ", serves" } else { "" };
            part.put(weight, format!("{}: {}{serves}", region.name, region.status.word()));
        }
    }
    match incident.decided_at {
        Some(at) => part.say(format!("decided to fail over at {}", clock(at))),
        None => part.put(Weight::Open, "not decided"),
    }
    if let Some(at) = incident.no_return_at {
        part.say(format!("point of no return crossed at {}", clock(at)));
    }
    if let Some(at) = incident.closed_at {
        part.say(format!("closed at {}", clock(at)));
    }
    part
}

pub(super) fn objectives(seen: &Seen<'_>, incident: &Incident) -> Part {
    let mut part = Part::new("Objectives");
    let nothing = Status::default();
    let status = seen.status.unwrap_or(&nothing);
    let all = rows(&incident.estate, Some(seen.state), status, seen.learned, seen.now);
    for row in all.iter().filter(|row| row.tier.is_some()) {
        let (weight, said) = time(row);
        part.put(weight, format!("{}: RTO {}, {said}", row.name, target(row.rto)));
        if row.rpo_verdict != Verdict::NotApplicable {
            let loss = row.at_risk.as_ref().map_or_else(|| "unknown".to_owned(), AtRisk::interval);
            let which = if row.frozen { "lost" } else { "at risk" };
            part.put(weight_of(row.rpo_verdict), format!("{}: RPO {}, {which} {loss}", row.name, target(row.rpo)));
        }
    }
    part
}

fn target(objective: Objective) -> String {
    match objective {
        Objective::Within(Duration::ZERO) => "0".to_owned(),
        Objective::Within(within) => human(within),
        Objective::NotApplicable => "n/a".to_owned(),
    }
}

fn time(row: &Row) -> (Weight, String) {
    let elapsed = row.clock.map(|clock| span(clock.elapsed));
    let stopped = row.clock.is_some_and(|clock| clock.stopped_at.is_some());
    let said = match (elapsed, row.rto_verdict) {
        (None, _) => "not hit".to_owned(),
        (Some(elapsed), Verdict::Missed) => format!("missed, after {elapsed}"),
        (Some(elapsed), _) if row.clock.is_some_and(|clock| clock.unrecovered) => {
            format!("closed after {elapsed}, not seen to recover")
        }
        (Some(elapsed), _) if stopped => format!("recovered after {elapsed}"),
        (Some(elapsed), _) => {
            let projected = row.projected.map(|projected| format!(", projected {}", span(projected)));
            format!("{elapsed} so far{}", projected.unwrap_or_default())
        }
    };
    (weight_of(row.rto_verdict), said)
}

const fn weight_of(verdict: Verdict) -> Weight {
    match verdict {
        Verdict::Ok | Verdict::NotApplicable => Weight::Plain,
        Verdict::AtRisk | Verdict::Unknown => Weight::Open,
        Verdict::Missed => Weight::Wrong,
    }
}

/// What may be lost, what was left out or overridden, and what waits for somebody.
pub(super) fn risks(seen: &Seen<'_>, incident: &Incident) -> Part {
    let mut part = Part::new("Risks and what waits");
    for one in forgotten(seen) {
        let weight = if one.urgency == Urgency::Now { Weight::Wrong } else { Weight::Open };
        part.put(weight, format!("{} ({})", one.text, waits(&one, seen)));
    }
    for (database, point) in &incident.recovery_point {
        let bytes = point.bytes_at_least.map(|bytes| format!(", {} at least", size(bytes))).unwrap_or_default();
        part.put(Weight::Open, format!("{database}: writes of {} may be lost{bytes}", point.interval()));
    }
    let left = exceptions(seen.state);
    let earlier = left.len().saturating_sub(LAST);
    if earlier > 0 {
        part.say(format!("{earlier} earlier departures from the plan, in the log"));
    }
    for exception in &left[earlier..] {
        let at = clock(exception.entry.occurred_at);
        part.say(format!("{at} {}", entry_sentence(seen.state, exception.entry)));
    }
    part
}

fn waits(one: &Forgotten, seen: &Seen<'_>) -> String {
    match one.when {
        When::Since(at) => format!("since {}, {}", clock(at), span(since(seen.now, at))),
        When::Until(at) => format!("until {}", clock(at)),
    }
}
