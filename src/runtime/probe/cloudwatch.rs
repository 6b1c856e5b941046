//! CloudWatch: all alarms of an account and region in one call, all metrics in one batch, shared by their checks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use domain::estate::{CheckKind, CloudWatchCheck, CloudWatchOf, Estate, MetricCheck};
use domain::reading::{Alarm, Datapoint, judge_alarms};
use tokio::sync::Mutex;

use super::{Look, Looking, Seen};
use crate::runtime::aws::{self, Account};
use crate::runtime::clock;

/// What was answered is shared for this long: a little less than the shortest interval, so that each round asks once.
const LIVES: Duration = Duration::from_secs(55);

/// Everything that is asked of one account and region.
#[derive(Debug, Default)]
pub(super) struct Batch {
    alarms: Vec<String>,
    metrics: Vec<MetricCheck>,
    told_alarms: Mutex<Option<Told<BTreeMap<String, Alarm>>>>,
    told_metrics: Mutex<Option<Told<Vec<Option<Datapoint>>>>>,
}

/// An answer, or why there is none, and since when (since boot).
#[derive(Debug)]
struct Told<T>(Duration, Result<T, String>);

/// By account and region.
#[derive(Debug, Default)]
pub(super) struct Batches(HashMap<Account, Arc<Batch>>);

impl Batches {
    pub(super) fn of(estate: &Estate) -> Self {
        let mut batches: HashMap<Account, Batch> = HashMap::new();
        for check in estate.checks.iter().filter(|check| !check.paused) {
            let CheckKind::CloudWatch(cloudwatch) = &check.kind else { continue };
            let batch = batches.entry(account(cloudwatch)).or_default();
            match &cloudwatch.of {
                CloudWatchOf::Alarms(names) => batch.alarms.extend(names.iter().cloned()),
                CloudWatchOf::Metric(metric) if batch.metrics.iter().all(|known| !same(known, metric)) => {
                    batch.metrics.push(metric.clone());
                }
                CloudWatchOf::Metric(_) => {}
            }
        }
        for batch in batches.values_mut() {
            batch.alarms.sort_unstable();
            batch.alarms.dedup();
        }
        Self(batches.into_iter().map(|(account, batch)| (account, Arc::new(batch))).collect())
    }
}

fn account(check: &CloudWatchCheck) -> Account {
    Account::with(check.profile.as_ref(), Some(&check.region))
}

/// The same question; the marks are ours.
fn same(one: &MetricCheck, other: &MetricCheck) -> bool {
    let question = |check: &MetricCheck| MetricCheck { marks: domain::estate::Thresholds::default(), ..check.clone() };
    question(one) == question(other)
}

#[derive(Debug)]
pub(super) struct CloudWatchProbe {
    account: Account,
    of: CloudWatchOf,
    batch: Arc<Batch>,
}

impl CloudWatchProbe {
    pub(super) fn new(check: &CloudWatchCheck, batches: &Batches) -> Self {
        let account = account(check);
        let batch = batches.0.get(&account).cloned().unwrap_or_default();
        Self { account, of: check.of.clone(), batch }
    }

    async fn ask(&self) -> Seen {
        match &self.of {
            CloudWatchOf::Alarms(names) => {
                let mut told = self.batch.told_alarms.lock().await;
                if stale(told.as_ref()) {
                    let asked = aws::alarms(&self.account, &self.batch.alarms).await;
                    *told = Some(Told(clock::boottime(), asked.map_err(|error| error.to_string())));
                }
                match told.as_ref().map(|Told(_, answer)| answer) {
                    Some(Ok(alarms)) => Seen::new(judge_alarms(names, alarms)),
                    Some(Err(why)) => Seen::unknown(why.clone()),
                    None => Seen::unknown("not asked"),
                }
            }
            CloudWatchOf::Metric(metric) => {
                let mut told = self.batch.told_metrics.lock().await;
                if stale(told.as_ref()) {
                    let now = clock::now().wall;
                    let asked = aws::newest_datapoints(&self.account, &self.batch.metrics, now).await;
                    *told = Some(Told(clock::boottime(), asked.map_err(|error| error.to_string())));
                }
                let at = self.batch.metrics.iter().position(|known| same(known, metric));
                match told.as_ref().map(|Told(_, answer)| answer) {
                    Some(Ok(points)) => {
                        let newest = at.and_then(|at| points.get(at).copied()).flatten();
                        let (outcome, measured_at) = metric.judge(newest);
                        Seen { measured_at, ..Seen::new(outcome) }
                    }
                    Some(Err(why)) => Seen::unknown(why.clone()),
                    None => Seen::unknown("not asked"),
                }
            }
        }
    }
}

/// It is asked again: nothing was told, or too long ago. A refusal is not kept for a whole minute.
fn stale<T>(told: Option<&Told<T>>) -> bool {
    told.is_none_or(|Told(at, answer)| {
        let lives = if answer.is_ok() { LIVES } else { LIVES / 10 };
        clock::boottime().saturating_sub(*at) >= lives
    })
}

impl Look for CloudWatchProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.ask())
    }

    /// Silence of AWS tells nothing of what it watches.
    fn silence_is_down(&self) -> bool {
        false
    }
}
