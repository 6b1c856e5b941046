//! The answers of a program that was built without AWS.

use std::collections::BTreeMap;

use domain::estate::MetricCheck;
use domain::reading::{Alarm, Datapoint, HealthCheckConfig, Observation};
use domain::route53::{Planned, RecordSet};
use domain::time::Timestamp;

use super::Account;
use super::error::{AwsError, Sent};

fn absent() -> AwsError {
    AwsError::new(Sent::Not, "built without AWS: build it with the feature `aws`")
}

pub(crate) async fn sets_named(_: &Account, _: &str, _: &[&str]) -> Result<Vec<RecordSet>, AwsError> {
    Err(absent())
}

pub(crate) async fn caller(_: &Account) -> Result<String, AwsError> {
    Err(absent())
}

pub(crate) async fn send(_: &Account, _: &str, _: &[Planned]) -> Result<String, AwsError> {
    Err(absent())
}

pub(crate) async fn in_sync(_: &Account, _: &str) -> Result<bool, AwsError> {
    Err(absent())
}

pub(crate) async fn health_check_config(_: &Account, _: &str) -> Result<HealthCheckConfig, AwsError> {
    Err(absent())
}

pub(crate) async fn health_check_seen(_: &Account, _: &str) -> Result<Vec<Observation>, AwsError> {
    Err(absent())
}

pub(crate) async fn alarms(_: &Account, _: &[String]) -> Result<BTreeMap<String, Alarm>, AwsError> {
    Err(absent())
}

pub(crate) async fn newest_datapoints(
    _: &Account,
    _: &[MetricCheck],
    _: Timestamp,
) -> Result<Vec<Option<Datapoint>>, AwsError> {
    Err(absent())
}
