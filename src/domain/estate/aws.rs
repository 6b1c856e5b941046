//! Amazon's cloud: which credentials a step uses, and how traffic is moved without Route 53's control plane.

use super::fields::Fields;
use super::model::Estate;
use super::schema::{Kind, Section, key};
use crate::ident::RegionId;
use crate::route53::CONTROL_REGION;

pub(super) static ACCOUNT: Section = Section {
    about: "An AWS account, under the name that `On:` of a `route53` step says. Credentials are found where the `aws` \
            command finds them; none are written here.",
    keys: &[
        key("profile", Kind::Text, "the environment's", "Profile of ~/.aws/config whose credentials are used."),
        key(
            "region",
            Kind::Text,
            "\"us-east-1\"",
            "Region that requests are signed for; another one in other partitions.",
        ),
    ],
};

pub(super) static TRAFFIC: Section = Section {
    about: "How traffic is moved when Route 53's control plane, which lives in us-east-1, cannot be reached.",
    keys: &[
        key(
            "data_plane",
            Kind::Word(&["arc", "health-check"]),
            "none",
            "`arc`: an ARC routing control, by its five regional cluster endpoints. `health-check`: an inverted health \
             check on an object or an alarm of the standby region.",
        ),
        key("runbook", Kind::Text, "none", "The runbook that does it."),
    ],
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsAccount {
    pub name: String,
    /// `None`: the environment's own.
    pub profile: Option<String>,
    pub region: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    pub data_plane: Option<DataPlane>,
    pub runbook: Option<String>,
}

/// A way to move traffic that needs no control plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataPlane {
    RoutingControl,
    HealthCheck,
}

impl Traffic {
    /// The way that needs no control plane, for people.
    #[must_use]
    pub fn alternative(&self) -> Option<String> {
        let way = match self.data_plane? {
            DataPlane::RoutingControl => "flip the ARC routing control at a regional cluster endpoint",
            DataPlane::HealthCheck => "flip the inverted health check in the standby region",
        };
        Some(self.runbook.as_ref().map_or_else(|| way.to_owned(), |runbook| format!("{way} (runbook `{runbook}`)")))
    }
}

impl Estate {
    #[must_use]
    pub fn aws_account(&self, name: &str) -> Option<&AwsAccount> {
        self.aws.iter().find(|account| account.name == name)
    }

    /// The region of AWS that a region of the estate is in.
    #[must_use]
    pub fn aws_region<'a>(&'a self, id: &'a RegionId) -> &'a str {
        self.region(id).and_then(|region| region.aws_region.as_deref()).unwrap_or(id.as_str())
    }

    /// Some of it runs where the control planes of global services live.
    #[must_use]
    pub fn has_control_region(&self) -> bool {
        self.regions.iter().any(|region| self.aws_region(&region.id) == CONTROL_REGION)
    }
}

pub(super) fn accounts(file: &Fields<'_, '_>) -> Vec<AwsAccount> {
    let account = |(name, fields): (&str, Fields<'_, '_>)| AwsAccount {
        name: name.to_owned(),
        profile: fields.text("profile"),
        region: fields.text("region"),
    };
    file.named("aws").into_iter().map(account).collect()
}

pub(super) fn traffic(file: &Fields<'_, '_>) -> Traffic {
    file.sub("traffic").map_or_else(Traffic::default, |fields| Traffic {
        data_plane: match fields.word("data_plane", &["arc", "health-check"]) {
            Some("arc") => Some(DataPlane::RoutingControl),
            Some("health-check") => Some(DataPlane::HealthCheck),
            _ => None,
        },
        runbook: fields.text("runbook"),
    })
}
