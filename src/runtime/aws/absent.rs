//! The answers of a program that was built without AWS.

use domain::route53::{Planned, RecordSet};

use super::Account;
use super::error::{AwsError, Sent};

fn absent() -> AwsError {
    AwsError::new(Sent::Not, "built without AWS: build it with the feature `aws`")
}

pub(crate) async fn sets_named(_: &Account, _: &str, _: &[&str]) -> Result<Vec<RecordSet>, AwsError> {
    Err(absent())
}

pub(crate) async fn send(_: &Account, _: &str, _: &[Planned]) -> Result<String, AwsError> {
    Err(absent())
}

pub(crate) async fn in_sync(_: &Account, _: &str) -> Result<bool, AwsError> {
    Err(absent())
}
