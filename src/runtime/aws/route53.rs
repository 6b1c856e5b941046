//! Questions to Route 53, at its pace.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_route53::Config;
use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch, ChangeStatus};
use domain::reading::{HealthCheckConfig, Observation};
use domain::route53::{Planned, RecordSet, same_name};
use domain::time::Timestamp;
use tokio::time::sleep;

use super::error::{AwsError, Sent};
use super::explain::explain;
use super::record_sets::{from_sdk, to_sdk};
use super::{Account, clients, pace};

/// Before a batch that was refused for the moment is sent again.
const NOT_NOW: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Every record set of these names, of all types, as they stand now: what was accepted is in them at once.
pub(crate) async fn sets_named(account: &Account, zone: &str, names: &[&str]) -> Result<Vec<RecordSet>, AwsError> {
    let clients = clients::of(account).await;
    let mut found: Vec<RecordSet> = Vec::new();
    for name in names {
        if found.iter().any(|set| same_name(&set.name, name)) {
            continue;
        }
        let mut from = (Some((*name).to_owned()), None, None);
        loop {
            pace::keep(account.profile.as_deref()).await;
            let asked = clients.route53.list_resource_record_sets().hosted_zone_id(zone);
            let asked = asked.set_start_record_name(from.0).set_start_record_type(from.1);
            let page = asked.set_start_record_identifier(from.2).send().await;
            let page = page.map_err(|error| explain(&error, account))?;
            // Listed in order of name: after the last of ours comes nothing of ours.
            let more = page.is_truncated && page.resource_record_sets.iter().all(|set| same_name(&set.name, name));
            found.extend(page.resource_record_sets.into_iter().filter(|set| same_name(&set.name, name)).map(from_sdk));
            if !more {
                break;
            }
            from = (page.next_record_name, page.next_record_type, page.next_record_identifier);
        }
    }
    Ok(found)
}

/// Sends all of it as one batch: accepted whole, or not at all. Gives the id of the change.
pub(crate) async fn send(account: &Account, zone: &str, planned: &[Planned]) -> Result<String, AwsError> {
    let built = |error: aws_smithy_types::error::operation::BuildError| AwsError::new(Sent::Not, error.to_string());
    let mut batch = ChangeBatch::builder().comment("switchback");
    for planned in planned {
        let (action, set) = match (&planned.before, &planned.after) {
            (_, Some(after)) => (ChangeAction::Upsert, after),
            (Some(before), None) => (ChangeAction::Delete, before),
            (None, None) => continue,
        };
        let set = to_sdk(set).map_err(built)?;
        batch = batch.changes(Change::builder().action(action).resource_record_set(set).build().map_err(built)?);
    }
    let batch = batch.build().map_err(built)?;
    let clients = clients::of(account).await;
    let mut pauses = NOT_NOW.into_iter();
    let answer = loop {
        pace::keep(account.profile.as_deref()).await;
        let sent = clients.route53.change_resource_record_sets().hosted_zone_id(zone).change_batch(batch.clone());
        // The SDK would try again by itself, and tell of the last try alone: an earlier one may have been taken.
        let once = Config::builder().retry_config(RetryConfig::disabled());
        match sent.customize().config_override(once).send().await.map_err(|error| explain(&error, account)) {
            Ok(answer) => break answer,
            Err(error) => match pauses.next().filter(|_| error.not_now()) {
                Some(pause) => sleep(pause).await,
                None => return Err(error),
            },
        }
    };
    answer
        .change_info
        .map(|info| info.id.trim_start_matches("/change/").to_owned())
        .ok_or_else(|| AwsError::new(Sent::Perhaps, "AWS answered without the id of the change"))
}

/// Whether every authoritative server has the change. Resolvers may go on with the old answer for its TTL.
pub(crate) async fn in_sync(account: &Account, change: &str) -> Result<bool, AwsError> {
    let clients = clients::of(account).await;
    pace::keep(account.profile.as_deref()).await;
    let answer = clients.route53.get_change().id(change).send().await;
    let answer = answer.map_err(|error| explain(&error, account))?;
    Ok(answer.change_info.is_some_and(|info| info.status == ChangeStatus::Insync))
}

/// How a health check is configured.
pub(crate) async fn health_check_config(account: &Account, id: &str) -> Result<HealthCheckConfig, AwsError> {
    let clients = clients::of(account).await;
    pace::keep(account.profile.as_deref()).await;
    let answer = clients.route53.get_health_check().health_check_id(id).send().await;
    let answer = answer.map_err(|error| explain(&error, account))?;
    let config = answer.health_check.and_then(|check| check.health_check_config);
    Ok(config.map_or_else(HealthCheckConfig::default, |config| HealthCheckConfig {
        kind: config.r#type.as_str().to_owned(),
        inverted: config.inverted.unwrap_or(false),
        disabled: config.disabled.unwrap_or(false),
    }))
}

/// What each of its checkers saw last.
pub(crate) async fn health_check_seen(account: &Account, id: &str) -> Result<Vec<Observation>, AwsError> {
    let clients = clients::of(account).await;
    pace::keep(account.profile.as_deref()).await;
    let answer = clients.route53.get_health_check_status().health_check_id(id).send().await;
    let answer = answer.map_err(|error| explain(&error, account))?;
    let reports = answer.health_check_observations.into_iter().filter_map(|seen| seen.status_report);
    Ok(reports
        .map(|report| Observation {
            status: report.status.unwrap_or_default(),
            checked_at: report.checked_time.and_then(|at| Timestamp::from_second(at.secs()).ok()),
        })
        .collect())
}
