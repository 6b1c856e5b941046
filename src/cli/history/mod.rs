//! `switchback history`: failovers and exercises, with what they measured, folded from each log.

mod exercise;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::drill::score::Score;
use domain::engine::{Incident, State, replay};
use domain::log::{Event, Kind};
use domain::objective::AtRisk;
use domain::reading::Verdict;
use domain::report::{Metrics, Point, metrics};
use domain::runbook::RunbookKind;
use domain::time::{Timestamp, human, millis, rfc3339, rfc3339_ms};
use domain::untrusted::sanitise_line;
use serde::Serialize;
use std::time::Duration;

use self::exercise::Exercise;
use super::args::{Global, List};
use super::incidents::all;
use super::stdout::{print, print_json};
use super::{Exit, Failure};
use crate::runtime::journal::ReadLog;

#[derive(Serialize)]
struct Row {
    incident: String,
    label: String,
    kind: Kind,
    title: String,
    /// The text of the decision, else the title.
    why: String,
    /// `null` of an exercise in which nobody declared one.
    #[serde(with = "rfc3339_ms::option")]
    declared_at: Option<Timestamp>,
    /// `null` of what was none.
    exercise: Option<Exercise>,
    from: Option<String>,
    to: Option<String>,
    /// It was closed before a recovery was seen: none will ever be known.
    closed_unrecovered: bool,
    rto: Rto,
    rpo: Vec<Rpo>,
}

#[derive(Serialize)]
struct Rto {
    /// From the impact to the recovery of the last tier.
    #[serde(rename = "total_ms", with = "millis::option")]
    total: Option<Duration>,
    #[serde(rename = "execution_ms", with = "millis::option")]
    execution: Option<Duration>,
    tiers: Vec<Tier>,
}

#[derive(Serialize)]
struct Tier {
    tier: String,
    #[serde(rename = "took_ms", with = "millis::option")]
    took: Option<Duration>,
    verdict: Verdict,
}

#[derive(Serialize)]
struct Rpo {
    database: String,
    tier: Option<String>,
    lost: Option<AtRisk>,
    verdict: Verdict,
}

/// # Errors
/// When the folder of the incidents cannot be read. A log that cannot be read is named, and the others shown.
pub(super) fn run(global: &Global, args: &List) -> Result<Exit, Failure> {
    let mut rows = Vec::new();
    for incident in all(global)? {
        match ReadLog::open(incident.place.dir()) {
            Ok((_, entries)) => {
                let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
                let state = replay(&entries);
                rows.extend(exercise_row(&state).or_else(|| row(&state)));
            }
            Err(error) => eprintln!("switchback: {error}"),
        }
    }
    if args.json {
        print_json(&rows)?;
    } else {
        print(|out| {
            if rows.is_empty() {
                writeln!(out, "There was no failover yet, and no exercise.")?;
            }
            rows.iter().try_for_each(|row| out.write_all(text(row).as_bytes()))
        })?;
    }
    Ok(Exit::Yes)
}

/// `None` of an incident without a failover.
fn row(state: &State) -> Option<Row> {
    let incident = state.incident.as_ref().filter(|incident| is_failover(state, incident))?;
    let metrics = metrics(state)?;
    let region = |region: Option<&domain::ident::RegionId>| region.map(|region| sanitise_line(region.as_str()));
    let of_run = state.runs.first();
    let decision = state.entries.iter().find_map(|entry| match &entry.event {
        Event::DecisionRecorded { text, failover: true, .. } => Some(text.as_str()),
        _ => None,
    });
    Some(Row {
        incident: incident.id.to_string(),
        label: sanitise_line(&incident.label),
        kind: incident.kind,
        title: sanitise_line(&incident.title),
        why: sanitise_line(decision.unwrap_or(&incident.title)),
        declared_at: Some(incident.opened_at),
        exercise: None,
        from: region(of_run.and_then(|run| run.from.as_ref()).or(incident.from.as_ref())),
        to: region(of_run.and_then(|run| run.to.as_ref()).or(incident.to.as_ref())),
        closed_unrecovered: incident.closed_at.is_some() && metrics.point(Point::Recovered).is_none(),
        rto: rto(&metrics),
        rpo: rpo(metrics),
    })
}

/// Of an exercise, whatever came of it. Its recovery counts from the impact as it was, not as it was taken to be.
fn exercise_row(state: &State) -> Option<Row> {
    let (exercise, start) = (Exercise::of(state)?, &state.exercise.as_deref()?.start);
    let region = |region: Option<&domain::ident::RegionId>| region.map(|region| sanitise_line(region.as_str()));
    let incident = state.incident.as_ref();
    let metrics = metrics(state);
    let span = |name: &str| exercise.score.measures.iter().find(|measure| measure.name == name)?.span;
    Some(Row {
        incident: start.incident.to_string(),
        label: exercise.score.label.clone(),
        kind: state.exercise.as_deref()?.kind(),
        title: exercise.score.title.clone(),
        why: exercise.score.title.clone(),
        declared_at: incident.map(|incident| incident.opened_at),
        from: region(start.from.as_ref()),
        to: region(start.to.as_ref()),
        closed_unrecovered: exercise.ended.is_some() && span(Score::RTO).is_none(),
        rto: Rto {
            total: span(Score::RTO),
            execution: span(Score::EXECUTION),
            tiers: metrics.as_ref().map(|metrics| rto(metrics).tiers).unwrap_or_default(),
        },
        rpo: metrics.map(rpo).unwrap_or_default(),
        exercise: Some(exercise),
    })
}

fn is_failover(state: &State, incident: &Incident) -> bool {
    let of_kind = |kind| matches!(kind, RunbookKind::Failover | RunbookKind::Drill);
    incident.no_return_at.is_some() || state.runs.iter().any(|run| of_kind(run.runbook.kind))
}

fn rto(metrics: &Metrics) -> Rto {
    let tiers = metrics.tiers.iter();
    Rto {
        total: metrics.between(Point::Impact, Point::Recovered),
        execution: metrics.between(Point::Decided, Point::Recovered),
        tiers: tiers
            .map(|tier| Tier { tier: tier.tier.to_string(), took: tier.counted, verdict: tier.verdict })
            .collect(),
    }
}

fn rpo(metrics: Metrics) -> Vec<Rpo> {
    let losses = metrics.losses.into_iter();
    losses
        .map(|loss| Rpo {
            database: loss.database.to_string(),
            tier: loss.tier.map(|tier| tier.to_string()),
            lost: loss.lost,
            verdict: loss.verdict,
        })
        .collect()
}

fn text(row: &Row) -> String {
    let unknown = || "unknown".to_owned();
    let region = |region: &Option<String>| region.clone().unwrap_or_else(|| "?".to_owned());
    let took = |took: Option<Duration>| took.map_or_else(unknown, human);
    let rto = if row.declared_at.is_none() {
        "no incident was declared".to_owned()
    } else if row.closed_unrecovered {
        let end = if row.exercise.is_some() { "EndEx" } else { "it was closed" };
        format!("RTO unknown: no recovery was seen before {end}")
    } else {
        format!("RTO {} from the impact, {} from the decision", took(row.rto.total), took(row.rto.execution))
    };
    let at = row.exercise.as_ref().map(|exercise| exercise.started_at).or(row.declared_at);
    let result = row.exercise.as_ref().map(|exercise| format!("{}\n    ", exercise.result())).unwrap_or_default();
    let mut text = format!(
        "{} {:<5} {}  {} ▸ {}  {}\n    {result}{rto}",
        row.label,
        row.kind.word(),
        at.map(rfc3339).unwrap_or_default(),
        region(&row.from),
        region(&row.to),
        row.why,
    );
    // There is a row for each tier that depends on a database; what it lost is the same.
    let lost: BTreeMap<&str, &AtRisk> =
        row.rpo.iter().filter_map(|rpo| Some((rpo.database.as_str(), rpo.lost.as_ref()?))).collect();
    for (database, lost) in lost {
        text.push_str(&format!("; RPO {} of {}", lost.interval(), sanitise_line(database)));
    }
    text + "\n"
}
