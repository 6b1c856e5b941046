//! Amazon's cloud: Route 53 and CloudWatch. The SDK is behind the feature `aws`; without it every question is answered
//! with that.

#[cfg(not(feature = "aws"))]
mod absent;
#[cfg(feature = "aws")]
mod clients;
#[cfg(feature = "aws")]
mod cloudwatch;
#[cfg(feature = "aws")]
mod connector;
mod error;
#[cfg(feature = "aws")]
mod explain;
#[cfg(feature = "aws")]
mod identity;
#[cfg(feature = "aws")]
mod pace;
#[cfg(feature = "aws")]
mod record_sets;
#[cfg(feature = "aws")]
mod route53;

#[cfg(not(feature = "aws"))]
use absent as route53;
#[cfg(not(feature = "aws"))]
use absent as cloudwatch;
#[cfg(not(feature = "aws"))]
use absent as identity;

use domain::execution::{AwsPlace, Resolved};
use domain::route53::CONTROL_REGION;
use serde::{Deserialize, Serialize};

pub(crate) use cloudwatch::{alarms, newest_datapoints};
pub use error::AwsError;
pub(crate) use identity::caller;
pub(crate) use route53::{health_check_config, health_check_seen, in_sync, send, sets_named};

/// Whose credentials, and the region that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Account {
    /// `None`: the environment's own.
    pub profile: Option<String>,
    pub region: String,
}

impl Account {
    /// Where a check with this profile looks.
    #[must_use]
    pub fn with(profile: Option<&String>, region: Option<&String>) -> Self {
        Self { profile: profile.cloned(), region: region.cloned().unwrap_or_else(|| CONTROL_REGION.to_owned()) }
    }

    /// Where a step on `place` acts. Route 53 is one for all regions of a partition.
    fn of(place: Option<&AwsPlace>) -> Self {
        Self {
            profile: place.and_then(|place| place.profile.clone()),
            region: place.and_then(|place| place.region.clone()).unwrap_or_else(|| CONTROL_REGION.to_owned()),
        }
    }

    #[must_use]
    pub fn of_resolved(resolved: &Resolved) -> Self {
        Self::of(resolved.target.as_ref().and_then(|target| target.aws.as_ref()))
    }
}
