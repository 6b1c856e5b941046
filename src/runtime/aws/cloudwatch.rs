//! Questions to CloudWatch: many things at once, for each costs.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{AlarmType, Dimension, Metric, MetricDataQuery, MetricStat, ScanBy};
use domain::estate::MetricCheck;
use domain::reading::{Alarm, Datapoint};
use domain::time::{Timestamp, since};
use domain::untrusted::sanitise_line;

use super::error::AwsError;
use super::explain::explain;
use super::{Account, clients};

/// Of one call, by the API.
const MOST_ALARMS: usize = 100;
const MOST_METRICS: usize = 500;
/// How far back a datapoint may lie: at least this, and five of its periods.
const BACK: Duration = Duration::from_secs(900);

/// Those of the alarms that exist, metric and composite ones.
pub(crate) async fn alarms(account: &Account, names: &[String]) -> Result<BTreeMap<String, Alarm>, AwsError> {
    let clients = clients::of(account).await;
    let mut found = BTreeMap::new();
    for names in names.chunks(MOST_ALARMS) {
        let asked = clients.cloudwatch.describe_alarms().set_alarm_names(Some(names.to_vec()));
        let asked = asked.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
        // At most as many come back as were named: one page.
        let asked = asked.max_records(100);
        let answer = asked.send().await.map_err(|error| explain(&error, account))?;
        let metric = answer.metric_alarms.unwrap_or_default().into_iter();
        let metric = metric.map(|alarm| (alarm.alarm_name, alarm.state_value, alarm.state_reason));
        let composite = answer.composite_alarms.unwrap_or_default().into_iter();
        let composite = composite.map(|alarm| (alarm.alarm_name, alarm.state_value, alarm.state_reason));
        for (name, state, reason) in metric.chain(composite) {
            let state = state.map(|state| state.as_str().to_owned()).unwrap_or_default();
            let reason = sanitise_line(&reason.unwrap_or_default());
            found.insert(name.unwrap_or_default(), Alarm { state, reason });
        }
    }
    Ok(found)
}

/// The newest datapoint of each metric, in their order.
pub(crate) async fn newest_datapoints(
    account: &Account,
    metrics: &[MetricCheck],
    now: Timestamp,
) -> Result<Vec<Option<Datapoint>>, AwsError> {
    let clients = clients::of(account).await;
    let mut found: Vec<Option<Datapoint>> = vec![None; metrics.len()];
    let longest = metrics.iter().map(|metric| metric.period * 5).max().unwrap_or_default().max(BACK);
    // On whole minutes, so that datapoints are those of the clock's own minutes.
    let minute = Timestamp::from_second(now.as_second() / 60 * 60).unwrap_or(now);
    let (from, now_there) = (SystemTime::from(minute) - longest, SystemTime::from(now));
    for (chunk, part) in metrics.chunks(MOST_METRICS).enumerate() {
        let queries = part.iter().enumerate().map(|(at, metric)| query(at, metric)).collect();
        let mut token = None;
        loop {
            let asked = clients.cloudwatch.get_metric_data().set_metric_data_queries(Some(Vec::clone(&queries)));
            let asked = asked.start_time(DateTime::from(from)).end_time(DateTime::from(now_there));
            let asked = asked.scan_by(ScanBy::TimestampDescending).set_next_token(token);
            let answer = asked.send().await.map_err(|error| explain(&error, account))?;
            for result in answer.metric_data_results.unwrap_or_default() {
                let at = result.id.as_deref().and_then(|id| id.strip_prefix('m')?.parse::<usize>().ok());
                let Some(at) = at.filter(|at| *at < part.len()) else { continue };
                let points = result.timestamps.unwrap_or_default().into_iter().zip(result.values.unwrap_or_default());
                let points = points
                    .filter_map(|(at, value)| Some(Datapoint { at: Timestamp::from_second(at.secs()).ok()?, value }));
                let fresh = points.filter(|point| since(now, point.at) <= (part[at].period * 5).max(BACK));
                let slot = &mut found[chunk * MOST_METRICS + at];
                *slot = fresh.chain(*slot).max_by_key(|point| point.at);
            }
            token = answer.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                break;
            }
        }
    }
    Ok(found)
}

fn query(at: usize, metric: &MetricCheck) -> MetricDataQuery {
    let dimensions = metric.dimensions.iter().map(|(name, value)| Dimension::builder().name(name).value(value).build());
    let named = Metric::builder().namespace(&metric.namespace).metric_name(&metric.metric);
    let named = named.set_dimensions(Some(dimensions.collect())).build();
    let period = i32::try_from(metric.period.as_secs()).unwrap_or(60);
    let stat = MetricStat::builder().metric(named).period(period).stat(&metric.stat).build();
    MetricDataQuery::builder().id(format!("m{at}")).metric_stat(stat).return_data(true).build()
}
