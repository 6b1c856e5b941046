//! How the recovery time of many exercises is spread: quantiles, a histogram, the chance to meet each target, and what the
//! time is spent on.

mod chance;
mod histogram;
mod spent;
mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use self::spent::{On, spent};
use super::Played;
use crate::drill::score::{Score, score};
use crate::reading::Verdict;
use crate::time::{at_offset, millis};

pub use chance::MeetsTarget;
pub use histogram::Bin;

/// Of one exercise, what counts for the distribution.
#[derive(Clone, Debug, Default)]
pub struct Sampled {
    /// From the impact to the recovery of everything that was hit.
    rto: Option<Duration>,
    /// A service went down, so that there is something to recover.
    hit: bool,
    /// By the measure's name: what it is to stay below, and whether it did.
    targets: BTreeMap<String, (Duration, bool)>,
    spent: BTreeMap<On, Duration>,
}

/// Of many.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub runs: usize,
    /// Those in which a service went down at all.
    pub hit: usize,
    /// Those that recovered before EndEx.
    pub recovered: usize,
    pub rto: Option<Quantiles>,
    pub histogram: Vec<Bin>,
    pub targets: Vec<MeetsTarget>,
    /// What costs most first.
    pub costs: Vec<Cost>,
}

/// Of the recovery times, by the nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    #[serde(rename = "least_ms", with = "millis")]
    pub least: Duration,
    #[serde(rename = "p10_ms", with = "millis")]
    pub p10: Duration,
    #[serde(rename = "p50_ms", with = "millis")]
    pub p50: Duration,
    #[serde(rename = "p90_ms", with = "millis")]
    pub p90: Duration,
    #[serde(rename = "p95_ms", with = "millis")]
    pub p95: Duration,
    #[serde(rename = "most_ms", with = "millis")]
    pub most: Duration,
    #[serde(rename = "mean_ms", with = "millis")]
    pub mean: Duration,
}

/// What a part of the recovery time is spent on, in the mean of the exercises that recovered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    pub on: CostOf,
    /// For people: a step's title, `DNS TTL`.
    pub name: String,
    /// Of a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    #[serde(rename = "mean_ms", with = "millis")]
    pub mean: Duration,
    /// Of the mean recovery time, 0 to 1.
    pub share: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostOf {
    Detection,
    Decision,
    Step,
    DnsTtl,
    Approval,
    WaitingForPeople,
    Checks,
}

impl Sampled {
    /// Of an exercise that was played at least until everything was back.
    #[must_use]
    pub fn of(played: &Played) -> Self {
        let Some(score) = score(&played.state) else { return Self::default() };
        let of_time = |name: &str| name.starts_with(Score::RTO);
        let targets = score.measures.iter().filter(|measure| of_time(&measure.name)).filter_map(|measure| {
            let met = measure.verdict == Verdict::Ok;
            Some((measure.name.clone(), (measure.target?, met)))
        });
        let rto = score.measures.iter().find(|measure| measure.name == Score::RTO);
        let (hit, rto) = (rto.is_some(), rto.and_then(|measure| measure.span));
        let impact = played.state.exercise.as_deref().and_then(crate::engine::Exercise::impact_at);
        let spent = impact.zip(rto).map(|(impact, rto)| spent(played, impact, at_offset(impact, rto)));
        Self { rto, hit, targets: targets.collect(), spent: spent.unwrap_or_default() }
    }
}

impl Spread {
    /// In any order the same.
    #[must_use]
    pub fn of(samples: &[Sampled]) -> Self {
        let mut times: Vec<Duration> = samples.iter().filter_map(|sample| sample.rto).collect();
        times.sort_unstable();
        Self {
            runs: samples.len(),
            hit: samples.iter().filter(|sample| sample.hit).count(),
            recovered: times.len(),
            rto: quantiles(&times),
            histogram: histogram::of(&times),
            targets: chance::of(samples),
            costs: costs(samples),
        }
    }
}

fn mean(sum: Duration, of: usize) -> Duration {
    u32::try_from(of).ok().filter(|of| *of > 0).map(|of| sum / of).unwrap_or_default()
}

fn quantiles(sorted: &[Duration]) -> Option<Quantiles> {
    let rank = |share: usize| sorted.get((sorted.len() * share).div_ceil(100).saturating_sub(1)).copied();
    Some(Quantiles {
        least: *sorted.first()?,
        p10: rank(10)?,
        p50: rank(50)?,
        p90: rank(90)?,
        p95: rank(95)?,
        most: *sorted.last()?,
        mean: mean(sorted.iter().sum(), sorted.len()),
    })
}

fn costs(samples: &[Sampled]) -> Vec<Cost> {
    let recovered: Vec<&Sampled> = samples.iter().filter(|sample| sample.rto.is_some()).collect();
    let mut sums: BTreeMap<&On, Duration> = BTreeMap::new();
    for (on, span) in recovered.iter().flat_map(|sample| &sample.spent) {
        *sums.entry(on).or_default() += *span;
    }
    let all: Duration = sums.values().sum();
    let mut costs: Vec<Cost> = sums
        .into_iter()
        .map(|(on, sum)| {
            let share = if all.is_zero() { 0.0 } else { sum.as_secs_f64() / all.as_secs_f64() };
            Cost::new(on, mean(sum, recovered.len()), (share * 1000.0).round() / 1000.0)
        })
        .collect();
    costs.sort_by(|a, b| (b.mean, &a.name).cmp(&(a.mean, &b.name)));
    costs
}

impl Cost {
    fn new(on: &On, mean: Duration, share: f64) -> Self {
        let (kind, name) = match on {
            On::Detection => (CostOf::Detection, "detection, until an incident is declared"),
            On::Decision => (CostOf::Decision, "the decision"),
            On::Step { title, .. } => (CostOf::Step, title.as_str()),
            On::Names => (CostOf::DnsTtl, "DNS TTL"),
            On::Approval => (CostOf::Approval, "waiting for approvals"),
            On::People => (CostOf::WaitingForPeople, "waiting for people, between steps"),
            On::Checks => (CostOf::Checks, "the checks, until they see it"),
        };
        let (runbook, step, phase) = match on {
            On::Step { runbook, step, phase, .. } => {
                (Some(runbook.clone()), Some(step.to_string()), Some(phase.clone()).filter(|phase| !phase.is_empty()))
            }
            _ => (None, None, None),
        };
        Self { on: kind, name: name.to_owned(), runbook, step, phase, mean, share }
    }
}
