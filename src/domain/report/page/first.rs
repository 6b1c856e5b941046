//! What is read first: which incident, what kind, how it stands, and the few figures everybody asks for.

use std::time::Duration;

use super::measures::worst;
use super::{Block, Cell, Figure, Section, Source};
use crate::engine::Incident;
use crate::ident::RegionId;
use crate::reading::Verdict;
use crate::report::Mark;
use crate::report::chart::Chart;
use crate::report::text::utc;
use crate::report::{Metrics, Point, exceptions, left_open, metrics};
use crate::time::human;

pub(super) fn title(source: &Source<'_>) -> String {
    source.state.incident.as_ref().map_or_else(
        || "A log without an incident".to_owned(),
        |incident| format!("{}: {}", source.clean(&incident.label), source.clean(&incident.title)),
    )
}

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("");
    let Some(incident) = &source.state.incident else { return section };
    section.blocks.push(Block::Facts(facts(source, incident)));
    if let Some(metrics) = metrics(source.state) {
        section.blocks.push(Block::Figures(figures(source, &metrics)));
        section.blocks.extend(Chart::of(source.state, &metrics, |text| source.clean(text)).map(Block::Chart));
    }
    section
}

fn facts(source: &Source<'_>, incident: &Incident) -> Vec<(&'static str, Cell)> {
    let region = |region: &Option<RegionId>| {
        region.as_ref().map_or_else(|| "not given".to_owned(), |region| source.clean(region.as_str()))
    };
    let way = format!("{} ▸ {}", region(&incident.from), region(&incident.to));
    let mut modes: Vec<_> = source.state.runs.iter().map(|run| run.mode.word()).collect();
    modes.dedup();
    let mode = if modes.is_empty() { "no runbook was started".to_owned() } else { modes.join(", then ") };
    let standing = match incident.closed_at {
        Some(at) => format!("closed {}", utc(at)),
        None => {
            let last = source.state.told_until().map(utc).unwrap_or_default();
            format!("open, as of {last}")
        }
    };
    let commander = incident.commander.as_ref().map_or_else(|| Cell::text("nobody"), |by| source.person(by));
    vec![
        ("Incident", source.said(&incident.label)),
        ("Kind", Cell::Word(Mark::Plain, incident.kind.word())),
        ("Severity", Cell::Text(incident.severity.to_string())),
        ("Estate", source.said(&incident.estate.name)),
        ("From ▸ to", Cell::Text(way)),
        ("Mode", Cell::Text(mode)),
        ("Commander", commander),
        ("State", Cell::Text(standing)),
        ("Id", Cell::Id(incident.id)),
    ]
}

fn figures(source: &Source<'_>, metrics: &Metrics) -> Vec<Figure> {
    let took = |from, to| metrics.between(from, to).map_or_else(|| "unknown".to_owned(), human);
    let rto = worst(metrics.tiers.iter().map(|tier| tier.verdict));
    let rpo = worst(metrics.losses.iter().map(|loss| loss.verdict));
    let (count, open) = (exceptions(source.state).len(), left_open(source.state).len());
    let beside = if open > 0 { format!("and {open} left open") } else { "what did not go by the plan".to_owned() };
    vec![
        Figure {
            name: "Recovery time",
            value: took(Point::Impact, Point::Recovered),
            beside: of_tiers(rto, metrics.tiers.len(), "recovery time"),
            verdict: rto,
        },
        Figure {
            name: "Of it, execution",
            value: took(Point::Decided, Point::Recovered),
            beside: "from the decision".to_owned(),
            verdict: Verdict::NotApplicable,
        },
        Figure {
            name: "Data lost",
            value: lost(metrics),
            beside: of_tiers(rpo, metrics.losses.len(), "loss"),
            verdict: rpo,
        },
        Figure { name: "Exceptions", value: count.to_string(), beside, verdict: Verdict::NotApplicable },
    ]
}

fn of_tiers(verdict: Verdict, count: usize, what: &str) -> String {
    match verdict {
        Verdict::Ok if count == 1 => "objective met".to_owned(),
        Verdict::Ok => "every objective met".to_owned(),
        Verdict::Missed if count == 1 => "objective missed".to_owned(),
        Verdict::Missed => "an objective was missed".to_owned(),
        Verdict::AtRisk | Verdict::Unknown => "not known to have met every objective".to_owned(),
        Verdict::NotApplicable => format!("no objective of {what}"),
    }
}

/// The widest of what was frozen: whoever reads one figure must not read the best.
fn lost(metrics: &Metrics) -> String {
    let frozen = metrics.losses.iter().filter_map(|loss| loss.lost.as_ref());
    let widest = frozen.max_by_key(|lost| (lost.at_most.unwrap_or(Duration::MAX), lost.at_least));
    widest.map_or_else(|| "unknown".to_owned(), crate::objective::AtRisk::interval)
}
