//! The metrics: each point with how it is known, each figure with the points it lies between and what was promised.

use std::time::Duration;

use super::{Block, Cell, Section, Source, Table};
use crate::engine::{Incident, State};
use crate::estate::{ClockStart, Objective, PhaseBudget};
use crate::reading::Verdict;
use crate::report::{Metrics, Point, TierResult, metrics};
use crate::time::human;

/// A figure, the two points it lies between, and what the estate allows for it.
struct Span {
    name: &'static str,
    from: Point,
    to: Point,
    budget: fn(&PhaseBudget) -> Option<Duration>,
}

const SPANS: [Span; 8] = [
    Span { name: "Time to detect", from: Point::Impact, to: Point::Detected, budget: |_| None },
    Span { name: "Time to declare", from: Point::Detected, to: Point::Declared, budget: |_| None },
    Span { name: "Detection in all", from: Point::Impact, to: Point::Declared, budget: |budget| budget.detection },
    Span { name: "Time to decide", from: Point::Declared, to: Point::Decided, budget: |budget| budget.assessment },
    Span {
        name: "Time to move traffic",
        from: Point::Decided,
        to: Point::TrafficMoved,
        budget: |budget| budget.recovery,
    },
    Span {
        name: "Time to verify",
        from: Point::TrafficMoved,
        to: Point::Recovered,
        budget: |budget| budget.verification,
    },
    Span { name: "Recovery time, execution", from: Point::Decided, to: Point::Recovered, budget: |_| None },
    Span { name: "Recovery time, total", from: Point::Impact, to: Point::Recovered, budget: |_| None },
];

pub(super) fn section(source: &Source<'_>) -> Option<Section> {
    let incident = source.state.incident.as_ref()?;
    let metrics = metrics(source.state)?;
    let mut section = Section::new("Metrics");
    section.blocks.push(Block::Table(points(source, &metrics)));
    section.blocks.push(Block::Table(spans(incident, &metrics)));
    if !metrics.tiers.is_empty() {
        section.blocks.push(Block::Heading(3, "Recovery time by tier".to_owned()));
        section.blocks.push(Block::Table(tiers(source, &metrics)));
    }
    if !metrics.losses.is_empty() {
        section.blocks.push(Block::Heading(3, "Recovery point by database".to_owned()));
        section.blocks.push(Block::Table(losses(source, &metrics)));
    }
    Some(section)
}

fn points(source: &Source<'_>, metrics: &Metrics) -> Table {
    let mut table = Table::new("Points of the incident", &["Point"]);
    table.columns.extend(source.time_columns());
    table.columns.push("How it is known");
    for point in Point::ALL {
        let mut cells = vec![Cell::text(point.name())];
        let basis = match metrics.point(point) {
            Some(endpoint) => {
                cells.extend(source.times(Some(endpoint.at)));
                source.said(&endpoint.basis)
            }
            None => {
                let mut unknown = source.times(None);
                unknown[0] = Cell::verdict(Verdict::Unknown);
                cells.extend(unknown);
                Cell::text(if point == Point::Recovered { no_recovery(source.state) } else { "not recorded" })
            }
        };
        cells.push(basis);
        table.row(cells);
    }
    table
}

/// What is said in the place of a recovery that nobody saw.
fn no_recovery(state: &State) -> &'static str {
    let closed = state.incident.as_ref().is_some_and(|incident| incident.closed_at.is_some());
    if closed { "none seen before it was closed" } else { "not recorded" }
}

fn spans(incident: &Incident, metrics: &Metrics) -> Table {
    let mut table = Table::new("Figures", &["Figure", "Took", "From", "To", "Objective", "Verdict"]);
    for span in SPANS {
        let took = metrics.between(span.from, span.to);
        let budget = (span.budget)(&incident.estate.phases);
        let verdict = match (budget, took) {
            (None, _) => Verdict::NotApplicable,
            (Some(_), None) => Verdict::Unknown,
            (Some(budget), Some(took)) if took <= budget => Verdict::Ok,
            (Some(_), Some(_)) => Verdict::Missed,
        };
        let (objective, verdict) = match (span.name, budget) {
            ("Recovery time, total", _) if !metrics.tiers.is_empty() => {
                ("by tier, below".to_owned(), worst(metrics.tiers.iter().map(|tier| tier.verdict)))
            }
            (_, budget) => (budget.map_or_else(|| "none".to_owned(), human), verdict),
        };
        table.row([
            Cell::text(span.name),
            Cell::Text(took.map_or_else(|| "unknown".to_owned(), human)),
            Cell::text(span.from.name()),
            Cell::text(span.to.name()),
            Cell::Text(objective),
            Cell::verdict(verdict),
        ]);
    }
    for (name, took, from, to) in [
        ("Waited for approvals", Some(metrics.approvals_took), "asked", "answered"),
        ("Human wait: nothing was running", metrics.nothing_ran, Point::Decided.name(), Point::Recovered.name()),
    ] {
        let took = took.map_or_else(|| "unknown".to_owned(), human);
        let none = [Cell::text("none"), Cell::verdict(Verdict::NotApplicable)];
        let [objective, verdict] = none;
        table.row([Cell::text(name), Cell::Text(took), Cell::text(from), Cell::text(to), objective, verdict]);
    }
    table
}

fn tiers(source: &Source<'_>, metrics: &Metrics) -> Table {
    let columns = ["Tier", "Recovered", "Execution", "Total", "Objective", "Counted", "Verdict"];
    let mut table = Table::new("Recovery time by tier", &columns);
    for tier in &metrics.tiers {
        let took = |took: Option<Duration>| Cell::Text(took.map_or_else(|| "unknown".to_owned(), human));
        table.row([
            source.said(tier.tier.as_str()),
            Cell::time_or(tier.recovered_at, no_recovery(source.state)),
            took(tier.execution),
            took(tier.total),
            Cell::Text(objective(tier)),
            took(tier.counted),
            Cell::verdict(tier.verdict),
        ]);
    }
    table
}

fn objective(tier: &TierResult) -> String {
    let from = match tier.clock {
        ClockStart::Impact => "impact",
        ClockStart::Declared => "declaration",
        ClockStart::Decided => "decision",
    };
    match tier.rto {
        Objective::Within(rto) => format!("{} from {from}", human(rto)),
        Objective::NotApplicable => "n/a".to_owned(),
    }
}

fn losses(source: &Source<'_>, metrics: &Metrics) -> Table {
    let columns = ["Database", "Tier", "Lost", "Objective", "Verdict", "As of", "Basis"];
    let mut table = Table::new("Recovery point by database", &columns);
    for loss in &metrics.losses {
        let (lost, as_of, basis) = match &loss.lost {
            Some(lost) => {
                let bytes = lost.bytes_at_least.map(|bytes| format!(", {bytes} bytes at least"));
                let interval = format!("{}{}", lost.interval(), bytes.unwrap_or_default());
                (Cell::Text(interval), Cell::Time(lost.as_of), source.said(&lost.basis))
            }
            None => (Cell::text("unknown"), Cell::EMPTY, Cell::text("no point of no return froze it")),
        };
        let rpo = match (&loss.tier, loss.rpo) {
            (None, _) => "none".to_owned(),
            (Some(_), Objective::NotApplicable) => "n/a".to_owned(),
            (Some(_), Objective::Within(rpo)) => human(rpo),
        };
        let tier = loss.tier.as_ref().map_or(Cell::EMPTY, |tier| source.said(tier.as_str()));
        let database = source.said(loss.database.as_str());
        table.row([database, tier, lost, Cell::Text(rpo), Cell::verdict(loss.verdict), as_of, basis]);
    }
    table
}

/// Of several objectives together: one that was missed is missed, one that is unknown leaves it open.
pub(super) fn worst(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::NotApplicable => 0,
        Verdict::Ok => 1,
        Verdict::AtRisk => 2,
        Verdict::Unknown => 3,
        Verdict::Missed => 4,
    };
    verdicts.max_by_key(rank).unwrap_or(Verdict::NotApplicable)
}
